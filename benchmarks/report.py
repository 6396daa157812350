# SPDX-License-Identifier: Apache-2.0
"""Decides what the contest over a million households tells: its table, comparisons and promises."""

from __future__ import annotations

from benchmarks.contest import OURS, Outcome, Terms, comparison_in_words
from benchmarks.findings import Findings, Table
from benchmarks.measuring import Figures, Measured
from benchmarks.promises import TITLES, figures_of, promises_of

HEADINGS = ("", "wall s", "cpu s", "peak MB", "job wall s", "job cpu s")
EXPLANATION = """\
*wall*, *cpu* (user and system) and *peak* (largest resident memory) are of the whole process, from the start
of Python to its end, as the system counts them; the *job* is the same without the start and the imports. Each
figure is the median of {runs} rounds, in which the contenders take turns. Comparing the hashes of the
snapshot comes before every screening and is left out: it takes {hashing:.2f} s."""


def findings_of(subject: str, command: str, terms: Terms, outcome: Outcome) -> Findings:
    """Everything the contest found."""
    figures = figures_of(outcome)
    return Findings(
        subject=subject,
        title="A million households",
        command=command,
        data=f"{_rows_in_words(outcome)}, generated from seed {terms.seed}; memory bound of the engine "
        f"{terms.memory}, {terms.threads} threads",
        explanation=[EXPLANATION.format(runs=terms.runs, hashing=_hashing(outcome))],
        figures=promises_of(figures),
        tables=[
            Table("Medians", HEADINGS, [[TITLES[name], *_cells(found)] for name, found in figures.items()])
        ],
        remarks=[f"{name}: {comparison_in_words(found)}." for name, found in outcome.comparisons.items()],
        loads=outcome.loads,
        raw={
            "package_hash": outcome.package_hash,
            "rows": outcome.rows,
            "medians": {name: found.plain() for name, found in figures.items()},
            "runs": {name: [_plain(run) for run in runs] for name, runs in outcome.runs.items()},
            "comparisons": outcome.comparisons,
        },
    )


def _plain(run: Measured) -> dict[str, object]:
    found = {key: value for key, value in run.report.items() if key not in ("households", "persons")}
    return {"wall": run.wall, "cpu": run.cpu, "peak": run.peak, **found}


def _rows_in_words(outcome: Outcome) -> str:
    rows = outcome.rows
    parts = [f"{rows.get(level, 0):,} {words}" for level, words in _COUNTED.items()]
    return ", ".join(parts)


_COUNTED = {"household": "households", "person": "people", "income_line": "income lines"}


def _cells(found: Figures) -> list[str]:
    seconds = [f"{found.wall:.2f}", f"{found.cpu:.2f}", f"{found.peak:.0f}"]
    return [*seconds, f"{found.job_wall:.2f}", f"{found.job_cpu:.2f}"]


def _hashing(outcome: Outcome) -> float:
    runs = sorted(run.number("hash_cpu") for run in outcome.runs[OURS])
    return runs[len(runs) // 2]
