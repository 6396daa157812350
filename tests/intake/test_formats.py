# SPDX-License-Identifier: Apache-2.0
"""Decides that the same households come out of every format, and what each format may not smuggle in."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from hearthline.base.problems import HearthlineError
from hearthline.intake import import_files
from tests.intake.stata_files import Cell, dta_file, sav_file
from tests.intake.trial import HOUSEHOLDS, PERSONS, laid_out, refusal, tried
from tests.snapshots.small_policy import small_policy

WIDE = (
    HOUSEHOLDS
    + """
house_area = "area"
survey_weight = "weight"
piped = "piped"
grade = "grade"
[checks]
persons_listed = false
"""
)
JUNE = date(2014, 6, 1)
NAMES = ["hid", "size", "income", "area", "weight", "piped", "grade"]
ROWS: list[list[Cell]] = [
    ["a1", 3, 1234.56, 80.5, 0.1, 1, "A"],
    ["a2", 12, -0.01, None, 322.9722008679479, 0, "B"],
    ["a3", 1, None, 0, 1e-7, None, ""],
]
EXPECTED = [
    (3, 123456, 8050, 0.1, True, "A"),
    (12, -1, None, 322.9722008679479, False, "B"),
    (1, None, 0, 1e-7, None, None),
]


def csv_file(names: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    lines = [",".join(names), *(",".join("" if c is None else str(c) for c in row) for row in rows)]
    return "\r\n".join(lines).encode()


def xlsx_file(names: Sequence[str], rows: Sequence[Sequence[object]], *, above: int = 0) -> bytes:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        sheet = book.add_worksheet("Data")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate([list(names), *rows], above):
            for place, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, place, datetime.combine(cell, time()), day)
                elif isinstance(cell, time):
                    sheet.write_datetime(number, place, cell, book.add_format({"num_format": "hh:mm"}))
                elif isinstance(cell, str):
                    sheet.write_string(number, place, cell)
                elif cell is not None:
                    sheet.write(number, place, cell)
    return data.getvalue()


def parquet_file(names: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table({name: [row[place] for row in rows] for place, name in enumerate(names)}), sink)
    return sink.getvalue()


FORMATS: Mapping[str, Callable[[Sequence[str], Sequence[Sequence[Cell]]], bytes]] = {
    "csv": csv_file,
    "xlsx": xlsx_file,
    "parquet": parquet_file,
    "dta": dta_file,
    "sav": sav_file,
}


@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_gives_the_same_households(tmp_path: Path, ending: str) -> None:
    upper = ending == "sav"  # SPSS names are upper case in this simple form of the file
    wide = WIDE
    for name in NAMES if upper else []:
        wide = wide.replace(f'= "{name}"', f'= "{name.upper()}"')
    trial = tried(tmp_path, wide, {f"households.{ending}": FORMATS[ending](NAMES, ROWS)})
    assert trial.rejected == []
    found = [
        (row["size"], row["income"], row["house_area"], row["survey_weight"], row["piped"], row["grade"])
        for row in trial.rows("household")
    ]
    assert found == EXPECTED
    assert trial.column("household", "source_line") == ([2, 3, 4] if ending in ("csv", "xlsx") else [1, 2, 3])


def test_the_missing_reader_is_named_with_the_command_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyreadstat", None)
    error = refusal(tmp_path, HOUSEHOLDS, {"households.dta": dta_file(NAMES, ROWS)})
    assert error.code == "import.reader-missing"
    assert "pip install 'hearthline[stata]'" in error.sentence


def test_the_noise_of_binary_numbers_is_no_precision(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["a", 1, 0.1 + 0.2], ["b", 1, 1234.5600000000001]]
    for ending, make in (("parquet", parquet_file), ("dta", dta_file)):
        trial = tried(tmp_path, HOUSEHOLDS, {f"households.{ending}": make(["hid", "size", "income"], rows)})
        assert trial.column("household", "income") == [30, 123456]
        (tmp_path / f"households.{ending}").unlink()


def test_a_heading_may_stand_in_the_third_row_padded_and_in_any_order(tmp_path: Path) -> None:
    third = HOUSEHOLDS.replace('key = "hid"', 'key = "hid"\nheader_row = 3')
    book = xlsx_file(
        [" income ", "\u3000hid", "size\u00a0"], [[5, "x", 2], [None, None, None], [6, "y", 1]], above=2
    )
    trial = tried(tmp_path, third, {"households.xlsx": book})
    assert trial.column("household", "income") == [500, 600]
    assert trial.column("household", "source_line") == [4, 6]
    text = tried(tmp_path, third, {"households.csv": "title,,\n,,\n income ,hid, size\n5,x,2\n"})
    assert text.column("household", "source_line") == [4]


DATED = HOUSEHOLDS + 'registered_on = "since"\n'


def test_dates_of_a_workbook_are_dates_and_times_of_day_are_not(tmp_path: Path) -> None:
    names = ["hid", "size", "income", "since"]
    rows: list[list[object]] = [["a", 1, 1, date(2014, 6, 1)], ["b", 1, 1, time(8, 30)], ["c", 1, 1, 41791]]
    trial = tried(tmp_path, DATED, {"households.xlsx": xlsx_file(names, rows)})
    assert trial.column("household", "registered_on") == [date(2014, 6, 1)]
    assert ["time of day" in trial.rejected[0]["reason"], "not a date" in trial.rejected[1]["reason"]] == [
        True,
        True,
    ]


def test_timestamps_of_parquet_are_dates_at_midnight_only(tmp_path: Path) -> None:
    rows = [["a", 1, 1, datetime.combine(JUNE, time())], ["b", 1, 1, datetime.combine(JUNE, time(8))]]
    trial = tried(
        tmp_path, DATED, {"households.parquet": parquet_file(["hid", "size", "income", "since"], rows)}
    )
    assert trial.column("household", "registered_on") == [date(2014, 6, 1)]
    assert "time of day" in trial.rejected[0]["reason"]


def test_a_named_sheet_is_read_and_a_missing_one_refused(tmp_path: Path) -> None:
    book = xlsx_file(["hid", "size", "income"], [["a", 1, 1]])
    named = HOUSEHOLDS.replace('key = "hid"', 'key = "hid"\nsheet = "Data"')
    assert tried(tmp_path, named, {"households.xlsx": book}).snapshot.households == 1
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    error = refusal(elsewhere, named.replace('"Data"', '"Other"'), {"households.xlsx": book})
    assert error.sentence == "households.xlsx has no sheet 'Other'. Its sheets are Data."


def test_damaged_statistical_files_are_refused_and_never_crash(tmp_path: Path) -> None:
    sound = {"households.dta": dta_file(NAMES, ROWS), "households.sav": sav_file(NAMES, ROWS)}
    refused = 0
    for name, data in sound.items():
        huge = data[:6] + struct.pack("<i", 2**31 - 1) + data[10:]
        for harmed in (b"", data[:40], data[: len(data) // 2], b"\xff" * 500, huge, data[::-1]):
            paths = laid_out(tmp_path, WIDE, {name: harmed})
            try:
                import_files(small_policy(), tmp_path / "map.toml", paths, tmp_path / "out", replace=True)
            except HearthlineError:
                refused += 1
        (tmp_path / name).unlink()
    assert refused >= 9


def test_households_and_persons_may_come_in_different_formats(tmp_path: Path) -> None:
    files = {
        "households.parquet": parquet_file(["hid", "size", "income"], [[7, 1, 5.0]]),
        "persons.xlsx": xlsx_file(["hid", "no", "age"], [[7, 1, 30]]),
    }
    trial = tried(tmp_path, HOUSEHOLDS + PERSONS, files)
    assert trial.column("person", "age") == [30]
