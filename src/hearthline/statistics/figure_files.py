# SPDX-License-Identifier: Apache-2.0
"""Decides how the figures of many groups are filed: CSV with a figure a line, Parquet with a group a row.

Both are written part by part and hold the same 12 digits (:mod:`hearthline.statistics.formats`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hearthline.statistics.answers import is_of_breakdowns
from hearthline.statistics.columns import BASE_N, Column
from hearthline.statistics.figures import Provenance
from hearthline.statistics.formats import DIGITS, csv_cell, filed
from hearthline.statistics.group_columns import GroupColumns
from hearthline.statistics.grouping import Grouping
from hearthline.statistics.linear import Values
from hearthline.statistics.specification import Specification

ROWS_AT_ONCE = 20_000
"""Groups that are written at once."""

Parts = Callable[[int], Iterator[GroupColumns]]
"""The groups of a breakdown in their order, in several pieces."""


@dataclass(frozen=True)
class Filing:
    """What is filed: the groups of all breakdowns, their columns, and what they rest on."""

    grouping: Grouping
    columns: Sequence[Column]
    parts: Parts
    specification: Specification
    provenance: Provenance

    def pieces(self, place: int) -> Iterator[GroupColumns]:
        """The groups of a breakdown, so many at a time that little memory is needed."""
        for part in self.parts(place):
            for start in range(0, len(part), ROWS_AT_ONCE):
                yield part.taken(slice(start, start + ROWS_AT_ONCE))


def column_name(part: Column) -> str:
    """What a figure is called in Parquet: ``measure.figure``, or ``measure.figure@item`` for an item."""
    return f"{part.measure}.{part.name}" + (f"@{part.item}" if part.item is not None else "")


def write_parquet(filing: Filing, path: Path) -> None:
    """One row for a group: ``by``, its keys, ``n``, and a column for each figure."""
    keys = filing.grouping.names(range(len(filing.grouping.keys)))
    types = {part: pa.float64() for part in filing.columns}
    total = next(filing.parts(0))
    types |= {part: total.figures[part].type for part in filing.columns if _is_whole(total, part)}
    names = _distinct_names(filing.columns)
    schema = pa.schema(
        [
            pa.field("by", pa.dictionary(pa.int32(), pa.string())),
            *(pa.field(name, pa.dictionary(pa.int32(), pa.string())) for name in keys),
            pa.field("n", pa.int64()),
            *(pa.field(names[part], types[part]) for part in filing.columns),
        ],
        metadata={"hearthline": json.dumps(_about(filing), ensure_ascii=False)},
    )
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for place, breakdown in enumerate(filing.grouping.breakdowns):
            for piece in filing.pieces(place):
                by = pa.array(["*".join(filing.grouping.names(breakdown)) or "total"]).take(
                    pa.array(np.zeros(len(piece), dtype=np.int64))
                )
                own = dict(zip(breakdown, piece.keys, strict=True))
                texts = [own.get(at, pa.nulls(len(piece), pa.string())) for at in range(len(keys))]
                figures = [
                    _filed(piece.figures.get(part), types[part], len(piece)) for part in filing.columns
                ]
                arrays = [by.dictionary_encode(), *(text.dictionary_encode() for text in texts)]
                writer.write_table(pa.Table.from_arrays([*arrays, piece.counts, *figures], schema=schema))


def _is_whole(groups: GroupColumns, part: Column) -> bool:
    return part in groups.figures and pa.types.is_integer(groups.figures[part].type)


def _distinct_names(columns: Sequence[Column]) -> dict[Column, str]:
    """The names of the figures; with their table before, where one measure has the name in several."""
    names = [column_name(part) for part in columns]
    return {
        part: name if names.count(name) == 1 else f"{part.table}.{name}"
        for part, name in zip(columns, names, strict=True)
    }


def _about(filing: Filing) -> dict[str, object]:
    specification = filing.specification
    line = specification.line
    return {
        **asdict(filing.provenance),
        "weight": specification.weight,
        "welfare": specification.welfare,
        "line": None if line is None else line.name,
    }


def _filed(figures: pa.Array | None, kind: pa.DataType, size: int) -> pa.Array:
    if figures is None:
        return pa.nulls(size, kind)
    if pa.types.is_integer(kind):
        return figures.cast(kind)
    values = figures.cast(pa.float64()).to_numpy(zero_copy_only=False)
    return pa.array(rounded(values), from_pandas=True)


_SCALES = 10.0 ** np.arange(23)
"""The powers of ten that a double holds exactly."""
_NEAR = 1e-3


def rounded(values: Values) -> Values:
    """Doubles to 12 digits, each the same as :func:`~hearthline.statistics.formats.filed` gives.

    A whole number below 10^12 by an exact power of ten is the double nearest to the decimal. What lies so
    near the middle of two that scaling might tip it, and what no exact power scales, goes by its text.
    """
    size = np.abs(values)
    with np.errstate(all="ignore"):
        shift = DIGITS - 1 - np.floor(np.log10(size))
        fine = np.isfinite(shift) & (np.abs(shift) < len(_SCALES))
        power = np.where(fine, shift, 0).astype(np.int64)
        scale = _SCALES[np.abs(power)]
        scaled = np.where(power >= 0, size * scale, size / scale)
        whole = np.rint(scaled)
        fine &= (np.abs(np.abs(scaled - np.floor(scaled)) - 0.5) > _NEAR) & (whole < 10**DIGITS)
        fine &= scaled >= 10 ** (DIGITS - 1)
        found = np.copysign(np.where(power >= 0, whole / scale, whole * scale), values)
    for place in np.flatnonzero(~fine & (size > 0)):
        found[place] = filed(float(values[place]))
    return np.where(size > 0, found, values)


def write_csv(filing: Filing, path: Path) -> None:
    """One figure a line, as ``--format csv`` prints: table by table, group by group."""
    grouping = filing.grouping
    keys = list(dict.fromkeys(name for part in grouping.breakdowns for name in grouping.names(part)))
    with path.open("wb") as out:
        head = ["by", *keys, "measure", "item", "figure", "value", "n"]
        out.write((",".join(csv_cell(name) for name in head) + "\n").encode())
        for table in dict.fromkeys(part.table for part in filing.columns):
            own = [part for part in filing.columns if part.table == table]
            cells = _cells(own)
            bases = {part.item: part for part in own if part.name == BASE_N}
            places = range(1 if is_of_breakdowns(own) else len(grouping.breakdowns))
            for place in places:
                for piece in filing.pieces(place):
                    start = _starts(grouping, place, keys, piece)
                    out.write(_lines(start, piece, cells, bases))


def _cells(own: Sequence[Column]) -> list[tuple[str, Column | None, str | None]]:
    """What stands between the group and the value on each line of a group, its column, and its item."""
    headings = {part.name: part for part in own if part.name != BASE_N}
    found = {(part.item, part.name): part for part in own}
    return [
        (
            ",".join(csv_cell(text) for text in (heading.measure, item or "", name)),
            found.get((item, name)),
            item,
        )
        for item in dict.fromkeys(part.item for part in own)
        for name, heading in headings.items()
    ]


def _starts(grouping: Grouping, place: int, keys: Sequence[str], piece: GroupColumns) -> pa.Array:
    """The first cells of the lines of each group."""
    breakdown = grouping.breakdowns[place]
    own = dict(zip(grouping.names(breakdown), piece.keys, strict=True))
    parts = [pa.array([csv_cell("*".join(own) or "total")] * len(piece), pa.string())]
    for name in keys:
        if name in own:
            encoded = pc.fill_null(own[name], "unknown").dictionary_encode()
            texts = [csv_cell(value, key=True) for value in encoded.dictionary.to_pylist()]
            parts.append(pa.array(texts, pa.string()).take(encoded.indices))
        else:
            parts.append(pa.array([""] * len(piece), pa.string()))
    return pc.binary_join_element_wise(*parts, "", ",")


def _lines(
    starts: pa.Array,
    piece: GroupColumns,
    cells: Sequence[tuple[str, Column | None, str | None]],
    bases: Mapping[str | None, Column],
) -> bytes:
    """The lines of some groups, those of one after another."""
    size = len(piece)
    if not size or not cells:
        return b""
    listed = []
    counts = piece.counts.cast(pa.string())
    for middle, part, item in cells:
        figures = piece.figures.get(part) if part is not None else None
        base = piece.figures.get(bases[item]) if item in bases else None
        n = counts if base is None else pc.coalesce(base.cast(pa.int64()).cast(pa.string()), counts)
        values = pa.array([""] * size) if figures is None else _texts(figures)
        first = pc.binary_join_element_wise(starts, middle, "")
        listed.append(pc.binary_join_element_wise(first, values, n, ","))
    order = np.arange(len(cells) * size).reshape(len(cells), size).T.ravel()
    lines = pa.concat_arrays(listed).take(pa.array(order))
    return "".join(f"{line}\n" for line in lines.to_pylist()).encode()


def _texts(figures: pa.Array) -> pa.Array:
    if pa.types.is_integer(figures.type):
        return pc.fill_null(figures.cast(pa.string()), "")
    values = rounded(figures.to_numpy(zero_copy_only=False))
    return pa.array(["" if value != value else repr(value) for value in values.tolist()], pa.string())
