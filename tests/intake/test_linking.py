# SPDX-License-Identifier: Apache-2.0
"""Decides which rows belong together, and that no part of a household is taken for the whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.intake.trial import BOTH, HOUSEHOLDS, PERSONS, refusal, tried
from tests.snapshots.small_policy import FACTS, LEVELS, small_policy

THREE = "hid,size,income\n1,2,100\n2,1,200\n3,1,-50.5\n"
PEOPLE = "hid,no,age\n1,1,40\n1,2,41\n2,1,50\n3,1,60\n"


def test_sound_files_become_a_snapshot_with_every_row(tmp_path: Path) -> None:
    trial = tried(tmp_path, BOTH, {"households.csv": THREE, "persons.csv": PEOPLE})
    assert trial.rejected == []
    assert trial.column("household", "income") == [10_000, 20_000, -5_050]
    assert trial.column("person", "household_id") == [1, 1, 2, 3]
    assert trial.column("person", "source_line") == [2, 3, 4, 5]
    assert trial.snapshot.manifest.counts == {"read": 7, "accepted": 7, "refused": 0}


def test_every_copy_of_a_key_is_refused_with_its_members(tmp_path: Path) -> None:
    trial = tried(tmp_path, BOTH, {"households.csv": THREE + "2,1,300\n", "persons.csv": PEOPLE})
    assert [(row["file"], row["line"]) for row in trial.rejected] == [
        ("households.csv", "3"),
        ("households.csv", "5"),
        ("persons.csv", "4"),
    ]
    assert "households.csv line 3, households.csv line 5" in trial.rejected[0]["reason"]
    assert trial.rejected[2]["reason"].startswith("Its household was refused: households.csv line 3: The key")


def test_two_persons_with_one_number_take_their_household_along(tmp_path: Path) -> None:
    trial = tried(tmp_path, BOTH, {"households.csv": THREE, "persons.csv": PEOPLE + "2,1,51\n"})
    assert [reason[:2] for reason in trial.reasons()] == [
        ("households.csv", "3"), ("persons.csv", "4"), ("persons.csv", "6"),
    ]  # fmt: skip
    assert "half a household would be counted wrongly" in trial.rejected[0]["reason"]


def test_a_row_without_a_household_is_refused_alone(tmp_path: Path) -> None:
    trial = tried(tmp_path, BOTH, {"households.csv": THREE, "persons.csv": PEOPLE + "9,1,51\n"})
    assert trial.reasons() == [("persons.csv", "6", "No household with this key is in the files.")]


def test_a_bad_cell_refuses_the_row_its_household_and_the_other_members(tmp_path: Path) -> None:
    people = PEOPLE.replace("1,2,41", "1,2,-1")
    trial = tried(tmp_path, BOTH, {"households.csv": THREE, "persons.csv": people})
    assert [(row["file"], row["line"], row["column"], row["value"]) for row in trial.rejected] == [
        ("households.csv", "2", "", "1"),
        ("persons.csv", "2", "", "1"),
        ("persons.csv", "3", "age", "-1"),
    ]
    assert trial.rejected[1]["reason"] == trial.rejected[0]["reason"]
    assert trial.snapshot.households == 2


def test_incomplete_households_stay_when_the_map_says_so(tmp_path: Path) -> None:
    keep = BOTH + '[checks]\nincomplete_households = "keep"\n'
    people = PEOPLE.replace("1,2,41", "1,2,-1")
    trial = tried(tmp_path, keep, {"households.csv": THREE, "persons.csv": people})
    assert [reason[:2] for reason in trial.reasons()] == [("persons.csv", "3")]
    assert trial.column("person", "household_id") == [1, 2, 3]


def test_a_household_without_persons_is_refused_where_persons_are_listed(tmp_path: Path) -> None:
    files = {"households.csv": THREE + "4,1,0\n", "persons.csv": PEOPLE}
    assert tried(tmp_path, BOTH, files).reasons() == [
        ("households.csv", "5", "The household has no persons in the files.")
    ]
    allowed = tried(tmp_path, BOTH + "[checks]\npersons_listed = false\n", files)
    assert allowed.snapshot.households == 4


def test_households_alone_need_no_persons(tmp_path: Path) -> None:
    assert tried(tmp_path, HOUSEHOLDS, {"households.csv": THREE}).snapshot.rows("person") == 0


HEAD = BOTH.replace('key = "no"', 'key = "no"\nhead = { column = "rel", value = "1" }')
RELATED = "hid,no,age,rel\n1,1,40,1\n1,2,41,2\n2,1,50,1\n3,1,60,1\n"


@pytest.mark.parametrize(("change", "count"), [(("1,2,41,2", "1,2,41,1"), 2), (("1,1,40,1", "1,1,40,3"), 0)])
def test_a_household_has_one_head(tmp_path: Path, change: tuple[str, str], count: int) -> None:
    trial = tried(tmp_path, HEAD, {"households.csv": THREE, "persons.csv": RELATED.replace(*change)})
    assert trial.rejected[0]["reason"] == f"The household has {count} heads and must have one."
    assert len(trial.rejected) == 3


def test_a_declared_size_is_compared_only_when_asked(tmp_path: Path) -> None:
    files = {"households.csv": THREE.replace("2,1,200", "2,4,200"), "persons.csv": PEOPLE}
    assert tried(tmp_path, BOTH, files).rejected == []
    trial = tried(tmp_path, BOTH + '[checks]\nsize = "size"\n', files)
    assert trial.rejected[0]["reason"] == "The household declares 4 persons, and 1 are listed."


COUNTED = HOUSEHOLDS.replace('size = "size"', 'size = { count_of = "person" }') + PERSONS


def test_a_size_can_be_counted_from_the_persons(tmp_path: Path) -> None:
    trial = tried(tmp_path, COUNTED, {"households.csv": "hid,income\n1,5\n2,6\n3,7\n", "persons.csv": PEOPLE})
    assert trial.column("household", "size") == [2, 1, 1]


def test_a_count_outside_the_dictionary_refuses_the_household(tmp_path: Path) -> None:
    crowd = PEOPLE + "".join(f"2,{number},30\n" for number in range(2, 70))
    trial = tried(tmp_path, COUNTED, {"households.csv": "hid,income\n1,5\n2,6\n3,7\n", "persons.csv": crowd})
    assert "has 69 rows of person, which is outside" in trial.rejected[0]["reason"]
    assert trial.column("household", "size") == [2, 1]


def test_a_key_of_several_columns_links_files(tmp_path: Path) -> None:
    composite = BOTH.replace('key = "hid"', 'key = ["ea", "hid"]').replace(
        'household = "hid"', 'household = ["ea", "hid"]'
    )
    households = "ea,hid,size,income\n1,12,1,5\n11,2,1,6\n"
    people = "ea,hid,no,age\n11,2,1,30\n1,12,1,40\n"
    trial = tried(tmp_path, composite, {"households.csv": households, "persons.csv": people})
    assert [row["age"] for row in trial.rows("person")] == [40, 30]


def test_an_empty_part_of_a_key_is_refused(tmp_path: Path) -> None:
    trial = tried(tmp_path, HOUSEHOLDS, {"households.csv": THREE + " ,1,5\n"})
    assert trial.reasons() == [("households.csv", "5", "The key is empty.")]


JOINED = (
    HOUSEHOLDS.replace('income = "income"', "")
    + """
[[file]]
files = "spending.csv"
level = "household"
joins = true
key = "id"
[file.columns]
income = "total"
"""
)


def test_a_second_file_adds_facts_by_key(tmp_path: Path) -> None:
    spending = "id,total\n3,30\n1,10\n"
    trial = tried(tmp_path, JOINED, {"households.csv": "hid,size\n1,1\n2,1\n3,1\n", "spending.csv": spending})
    assert trial.column("household", "income") == [1000, None, 3000]


def test_a_joined_row_that_is_refused_takes_its_household_along(tmp_path: Path) -> None:
    spending = "id,total\n3,x\n1,10\n1,10\n8,1\n"
    trial = tried(tmp_path, JOINED, {"households.csv": "hid,size\n1,1\n2,1\n3,1\n", "spending.csv": spending})
    assert trial.column("household", "size") == [1]
    assert len(trial.rejected) == 6


REPEATED = """
[[file]]
files = "roster.csv"
level = "household"
key = "户编号"
repeated = true
areas = [{ code = "乡", within_parent = false }, { code = "村", within_parent = true }]
[file.columns]
income = "收入"
[[file]]
files = "roster.csv"
level = "person"
household = "户编号"
key = "人编号"
[file.columns]
age = "年龄"
"""


def test_one_list_of_persons_gives_households_and_persons(tmp_path: Path) -> None:
    roster = "乡,村,户编号,人编号,收入,年龄\n东,一,1,1,100,40\n东,一,1,2,100,41\n西,一,2,1,300,50\n"
    trial = tried(tmp_path, REPEATED, {"roster.csv": roster})
    assert trial.column("household", "income") == [10_000, 30_000]
    assert trial.column("area", "area_code") == ["东", "东/一", "西", "西/一"]
    assert trial.snapshot.rows("person") == 3


def test_rows_of_a_household_that_disagree_are_all_refused(tmp_path: Path) -> None:
    roster = "乡,村,户编号,人编号,收入,年龄\n东,一,1,1,100,40\n东,一,1,2,101,41\n西,一,2,1,300,50\n"
    trial = tried(tmp_path, REPEATED, {"roster.csv": roster})
    assert trial.rejected[0]["reason"] == "The 2 rows of this household do not agree on income."
    assert len(trial.rejected) == 4
    assert trial.snapshot.households == 1


CLAIMS = (
    BOTH
    + """
[[file]]
files = "claims.csv"
level = "claim"
household = "hid"
person = "no"
[file.columns]
paid = "paid"
[[file]]
files = "lines.csv"
level = "income_line"
household = "hid"
[file.columns]
amount = "amount"
status = { value = "received" }
"""
)


def test_records_find_their_household_and_their_person(tmp_path: Path) -> None:
    files = {
        "households.csv": THREE,
        "persons.csv": PEOPLE,
        "claims.csv": "hid,no,paid\n3,1,7\n1,2,5\n1,2,6\n",
        "lines.csv": "hid,amount\n2,1.50\n1,2\n1,2\n",
    }
    trial = tried(tmp_path, CLAIMS, files)
    assert [(row["household_id"], row["person_id"], row["paid"]) for row in trial.rows("claim")] == [
        (1, 2, 500), (1, 2, 600), (3, 4, 700),
    ]  # fmt: skip
    assert trial.column("income_line", "amount") == [200, 200, 150]
    assert set(trial.column("income_line", "status")) == {"received"}


def test_a_record_of_a_person_who_is_not_there_takes_the_household_along(tmp_path: Path) -> None:
    files = {
        "households.csv": THREE,
        "persons.csv": PEOPLE,
        "claims.csv": "hid,no,paid\n1,9,5\n",
        "lines.csv": "hid,amount\n",
    }
    trial = tried(tmp_path, CLAIMS, files)
    assert ("claims.csv", "2", "No person with this key is in the files.") in trial.reasons()
    assert trial.snapshot.households == 2


def test_records_can_name_their_person_alone(tmp_path: Path) -> None:
    by_person = CLAIMS.replace('level = "claim"\nhousehold = "hid"\n', 'level = "claim"\n')
    people = "hid,no,age\n1,p1,40\n1,p2,41\n2,p3,50\n3,p4,60\n"
    files = {
        "households.csv": THREE,
        "persons.csv": people,
        "claims.csv": "no,paid\np3,5\np9,5\n",
        "lines.csv": "hid,amount\n",
    }
    trial = tried(tmp_path, by_person, files)
    assert [(row["household_id"], row["paid"]) for row in trial.rows("claim")] == [(2, 500)]
    assert trial.reasons() == [("claims.csv", "3", "No person with this key is in the files.")]


def test_when_nothing_is_accepted_there_is_no_snapshot_and_the_reasons_are_told(tmp_path: Path) -> None:
    error = refusal(tmp_path, HOUSEHOLDS, {"households.csv": "hid,size,income\n1,x,1\n2,y,1\n"})
    assert error.code == "import.nothing-accepted"
    assert "'x' is not a number." in error.sentence
    assert len((tmp_path / "out.rejected.csv").read_text(encoding="utf-8-sig").splitlines()) == 3


def test_a_package_of_households_alone_needs_no_other_level(tmp_path: Path) -> None:
    levels = tuple(level for level in LEVELS if level.name == "household")
    facts = tuple(fact for fact in FACTS if fact.level == "household")
    areas = HOUSEHOLDS.replace('key = "hid"', 'key = "hid"\nareas = [{ code = "place" }]')
    households = "hid,size,income,place\n1,1,5,b\n2,1,6,a\n"
    trial = tried(tmp_path, areas, {"households.csv": households}, small_policy(facts, levels))
    assert trial.snapshot.levels == ["household", "area"]
    assert trial.column("household", "income") == [600, 500]
