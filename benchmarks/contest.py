# SPDX-License-Identifier: Apache-2.0
"""Decides who runs against whom, in which order, and what must be equal before any figure counts.

Every round runs each contender once, one after another, so that a busy minute of the machine falls on all.
Answers are compared once, after the first round: they do not depend on the round.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from benchmarks.machine import load_in_words
from benchmarks.measuring import Found, Measured, child, measured
from benchmarks.openfisca_environment import SCREEN, openfisca_python
from benchmarks.openfisca_feeds import FEEDS, Feed

HERE = Path(__file__).resolve().parent
PACKAGE = "cn/2014-2020"
INCOME_PACKAGE = HERE / "packages" / "income-only"
HANDWRITTEN = HERE / "handwritten" / "cn_2014_2020.sql"
YEAR = 2017
ON = f"{YEAR}-12-31"
"""The hand-written query and the income package are written for this screening date."""

NEAR = 0.5
"""How far OpenFisca's 32-bit floats may stand from an exact amount, in yuan."""

OURS, BY_HAND, LIMIT = "package", "handwritten", "limit"
OUR_INCOME = "income_package"


@dataclass(frozen=True)
class Terms:
    """The conditions that every contender gets."""

    folder: Path
    households: int
    seed: int
    runs: int
    memory: str
    threads: int
    with_openfisca: bool
    noise_households: int = 3000


@dataclass
class Outcome:
    """Every run by contender, the rows measured, how busy the machine was, what comparisons found."""

    rows: dict[str, int] = field(default_factory=dict)
    package_hash: str = ""
    loads: list[str] = field(default_factory=list)
    runs: dict[str, list[Measured]] = field(default_factory=dict)
    comparisons: dict[str, Found] = field(default_factory=dict)


Say = Callable[[str], None]


class Contest:
    """One benchmark in a folder; what it leaves there may be deleted."""

    def __init__(self, terms: Terms, say: Say) -> None:
        self.terms = terms
        self.say = say
        self.work = terms.folder / "work"
        self.outcome = Outcome()
        self.columns: object = {}
        self.python = (
            openfisca_python(terms.folder / "openfisca-environment") if terms.with_openfisca else None
        )

    def run(self) -> Outcome:
        """Agree on noise, then race on the county."""
        shutil.rmtree(self.work, ignore_errors=True)
        self._agree_on_noise()
        county = self._county()
        self._compile_openfisca()
        for number in range(1, self.terms.runs + 1):
            self.outcome.loads.append(load_in_words())
            for name, run in self._contenders(county):
                found = run()
                self.outcome.runs.setdefault(name, []).append(found)
                self.say(
                    f"round {number}, {name}: {found.wall:.1f} s on the wall, {found.cpu:.1f} s of "
                    f"processors, {found.peak:.0f} MB"
                )
            if number == 1:
                self._compare_on_county()
        shutil.rmtree(self.work, ignore_errors=True)
        return self.outcome

    def _contenders(self, county: str) -> Iterator[tuple[str, Callable[[], Measured]]]:
        yield OURS, lambda: self._package(PACKAGE, county, OURS)
        yield BY_HAND, lambda: self._handwritten(county)
        yield LIMIT, lambda: self._limit(county)
        if self.python is not None:
            yield OUR_INCOME, lambda: self._package(str(INCOME_PACKAGE), county, OUR_INCOME)
            for feed in FEEDS:
                yield feed.name, partial(self._openfisca, county, feed)

    def _start(self, name: str, program: str, *words: object) -> Measured:
        report, log = self._papers(name)
        return measured(child(program, report, *words), log, report)

    def _papers(self, name: str) -> tuple[Path, Path]:
        self.work.mkdir(parents=True, exist_ok=True)
        report = self.work / f"{name}.json"
        report.unlink(missing_ok=True)
        return report, self.work / f"{name}.log"

    def _emptied(self, name: str) -> Path:
        out = self.work / name
        shutil.rmtree(out, ignore_errors=True)
        return out

    def _county(self) -> str:
        terms = self.terms
        self.say(f"a county of {terms.households:,} households (generated once for this seed)")
        made = self._start(
            "county", "make_county", terms.folder, terms.households, terms.seed, YEAR, PACKAGE
        ).report
        rows = made["rows"]
        assert isinstance(rows, dict)  # narrows the type: the child writes a mapping
        self.outcome.rows = {str(level): int(number) for level, number in rows.items()}
        self.outcome.package_hash = str(made["package_hash"])
        self.columns = made["columns"]
        return str(made["county"])

    def _package(self, package: str, snapshot: str, name: str) -> Measured:
        out, terms = self._emptied(name), self.terms
        return self._start(
            name, "screen_package", package, snapshot, ON, out, terms.memory, terms.threads
        ).without_hashes()

    def _handwritten(self, snapshot: str, name: str = BY_HAND) -> Measured:
        out, terms = self._emptied(name), self.terms
        return self._start(name, "run_handwritten", HANDWRITTEN, snapshot, out, terms.memory, terms.threads)

    def _limit(self, county: str) -> Measured:
        terms = self.terms
        ours = self.outcome.runs[OURS][-1]
        results = [*ours.strings("households"), *ours.strings("persons")]
        columns = self.work / "columns.json"
        columns.write_text(json.dumps(self.columns), encoding="utf-8")
        words = (columns, county, self._emptied(LIMIT), terms.memory, terms.threads, "--", *results)
        return self._start(LIMIT, "read_and_write", *words)

    def _openfisca(self, county: str, feed: Feed) -> Measured:
        report, log = self._papers(feed.name)
        words = [str(report), county, str(self.work / f"{feed.name}.parquet"), *feed.arguments]
        return measured([str(self.python), str(SCREEN), *words], log, report)

    def _compile_openfisca(self) -> None:
        """Let Python compile OpenFisca once, as the noise did for our side."""
        if self.python is not None:
            report, log = self._papers("compile-openfisca")
            words = f"import sys; sys.path.insert(0, {str(SCREEN.parent)!r}); import screen"
            measured([str(self.python), "-c", words], log, report)

    def _compare(self, name: str, key: str, ours: list[str], theirs: list[str], *options: str) -> Found:
        found = self._start(f"compare-{name}", "compare_results", key, *options, "--", *ours, "--", *theirs)
        self.outcome.comparisons[name] = found.report
        self.say(f"compared {name}: {comparison_in_words(found.report)}")
        return found.report

    def _agree_on_noise(self) -> None:
        terms, noise = self.terms, self._emptied("noise")
        words = (noise, terms.noise_households, terms.seed, ON, PACKAGE)
        self._start("noise", "make_noise", *words)
        ours = self._package(PACKAGE, str(noise), "noise-package")
        by_hand = self._handwritten(str(noise), "noise-handwritten")
        self._compare_results("noise, ", ours, by_hand)

    def _compare_on_county(self) -> None:
        first = {name: runs[0] for name, runs in self.outcome.runs.items()}
        self._compare_results("", first[OURS], first[BY_HAND])
        near = [f"{name}={NEAR}" for name in ("income_received", "production_costs", "net_income")]
        for name in (feed.name for feed in FEEDS if feed.name in first):
            ours, theirs = first[OUR_INCOME].strings("households"), [str(self.work / f"{name}.parquet")]
            self._compare(f"{name}, households", "household_id", ours, theirs, "shared", *near)

    def _compare_results(self, prefix: str, ours: Measured, by_hand: Measured) -> None:
        for result, key in (("households", "household_id"), ("persons", "person_id")):
            self._compare(prefix + result, key, ours.strings(result), by_hand.strings(result))


def comparison_in_words(found: Found) -> str:
    """How many rows and columns were compared, and how many differ."""
    rows = found["rows"]
    assert isinstance(rows, dict)  # narrows the type: the child writes a mapping
    words = f"{rows['ours']:,} rows and {rows['theirs']:,}, {found['columns']} columns, "
    words += f"{found['differing_rows']:,} rows differ" if found["differing_rows"] else "all equal"
    if found["columns_of_one_side"]:
        words += f"; only one side has {json.dumps(found['columns_of_one_side'])}"
    return words + (f"; {json.dumps(found['differing'])}" if found["differing"] else "")


def answers_agree(outcome: Outcome) -> bool:
    """Whether the package and the hand-written query gave the same answer in every row and column."""
    return all(
        not found["differing_rows"] and not found["columns_of_one_side"]
        for name, found in outcome.comparisons.items()
        if not name.startswith(tuple(feed.name for feed in FEEDS))
    )
