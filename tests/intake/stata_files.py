# SPDX-License-Identifier: Apache-2.0
"""Decides how the tests write little Stata and SPSS files, byte by byte, as no library here does."""

from __future__ import annotations

import struct
from collections.abc import Sequence

Cell = float | str | None
_STATA_MISSING = struct.pack("<d", 2.0**1023)
_SPSS_MISSING = struct.pack("<d", -1.7976931348623157e308)


def dta_file(names: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """A Stata file of format 114: doubles, and texts of at most 20 bytes."""
    texts = [any(isinstance(row[place], str) for row in rows) for place in range(len(names))]
    types = bytes(20 if text else 255 for text in texts)
    header = struct.pack("<bbbbhi", 114, 2, 1, 0, len(names), len(rows))
    header += b"test".ljust(81, b"\0") + b"31 Dec 2014 12:00".ljust(18, b"\0")
    labels = types + b"".join(name.encode().ljust(33, b"\0") for name in names)
    labels += b"\0\0" * (len(names) + 1)
    labels += b"".join((b"%20s" if text else b"%9.0g").ljust(49, b"\0") for text in texts)
    labels += b"".join(b"\0" * 33 for _ in names) + b"".join(b"\0" * 81 for _ in names)
    labels += b"\0" * 5
    return (
        header
        + labels
        + b"".join(_dta_cell(c, text=t) for row in rows for c, t in zip(row, texts, strict=True))
    )


def _dta_cell(cell: Cell, *, text: bool) -> bytes:
    if text:
        return str(cell or "").encode()[:20].ljust(20, b"\0")
    return _STATA_MISSING if cell is None else struct.pack("<d", float(cell))


def sav_file(names: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """An SPSS system file without compression: doubles, and texts of at most 8 bytes."""
    texts = [any(isinstance(row[place], str) for row in rows) for place in range(len(names))]
    head = b"$FL2" + b"@(#) SPSS DATA FILE".ljust(60) + struct.pack("<iiiii", 2, len(names), 0, 0, len(rows))
    head += struct.pack("<d", 100.0) + b"31 Dec 14" + b"12:00:00" + b"test".ljust(64) + b"\0\0\0"
    for name, text in zip(names, texts, strict=True):
        form = 0x010800 if text else 0x050802
        head += struct.pack("<iiiiii", 2, 8 if text else 0, 0, 0, form, form) + name.upper().encode()[
            :8
        ].ljust(8)
    head += struct.pack("<ii", 999, 0)
    return head + b"".join(_sav_cell(c, text=t) for row in rows for c, t in zip(row, texts, strict=True))


def _sav_cell(cell: Cell, *, text: bool) -> bytes:
    if text:
        return str(cell or "").encode()[:8].ljust(8)
    return _SPSS_MISSING if cell is None else struct.pack("<d", float(cell))
