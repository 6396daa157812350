# SPDX-License-Identifier: Apache-2.0
"""Decides how refused rows are told: one line each in a CSV that is safe to open in a spreadsheet."""

from __future__ import annotations

import codecs
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from hearthline.engine.snapshots.sealing import HashedFile, fsync_folder

HEADINGS = ("file", "line", "column", "value", "reason", "remedy")
LONGEST_CELL = 1000
ROWS_PER_BATCH = 10_000
_FORMULA = r"^[=+\-@\t\r\n＝＋－＠]"
_NUMBER = r"^-?[0-9]+(\.[0-9]+)?$"

_LAST_LINES = "select file, max(line) as last from refused group by file order by file"
_ORDERED = """
select f.name as file, x.line::varchar as line, x."column", x.value, x.reason, k.remedy
from refused x join files f on f.file = x.file join kinds k on k.kind = x.kind
where x.file = $file and x.line between $first and $last
order by x.line, x.entry
"""
LINES_AT_ONCE = 25_000
MOST_STRETCHES = 100
"""A file is told in stretches of lines, so that sorting never holds all of its refused rows."""


def write_rejections(path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """Write every refused row, in the order of the files; the file appears whole or not at all."""
    partial = path.with_name(f"{path.name}.partial-{secrets.token_hex(6)}")
    schema = pa.schema([(name, pa.string()) for name in HEADINGS])
    options = arrow_csv.WriteOptions(quoting_style="needed")
    try:
        with HashedFile(partial) as file:
            file.write(codecs.BOM_UTF8)
            with arrow_csv.CSVWriter(file, schema, write_options=options) as writer:
                for batch in _refused(connection):
                    writer.write_batch(pa.record_batch([safe_cells(cells) for cells in batch], schema=schema))
        os.replace(partial, path)
        fsync_folder(path.absolute().parent)
    finally:
        partial.unlink(missing_ok=True)


def _refused(connection: duckdb.DuckDBPyConnection) -> Iterator[pa.RecordBatch]:
    """Every refused row, by file and line."""
    for file, last in connection.execute(_LAST_LINES).fetchall():
        step = max(LINES_AT_ONCE, last // MOST_STRETCHES + 1)
        for first in range(0, last + 1, step):
            stretch = {"file": file, "first": first, "last": first + step - 1}
            reader: pa.RecordBatchReader = connection.sql(_ORDERED, params=stretch).to_arrow_reader(
                ROWS_PER_BATCH
            )
            yield from reader


def safe_cells(cells: pa.Array) -> pa.Array:
    """The cells as texts that no spreadsheet takes for a formula; numbers stay numbers."""
    texts = pc.utf8_slice_codeunits(cells.cast(pa.string()).fill_null(""), 0, LONGEST_CELL)
    texts = pc.replace_substring(texts, "\0", "\\0")
    formula = pc.match_substring_regex(texts, _FORMULA)
    number = pc.match_substring_regex(texts, _NUMBER)
    quoted = pc.binary_join_element_wise("'", texts, "")
    return pc.if_else(pc.and_not(formula, number), quoted, texts)
