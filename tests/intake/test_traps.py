# SPDX-License-Identifier: Apache-2.0
"""Decides that what a file or a map hides is told in a sentence: neither swallowed nor a crash."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hearthline.base.problems import HearthlineError
from hearthline.engine.packages.toml_text import read_toml
from hearthline.engine.rules.policy import HOUSEHOLD
from hearthline.engine.rules.types import TEXT, double, integer
from hearthline.intake.maps import parsed_map
from tests.intake.hostile import SHEET, TABLE, book, repacked
from tests.intake.trial import HOUSEHOLDS, refusal, tried
from tests.snapshots.small_policy import FACTS, fact, small_policy

ODD_ENCODINGS = ("zip", "hex", "base64", "bz2", "rot13", "punycode", "idna", "utf-7", "unicode_escape")
CLERKS = (
    fact(HOUSEHOLD, "clerk", "text", TEXT),
    fact(HOUSEHOLD, "head_count", "integer", integer(2), most="30"),
)
WITH_CLERKS = HOUSEHOLDS + 'clerk = "clerk"\n'


def parquet(**columns: object) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


# --- numbers -------------------------------------------------------------------------------------


@pytest.mark.parametrize("weight", ["-5", "-0.5", "-1e-3"])
def test_a_weight_is_never_below_zero_whatever_the_dictionary_says(tmp_path: Path, weight: str) -> None:
    open_ended = tuple(replace(known, minimum=None) for known in FACTS if known.name == "survey_weight")
    others = tuple(known for known in FACTS if known.name != "survey_weight")
    text = f"hid,size,income,w\na,1,1,{weight}\nb,1,1,0\nc,1,1,\nd,1,1,2\n"
    weighted = HOUSEHOLDS + 'survey_weight = "w"\n'
    trial = tried(tmp_path, weighted, {"households.csv": text}, small_policy(others + open_ended))
    assert [reason.code for reason in trial.report.reasons] == ["row.negative-weight"]
    assert "is below zero, and the fact is a weight" in trial.reasons()[0][2]
    assert trial.column(HOUSEHOLD, "survey_weight") == [0, None, 2]


def test_a_whole_weight_is_never_below_zero_either(tmp_path: Path) -> None:
    policy = replace(
        small_policy((*FACTS, fact(HOUSEHOLD, "wt", "integer", integer()))), household_weight="wt"
    )
    text = "hid,size,income,w\na,1,1,-5\nb,1,1,3\n"
    trial = tried(tmp_path, HOUSEHOLDS + 'wt = "w"\n', {"households.csv": text}, policy)
    assert [reason.code for reason in trial.report.reasons] == ["row.negative-weight"]


def test_a_number_is_above_the_bound_before_it_is_too_long_for_the_fact(tmp_path: Path) -> None:
    text = "hid,size,income,n\na,1,1,1000\nb,1,1,3\n"
    policy = small_policy(FACTS + CLERKS)
    trial = tried(tmp_path, HOUSEHOLDS + 'head_count = "n"\n', {"households.csv": text}, policy)
    assert trial.reasons()[0][2] == "'1000' is above 30, the most the dictionary allows."


# --- workbooks -----------------------------------------------------------------------------------


@pytest.mark.parametrize("nothing", [b"<v></v>", b"<v/>", b"<v />", b"<v> </v>"])
def test_a_formula_whose_stored_result_is_empty_is_refused(tmp_path: Path, nothing: bytes) -> None:
    data = repacked(book([*TABLE, ["c", 1, ("=1+1", 777)]]), SHEET, None, b"<v>777</v>", nothing)
    trial = tried(tmp_path, HOUSEHOLDS, {"households.xlsx": data})
    assert trial.reasons() == [
        ("households.xlsx", "4", "The formula in cell C4 was saved without its result.")
    ]


def test_a_formula_whose_result_is_the_empty_text_is_sound(tmp_path: Path) -> None:
    data = repacked(book([*TABLE, ["c", 1, ('=""', "empty")]]), SHEET, None, b"<v>empty</v>", b"<v></v>")
    assert tried(tmp_path, HOUSEHOLDS, {"households.xlsx": data}).column(HOUSEHOLD, "income")[2] is None


def test_a_key_of_more_digits_than_a_workbook_keeps_is_refused(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["hid", "size", "income"],
        [110101199001011234, 1, 1],
        [999999999999999, 1, 1],
    ]
    trial = tried(tmp_path, HOUSEHOLDS, {"households.xlsx": book(rows)})
    assert [reason.code for reason in trial.report.reasons] == ["row.digits-lost"]
    assert "Format the column as text" in trial.rejected[0]["remedy"]
    assert "empty" not in trial.rejected[0]["reason"]
    keys = pq.read_table(trial.report.keys).to_pylist()
    assert [row["source_key"] for row in keys] == ["999999999999999"]


def test_a_text_or_a_whole_number_of_too_many_digits_is_refused(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["hid", "size", "income", "clerk"],
        ["a", 1, 1, 1234567890123456],
        ["b", -1e300, 1, "x"],
        ["c", 1, 1, "1234567890123456"],
    ]
    trial = tried(tmp_path, WITH_CLERKS, {"households.xlsx": book(rows)}, small_policy(FACTS + CLERKS))
    assert [(reason.code, reason.rows) for reason in trial.report.reasons] == [("row.digits-lost", 2)]
    assert trial.column(HOUSEHOLD, "clerk") == ["1234567890123456"]


def test_a_binary_number_of_a_workbook_keeps_its_size(tmp_path: Path) -> None:
    policy = small_policy((*FACTS, fact(HOUSEHOLD, "energy", "double", double())))
    rows: list[list[object]] = [["hid", "size", "income", "e"], ["a", 1, 1, 1e20]]
    trial = tried(tmp_path, HOUSEHOLDS + 'energy = "e"\n', {"households.xlsx": book(rows)}, policy)
    assert trial.column(HOUSEHOLD, "energy") == [1e20]


def test_sheets_are_numbered_from_one(tmp_path: Path) -> None:
    zero = HOUSEHOLDS.replace('key = "hid"', 'key = "hid"\nsheet = 0')
    error = refusal(tmp_path, zero, {"households.xlsx": book(TABLE)})
    assert error.code == "import.map-invalid"
    assert "sheets are numbered from 1" in error.sentence


# --- Parquet -------------------------------------------------------------------------------------


def test_nanoseconds_are_read_as_the_day_or_refused_as_a_time(tmp_path: Path) -> None:
    midnight, noon = "2014-06-01 00:00:00", "2014-06-01 12:00:00"
    fine = pa.array([midnight, noon, None, midnight]).cast(pa.timestamp("ns"))
    fine = pa.concat_arrays([fine, pa.array([fine[0].value + 1], pa.int64()).cast(pa.timestamp("ns"))])
    data = parquet(hid=list("abcde"), size=[1] * 5, income=[1] * 5, since=fine)
    dated = HOUSEHOLDS + 'registered_on = "since"\n'
    trial = tried(tmp_path, dated, {"households.parquet": data})
    assert trial.column(HOUSEHOLD, "registered_on") == [date(2014, 6, 1), None, date(2014, 6, 1)]
    assert [(reason.code, reason.rows) for reason in trial.report.reasons] == [("row.time-of-day", 2)]


def test_a_day_beyond_the_calendar_is_refused_with_its_row(tmp_path: Path) -> None:
    far = pa.array([0, 10**8], pa.int32()).cast(pa.date32())
    data = parquet(hid=["a", "b"], size=[1, 1], income=[1, 1], since=far)
    trial = tried(tmp_path, HOUSEHOLDS + 'registered_on = "since"\n', {"households.parquet": data})
    assert [line for _, line, _ in trial.reasons()] == ["2"]


def test_texts_of_a_parquet_file_must_be_utf8(tmp_path: Path) -> None:
    raw = pa.array([b"a", b"b\xff\xfe"]).cast(pa.binary())
    texts = pa.Array.from_buffers(pa.string(), 2, raw.buffers())
    error = refusal(
        tmp_path, HOUSEHOLDS, {"households.parquet": parquet(hid=texts, size=[1, 1], income=[1, 1])}
    )
    assert error.code == "import.file-damaged"


def test_a_damaged_file_is_told_with_one_full_stop(tmp_path: Path) -> None:
    error = refusal(tmp_path, HOUSEHOLDS, {"households.parquet": b"PAR1 nothing of the kind"})
    assert ".." not in error.sentence


# --- texts and maps ------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ODD_ENCODINGS)
def test_only_encodings_of_text_are_accepted(tmp_path: Path, encoding: str) -> None:
    declared = HOUSEHOLDS.replace('key = "hid"', f'key = "hid"\nencoding = "{encoding}"')
    error = refusal(tmp_path, declared, {"households.csv": "hid,size,income\na,1,1\n"})
    assert error.code == "import.encoding-name"


@pytest.mark.parametrize(
    "encoding",
    ["UTF-8", "utf8", "gbk", "GB2312", "big5", "latin-1", "cp1252", "windows-1251", "utf-16", "macroman"],
)
def test_the_encodings_of_offices_are_read(tmp_path: Path, encoding: str) -> None:
    declared = HOUSEHOLDS.replace('key = "hid"', f'key = "hid"\nencoding = "{encoding}"')
    text = "hid,size,income\na,1,1\n"
    trial = tried(tmp_path, declared, {"households.csv": text.encode(encoding)})
    assert trial.column(HOUSEHOLD, "size") == [1]


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 5_000,
        "format = " + "9" * 5_000,
        "format = 0x" + "f" * 5_000,
        "format = +" + "9" * 5_000,
    ],
    ids=["deep", "long", "long in hexadecimal", "long with a sign"],
)
def test_a_map_or_package_made_to_exhaust_its_reader_is_refused(text: str) -> None:
    with pytest.raises(HearthlineError) as caught:
        parsed_map(text, "map.toml")
    assert caught.value.code == "import.map-unreadable"
    with pytest.raises(HearthlineError) as caught:
        read_toml(text.encode(), "package.toml")
    assert caught.value.code in ("package.bad-toml", "package.too-deep")


def test_a_recode_into_no_code_is_a_mistake_of_the_map(tmp_path: Path) -> None:
    wrong = HOUSEHOLDS + 'grade = { column = "g", recode = { "1" = "a", "2" = "" } }\n'
    error = refusal(tmp_path, wrong, {"households.csv": "hid,size,income,g\na,1,1,1\n"})
    assert error.code == "import.bad-rule"
    assert "turns '1' into 'a', which is no code; the nearest is" in error.sentence


def test_a_recode_beyond_a_bound_is_a_mistake_of_the_map(tmp_path: Path) -> None:
    wrong = HOUSEHOLDS.replace('size = "size"', 'size = { column = "size", recode = { "many" = "99" } }')
    error = refusal(tmp_path, wrong, {"households.csv": "hid,size,income\na,many,1\n"})
    assert "turns 'many' into '99': '99' is above 60" in error.sentence


def test_the_most_frequent_reason_is_told_when_no_line_could_be_read(tmp_path: Path) -> None:
    declared = HOUSEHOLDS.replace('key = "hid"', 'key = "hid"\nencoding = "utf-8"')
    error = refusal(tmp_path, declared, {"households.csv": "hid,size,income\na\0,1,1\nb\0,1,1\n"})
    assert "The most frequent reason: The line holds a NUL character." in error.sentence
