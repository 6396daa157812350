# SPDX-License-Identifier: Apache-2.0
"""Decides how rows of the base come into memory: their welfare, weight, line, groups and terms as arrays."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sqlglot import exp

from hearthline.statistics.columns import LINE, WEIGHT, WELFARE
from hearthline.statistics.expressions import Tree, both, column, known, more, named, number
from hearthline.statistics.framing import BASE
from hearthline.statistics.grouping import Grouping
from hearthline.statistics.linear import Positions, Values
from hearthline.statistics.ranked import Ranked
from hearthline.statistics.segments import Segments
from hearthline.statistics.session import Session, Step

Codes = NDArray[np.int64]
GroupValues = tuple[str | None, ...]


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows as arrays: for each key of the grouping a code a row, and in ``names`` what it stands for."""

    weight: Values
    welfare: Values
    line: Values | None
    keys: tuple[Codes, ...]
    names: tuple[tuple[str | None, ...], ...]
    extra: Mapping[str, pa.ChunkedArray] = field(default_factory=dict)

    def texts(self, name: str) -> list[str | None] | None:
        """A column beside the rows as texts; None where it was not read."""
        if name not in self.extra:
            return None
        return [None if value is None else str(value) for value in self.extra[name].to_pylist()]

    def codes(self, breakdown: Sequence[int]) -> tuple[Codes, list[GroupValues]]:
        """For a breakdown the number of each row's group, and the values of every group."""
        whole = np.zeros(len(self.weight), dtype=np.int64)
        for key in breakdown:
            whole = whole * len(self.names[key]) + self.keys[key]
        if not breakdown:
            return whole, [()] if len(whole) else []
        present, codes = np.unique(whole, return_inverse=True)
        return codes, [self._values(breakdown, int(number)) for number in present]

    def _values(self, breakdown: Sequence[int], number: int) -> GroupValues:
        values: list[str | None] = []
        for key in reversed(breakdown):
            number, code = divmod(number, len(self.names[key]))
            values.append(self.names[key][code])
        return tuple(reversed(values))

    def members(self, breakdown: Sequence[int]) -> Iterator[tuple[GroupValues, Positions]]:
        """Every group of a breakdown with the positions of its rows, in their order."""
        codes, groups = self.codes(breakdown)
        order = np.argsort(codes, kind="stable")
        bounds = np.searchsorted(codes[order], np.arange(len(groups) + 1))
        for place, group in enumerate(groups):
            yield group, order[bounds[place] : bounds[place + 1]]


def read_rows(
    session: Session,
    grouping: Grouping,
    *,
    reads: frozenset[str],
    order: Tree | None = None,
    terms: Mapping[str, Tree] | None = None,
    ranked_only: bool = False,
    source: str = BASE,
) -> Rows:
    """The rows of the base. ``terms`` are read beside them under their names, in the same order.

    ``source`` is the step that holds the keys beside the values of the base.
    """
    for place, alias in enumerate(grouping.aliases()):
        session.define(_key_step(place, alias, source))
    names = tuple(_names_of(session, place) for place in range(len(grouping.keys)))
    tree = exp.select(column(WEIGHT, source))
    for alias in (WELFARE, LINE):
        if alias in reads:
            tree = tree.select(column(alias, source))
    for name, term in (terms or {}).items():
        tree = tree.select(named(term, name))
    tree = tree.from_(exp.to_table(source))
    for place, alias in enumerate(grouping.aliases()):
        table = f"key_values_{place}"
        same = exp.NullSafeEQ(this=column(alias, source), expression=column("value", table))
        tree = tree.select(named(column("code", table), f"code_{place}"))
        tree = tree.join(exp.to_table(table), on=same)
    if ranked_only:
        tree = tree.where(both(known(column(WELFARE, source)), more(column(WEIGHT, source), number(0))))
    if order is not None:
        tree = tree.order_by(order)
    table = session.fetch(Step("rows_in_memory", tree))
    return Rows(
        weight=_doubles(table, WEIGHT),
        welfare=_doubles(table, WELFARE) if WELFARE in reads else np.full(table.num_rows, np.nan),
        line=_doubles(table, LINE) if LINE in reads else None,
        keys=tuple(_codes(table, f"code_{place}") for place in range(len(grouping.keys))),
        names=names,
        extra={name: table[name] for name in terms or {}},
    )


def _key_step(place: int, alias: str, source: str) -> Step:
    """The values of a key with a number each, so that rows carry numbers instead of texts."""
    distinct = exp.select(named(column(alias), "value")).from_(exp.to_table(source)).distinct()
    numbered = exp.Window(
        this=exp.RowNumber(),
        order=exp.Order(expressions=[exp.Ordered(this=column("value"), nulls_first=False)]),
    )
    code = exp.cast(exp.Sub(this=numbered, expression=exp.Literal.number(1)), exp.DataType.Type.INT)
    tree = exp.select(column("value"), named(code, "code")).from_(distinct.subquery("values_found"))
    return Step(f"key_values_{place}", tree, kept=True)


def _names_of(session: Session, place: int) -> tuple[str | None, ...]:
    tree = exp.select(column("value")).from_(exp.to_table(f"key_values_{place}")).order_by(column("code"))
    return tuple(session.fetch(Step("key_names", tree))["value"].to_pylist())


def _doubles(table: pa.Table, name: str) -> Values:
    array: Values = np.array(table[name].to_numpy(), dtype=np.float64)
    return array


def _codes(table: pa.Table, name: str) -> Codes:
    array: Codes = table[name].to_numpy().astype(np.int64)
    return array


def ranked_groups(rows: Rows, breakdown: Sequence[int]) -> Iterator[tuple[GroupValues, Ranked]]:
    """Every group of a breakdown in the order of welfare, without influences, beside the whole.

    The rows must be in that order already; a group keeps it.
    """
    everybody = Ranked(np.zeros(0, dtype=np.int64), rows.welfare, rows.weight, rows.line, derived=False)
    if not breakdown:
        if len(rows.weight):
            yield (), everybody
        return
    for group, places in rows.members(breakdown):
        yield (
            group,
            Ranked(
                places[:0],
                rows.welfare[places],
                rows.weight[places],
                rows.line[places] if rows.line is not None else None,
                derived=False,
                whole=everybody,
            ),
        )


def in_order(rows: Rows) -> Rows:
    """The same rows in the order of welfare, those of equal welfare by their weight."""
    order = welfare_order(rows.welfare, rows.weight)
    return Rows(
        rows.weight[order],
        rows.welfare[order],
        rows.line[order] if rows.line is not None else None,
        tuple(codes[order] for codes in rows.keys),
        rows.names,
    )


_WEIGHT_BITS = 20


_AT_ONCE = 1 << 21
"""Rows whose equals are put into order at once: keys of a whole nation would need half a gigabyte more."""


def welfare_order(welfare: Values, weight: Values | Codes, *, at_once: int = _AT_ONCE) -> Positions:
    """The positions of rows in the order of welfare, those of equal welfare by their weight.

    Whole weights are put behind the number of their welfare in one key: sorting single numbers is several
    times faster than sorting by two, and a sort that goes by runs finds nearly all in order.
    """
    most = float(weight.max()) if len(weight) else 0.0
    if not (0 <= most < 1 << _WEIGHT_BITS and _are_whole(weight)):
        return np.lexsort((weight, welfare))
    order: Positions = np.argsort(welfare)
    first = 0
    while first < len(order):
        end = _behind_equals(welfare, order, first + at_once)
        part = order[first:end]
        ordered = welfare[part]
        key = np.zeros(len(part), dtype=np.int64)
        np.cumsum(ordered[1:] != ordered[:-1], out=key[1:])
        if len(part) and key[-1] < len(part) - 1:
            key <<= _WEIGHT_BITS
            key += weight[part].astype(np.int64)
            order[first:end] = part[np.argsort(key, kind="stable")]
        first = end
    return order


def _behind_equals(welfare: Values, order: Positions, end: int) -> int:
    """The first place from ``end`` on that has another welfare than the one before it."""
    while end < len(order):
        ahead = welfare[order[end : end + _AT_ONCE]] != welfare[order[end - 1]]
        if ahead.any():
            return end + int(np.argmax(ahead))
        end += len(ahead)
    return len(order)


def _are_whole(weight: Values | Codes) -> bool:
    return weight.dtype.kind in "iu" or bool((weight == np.floor(weight)).all())


def segments_of(
    rows: Rows, breakdown: Sequence[int], line: float, median: float
) -> tuple[tuple[pa.Array, ...], Segments]:
    """The groups of a breakdown as parts of one array, and the keys of each; the rows in order already."""
    whole = np.zeros(len(rows.weight), dtype=np.int64)
    for key in breakdown:
        whole = whole * len(rows.names[key]) + rows.keys[key]
    present, codes, counts = _numbered(whole, [len(rows.names[key]) for key in breakdown])
    starts = np.append(0, np.cumsum(counts))
    if len(present) < 2:
        segments = Segments(starts, rows.welfare, rows.weight, line, median)
    else:
        order = order_of_codes(codes, len(present))
        segments = Segments(starts, rows.welfare[order], rows.weight[order], line, median)
    keys: list[pa.Array] = []
    for key in reversed(breakdown):
        present, code = np.divmod(present, len(rows.names[key]))
        keys.append(pa.array(rows.names[key], pa.string()).take(pa.array(code)))
    return tuple(reversed(keys)), segments


def order_of_codes(codes: Codes, number: int) -> Positions:
    """The positions of rows by their code of so many, those of one code as they stand.

    Numbers of two bytes are sorted by counting them, several times faster than larger ones: so half by half.
    """
    order: Positions = np.argsort((codes & _HALF).astype(np.uint16), kind="stable")
    if number > _HALF + 1:
        order = order[np.argsort((codes[order] >> _HALF_BITS).astype(np.uint16), kind="stable")]
    return order


_HALF_BITS = 16
_HALF = (1 << _HALF_BITS) - 1
_MOST_NUMBERS = 1 << 22


def _numbered(whole: Codes, sizes: Sequence[int]) -> tuple[Codes, Codes, Codes]:
    """The numbers there are, for each row the place of its own among them, and how often each is there."""
    if math.prod(sizes) > _MOST_NUMBERS:
        return np.unique(whole, return_inverse=True, return_counts=True)
    counts = np.bincount(whole)
    present = np.flatnonzero(counts)
    place = np.zeros(len(counts), dtype=np.int64)
    place[present] = np.arange(len(present))
    return present, place[whole], counts[present]


def term_name(place: int) -> str:
    """What the term of a total is called among the rows."""
    return f"term_{place}"
