# SPDX-License-Identifier: Apache-2.0
"""Decides that a file of places comes in whole or not at all, once, and what is wrong is told by line."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import connection
from django.db.models import Q

from hearthline.accounts.models import Officer
from hearthline.accounts.rules import Role
from hearthline.areas import loading, queries
from hearthline.areas.loading import Loaded, import_areas
from hearthline.areas.models import Area, AreaName
from hearthline.areas.queries import EVERYWHERE
from hearthline.areas.reading import AreaRow, read_areas
from hearthline.areas.services import open_area
from hearthline.audit.models import AuditRow
from hearthline.base.problems import HearthlineError

from ..conftest import TODAY, Hire
from .test_tree import demand_a_tree

LATER = date(2018, 12, 31)
FILE = """code,name,level,parent_code
41,豫东省,province,
4101,东平市,prefecture,41
410101,安平县,county,4101
410101001,城关镇,township,410101
410101001001,前营村,village,410101001
410101001002,后营村,village,410101001
"""


@pytest.fixture
def chief(hire: Hire) -> Officer:
    """An administrator of everything."""
    return hire(Role.ADMINISTRATOR)


def load(chief: Officer, folder: Path, text: str, on: date = TODAY) -> Loaded:
    """The text imported as a CSV file."""
    file = folder / "areas.csv"
    file.write_text(text, encoding="utf-8")
    return import_areas(by=chief, on=on, source=file, where=EVERYWHERE)


def test_a_file_becomes_a_tree_with_names_and_one_trace(chief: Officer, tmp_path: Path) -> None:
    loaded = load(chief, tmp_path, FILE)
    assert (loaded.opened, loaded.unchanged) == (6, 0)
    demand_a_tree()
    village = queries.area_by_code("410101001002")
    assert [area.name for area in queries.trail_of(village)] == [
        "豫东省",
        "东平市",
        "安平县",
        "城关镇",
        "后营村",
    ]
    assert [(name.name, name.valid_from, name.source) for name in queries.names_of(village)] == [
        ("后营村", None, "areas.csv")
    ]
    trace = AuditRow.objects.get(action="areas.import")
    assert (trace.officer_id, trace.facts["rows"], trace.facts["what"]) == (chief.pk, 6, "opened")
    lines = "".join("\t".join(line.split(",")) + "\n" for line in sorted(FILE.splitlines()[1:]))
    assert trace.facts["sha256"] == hashlib.sha256(lines.encode()).hexdigest()
    assert trace.facts["file_sha256"] == hashlib.sha256(FILE.encode()).hexdigest()


def test_the_same_file_again_changes_nothing_and_leaves_no_trace(chief: Officer, tmp_path: Path) -> None:
    load(chief, tmp_path, FILE)
    before = list(Area.objects.order_by("pk").values())
    loaded = load(chief, tmp_path, FILE, LATER)
    assert (loaded.opened, loaded.changed, loaded.unchanged) == (0, 0, 6)
    assert list(Area.objects.order_by("pk").values()) == before
    assert (AreaName.objects.count(), AuditRow.objects.filter(action="areas.import").count()) == (6, 1)


def test_a_later_edition_renames_moves_and_opens_with_its_day(chief: Officer, tmp_path: Path) -> None:
    load(chief, tmp_path, FILE)
    edition = """code,name,level,parent_code
410101,安平区,county,4101
410101002,新区街道,township,410101
410101001002,后营社区,village,410101002
"""
    loaded = load(chief, tmp_path, edition, LATER)
    assert (loaded.opened, loaded.renamed, loaded.moved, loaded.level_changed) == (1, 2, 1, 0)
    assert (loaded.changed, loaded.unchanged) == (2, 0)
    demand_a_tree()
    moved = queries.area_by_code("410101001002")
    assert queries.name_on(moved, TODAY) == "后营村"
    assert queries.name_on(moved, LATER) == "后营社区"
    assert queries.trail_of(moved)[-2].name == "新区街道"
    whats = AuditRow.objects.filter(action="areas.import", on=LATER).order_by("pk")
    assert [row.facts["what"] for row in whats] == ["opened", "renamed", "moved"]
    assert load(chief, tmp_path, edition, LATER).changed == 0


def test_a_part_of_the_tree_is_hung_below_what_is_there(
    places: dict[str, Area], chief: Officer, tmp_path: Path
) -> None:
    text = "code,name,level,parent_code\n510101001009,莲花村,village,510101001\n"
    assert load(chief, tmp_path, text).opened == 1
    after = open_area(
        by=chief,
        on=TODAY,
        where=EVERYWHERE,
        parent_id=places["510101001"].pk,
        level="village",
        code="510101001010",
        name="荷花村",
    )
    assert after.pk > queries.area_by_code("510101001009").pk
    demand_a_tree()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("410101001002,又一村,village,410101001", "line 8: the code 410101001002 stands in line 7 already"),
        ("410101001003,,village,410101001", "line 8: the name of a place is empty"),
        (",无名村,village,410101001", "line 8: the code of a place is empty"),
        ("410101001003,小村,hamlet,410101001", "line 8: the place 410101001003 has the level hamlet"),
        ("410101001003,小村,village,410199", "line 8: 410101001003 lies within 410199, which is neither"),
        ("410101001003,小村,county,410101001", r"line 8: the place 410101001003 \(county\) cannot lie"),
        ("410101001003,小村,village,410101001003", "line 8: 410101001003 lies within itself"),
        (f"410101001003,{'村' * 121},village,410101001", "more than 120 characters"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_nothing_comes_in(
    chief: Officer, tmp_path: Path, line: str, words: str
) -> None:
    with pytest.raises(HearthlineError, match=words) as refusal:
        load(chief, tmp_path, FILE + line + "\n")
    assert refusal.value.sentence.endswith(".")
    assert not Area.objects.exists()
    assert not AuditRow.objects.filter(action="areas.import").exists()


def test_a_circle_is_told_once_however_much_hangs_below_it(chief: Officer, tmp_path: Path) -> None:
    text = """code,name,level,parent_code
1,甲县,county,2
2,乙市,prefecture,1
3,丙镇,township,1
4,丁村,village,3
"""
    with pytest.raises(HearthlineError) as refusal:
        load(chief, tmp_path, text)
    assert refusal.value.sentence.count("lies within itself") == 1
    assert "1 in 2 in 1" in refusal.value.sentence


def test_a_file_full_of_mistakes_tells_the_first_and_counts_the_rest(chief: Officer, tmp_path: Path) -> None:
    lines = "".join(f"9{number},村{number},village,410199\n" for number in range(100))
    with pytest.raises(HearthlineError, match=r"80 more lines of areas\.csv") as refusal:
        load(chief, tmp_path, FILE + lines)
    assert refusal.value.sentence.count("which is neither") == 20


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"code,name\n1,x\n", "lacks the column level"),
        ("a.csv", b"", "lacks the column code; it has no columns"),
        ("a.csv", b"code,name,level,parent_code\n", "holds no place"),
        ("a.csv", "code,name,level\n1,村,village\n".encode("gbk"), "is not UTF-8"),
        ("a.csv", b"code,name,level\n1,x\n", "line 2 has 2 cells, the first line 3"),
        ("a.csv", b'code,name,level\n1,"x,village\n', "cannot be read"),
        ("a.parquet", b"PAR1 no", "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_says_so(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(HearthlineError, match=words):
        read_areas(tmp_path / name)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(HearthlineError, match="there is no such file"):
        read_areas(tmp_path / "no.csv")


def test_parquet_and_rows_at_hand_come_in_alike(chief: Officer, tmp_path: Path) -> None:
    rows = [line.split(",") for line in FILE.splitlines()[1:]]
    table = pa.table(
        {
            "code": [row[0] for row in rows],
            "name": [f" {row[1]} " for row in rows],
            "level": [row[2] for row in rows],
            "parent_code": [row[3] or None for row in rows],
        }
    )
    pq.write_table(table, tmp_path / "areas.parquet")
    first = import_areas(by=chief, on=TODAY, source=tmp_path / "areas.parquet", where=EVERYWHERE)
    assert first.opened == 6
    again = import_areas(by=chief, on=LATER, source=(AreaRow(*row) for row in rows), where=EVERYWHERE)
    assert again.unchanged == 6


def test_an_officer_of_one_county_imports_no_tree(chief: Officer) -> None:
    with pytest.raises(HearthlineError, match="whose role holds everywhere"):
        import_areas(by=chief, on=TODAY, source=[], where=Q(path__gte="1"))


def test_every_batch_leaves_its_own_trace(
    chief: Officer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "BATCH", 4)
    told: list[tuple[int, int]] = []
    file = tmp_path / "areas.csv"
    file.write_text(FILE, encoding="utf-8")
    import_areas(
        by=chief,
        on=TODAY,
        source=file,
        where=EVERYWHERE,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(4, 6), (6, 6)]
    traces = AuditRow.objects.filter(action="areas.import").order_by("pk")
    assert [(row.facts["batch"], row.facts["rows"]) for row in traces] == [(1, 4), (2, 2)]


def test_the_provinces_and_counties_of_china_come_in(chief: Officer, data_dir: Path) -> None:
    table = pq.read_table(data_dir / "cn_admin" / "areas.parquet")
    upper = [
        AreaRow(row["code"], row["name"], row["level"], row["parent_code"] or "")
        for row in table.slice(0, 12_000).to_pylist()
    ]
    assert import_areas(by=chief, on=TODAY, source=upper, where=EVERYWHERE).opened == 12_000
    assert len(queries.children_of(None)) == 31
    demand_a_tree()
    sichuan = queries.area_by_code("51")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM areas_area WHERE code LIKE '51%%' AND code <> '51'")
        assert queries.count_within(sichuan.path) == cursor.fetchone()[0]
