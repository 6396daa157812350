# SPDX-License-Identifier: Apache-2.0
"""Decides the figures over the paired households: costs, causes, the cliff, rank reversals, and errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from hearthline.simulation.benefits import rounded_quotient
from hearthline.simulation.pairs import CHANGED
from hearthline.statistics.columns import NOT_POOR, POOR
from hearthline.statistics.differences import CHANGES, Change, Count
from hearthline.statistics.expressions import (
    Tree,
    as_double,
    both,
    column,
    count,
    equals,
    exact_total,
    known,
    missing,
    named,
    product,
    text,
    total,
)
from hearthline.statistics.figures import Group
from hearthline.statistics.grouping import Grouping, grouping_sets, number_of, rank, set_number
from hearthline.statistics.pairing import JUDGED
from hearthline.statistics.session import Session, Step

SIDES = ("before", "after")
BANDS = 20
"""Bands of the distance to the line: each is the line divided by this number."""
FARTHEST = 20
"""Bands on either side of the line; what lies farther away counts in the last."""


@dataclass(frozen=True)
class Cost:
    """What the benefits cost: exact minor units over the households in the file, and as they are weighted.

    ``unknown`` households get a benefit whose amount is not known; it is not in the sums.
    """

    households: int = 0
    people: float = 0.0
    exact: int = 0
    weighted: float = 0.0
    unknown: int = 0


@dataclass(frozen=True)
class Band:
    """Households at one distance from the line, in bands from ``place`` (0 begins at the line)."""

    place: int
    households: int
    people: float
    benefit: float | None
    """Mean benefit per person in minor units."""
    line: float | None = None
    """The line in minor units, the mean over people where households have lines of their own."""


@dataclass(frozen=True)
class Reversals:
    """Households whose order help turns round: ``overtaken`` end below one that was poorer before help.

    ``overtaking`` end above one that was better off. ``households`` and ``people``: all of known welfare.
    """

    households: int = 0
    people: float = 0.0
    overtaken: int = 0
    overtaken_people: float = 0.0
    overtaking: int = 0

    @property
    def share(self) -> float | None:
        """The share of people in households that are overtaken."""
        return self.overtaken_people / self.people if self.people else None


@dataclass(frozen=True)
class Errors:
    """Who is found against who is in need by a reference, in people as weighted, and in households.

    ``inclusion``: found and not in need. ``exclusion``: in need and not found. ``unknown`` on either side.
    """

    found: Count
    in_need: Count
    inclusion: Count
    exclusion: Count
    unknown: Count


def read_costs(session: Session, grouping: Grouping) -> dict[tuple[Group, str], Cost]:
    """The cost of the benefits before and after the change, in every group; the total comes first."""
    tree = exp.select(
        *(column(alias) for alias in grouping.aliases()), named(set_number(grouping), "grouping_set")
    )
    tree = tree.select(named(count(), "households"))
    for side in SIDES:
        poor = equals(column(side), POOR)
        amount = column(f"benefit_{side}")
        weighted = product(as_double(amount), column("household_weight"))
        tree = tree.select(
            named(count(poor), f"poor_{side}"),
            named(total(column("people"), poor), f"people_{side}"),
            named(exact_total(amount, poor), f"exact_{side}"),
            named(total(weighted, poor), f"weighted_{side}"),
            named(count(both(poor, missing(amount))), f"unknown_{side}"),
        )
    tree = tree.from_(exp.to_table(JUDGED))
    tree.set("group", grouping_sets(grouping))
    numbers = {number_of(grouping, part): place for place, part in enumerate(grouping.breakdowns)}
    rows = []
    for row in session.fetch(Step("costs", tree)).to_pylist():
        place = numbers[row["grouping_set"]]
        values = tuple(row[grouping.aliases()[key]] for key in grouping.breakdowns[place])
        rows.append((place, values, row))
    found: dict[tuple[Group, str], Cost] = {}
    for place, values, row in sorted(rows, key=lambda each: (each[0], [rank(value) for value in each[1]])):
        group = Group(grouping.names(grouping.breakdowns[place]), values, row["households"])
        for side in SIDES:
            parts = (row[f"{part}_{side}"] for part in ("poor", "people", "exact", "weighted", "unknown"))
            households, people, exact, weighted, unknown = parts
            found[group, side] = Cost(households, people, int(exact), weighted, unknown)
    return found


def read_causes(session: Session, causes: Mapping[str, str]) -> dict[tuple[Change, str], Count]:
    """For every change, the households that show each cause; ``causes`` gives the column of each."""
    if not causes:
        return {}
    tree = exp.select(column("change"))
    for name, at in causes.items():
        shows = column(at)
        tree = tree.select(
            named(count(shows), f"households_{name}"), named(total(column("people"), shows), f"people_{name}")
        )
    tree = tree.from_(exp.to_table(CHANGED)).group_by(column("change"))
    rows = {Change(row["change"]): row for row in session.fetch(Step("causes", tree)).to_pylist()}
    return {
        (change, name): Count(rows[change][f"households_{name}"], rows[change][f"people_{name}"])
        for change in CHANGES
        if change in rows
        for name in causes
        if rows[change][f"households_{name}"]
    }


def read_bands(session: Session, side: str) -> tuple[Band, ...]:
    """The mean benefit per person by distance to the line of a side, from the poorest upward."""
    line, welfare = column(f"line_{side}"), column("welfare")
    distance = exp.Div(
        this=exp.Mul(
            this=exp.Paren(this=exp.Sub(this=welfare, expression=line)), expression=exp.Literal.number(BANDS)
        ),
        expression=as_double(line.copy()),
        typed=False,
        safe=False,
    )
    floor = exp.Anonymous(this="floor", expressions=[distance])
    least, most = exp.Literal.number(-FARTHEST), exp.Literal.number(FARTHEST - 1)
    clamped = exp.Anonymous(
        this="greatest", expressions=[exp.Anonymous(this="least", expressions=[floor, most]), least]
    )
    place = exp.cast(clamped, "integer")
    given = equals(column(side), POOR)
    benefit = product(as_double(column(f"benefit_{side}")), column("household_weight"))
    tree = exp.select(
        named(place, "place"),
        named(count(), "households"),
        named(total(column("people")), "people"),
        named(total(benefit, given), "benefit"),
        named(total(product(as_double(line), column("people"))), "line"),
    ).from_(exp.to_table(JUDGED))
    tree = tree.where(known(column("welfare")), known(column(f"line_{side}"))).where(
        exp.GT(this=column(f"line_{side}"), expression=exp.Literal.number(0))
    )
    tree = tree.group_by(place.copy())
    rows = session.fetch(Step(f"bands_{side}", tree)).to_pylist()
    return tuple(
        Band(
            row["place"],
            row["households"],
            row["people"],
            row["benefit"] / row["people"] if row["people"] else None,
            row["line"] / row["people"] if row["people"] else None,
        )
        for row in sorted(rows, key=lambda row: int(row["place"]))
    )


def read_reversals(session: Session, side: str) -> Reversals:
    """Rank reversals among the households with known welfare, by what each person has after help.

    Help is divided among the people of a household and rounded half up to whole minor units. Only a household
    within reach of the highest that help lifts to can be overtaken, so no other is put in order.
    """
    poor, amount = equals(column(side), POOR), column(f"benefit_{side}")
    own = exp.Case(
        ifs=[exp.If(this=both(poor, known(amount)), true=amount.copy())], default=exp.Literal.number(0)
    )
    after = exp.Add(this=column("welfare"), expression=exp.Paren(this=rounded_quotient(own, column("size"))))
    rows = exp.select(
        named(column("welfare"), "was"), named(after, "has"), named(column("people"), "people")
    ).from_(exp.to_table(JUDGED))
    rows = rows.where(known(column("welfare")), exp.GT(this=column("size"), expression=exp.Literal.number(0)))
    session.define(Step(f"ranked_{side}", rows, kept=True))
    ranked = exp.to_table(f"ranked_{side}")
    reach = exp.select(exp.Max(this=column("has"))).from_(ranked.copy())
    reach = reach.where(exp.GT(this=column("has"), expression=column("was")))
    levels = (
        exp.select(
            column("was"),
            named(exp.Max(this=column("has")), "highest"),
            named(exp.Min(this=column("has")), "lowest"),
        )
        .from_(ranked.copy())
        .where(exp.LTE(this=column("was"), expression=reach.subquery()))
        .group_by(column("was"))
    )
    session.define(Step(f"levels_{side}", levels))
    bounds = exp.select(
        column("was"),
        named(_before("max", "highest", descending=False), "poorer"),
        named(_before("min", "lowest", descending=True), "richer"),
    ).from_(exp.to_table(f"levels_{side}"))
    session.define(Step(f"bounds_{side}", bounds))
    overtaken = exp.LT(this=column("has"), expression=column("poorer"))
    overtaking = exp.GT(this=column("has"), expression=column("richer"))
    tree = exp.select(
        named(count(), "households"),
        named(total(column("people")), "people"),
        named(count(overtaken), "overtaken"),
        named(total(column("people"), overtaken), "overtaken_people"),
        named(count(overtaking), "overtaking"),
    ).from_(exp.alias_(ranked, "h", table=True))
    tree = tree.join(
        exp.alias_(exp.to_table(f"bounds_{side}"), "b", table=True),
        on=exp.EQ(this=column("was", "h"), expression=column("was", "b")),
        join_type="left",
    )
    row = session.fetch(Step("reversals", tree)).to_pylist()[0]
    return Reversals(**row)


def _before(function: str, name: str, *, descending: bool) -> Tree:
    """The extreme of all rows before this one in the order of welfare.

    Frames that begin at the first row are carried from row to row; one that ends at the last row is not,
    and costs ten times as much.
    """
    return exp.Window(
        this=exp.Anonymous(this=function, expressions=[column(name)]),
        order=exp.Order(expressions=[exp.Ordered(this=column("was"), desc=descending, nulls_first=False)]),
        spec=exp.WindowSpec(
            kind="ROWS",
            start="UNBOUNDED",
            start_side="PRECEDING",
            end=exp.Literal.number("1"),
            end_side="PRECEDING",
        ),
    )


def read_errors(session: Session, side: str) -> Errors:
    """Who a side finds, held against the column ``reference`` (true: in need)."""
    poor, need = equals(column(side), POOR), column("reference")
    judged = exp.In(this=column(side), expressions=[text(POOR), text(NOT_POOR)])
    clear = both(judged, known(need))
    parts: dict[str, Tree] = {
        "found": both(clear, poor),
        "in_need": both(clear, need),
        "inclusion": both(clear, poor, exp.Not(this=need)),
        "exclusion": both(clear, exp.Not(this=poor), need),
        "unknown": exp.Not(this=exp.Coalesce(this=clear, expressions=[exp.false()])),
    }
    tree = exp.select().from_(exp.to_table(JUDGED))
    for name, where in parts.items():
        tree = tree.select(
            named(count(where), f"households_{name}"), named(total(column("people"), where), f"people_{name}")
        )
    row = session.fetch(Step("errors", tree)).to_pylist()[0]
    return Errors(**{name: Count(row[f"households_{name}"], row[f"people_{name}"]) for name in parts})


def cliff_height(bands: Sequence[Band]) -> float | None:
    """What a person just below the line gets more than one just above it, on average, in minor units."""
    by_place = {band.place: band.benefit for band in bands}
    below, above = by_place.get(-1), by_place.get(0)
    return None if below is None else below - (above or 0.0)
