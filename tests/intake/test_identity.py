# SPDX-License-Identifier: Apache-2.0
"""Decides that who is meant by the rows stands in a private file of its own, and nowhere else."""

from __future__ import annotations

import stat
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from hearthline.base.problems import HearthlineError
from hearthline.engine.snapshots.identities import check_identities, identity_path
from hearthline.intake import import_files, suggest_map
from hearthline.intake.maps import parsed_map
from tests.intake.trial import BOTH, CREATED, laid_out
from tests.snapshots.small_policy import small_policy

IDENTITY = """
[identity]
household_number = "code"
name = "name"
national_id = "id"
phone = "tel"
"""
FILES = {
    "households.csv": "hid,size,income,code\n1,2,100,V-1\n2,1,x,V-2\n3,1,50,\n",
    "persons.csv": "hid,no,age,name,id,tel\n"
    "1,1,40,CANARY-NAME,CANARY-ID,CANARY-TEL\n1,2,9,李小明,,\n2,1,30,CANARY-REFUSED,7,8\n3,1,61,王芳,9,\n",
}


def test_names_and_numbers_go_to_a_private_file_that_names_the_snapshot(tmp_path: Path) -> None:
    files = laid_out(tmp_path, BOTH + IDENTITY, FILES)
    report = import_files(small_policy(), tmp_path / "map.toml", files, tmp_path / "s", created=CREATED)
    assert report.identity == identity_path(tmp_path / "s")
    assert stat.S_IMODE(report.identity.stat().st_mode) == 0o600
    check_identities(report.identity, report.hash)
    with pytest.raises(HearthlineError, match="belongs to another"):
        check_identities(report.identity, "0" * 64)
    rows = pq.read_table(report.identity).to_pylist()
    assert [row["household_number"] for row in rows if row["person_id"] is None] == ["V-1", None]
    people = [row for row in rows if row["person_id"] is not None]
    assert [(row["household_id"], row["name"], row["national_id"]) for row in people] == [
        (1, "CANARY-NAME", "CANARY-ID"),
        (1, "李小明", None),
        (2, "王芳", "9"),
    ]


def test_no_name_or_number_stands_in_snapshot_keys_or_refused_rows(tmp_path: Path) -> None:
    files = laid_out(tmp_path, BOTH + IDENTITY, FILES)
    report = import_files(small_policy(), tmp_path / "map.toml", files, tmp_path / "s", created=CREATED)
    tables = [*(tmp_path / "s").rglob("*.parquet"), report.keys]
    written = "".join(str(pq.read_table(file).to_pylist()) for file in tables)
    written += report.rejected.read_text(encoding="utf-8-sig")
    assert "CANARY" not in written


def test_a_map_without_identity_leaves_no_such_file(tmp_path: Path) -> None:
    files = laid_out(tmp_path, BOTH, FILES)
    report = import_files(small_policy(), tmp_path / "map.toml", files, tmp_path / "s", created=CREATED)
    assert report.identity is None
    assert not identity_path(tmp_path / "s").exists()


def test_an_identity_column_that_is_not_there_is_told(tmp_path: Path) -> None:
    files = laid_out(tmp_path, BOTH + '[identity]\nname = "full name"\n', FILES)
    with pytest.raises(HearthlineError, match="has no column 'full name'"):
        import_files(small_policy(), tmp_path / "map.toml", files, tmp_path / "s", created=CREATED)


def test_a_draft_names_who_is_meant_and_shows_nobody(tmp_path: Path) -> None:
    files = laid_out(
        tmp_path,
        BOTH,
        {
            "households.csv": "hid,size,income,户编号\n1,2,100,V-1\n2,1,50,V-2\n",
            "persons.csv": "hid,no,age,姓名,身份证号,手机\n"
            "1,1,40,王小明,CANARY-ID,CANARY-TEL\n1,2,9,李,8,9\n2,1,30,赵,7,8\n",
        },
    )
    draft = suggest_map(small_policy(), files)
    assert '[identity]\nhousehold_number = "户编号"\nname = "姓名"' in draft
    assert 'national_id = "身份证号"' in draft
    assert "CANARY" not in draft
    assert "王小明" not in draft
    parsed_map(draft, "draft")


def test_a_draft_asks_who_is_meant_where_no_column_looks_like_it(tmp_path: Path) -> None:
    named = {"households.csv": "hid,size,income\n1,2,100\n2,1,50\n"}
    draft = suggest_map(small_policy(), laid_out(tmp_path, BOTH, named))
    assert '# [identity]\n# household_number = "?"' in draft
    assert '# name = "?"   # no column looks like it' in draft
    filled = draft.replace("# [identity]", "[identity]").replace('# name = "?"', 'name = "hid"')
    assert parsed_map(draft, "draft").identity is None
    rules = parsed_map(filled, "filled").identity
    assert rules is not None
    assert rules.name == "hid"


def test_a_file_of_more_columns_than_any_has_gets_no_draft(tmp_path: Path) -> None:
    heads = ",".join(f"column {number}" for number in range(20_000))
    files = laid_out(tmp_path, BOTH, {"wide.csv": f"{heads}\n{'1,' * 19_999}1\n"})
    with pytest.raises(HearthlineError, match="20000 columns, more than 5000"):
        suggest_map(small_policy(), files)
