# SPDX-License-Identifier: Apache-2.0
"""Decides the answer to "why": one household of a run, evaluated again row by row and put in words.

The evaluator and the engine must agree; where they do not, no reason is given at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hearthline.base.problems import Kind, declare
from hearthline.engine.backends.runs import Run
from hearthline.engine.rules.briefing import deciding_unknowns
from hearthline.engine.rules.evaluator import Household, Outcome, Record, outcome_of
from hearthline.engine.rules.policy import HOUSEHOLD, Combine, Policy, Standard
from hearthline.engine.rules.reasons import Explainer, Fact, Reason, Where
from hearthline.engine.rules.scores import points_of
from hearthline.engine.rules.wording import said
from hearthline.engine.snapshots import Snapshot
from hearthline.engine.snapshots.reading import HouseholdRows, household_rows

DISAGREE = declare(
    "reasons.disagree",
    Kind.INTERNAL,
    "household {household}: the engine says {name} is {engine}, the row by row evaluation says {evaluator}.",
    "Do not use this run. Report the household's facts and the package version.",
)
NO_HOUSEHOLD_IN_RUN = declare(
    "run.no-household",
    Kind.NOT_FOUND,
    "the run has no household {household}.",
    "Household numbers go from 1 to {last}; a number of the source file is found with --keys.",
)
NO_KEY = declare(
    "run.no-key",
    Kind.NOT_FOUND,
    "{file} has no household with the key {key}.",
    "Check the key as it stands in the source file; parts of a composite key are joined by |.",
)

NO_STANDARD_IN_RUN = declare(
    "run.no-standard",
    Kind.NOT_FOUND,
    "the run has no answers by a standard called {name}.",
    "Standards in force on its date: {known}.",
)
BAD_KEYS = declare(
    "run.bad-keys",
    Kind.BAD_INPUT,
    "{file} is not the key file of this run's snapshot.",
    "Name the file that the import wrote beside the snapshot, SNAPSHOT.keys.parquet.",
)

ANSWER_WORDS = {True: "met", False: "not met", None: "unknown"}


@dataclass(frozen=True)
class Explanation:
    """Why a household has its status: one reason per criterion, and what would change the answer."""

    household: int
    area: str | None
    on: date
    language: str
    status: str
    status_words: str
    standard: str
    statuses: Mapping[str, str]
    criteria: tuple[Reason, ...]
    values: tuple[Reason, ...]
    causes: tuple[str, ...]
    changes: tuple[str, ...]
    package: str
    version_hash: str
    snapshot_hash: str


def explain(
    run: Run, household: int, *, language: str = "en", data: Path | None = None, standard: str | None = None
) -> Explanation:
    """The reasons of one household of a run, by its default standard or another that was in force.

    Raises ``run.no-household``; ``reasons.disagree`` if the run's stored answers differ.
    """
    if not 1 <= household <= run.record.counts["households"]:
        raise NO_HOUSEHOLD_IN_RUN.error(household=household, last=run.record.counts["households"])
    snapshot = run.snapshot(data)
    rows = household_rows(snapshot, run.policy, household)
    where = _Sources(run.policy, snapshot, rows, language).where
    stored = stored_answers(run, household)
    return explain_rows(run, run.policy, rows, stored, where, language=language, standard=standard)


def explain_rows(
    run: Run,
    policy: Policy,
    rows: HouseholdRows,
    stored: Mapping[str, object],
    where: Where,
    *,
    language: str,
    standard: str | None = None,
    whole: bool = True,
) -> Explanation:
    """The same from rows that were read already. ``stored``: the run's answers that must agree.

    Without ``whole`` a criterion that is met is one line without what it rests on.
    """
    household = rows.household_id
    on = date.fromisoformat(run.record.on)
    under = Household(policy, Record(rows.household, rows.area, rows.tables), on)
    outcome = outcome_of(under, with_persons=False)
    _check_agreement(run, household, stored, outcome)
    asked = standard or run.record.default_standard
    if asked not in run.record.standards:
        raise NO_STANDARD_IN_RUN.error(name=asked, known=", ".join(run.record.standards))
    chosen = policy.standards[asked]
    explainer = Explainer(under, language, where)
    names = _criteria_of(policy, chosen)
    criteria = tuple(
        explainer.criterion(name, told=whole or outcome.criteria[name] is not True) for name in names
    )
    status = outcome.status[chosen.name]
    return Explanation(
        household=household,
        area=rows.area_code,
        on=on,
        language=language,
        status=status,
        status_words=said(chosen.answers.get(status, {}), language),
        standard=said(chosen.label, language),
        statuses=outcome.status,
        criteria=criteria,
        values=_values(policy, outcome, explainer),
        causes=_causes(policy, outcome, language) if status != "not poor" else (),
        changes=_changes(policy, chosen, status, criteria, explainer),
        package=policy.id,
        version_hash=run.record.package.version_hash,
        snapshot_hash=run.record.snapshot.hash,
    )


KEYS_OF = b"hearthline.snapshot"
"""Where a key file says, in its Parquet metadata, of which snapshot it holds the keys."""


def household_by_key(run: Run, keys: Path, key: str) -> int:
    """The opaque number of a household by its key in the source files, from the private key file.

    Raises ``run.bad-keys`` for a file that is no key file, or belongs to another snapshot, where the
    same number is another household.
    """
    try:
        table = pq.read_table(keys, partitioning=None)
    except (OSError, pa.ArrowInvalid) as error:
        raise BAD_KEYS.error(file=keys.name) from error
    stated = (table.schema.metadata or {}).get(KEYS_OF)
    foreign = stated is None or stated.decode("ascii", "replace") != run.record.snapshot.hash
    if foreign or not {"level", "source_key", "id"} <= set(table.column_names):
        raise BAD_KEYS.error(file=keys.name)
    wanted = pc.and_(pc.equal(table["level"], HOUSEHOLD), pc.equal(table["source_key"], key))
    found = table.filter(wanted)["id"].to_pylist()
    if not found:
        raise NO_KEY.error(file=keys.name, key=key)
    return int(found[0])


def stored_answers(run: Run, household: int) -> dict[str, object]:
    """The row of a household in the results of a run."""
    for path in run.paths("households"):
        rows = pq.read_table(path, filters=[("household_id", "==", household)], partitioning=None).to_pylist()
        if rows:
            return dict(rows[0])
    raise NO_HOUSEHOLD_IN_RUN.error(household=household, last=run.record.counts["households"])


def _check_agreement(run: Run, household: int, stored: Mapping[str, object], outcome: Outcome) -> None:
    default = run.record.default_standard
    expected: dict[str, object] = {name: ANSWER_WORDS[answer] for name, answer in outcome.criteria.items()}
    for name, status in outcome.status.items():
        expected["status" if name == default else f"status_{name}"] = status
    expected |= outcome.values
    for name, answer in expected.items():
        if name in stored and stored[name] != answer:
            raise DISAGREE.error(household=household, name=name, engine=stored[name], evaluator=answer)


def _criteria_of(policy: Policy, standard: Standard) -> list[str]:
    if standard.combine is Combine.INDEX:
        return list(policy.indices[standard.index or ""].weights)
    return list(standard.criteria)


def _values(policy: Policy, outcome: Outcome, explainer: Explainer) -> tuple[Reason, ...]:
    lines = []
    for name, rule in policy.derived.items():
        if rule.level == HOUSEHOLD and not name.startswith("cause_"):
            value = explainer.words.value(rule.tree, outcome.values[name])
            lines.append(Reason("rule", said(rule.label, explainer.language), value, name=name))
    return tuple(lines)


def _causes(policy: Policy, outcome: Outcome, language: str) -> tuple[str, ...]:
    return tuple(
        said(cause.label, language)
        for cause in sorted(policy.causes.values(), key=lambda cause: cause.number)
        if cause.evidence is not None and outcome.values.get(cause.evidence) is True
    )


_CHANGE_WORDS = {
    "poor": {
        "en": "It would no longer be poor by this standard if: {0}",
        "zh": "满足以下条件后不再属于贫困：{0}",
    },
    "not poor": {
        "en": "It would become poor by this standard if it no longer met any one of: {0}.",
        "zh": "以下任一判定条件不再达标，即属于贫困：{0}。",
    },
    "not poor by count": {
        "en": "It would become poor by this standard if {1} more were not met among: {0}.",
        "zh": "以下判定条件再有{1}项不达标，即属于贫困：{0}。",
    },
    "not poor by points": {
        "en": "It would become poor by this standard if deprivations reached {1} of {2} points among: {0}.",
        "zh": "以下指标的剥夺分值达到{1}/{2}分，即属于贫困：{0}。",
    },
    "settle": {"en": "To settle what is unknown, establish: {0}.", "zh": "需查明：{0}。"},
}


def _changes(
    policy: Policy, standard: Standard, status: str, criteria: tuple[Reason, ...], explainer: Explainer
) -> tuple[str, ...]:
    language = explainer.language
    gap = "；" if language == "zh" else "; "
    colon = "：" if language == "zh" else ": "
    changes = []
    if status == "not poor":
        changes.append(_could_fall(policy, standard, criteria, language))
    for reason in criteria:
        criterion = policy.criteria[reason.name]
        if reason.answer is not True and criterion.remedy:
            changes.append(f"{reason.text}{colon}{said(criterion.remedy, language)}")
    asked = _unknowns(criteria, explainer)
    if asked:
        changes.append(said(_CHANGE_WORDS["settle"], language).format(gap.join(asked)))
    return tuple(changes)


def _unknowns(criteria: tuple[Reason, ...], explainer: Explainer) -> list[str]:
    """The unknown facts behind unknown criteria; each is told afresh, as a value is told only once."""
    found: dict[str, None] = {}
    for reason in criteria:
        if reason.answer is None:
            afresh = Explainer(explainer.household, explainer.language, explainer.where)
            found.update(dict.fromkeys(deciding_unknowns(afresh.criterion(reason.name))))
    return list(found)


def _could_fall(policy: Policy, standard: Standard, criteria: tuple[Reason, ...], language: str) -> str:
    gap = "、" if language == "zh" else ", "
    names = gap.join(reason.text for reason in criteria if reason.answer is True)
    if standard.combine in (Combine.COUNT, Combine.ANY):
        needed = standard.at_least if standard.combine is Combine.COUNT else len(criteria)
        more = needed - sum(reason.answer is False for reason in criteria)
        return said(_CHANGE_WORDS["not poor by count"], language).format(names, more)
    if standard.combine is Combine.INDEX:
        points = points_of(policy.indices[standard.index or ""])
        words = said(_CHANGE_WORDS["not poor by points"], language)
        return words.format(names, points.needed, points.whole)
    return said(_CHANGE_WORDS["not poor"], language).format(names)


@dataclass(frozen=True)
class _Sources:
    """Says where each fact of one household came from."""

    policy: Policy
    snapshot: Snapshot
    rows: HouseholdRows
    language: str

    def where(self, fact: Fact) -> str:
        entry = self.snapshot.manifest.sources.get(fact.level, {}).get(fact.name)
        places = self.rows.places.get(fact.level, [])
        number = fact.row or 0
        file, line = places[number] if number < len(places) else (None, None)
        if entry is None:
            return self._place(file, line, None)
        source = said(self.policy.sources.get(entry.source or "", {}), self.language) or entry.source or ""
        parts = [source, self._place(entry.file or file, line, entry.column), entry.date or ""]
        return ", ".join(part for part in parts if part)

    def _place(self, file: str | None, line: int | None, column: str | None) -> str:
        words = [file or ""]
        if line is not None:
            words.append(f"第{line}行" if self.language == "zh" else f"line {line}")
        if column:
            words.append(f"列{column}" if self.language == "zh" else f"column {column}")
        return " ".join(word for word in words if word)
