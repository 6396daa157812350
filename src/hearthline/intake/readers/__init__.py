# SPDX-License-Identifier: Apache-2.0
"""Decides which reader opens a file: by the declared format, or by the ending of the name."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from hearthline.intake.maps import FileRule, LimitRules
from hearthline.intake.problems import FILE_NOT_FOUND, UNKNOWN_FORMAT
from hearthline.intake.readers.chunks import Chunk, Reader, ReaderKind, RowFault
from hearthline.intake.readers.csv_files import CsvReader
from hearthline.intake.readers.parquet_files import ParquetReader
from hearthline.intake.readers.statistical_files import StatisticalReader
from hearthline.intake.readers.xlsx_files import XlsxReader

__all__ = ["Chunk", "Reader", "RowFault", "opened"]

_READERS: dict[str, ReaderKind] = {
    "csv": CsvReader,
    "xlsx": XlsxReader,
    "parquet": ParquetReader,
    "stata": partial(StatisticalReader, format_name="Stata"),
    "spss": partial(StatisticalReader, format_name="SPSS"),
}
_ENDINGS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".txt": "csv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".parquet": "parquet",
    ".dta": "stata",
    ".sav": "spss",
    ".zsav": "spss",
}


def opened(path: Path, rule: FileRule, limits: LimitRules) -> Reader:
    """The file opened by the reader of its format."""
    if not path.is_file():
        why = "it is a folder" if path.is_dir() else "it is not there"
        raise FILE_NOT_FOUND.error(file=str(path), why=why)
    name = rule.format or _ENDINGS.get(path.suffix.lower())
    if name is None:
        raise UNKNOWN_FORMAT.error(file=path.name)
    return _READERS[name](path, rule, limits)
