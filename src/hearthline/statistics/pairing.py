# SPDX-License-Identifier: Apache-2.0
"""Decides the queries that match the households of two runs and judge what happened to each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlglot import exp

from hearthline.engine.rules.policy import Combine, Policy
from hearthline.statistics.columns import NOT_POOR, POOR, UNKNOWN
from hearthline.statistics.differences import (
    CHANGES,
    Answered,
    Change,
    ChangedHousehold,
    Count,
    Difference,
)
from hearthline.statistics.expressions import (
    Tree,
    as_double,
    both,
    column,
    count,
    equals,
    missing,
    named,
    number,
    parquet,
    sum_of,
    text,
    total,
)
from hearthline.statistics.figures import Group
from hearthline.statistics.grouping import Grouping, grouping_sets, number_of, rank, set_number
from hearthline.statistics.relation import RUN_ROWS, Located, Relation, base_select
from hearthline.statistics.session import Session, Step

ABSENT = "absent"
"""The answer of a criterion that a standard does not have."""
MET = "met"

JUDGED = "judged"
_SIDES = ("earlier", "later")
_ONLY = (Change.ONLY_EARLIER, Change.ONLY_LATER)
_TRANSITIONS = {
    (NOT_POOR, POOR): Change.ENTERED,
    (POOR, NOT_POOR): Change.LEFT,
    (UNKNOWN, POOR): Change.FOUND_POOR,
    (UNKNOWN, NOT_POOR): Change.FOUND_NOT_POOR,
    (POOR, UNKNOWN): Change.BECAME_UNKNOWN,
    (NOT_POOR, UNKNOWN): Change.BECAME_UNKNOWN,
}


@dataclass(frozen=True)
class Side:
    """One of the two runs: its rows, the keys of the groups, its criteria, and its key file if any."""

    relation: Relation
    keys: Mapping[str, Located]
    criteria: Sequence[str]
    key_file: Path | None
    rules: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Changed rules whose values are held against each other, each with the criteria that rest on it."""
    beside: Mapping[str, Located] = field(default_factory=dict)
    """What else a pair carries, of the later run where that knows the household."""


@dataclass(frozen=True)
class Listed:
    """The households kept, and how many there are."""

    listed: tuple[ChangedHousehold, ...]
    number: int


def pair_steps(
    earlier: Side,
    later: Side,
    grouping: Grouping,
    criteria: Mapping[str, tuple[bool, bool]],
    *,
    all_are_asked: bool = False,
) -> list[Step]:
    """The steps: the rows of each run under a common identity, the pairs, and what became of each.

    ``all_are_asked``: by both standards who meets all criteria is not poor (:func:`ask_for_all`).
    """
    return [
        *_side_steps("earlier", earlier),
        *_side_steps("later", later),
        Step("pairs", _pairs([*grouping.aliases(), *later.beside], criteria, earlier.rules, all_are_asked)),
        Step(JUDGED, judged(criteria), kept=True),
    ]


def _side_steps(name: str, side: Side) -> list[Step]:
    values = {
        "household_id": "household_id",
        "area": "area",
        "people": "weight",
        "status": "status",
        **{f"criterion_{criterion}": criterion for criterion in side.criteria},
        **{f"rule_{rule}": rule for rule in side.rules},
    }
    wanted = {
        alias: Located(value, column(value, RUN_ROWS), RUN_ROWS, "text") for alias, value in values.items()
    }
    rows = Step(f"{name}_rows", base_select(side.relation, wanted | dict(side.keys) | dict(side.beside)))
    own = exp.Column(this=exp.Star(), table=exp.to_identifier("own"))
    source = exp.to_table(f"{name}_rows").as_("own")
    if side.key_file is None:
        tree = exp.select(own, named(column("household_id", "own"), "identity")).from_(source)
        return [rows, Step(name, tree)]
    keys = exp.select(column("id"), column("source_key")).from_(parquet([side.key_file]))
    keys = keys.where(equals(column("level"), "household"))
    tree = exp.select(own, named(column("source_key", "source_keys"), "identity")).from_(source)
    tree = tree.join(
        exp.to_table(f"{name}_keys").as_("source_keys"),
        on=exp.EQ(this=column("household_id", "own"), expression=column("id", "source_keys")),
        join_type="left",
    )
    return [rows, Step(f"{name}_keys", keys), Step(name, tree)]


def root_column(name: str) -> str:
    """The column that says whether a changed rule is behind the change of a household."""
    return f"root_{name}"


def ask_for_all(*policies: Policy) -> bool:
    """Whether by the default standard of each package who meets all criteria is not poor."""
    return all(policy.default_standard.combine is Combine.ALL for policy in policies)


def judging_columns(
    answers: Mapping[str, tuple[Tree | None, Tree | None]],
    rules: Mapping[str, tuple[Tree, Sequence[str]]],
    *,
    all_are_asked: bool,
) -> list[Tree]:
    """Of every criterion both answers and whether they differ; of every changed rule whether it is behind.

    ``answers``: the answer before and after, none where the standard lacks the criterion. Where all criteria
    are asked for, one that is met or not asked for is the same. ``rules``: whether the value of a changed
    rule differs, and the criteria that rest on it; it is behind where the answer of one of those differs too.
    """
    differs: dict[str, Tree] = {}
    columns: list[Tree] = []
    for name, given in answers.items():
        asked = [answer for answer in given if answer is not None]
        if len(asked) == len(given):
            differs[name] = exp.NullSafeNEQ(this=asked[0], expression=asked[1])
        elif asked and all_are_asked:
            differs[name] = exp.NullSafeNEQ(this=asked[0], expression=text(MET))
        else:
            differs[name] = exp.true()
        for side, answer in zip(_SIDES, given, strict=True):
            columns.append(named(text(ABSENT) if answer is None else answer, f"{side}_{name}"))
        columns.append(named(differs[name].copy(), _differs_column(name)))
    for name, (other, criteria) in rules.items():
        resting = [differs[criterion].copy() for criterion in criteria]
        columns.append(named(both(other, exp.or_(*resting)) if resting else exp.false(), root_column(name)))
    return columns


def _pairs(
    beside: Sequence[str],
    criteria: Mapping[str, tuple[bool, bool]],
    rules: Mapping[str, Sequence[str]],
    all_are_asked: bool,
) -> exp.Select:
    columns = [
        named(column("household_id", "earlier"), "earlier_id"),
        named(column("household_id", "later"), "later_id"),
        named(column("status", "earlier"), "before"),
        named(column("status", "later"), "after"),
        named(_later_first("identity"), "identity"),
        *(named(column("people", side), f"{side}_people") for side in _SIDES),
        *(named(_later_first(name), name) for name in ("area", *beside)),
        named(exp.Coalesce(this=as_double(_later_first("people")), expressions=[number(0.0)]), "people"),
    ]
    answers: dict[str, tuple[Tree | None, Tree | None]] = {
        name: (
            column(f"criterion_{name}", "earlier") if before else None,
            column(f"criterion_{name}", "later") if after else None,
        )
        for name, (before, after) in criteria.items()
    }
    values: dict[str, tuple[Tree, Sequence[str]]] = {}
    for name, resting in rules.items():
        before, after = (column(f"rule_{name}", side) for side in _SIDES)
        values[name] = exp.NullSafeNEQ(this=before, expression=after), resting
    columns += judging_columns(answers, values, all_are_asked=all_are_asked)
    return (
        exp.select(*columns)
        .from_(exp.to_table("earlier"))
        .join(
            exp.to_table("later"),
            on=exp.EQ(this=column("identity", "earlier"), expression=column("identity", "later")),
            join_type="full outer",
        )
    )


def _later_first(name: str) -> Tree:
    """The value of the later run, for a household that it does not know that of the earlier."""
    unknown_later = missing(column("household_id", "later"))
    return exp.Case(
        ifs=[exp.If(this=unknown_later, true=column(name, "earlier"))], default=column(name, "later")
    )


def judged(criteria: Mapping[str, tuple[bool, bool]]) -> exp.Select:
    """The rows of ``pairs`` with what became of each household and how many criteria changed."""
    cases = [
        exp.If(this=missing(column("later_id")), true=text(Change.ONLY_EARLIER.value)),
        exp.If(this=missing(column("earlier_id")), true=text(Change.ONLY_LATER.value)),
    ]
    for (before, after), change in _TRANSITIONS.items():
        condition = both(equals(column("before"), before), equals(column("after"), after))
        cases.append(exp.If(this=condition, true=text(change.value)))
    judgement = exp.Case(ifs=cases, default=text(Change.NONE.value))
    number_changed = sum_of(
        exp.Case(ifs=[exp.If(this=_differs(name), true=number(1))], default=number(0)) for name in criteria
    )
    return exp.select(exp.Star(), named(judgement, "change"), named(number_changed, "number_changed")).from_(
        exp.to_table("pairs")
    )


def _differs(name: str) -> Tree:
    """Whether the answer of a criterion differs; to be asked for by one standard only may be that too."""
    return column(_differs_column(name))


def _differs_column(name: str) -> str:
    return f"differs_{name}"


def read_counts(session: Session, grouping: Grouping) -> dict[tuple[Group, Change], Count]:
    """Households and people of every change in every group; the total comes first."""
    keys = [column(alias) for alias in grouping.aliases()]
    tree = exp.select(*keys, named(set_number(grouping), "grouping_set"), column("change"))
    tree = tree.select(named(count(), "households"), named(total(column("people")), "people"))
    tree = tree.from_(exp.to_table(JUDGED))
    sets = grouping_sets(grouping)
    for part in sets.expressions[0].expressions:
        part.append("expressions", column("change"))
    tree.set("group", sets)
    numbers = {number_of(grouping, part): place for place, part in enumerate(grouping.breakdowns)}
    counted: dict[tuple[int, tuple[str | None, ...]], dict[Change, Count]] = {}
    for row in session.fetch(Step("counts", tree)).to_pylist():
        place = numbers[row["grouping_set"]]
        values = tuple(row[grouping.aliases()[key]] for key in grouping.breakdowns[place])
        of_group = counted.setdefault((place, values), {})
        of_group[Change(row["change"])] = Count(row["households"], row["people"])
    found: dict[tuple[Group, Change], Count] = {}
    for place, values in sorted(counted, key=lambda keys: (keys[0], [rank(value) for value in keys[1]])):
        of_group = counted[place, values]
        size = sum(part.households for part in of_group.values())
        group = Group(grouping.names(grouping.breakdowns[place]), values, size)
        found |= {(group, change): of_group[change] for change in Change if change in of_group}
    return found


def read_criteria(
    session: Session, criteria: Mapping[str, tuple[bool, bool]], table: str = JUDGED
) -> tuple[dict[tuple[Change, str], Difference], dict[Change, int]]:
    """For every change of status, how often each criterion changed, and how often none did.

    ``table`` holds the judged households; those without a change need not be in it.
    """
    alone = exp.EQ(this=column("number_changed"), expression=number(1))
    none = exp.EQ(this=column("number_changed"), expression=number(0))
    figures = [named(count(none), "unexplained")]
    for place, name in enumerate(criteria):
        figures += [
            named(count(_differs(name)), f"households_{place}"),
            named(total(column("people"), _differs(name)), f"people_{place}"),
            named(count(both(_differs(name), alone)), f"alone_{place}"),
        ]
    tree = exp.select(column("change"), *figures).from_(exp.to_table(table)).group_by(column("change"))
    rows = {Change(row["change"]): row for row in session.fetch(Step("criteria", tree)).to_pylist()}
    found: dict[tuple[Change, str], Difference] = {}
    for change in CHANGES:
        for place, name in enumerate(criteria):
            row = rows.get(change)
            if row and row[f"households_{place}"]:
                figures_of = (row[f"{part}_{place}"] for part in ("households", "people", "alone"))
                found[change, name] = Difference(*figures_of)
    unexplained = {change: rows[change]["unexplained"] for change in CHANGES if change in rows}
    return found, {change: number_of_them for change, number_of_them in unexplained.items() if number_of_them}


def read_only(session: Session, table: str = JUDGED) -> dict[tuple[Change, str], Count]:
    """By status, the households that one run alone knows."""
    status = exp.Coalesce(this=column("after"), expressions=[column("before")])
    tree = exp.select(column("change"), named(status, "answer"), named(count(), "households"))
    tree = tree.select(named(total(column("people")), "people")).from_(exp.to_table(table))
    tree = tree.where(_change_in(_ONLY)).group_by(column("change"), status)
    rows = session.fetch(Step("only", tree.order_by(column("change"), column("answer")))).to_pylist()
    return {
        (Change(row["change"]), row["answer"] or UNKNOWN): Count(row["households"], row["people"])
        for row in rows
    }


def changed_rows(criteria: Mapping[str, tuple[bool, bool]], table: str = JUDGED) -> exp.Select:
    """Every household with a change, or known to one run only, in the order of area and number."""
    answers = [column(f"{side}_{name}") for name in criteria for side in _SIDES]
    names = ("change", "earlier_id", "later_id", "area", "before", "after")
    tree = exp.select(*(column(name) for name in names), *answers).from_(exp.to_table(table))
    tree = tree.where(has_change())
    return tree.order_by(column("area"), column("later_id"), column("earlier_id"))


def has_change() -> Tree:
    """Whether a household changed, or is known to one run only."""
    return _change_in((*CHANGES, *_ONLY))


def read_households(
    session: Session, criteria: Mapping[str, tuple[bool, bool]], limit: int | None, table: str = JUDGED
) -> Listed:
    """The first households of the list, without a limit all of them."""
    everything = exp.select(named(count(), "number")).from_(exp.to_table(table))
    everything = everything.where(has_change())
    whole = session.fetch(Step("listed_of", everything)).to_pylist()[0]["number"]
    tree = changed_rows(criteria, table).select(*(_differs(name) for name in criteria))
    rows = session.fetch(Step("households", tree if limit is None else tree.limit(limit))).to_pylist()
    return Listed(tuple(_household(row, criteria) for row in rows), whole)


def _household(row: Mapping[str, object], criteria: Mapping[str, tuple[bool, bool]]) -> ChangedHousehold:
    change = Change(row["change"])
    answers = [
        Answered(name, str(row[f"earlier_{name}"]), str(row[f"later_{name}"]))
        for name in criteria
        if change not in _ONLY and row[_differs_column(name)]
    ]
    earlier_id, later_id = row["earlier_id"], row["later_id"]
    return ChangedHousehold(
        change=change,
        earlier_id=earlier_id if isinstance(earlier_id, int) else None,
        later_id=later_id if isinstance(later_id, int) else None,
        area=_text_or_none(row["area"]),
        before=_text_or_none(row["before"]),
        after=_text_or_none(row["after"]),
        criteria=tuple(answers),
    )


def _text_or_none(value: object) -> str | None:
    return None if value is None else str(value)


def _change_in(changes: Sequence[Change]) -> Tree:
    return exp.In(this=column("change"), expressions=[text(change.value) for change in changes])
