# SPDX-License-Identifier: Apache-2.0
"""Decides how refused rows are told: one line each in a CSV that is safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import os
import re
import secrets
from pathlib import Path

import duckdb

from hearthline.engine.snapshots.sealing import PRIVATE_FILE, fsync_folder

HEADINGS = ("file", "line", "column", "value", "reason", "remedy")
LONGEST_VALUE = 200
_FORMULA = re.compile("[=+\\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z", re.ASCII)

_ORDERED = """
select f.name, x.line, x."column", x.value, x.reason, x.remedy
from refused x join files f on f.file = x.file
order by x.file, x.line, x.entry
"""


def write_rejections(path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """Write every refused row, in the order of the files; the file appears whole or not at all."""
    partial = path.with_name(f"{path.name}.partial-{secrets.token_hex(6)}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADINGS)
            found = connection.execute(_ORDERED)
            while rows := found.fetchmany(10_000):
                writer.writerows([safe_cell(cell) for cell in row] for row in rows)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
        fsync_folder(path.absolute().parent)
    finally:
        partial.unlink(missing_ok=True)


def safe_cell(cell: object) -> str:
    """The cell as a text that no spreadsheet takes for a formula; numbers stay numbers."""
    text = "" if cell is None else str(cell)
    if len(text) > LONGEST_VALUE * 5:
        text = f"{text[: LONGEST_VALUE * 5]}..."
    text = text.replace("\0", "\\0")
    if _FORMULA.match(text) and not _NUMBER.match(text):
        return f"'{text}"
    return text
