# SPDX-License-Identifier: Apache-2.0
"""Decides how the columns of a Parquet file become texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hearthline.intake.maps import FileRule, LimitRules
from hearthline.intake.problems import COLUMN_KIND, FILE_DAMAGED, FILE_EMPTY, FILE_NOT_FOUND, FILE_TOO_LARGE
from hearthline.intake.readers.chunks import (
    ROWS_PER_CHUNK,
    Chunk,
    cell_text,
    check_rows,
    checked_headings,
    places_of,
)

LARGEST_GROUP = 512 * 2**20
_HARMLESS = 64 * 2**20
_MOST_RATIO = 200
_TEXTS = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)


class ParquetReader:
    """A Parquet file; its lines are its rows, from 1."""

    def __init__(self, path: Path, rule: FileRule, limits: LimitRules) -> None:
        self._path = path
        try:
            self._file = pq.ParquetFile(path)
            names = list(self._file.schema_arrow.names)
        except FileNotFoundError as error:
            raise FILE_NOT_FOUND.error(file=str(path), why="it is not there") from error
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise self._damaged(error) from error
        if not self._file.metadata.num_rows:
            raise FILE_EMPTY.error(file=path.name, what="rows")
        self._headings = checked_headings(path, names, limits)

    def headings(self) -> list[str]:
        """The names of the columns, trimmed."""
        return list(self._headings)

    def chunks(self, columns: Sequence[str], doubles: set[str]) -> Iterator[Chunk]:
        """The rows in runs."""
        places = places_of(self._path, self._headings, columns)
        schema = self._file.schema_arrow
        for name, place in places.items():
            if pa.types.is_nested(schema.field(place).type) or pa.types.is_binary(schema.field(place).type):
                kind = str(schema.field(place).type)
                raise COLUMN_KIND.error(file=self._path.name, column=repr(name), kind=kind)
        self._check_size()
        names = [schema.names[place] for place in dict.fromkeys(places.values())]
        done, total = 0, self._file.metadata.num_rows
        try:
            for batch in self._file.iter_batches(ROWS_PER_CHUNK, columns=names):
                lines = pa.array(range(done + 1, done + batch.num_rows + 1), pa.int32())
                done += batch.num_rows
                texts = {
                    name: as_texts(batch.column(schema.names[place]), every_bit=name in doubles)
                    for name, place in places.items()
                }
                yield Chunk(texts, lines, min(done / total, 1.0))
        except (pa.ArrowException, OSError) as error:
            raise self._damaged(error) from error

    def _check_size(self) -> None:
        metadata = self._file.metadata
        check_rows(self._path, metadata.num_rows)
        for number in range(metadata.num_row_groups):
            group = metadata.row_group(number)
            unpacked = group.total_byte_size
            packed = sum(group.column(c).total_compressed_size for c in range(group.num_columns))
            if unpacked > LARGEST_GROUP or unpacked > max(_HARMLESS, packed * _MOST_RATIO):
                why = f"its row group {number + 1} unpacks to {unpacked // 2**20} megabytes"
                advice = "Write it with smaller row groups."
                raise FILE_TOO_LARGE.error(file=self._path.name, why=why, advice=advice)

    def _damaged(self, error: Exception) -> Exception:
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        why = why.rstrip(".")
        return FILE_DAMAGED.error(file=self._path.name, format="Parquet", why=why)


def as_texts(column: pa.Array, *, every_bit: bool) -> pa.Array:
    """A typed column as texts that say the same; null is the empty text."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if any(test(column.type) for test in _TEXTS):
        column.validate(full=True)
        return column.cast(pa.string()).fill_null("")
    if pa.types.is_integer(column.type) or pa.types.is_boolean(column.type):
        return column.cast(pa.string()).fill_null("")
    if pa.types.is_floating(column.type):
        whole = _whole(column.cast(pa.float64()))
        if whole is not None:
            return whole
    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        return _fine_times(column)
    try:
        values = column.to_pylist()
    except (ValueError, OverflowError, KeyError):
        # a day beyond the calendar, or a time zone that nobody knows: the row is refused, not the file
        return column.cast(pa.string()).fill_null("")
    return pa.array([cell_text(value, every_bit=every_bit) for value in values], pa.string())


def _fine_times(column: pa.Array) -> pa.Array:
    """Nanoseconds as texts: whole microseconds as every time is told, others with all their digits."""
    coarse = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    whole = pc.equal(coarse.cast(column.type), column)
    return pc.if_else(whole, as_texts(coarse, every_bit=False), column.cast(pa.string())).fill_null("")


def _whole(column: pa.Array) -> pa.Array | None:
    """Whole numbers as texts in bulk; None if one of them is not whole or not finite."""
    small = pc.less(pc.abs(column), float(2**53))
    if not pc.all(pc.and_(small, pc.equal(pc.floor(column), column))).as_py():
        return None
    return column.cast(pa.int64()).cast(pa.string()).fill_null("")
