# SPDX-License-Identifier: Apache-2.0
"""Decides how text files are cut into rows, whether in bulk or line by line, and in which encoding."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hearthline.intake.maps import FileRule, LimitRules
from hearthline.intake.readers import csv_files, opened
from tests.intake.trial import HOUSEHOLDS, refusal, tried

GOOD = "hid,size,income\na,1,10\nb,2,20\n"


def cut(path: Path, **rule: object) -> tuple[list[tuple[int, str, str]], list[tuple[int, str]]]:
    """Rows (line and two cells) and faults (line and code) of a file."""
    settings_of = FileRule.model_validate({"files": "*", "level": "household", **rule})
    reader = opened(path, settings_of, LimitRules())
    rows: list[tuple[int, str, str]] = []
    faults: list[tuple[int, str]] = []
    for chunk in reader.chunks(["a", "b"], set()):
        cells = (chunk.columns["a"].to_pylist(), chunk.columns["b"].to_pylist())
        rows += zip(chunk.lines.to_pylist(), *cells, strict=True)
        faults += [(fault.line, fault.told.code) for fault in chunk.faults]
    return rows, faults


ODD_LINES = [
    "",
    ",",
    "x",
    "1,2,3",
    '"q,1",2',
    '"open,1',
    '"a""b",c',
    "é,中",
    "x\ry,1",
    "n\0,1",
    '"two\nlines",2',
]
LINES = st.lists(
    st.one_of(
        st.from_regex(r"[a-z0-9 ]{0,4},[a-z0-9\"]{0,4}", fullmatch=True),
        st.sampled_from(ODD_LINES),
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_cutting_in_bulk_gives_the_rows_of_cutting_by_line(
    tmp_path: Path, lines: list[str], end: str, last: bool
) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes((end.join(["a,b", *lines]) + (end if last else "")).encode())
    bulk = cut(path, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_files.CsvReader, "_in_bulk", lambda *_: None)
        assert cut(path, encoding="utf-8") == bulk
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_files, "BLOCK", 7)
        assert cut(path, encoding="utf-8") == bulk


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text('a,b\n1,2\n\n"x\ny",3\n4,5\n,,\nbad\n6,7', encoding="utf-8")
    rows, faults = cut(path)
    assert rows == [(2, "1", "2"), (4, "x\ny", "3"), (6, "4", "5"), (9, "6", "7")]
    assert faults == [(8, "row.wrong-columns")]


def test_a_stray_quote_costs_its_own_line_only(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text('a,b\n1,2\n"3,4\n5,6\n7,8\n', encoding="utf-8")
    rows, faults = cut(path)
    assert [row[0] for row in rows] == [2, 4, 5]
    assert faults == [(3, "row.open-quote")]


def test_a_units_row_under_the_headings_can_be_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("title\na,b\nyuan,people\n1,2\n", encoding="utf-8")
    assert cut(path, header_row=2, first_row=4)[0] == [(4, "1", "2")]


@pytest.mark.parametrize("mark", [";", "\t", "|", " "])
def test_other_separators_are_declared(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(f"a{mark}b\n1{mark}2\n", encoding="utf-8")
    assert cut(path, delimiter=mark)[0] == [(2, "1", "2")]


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8-sig", None), ("utf-16", None), ("utf-16", "utf-16"), ("gb18030", None), ("gb18030", "gbk"),
        ("gb18030", "GB2312"), ("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("latin-1", "latin-1"),
    ],
)  # fmt: skip
def test_an_encoding_is_proven_or_declared(tmp_path: Path, encoding: str, declared: str | None) -> None:
    word = "é" if encoding == "latin-1" else "张三丰"
    path = tmp_path / "rows.csv"
    path.write_bytes(f"a,b\n{word},1\n".encode(encoding))
    rule = {"encoding": declared} if declared else {}
    assert cut(path, **rule)[0] == [(2, word, "1")]


def test_utf_8_is_proven_by_one_line_that_is_not_gb18030(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("a,b\n中,1\n", encoding="utf-8")
    assert cut(path)[0] == [(2, "中", "1")]


def test_what_reads_in_two_ways_must_be_declared(tmp_path: Path) -> None:
    both = HOUSEHOLDS.replace('key = "hid"', 'key = "hid"\n')
    error = refusal(tmp_path, both, {"households.csv": GOOD + "中文,1,1\n"})
    assert error.code == "import.encoding-unproven"
    assert "line 4: '中文,1,1' or '涓" in error.sentence


def test_bad_bytes_refuse_their_line_alone(tmp_path: Path) -> None:
    declared = HOUSEHOLDS.replace('key = "hid"', 'key = "hid"\nencoding = "utf-8"')
    trial = tried(tmp_path, declared, {"households.csv": GOOD.encode() + b"c\xff,1,1\nd,1,1\n"})
    assert trial.snapshot.households == 3
    assert trial.reasons() == [("households.csv", "4", "The line holds bytes that are not UTF-8.")]


def test_a_formula_in_a_refused_row_is_harmless_in_a_spreadsheet(tmp_path: Path) -> None:
    bad = '"=HYPERLINK(""http://x"")",1,x\n@SUM,1,x\n+1,1,x\n-5,x,1\n＝1,1,x\n'
    declared = HOUSEHOLDS.replace('key = "hid"', 'key = "hid"\nencoding = "utf-8"')
    trial = tried(
        tmp_path,
        declared.replace('size = "size"', 'size = "hid"'),
        {"households.csv": GOOD.replace("a,", "1,").replace("b,", "2,") + bad},
    )
    assert [row["value"] for row in trial.rejected] == [
        "'=HYPERLINK(\"http://x\")", "'@SUM", "'+1", "-5", "'＝1",
    ]  # fmt: skip
