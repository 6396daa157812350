# SPDX-License-Identifier: Apache-2.0
"""Decides how a random formula is written: well-typed, well-united, with every kind of node, limited in size.

What slips through (more than 38 digits in a sum, say) is refused by the checker and written anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON
from hearthline.engine.rules.types import Kind, ValueType
from tests.language.generated.ground import CODES, DAYS, TEXTS, UNITS, Ground
from tests.language.generated.pieces import (
    BARE,
    BOOLEAN,
    CODE,
    DATE,
    DOUBLE,
    NUMBER,
    TEXT,
    Piece,
    made,
    same_kind,
)

MOST_SCALE = 12
COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
NUMBERS = ("0", "1", "2", "3", "5", "10", "18", "60", "0.5", "1.5", "0.01", "100", "2800", "0.0001")
RARE_NUMBERS = ("9007199254740993", "999999999999999999", "10000000000000000000")
KINDS = {Kind.BOOLEAN: BOOLEAN, Kind.DOUBLE: DOUBLE, Kind.DATE: DATE, Kind.NUMBER: NUMBER}


def kind_of(kind: ValueType) -> str:
    """The kind of pieces that a fact or rule of this type is."""
    if kind.kind is Kind.TEXT:
        return CODE if kind.codes is not None else TEXT
    return KINDS[kind.kind]


Way = Callable[["Author", str, int], Piece]
NumberWay = Callable[["Author", int, str], Piece]


@dataclass(frozen=True)
class Ways:
    """The ways in which pieces of each kind may be written; numbers and doubles are asked for in a unit."""

    others: Mapping[str, Sequence[Way]]
    numbers: Sequence[NumberWay]
    doubles: Sequence[NumberWay]


@dataclass
class Author:
    """Writes formulas of one level; ``rows`` is the table of the aggregate it is writing in.

    ``written`` holds the types of the rules before this one, by level and name; ``fuel`` bounds the size.
    """

    random: Random
    ground: Ground
    level: str
    division_scale: int
    written: Mapping[str, Mapping[str, ValueType]]
    ways: Ways
    fuel: list[int] = field(default_factory=lambda: [30])
    rows: str | None = None

    def write(self, kind: str, depth: int, unit: str = "1") -> Piece:
        """A formula of a kind; for numbers and doubles in a unit (or bare)."""
        self.fuel[0] -= 1
        if depth <= 0 or self.fuel[0] <= 0 or self.random.random() < 0.1:
            return self.leaf(kind, unit)
        if kind in (NUMBER, DOUBLE):
            ways = self.ways.numbers if kind == NUMBER else self.ways.doubles
            return self.random.choice(ways)(self, depth - 1, unit)
        return self.random.choice(self.ways.others[kind])(self, kind, depth - 1)

    # -- leaves ------------------------------------------------------------------------------------------

    def leaf(self, kind: str, unit: str = "1") -> Piece:
        """A fact, a rule, a parameter or a constant."""
        if self.random.random() < 0.88:
            names = [
                piece for piece in self.names(kind) if kind not in (NUMBER, DOUBLE) or piece.unit == unit
            ]
            if names:
                return self.random.choice(names)
        return self.constant(kind, unit)

    def constant(self, kind: str, unit: str = "1") -> Piece:
        """A literal, null, or a parameter of the kind."""
        random = self.random
        if random.random() < 0.2:
            parameters = [piece for piece in _PARAMETERS if piece.kind == kind and piece.unit == unit]
            if parameters:
                return random.choice(parameters)
        if kind == NUMBER:
            text = random.choice(RARE_NUMBERS if random.random() < 0.03 else NUMBERS)
            return Piece(text, NUMBER, BARE, len(text.partition(".")[2]))
        if kind == DOUBLE:
            return Piece("cast(" + random.choice(NUMBERS) + " as double)", DOUBLE, BARE)
        if kind == BOOLEAN:
            return Piece(random.choice(("true", "false", "true", "false", "null")), BOOLEAN)
        if kind == DATE:
            text = f"date '{random.choice(DAYS).isoformat()}'"
            return Piece(random.choice((text, text, "screening_date")), DATE)
        words = CODES if kind == CODE else TEXTS
        return Piece("'" + random.choice(words).replace("'", "''") + "'", kind)

    def names(self, kind: str) -> list[Piece]:
        """Facts and rules of a kind that can be seen from here."""
        found: list[Piece] = []
        for table, prefix in self._seen():
            types = {entry.name: entry.type for entry in self.ground.of_level.get(table, ())}
            types.update(self.written.get(table, {}))
            for name, type_ in types.items():
                if kind_of(type_) == kind:
                    found.append(Piece(prefix + name, kind, str(type_.unit or "1"), type_.scale))
        return found

    def _seen(self) -> list[tuple[str, str]]:
        seen = [(AREA, "area.")] if self.ground.has(AREA) else []
        if self.rows is not None:
            seen += [(self.rows, f"{self.rows}.")] * 2
            return [*seen, (HOUSEHOLD, "household." if self.level == PERSON else "")]
        own = self.random.choice(("", f"{self.level}."))
        seen += [(self.level, own)] * 2
        return seen if self.level == HOUSEHOLD else [*seen, (HOUSEHOLD, "household.")]

    def a_unit(self) -> str:
        """A unit in which something can be seen from here, or any."""
        found = [piece.unit for piece in self.names(NUMBER)]
        return (
            self.random.choice(found) if found and self.random.random() < 0.85 else self.random.choice(UNITS)
        )

    # -- any kind ----------------------------------------------------------------------------------------

    def any_kind(self) -> str:
        """A kind at random."""
        return self.random.choice((BOOLEAN, NUMBER, NUMBER, DOUBLE, DATE, CODE, TEXT))

    def some(self, kind: str, depth: int) -> Piece:
        """A piece of a kind in a unit at random."""
        return self.write(kind, depth, self.a_unit())

    def alternatives(self, kind: str, depth: int, unit: str = "1") -> list[Piece]:
        """Two or three pieces that may stand beside each other."""
        return [self.write(kind, depth, unit) for _ in range(self.random.choice((2, 2, 3)))]

    def searched_case(self, kind: str, depth: int, unit: str = "1") -> Piece:
        """``case when``, with or without an else."""
        values = self.alternatives(kind, depth, unit)
        conditions = [self.write(BOOLEAN, depth) for _ in values[1:]]
        text = " ".join(
            f"when {condition.text} then {value.text}"
            for condition, value in zip(conditions, values, strict=False)
        )
        last = "" if self.random.random() < 0.3 else f" else {values[-1].text}"
        return _around(f"case {text}{last} end", values if last else values[:-1], conditions)

    def simple_case(self, kind: str, depth: int, unit: str = "1") -> Piece:
        """``case x when``."""
        asked = self.random.choice((NUMBER, CODE, DATE, BOOLEAN))
        subject = self.write(asked, depth, "1")
        choices = [self.leaf(asked, "1") for _ in range(2)]
        values = [self.write(kind, depth, unit) for _ in range(3)]
        text = " ".join(
            f"when {choice.text} then {value.text}" for choice, value in zip(choices, values, strict=False)
        )
        return _around(f"case {subject.text} {text} else {values[-1].text} end", values, [subject, *choices])

    def coalesce(self, kind: str, depth: int, unit: str = "1") -> Piece:
        """The first known."""
        parts = self.alternatives(kind, depth, unit)
        return _around("coalesce(" + ", ".join(part.text for part in parts) + ")", parts, [])

    def extreme(self, kind: str, depth: int, unit: str = "1") -> Piece:
        """``least`` or ``greatest``."""
        parts = self.alternatives(kind, depth, unit)
        name = self.random.choice(("least", "greatest"))
        return _around(f"{name}(" + ", ".join(part.text for part in parts) + ")", parts, [])

    # -- aggregates --------------------------------------------------------------------------------------

    def inside(self, table: str) -> Author:
        """The same author within an aggregate over a table."""
        return replace(self, rows=table)

    def a_table(self) -> str | None:
        """A table an aggregate may go through from here."""
        tables = [] if self.rows is not None else self.ground.tables_of(self.level)
        return self.random.choice(tables) if tables else None

    def kept(self, inner: Author, depth: int) -> str:
        """A filter, or none."""
        if self.random.random() < 0.4:
            return ""
        return f" filter (where {inner.write(BOOLEAN, min(depth, 2)).text})"

    def aggregate(self, functions: tuple[str, ...], kind: str, depth: int, unit: str = "1") -> Piece | None:
        """An aggregate of a kind, if there is a table with something of that kind."""
        table = self.a_table()
        if table is None:
            return None
        inner = self.inside(table)
        operand = inner.write(kind, min(depth, 2), unit)
        if f"{table}." not in operand.text:
            own = [
                piece
                for piece in inner.names(kind)
                if piece.text.startswith(f"{table}.") and (kind not in (NUMBER, DOUBLE) or piece.unit == unit)
            ]
            if not own:
                return None
            operand = self.random.choice(own)
        if operand.bare:
            return None
        function = self.random.choice(functions)
        scale = max(operand.scale, self.division_scale) if function == "avg" else operand.scale
        text = f"{function}({operand.text}){self.kept(inner, depth)}"
        return Piece(text, kind, operand.unit, scale)

    def count(self, depth: int) -> Piece | None:
        """A bare count of a table from here; its unit is the name of the table."""
        table = self.a_table()
        if table is None:
            return None
        return Piece(f"count({table}){self.kept(self.inside(table), depth)}", NUMBER, table)


def _around(text: str, values: list[Piece], others: list[Piece]) -> Piece:
    shaped = same_kind("", *values)
    return Piece(text, shaped.kind, shaped.unit, shaped.scale, (*values, *others))


_PARAMETERS = (
    made("parameter('line')", NUMBER, unit="yuan/person/year", scale=2),
    made("parameter('line', purpose => 'exit')", NUMBER, unit="yuan/person/year", scale=2),
    made("parameter('line', year => 2013)", NUMBER, unit="yuan/person/year", scale=2),
    made("parameter('adult')", NUMBER, unit="year"),
    made("parameter('months')", NUMBER),
    made("parameter('share')", NUMBER, scale=4),
    made("parameter('start')", DATE),
    made("parameter('strict')", BOOLEAN),
    made("parameter('factor')", DOUBLE),
    made("parameter('worst')", CODE),
)
