# SPDX-License-Identifier: Apache-2.0
"""Decides how a table is broken down: what each ``--by`` means and which groups it yields.

Every ``--by`` is a breakdown of its own beside the total; names joined by ``*`` are crossed. All
breakdowns are grouping sets of one query, so that the rows are read once however many are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from hearthline.statistics.expressions import Tree, column
from hearthline.statistics.problems import BAD_GROUPING, REPEATED_GROUPING
from hearthline.statistics.relation import Located, Relation, area_column, locate

_NAME = re.compile(r"[^\s*:]+(:[0-9]{1,2})?\Z")
_AREA = re.compile(r"area(?::([0-9]{1,2}))?\Z")


@dataclass(frozen=True)
class Grouping:
    """The keys of all breakdowns, and each breakdown as positions among the keys; the total is first."""

    keys: tuple[Located, ...]
    breakdowns: tuple[tuple[int, ...], ...]

    def aliases(self) -> list[str]:
        """The columns of the base that hold the keys, in order."""
        return [f"key_{position}" for position in range(len(self.keys))]

    def names(self, breakdown: Sequence[int]) -> tuple[str, ...]:
        """What a breakdown is called: the names of its keys."""
        return tuple(self.keys[position].name for position in breakdown)


def grouping_of(relation: Relation, by: Sequence[str]) -> Grouping:
    """Read the breakdowns asked for; a repeated one is given once."""
    names: list[str] = []
    breakdowns: list[tuple[int, ...]] = [()]
    for wanted in by:
        parts = [part.strip() for part in wanted.split("*")]
        if not all(_NAME.match(part) for part in parts):
            raise BAD_GROUPING.error(name=wanted)
        repeated = next((part for part in parts if parts.count(part) > 1), None)
        if repeated is not None:
            once = "*".join(dict.fromkeys(parts))
            raise REPEATED_GROUPING.error(name=wanted, part=repeated, once=once)
        names += [part for part in parts if part not in names]
        breakdown = tuple(names.index(part) for part in parts)
        if breakdown not in breakdowns:
            breakdowns.append(breakdown)
    return Grouping(tuple(_key(relation, name) for name in names), tuple(breakdowns))


def is_area(by: str) -> bool:
    """Whether a breakdown has areas among its keys."""
    return any(_AREA.match(part.strip()) for part in by.split("*"))


def _key(relation: Relation, name: str) -> Located:
    area = _AREA.match(name)
    if area and name not in relation.types:
        return area_column(relation, name, int(area[1]) if area[1] else None)
    if area:
        return area_column(relation, name, None)
    if ":" in name:
        raise BAD_GROUPING.error(name=name)
    return locate(relation, name, "--by")


def key_columns(grouping: Grouping) -> dict[str, Located]:
    """The keys as texts under their aliases, for the base of the query."""
    return {
        alias: Located(key.name, exp.cast(key.tree.copy(), "varchar"), key.table, "text")
        for alias, key in zip(grouping.aliases(), grouping.keys, strict=True)
    }


def grouping_sets(grouping: Grouping) -> exp.Group:
    """``GROUP BY GROUPING SETS`` over all breakdowns."""
    aliases = grouping.aliases()
    sets: list[Tree] = [
        exp.Tuple(expressions=[column(aliases[position]) for position in breakdown])
        for breakdown in grouping.breakdowns
    ]
    return exp.Group(expressions=[exp.GroupingSets(expressions=sets)])


def set_number(grouping: Grouping) -> Tree:
    """Which grouping set a row of the answer belongs to: one bit per key, set where it is not used."""
    if not grouping.keys:
        return exp.Literal.number(0)
    return exp.Anonymous(this="grouping_id", expressions=[column(alias) for alias in grouping.aliases()])


def number_of(grouping: Grouping, breakdown: Sequence[int]) -> int:
    """The value of :func:`set_number` for a breakdown: the first key is the highest bit."""
    last = len(grouping.keys) - 1
    return sum(1 << (last - position) for position in range(len(grouping.keys)) if position not in breakdown)


def rank(value: str | None) -> tuple[int, float, str]:
    """The order of groups: numbers by size, then texts, the unknown last."""
    if value is None:
        return (2, 0.0, "")
    digits = value.removeprefix("-").replace(".", "", 1)
    return (0, float(value), value) if digits.isascii() and digits.isdigit() else (1, 0.0, value)
