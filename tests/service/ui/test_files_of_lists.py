# SPDX-License-Identifier: Apache-2.0
"""A list as a file: whatever a cell says, a spreadsheet computes nothing, and figures stay figures."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from django.http import StreamingHttpResponse
from django.test import Client, RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from hearthline.areas.models import Area
from hearthline.base.problems import HearthlineError
from hearthline.ui.tables import Column, FileAsked, Table
from hearthline.ui.tables.files import csv_file, written_xlsx
from tests.service.ui.gallery import TAKEN

TEXT = st.text(
    alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufffe\uffff"), max_size=60
)
BEGINNINGS = st.sampled_from(
    [
        "=",
        "+",
        "-",
        "@",
        "\t",
        "\r",
        "\n",
        "＝",
        "＋",
        "－",
        "＠",
        " =",
        "\u3000＝",
        "'",
        '"',
        "=cmd|' /C calc'!A0",
        "http://",
        "_x0041_",
        "{=",
        "1e9",
        "0012",
    ]
)
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def xlsx(heads: list[str], rows: Iterable[list[object]]) -> openpyxl.worksheet.worksheet.Worksheet:
    """The sheet that openpyxl reads of an XLSX file."""
    with written_xlsx("list", heads, rows) as file:
        return openpyxl.load_workbook(file).active


def lines_of(heads: list[str], rows: Iterable[list[object]]) -> list[list[str]]:
    """The lines that a reader of CSV finds."""
    answer = csv_file("list", heads, rows)
    assert isinstance(answer, StreamingHttpResponse)
    text = b"".join(answer).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


@settings(max_examples=150, deadline=None)
@given(st.one_of(TEXT, st.tuples(BEGINNINGS, TEXT).map("".join)))
def test_any_text_comes_back_from_xlsx_as_that_text_and_no_formula(text: str) -> None:
    cell = xlsx(["名称"], [[text]]).cell(2, 1)
    assert cell.data_type != "f"
    assert cell.hyperlink is None
    # characters that XML cannot hold are written as Excel writes them, _x001F_; openpyxl leaves that as it is
    assert ESCAPED.sub(lambda found: chr(int(found[1], 16)), cell.value or "") == text


@settings(max_examples=300, deadline=None)
@given(st.one_of(TEXT, st.tuples(BEGINNINGS, TEXT).map("".join)))
def test_any_text_in_csv_is_itself_or_itself_behind_a_quote(text: str) -> None:
    [[found]] = lines_of(["a"], [[text]])[1:] or [[""]]
    assert found in (text, f"'{text}")
    assert not found.lstrip(" \u3000\u00a0").startswith(DANGEROUS)


def test_numbers_stay_numbers_and_negative_ones_too() -> None:
    row: list[object] = [-1200, Decimal("-0.05"), 3.5, 10**17, None, True, float("nan")]
    sheet = xlsx(list("abcdefg"), [row])
    assert [cell.value for cell in sheet[2]] == [-1200, -0.05, 3.5, str(10**17), None, "Yes", "nan"]
    assert lines_of(list("abcdefg"), [row])[1] == ["-1200", "-0.05", "3.5", str(10**17), "", "Yes", "nan"]


def test_days_are_days_and_moments_are_in_the_time_of_the_office() -> None:
    moment = datetime(2017, 12, 31, 20, 5, tzinfo=UTC)
    sheet = xlsx(["a", "b"], [[date(2017, 12, 31), moment]])
    assert [cell.value for cell in sheet[2]] == [datetime(2017, 12, 31), datetime(2018, 1, 1, 4, 5)]  # noqa: DTZ001 - a spreadsheet knows no time zone
    assert lines_of(["a", "b"], [[date(2017, 12, 31), moment]])[1] == ["2017-12-31", "2018-01-01 04:05:00"]


def test_a_text_beyond_what_a_cell_holds_is_cut_visibly() -> None:
    assert xlsx(["a"], [["长" * 40_000]]).cell(2, 1).value == "长" * 32_766 + "…"


def test_heads_are_guarded_as_cells_are() -> None:
    assert xlsx(["=1+1"], []).cell(1, 1).data_type == "s"
    assert lines_of(["=1+1"], []) == [["'=1+1"]]


@pytest.mark.urls("tests.service.ui.gallery")
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_file_holds_the_list_as_filtered_and_sorted_and_is_audited(
    places: dict[str, Area], form: str
) -> None:
    TAKEN.clear()
    answer = Client().get("/listing/", {"format": form, "level": "village", "sort": "-code"})
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # both files are streamed
    answer.close()
    if form == "csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    else:
        rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(content)).active]
    codes = [row[0] for row in rows[1:]]
    assert codes == sorted((code for code in places if len(code) == 12), reverse=True)
    assert [
        FileAsked("areas", form, 5, ("code", "name", "level", "depth", "opened"), {"level": "village"})
    ] == TAKEN
    assert "attachment" in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.urls("tests.service.ui.gallery")
def test_an_unknown_format_and_too_long_a_list_are_refused_before_the_first_byte(
    places: dict[str, Area],
) -> None:
    TAKEN.clear()
    answer = Client().get("/listing/", {"format": "pdf"}, headers={"accept-language": "en"})
    assert answer.status_code == 400
    assert "ui.unknown-format" in answer.content.decode()
    table = Table(name="t", caption="t", columns=(Column(key="code", label="Code"),))
    request = RequestFactory().get("/", {"format": "csv"})
    with pytest.raises(HearthlineError, match="more than 3 rows"):
        table.file(request, Area.objects.all(), audit=TAKEN.append, most=3)
    assert not TAKEN
