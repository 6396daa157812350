# SPDX-License-Identifier: Apache-2.0
"""Decides what a cell may say: the strict meaning of numbers, dates, codes and yes or no."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hearthline.base.problems import HearthlineError
from hearthline.engine.rules.policy import Fact
from hearthline.engine.rules.types import BOOLEAN, DATE, TEXT, decimal, double, integer
from hearthline.intake.columns import read_column
from hearthline.intake.dates import date_form, find_two_readings
from hearthline.intake.values import Reading, Stored, stored_value
from tests.snapshots.small_policy import fact

AGE = fact("person", "age", "integer", integer(3), least="0", most="120")
INCOME = fact("household", "income", "money", decimal(18, 2))
AREA = fact("household", "house_area", "decimal", decimal(9, 2), least="0")
WIDE = fact("household", "hectares", "decimal", decimal(30, 12))
SHARE = fact("household", "share", "double", double(), least="0")
PIPED = fact("household", "piped", "boolean", BOOLEAN)
BORN = fact("person", "born_on", "date", DATE, least=date(1850, 1, 1))
GRADE = fact("household", "grade", "code", TEXT, codes={"A": "Safe", "3": "Danger"})
NOTE = fact("household", "note", "text", TEXT)


def read(text: str, of: Fact, **declared: object) -> Stored | str:
    """The stored value, or the code of the refusal."""
    try:
        return stored_value(text, Reading(of, **declared))  # type: ignore[arg-type]  # as declared below
    except HearthlineError as error:
        return error.code


@pytest.mark.parametrize(
    ("text", "of", "expected"),
    [
        ("0", AGE, 0), ("120", AGE, 120), ("007", AGE, 7), ("3.0", AGE, 3), ("-0", AGE, 0),
        ("-1", AGE, "row.below"), ("121", AGE, "row.above"), ("3.5", AGE, "row.not-whole"),
        ("+5", AGE, "row.not-a-number"), ("", AGE, "row.not-a-number"), ("-", AGE, "row.not-a-number"),
        (".", AGE, "row.not-a-number"), ("5.", AGE, "row.not-a-number"),
        ("abc", AGE, "row.not-a-number"),
        ("１２", AGE, "row.full-width"), ("٣", AGE, "row.full-width"), ("１２.５", INCOME, "row.full-width"),
        ("－５", INCOME, "row.full-width"), ("²", AGE, "row.full-width"),
        ("1_000", INCOME, "row.underscore"), ("NaN", INCOME, "row.not-finite"),
        ("nan", SHARE, "row.not-finite"), ("Infinity", SHARE, "row.not-finite"),
        ("-inf", INCOME, "row.not-finite"),
        ("1e400", INCOME, "row.exponent"), ("1e400", SHARE, "row.number-too-large"),
        ("1e3", INCOME, "row.exponent"),
        ("1e-3", SHARE, 0.001), ("0x10", AGE, "row.not-a-number"), ("1 000", INCOME, "row.thousands"),
        ("1,000", INCOME, "row.thousands"), ("1,5", INCOME, "row.thousands"),
        ("12,345.67", INCOME, "row.thousands"),
        ("-120.50", INCOME, -12050), ("12.345", INCOME, "row.too-precise"), ("12.340", INCOME, 1234),
        (".5", INCOME, 50), ("-.05", INCOME, -5), ("9999999999999999.99", INCOME, 999999999999999999),
        ("10000000000000000", INCOME, "row.number-too-large"),
        ("9" * 500, INCOME, "row.number-too-large"),
        ("1234567.89", AREA, 123456789), ("12345678.9", AREA, "row.number-too-large"),
        ("123456789012345678.123456789012", WIDE, 123456789012345678123456789012),
        ("0.1", SHARE, 0.1), ("-0.1", SHARE, "row.below"), ("5e", SHARE, "row.not-a-number"),
        ("=1+1", INCOME, "row.not-a-number"), ("元5", INCOME, "row.not-a-number"),
        ("yes", PIPED, True), ("NO", PIPED, False), ("是", PIPED, True), ("无", PIPED, False),
        ("1", PIPED, True), ("0", PIPED, False), ("2", PIPED, "row.not-a-boolean"),
        ("１", PIPED, "row.not-a-boolean"),
        ("2014-02-28", BORN, date(2014, 2, 28)), ("2000-02-29", BORN, date(2000, 2, 29)),
        ("2014-06-01 00:00:00", BORN, date(2014, 6, 1)), ("2014-06-01T00:00", BORN, date(2014, 6, 1)),
        ("2023-02-30", BORN, "row.no-such-day"), ("1900-02-29", BORN, "row.no-such-day"),
        ("2014-13-01", BORN, "row.no-such-day"), ("2014-00-10", BORN, "row.no-such-day"),
        ("14-06-01", BORN, "row.short-year"), ("1/6/14", BORN, "row.short-year"),
        ("68.5", BORN, "row.short-year"),
        ("2014-06-01 08:30:00", BORN, "row.time-of-day"), ("08:30", BORN, "row.time-of-day"),
        ("2014/06/01", BORN, "row.not-a-date"), ("20140601", BORN, "row.not-a-date"),
        ("41791", BORN, "row.not-a-date"),
        ("２０１４-06-01", BORN, "row.not-a-date"), ("1849-12-31", BORN, "row.below"),
        ("A", GRADE, "A"), ("3", GRADE, "3"), ("3.0", GRADE, "3"), ("a", GRADE, "row.not-a-code"),
        ("Safe", GRADE, "row.not-a-code"), ("A.0", GRADE, "row.not-a-code"),
        ("好", NOTE, "好"), ("x" * 1001, NOTE, "row.cell-too-long"),
        ("a\x07b", NOTE, "row.control-character"),
        ("5" * 40_000, AGE, "row.cell-too-long"),
    ],
)  # fmt: skip
def test_a_cell_means_one_thing_or_is_refused(text: str, of: Fact, expected: Stored | str) -> None:
    found = read(text, of)
    assert found == expected
    assert type(found) is type(expected)


def test_every_refusal_shows_the_value_and_a_remedy() -> None:
    for text, of in (("1_000", INCOME), ("2023-02-30", BORN), ("x", PIPED), ("121", AGE), ("q", GRADE)):
        with pytest.raises(HearthlineError) as caught:
            stored_value(text, Reading(of))
        assert f"'{text}'" in caught.value.message
        assert caught.value.remedy.endswith(".")


def test_separators_are_read_only_where_the_map_declares_them() -> None:
    assert read("1,234,567.50", INCOME, thousands=",") == 123456750
    assert read("12,34", INCOME, thousands=",") == "row.thousands"
    assert read("1.234,5", INCOME, thousands=".", decimal_mark=",") == 123450
    assert read("1.5", INCOME, decimal_mark=",") == "row.thousands"
    assert read("1 234", INCOME, thousands=" ") == 123400
    assert read("1,234", SHARE, thousands=",") == 1234.0


def test_a_factor_converts_exactly_or_refuses() -> None:
    assert read("1.5", INCOME, factor=Fraction(10_000)) == 1_500_000
    assert read("100.25", INCOME, factor=Fraction(12)) == 120_300
    assert read("12345", INCOME, factor=Fraction(1, 100)) == 12_345
    assert read("1", INCOME, factor=Fraction(1, 3)) == "row.too-precise"
    assert read("1", INCOME, factor=Fraction(1, 3), rounded=True) == 33


def test_rounding_is_half_away_from_zero_and_only_as_declared() -> None:
    assert read("0.125", INCOME, rounded=True) == 13
    assert read("-0.125", INCOME, rounded=True) == -13
    assert read("2.5", AGE, rounded=True) == 3


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("yyyymm", "201406", date(2014, 6, 1)),
        ("yyyymm", "201413", "row.no-such-day"),
        ("yyyymm", "20146", "row.not-a-date"),
        ("yyyymm", "2014-06-15", date(2014, 6, 15)),
        ("yyyymmdd", "20140601", date(2014, 6, 1)),
        ("yyyymmdd", "20230230", "row.no-such-day"),
        ("dd/mm/yyyy", "1/6/2014", date(2014, 6, 1)),
        ("dd/mm/yyyy", "31/6/2014", "row.no-such-day"),
        ("yyyy年mm月dd日", "2014年6月1日", date(2014, 6, 1)),
        ("yyyy.mm", "2014.6", date(2014, 6, 1)),
        ("yyyy", "2014", date(2014, 1, 1)),
    ],
)
def test_other_forms_of_dates_are_read_as_declared(form: str, text: str, expected: Stored) -> None:
    declared = date_form(form)
    assert declared is not None
    assert read(text, BORN, forms=(declared,)) == expected


@pytest.mark.parametrize(
    ("forms", "text"),
    [
        (("dd/mm/yyyy", "mm/dd/yyyy"), "03/01/1912"),
        (("yyyymmdd", "yyyyddmm"), "19120103"),
        (("yyyy-dd-mm",), "1912-01-03"),
    ],
)
def test_forms_that_leave_open_which_day_is_meant_are_found(forms: tuple[str, ...], text: str) -> None:
    found = find_two_readings([form for name in forms if (form := date_form(name))])
    assert found is not None
    assert found.text == text
    assert set(found.days) == {date(1912, 1, 3), date(1912, 3, 1)}


@pytest.mark.parametrize(
    "forms",
    [("yyyymmdd", "yyyymm", "yyyy"), ("dd/mm/yyyy", "yyyy/mm/dd"), ("yyyymmdd", "ddmmyyyy"), ("iso",)],
)
def test_forms_that_only_one_can_fit_stand_together(forms: tuple[str, ...]) -> None:
    assert find_two_readings([form for name in forms if (form := date_form(name))]) is None


def test_a_text_that_is_no_day_in_one_form_is_read_by_the_next() -> None:
    forms = tuple(form for name in ("yyyymmdd", "ddmmyyyy") if (form := date_form(name)))
    assert read("20140601", BORN, forms=forms) == date(2014, 6, 1)
    assert read("31121999", BORN, forms=forms) == date(1999, 12, 31)
    assert read("31131999", BORN, forms=forms) == "row.no-such-day"


@pytest.mark.parametrize(
    "form", ["", "mm/dd", "yy-mm-dd", "yyyy-dd", "yyyy yyyy", "YYYY-MM-DD", "yyyy-mm-dd hh"]
)
def test_what_is_no_form_of_a_date_is_none(form: str) -> None:
    assert date_form(form) is None


CELLS = st.one_of(
    st.decimals(allow_nan=True, allow_infinity=True, places=None).map(str),
    st.integers(-(10**20), 10**20).map(str),
    st.floats().map(repr),
    st.from_regex(r"-?[0-9]{0,20}\.?[0-9]{0,6}", fullmatch=True),
    st.from_regex(r"[0-9１２３]{1,3}[,._ ][0-9]{1,4}", fullmatch=True),
    st.text(max_size=8),
    st.dates().map(str),
    st.sampled_from(["1", "0", "yes", "否", "A", "3", "3.0", "NaN", "1e400", "-0", "00", "1_0"]),
)
FACTS = (AGE, INCOME, AREA, WIDE, SHARE, PIPED, BORN, GRADE, NOTE)


@settings(max_examples=300, deadline=None)
@given(st.lists(CELLS, max_size=30), st.sampled_from(FACTS), st.sampled_from([1, 12, 10_000]), st.booleans())
def test_reading_in_bulk_agrees_with_reading_one_cell(
    cells: list[str], of: Fact, factor: int, rounded: bool
) -> None:
    reading = Reading(
        of, factor=Fraction(factor if of in (AGE, INCOME, AREA, WIDE, SHARE) else 1), rounded=rounded
    )
    texts = pa.array([cell.strip() or None for cell in cells], pa.string())
    column = read_column(texts, reading)
    refused = column.faulty().to_pylist()
    for text, value, bad in zip(texts.to_pylist(), column.values.to_pylist(), refused, strict=True):
        if text is None:
            assert value is None
            assert not bad
            continue
        try:
            expected: Stored | None = stored_value(text, reading)
        except HearthlineError:
            expected = None
            assert bad
        assert (value is None) == (expected is None) == bad
        assert value == expected
