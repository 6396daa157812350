# SPDX-License-Identifier: Apache-2.0
"""Decides that no national ID enters the register as a number or a name, which many read."""

from __future__ import annotations

from pathlib import Path

import pytest

from hearthline.jobs.models import Job
from hearthline.registry.models import Household, RegisterImport
from hearthline.registry.national_ids import check_character

from .conftest import Office
from .files import HOUSEHOLDS, MAP, PEOPLE, imported

pytestmark = pytest.mark.django_db
WITHOUT_ID = MAP.replace('national_id = "id"\n', "")


def ids(*digits: str) -> list[str]:
    """Valid national IDs that begin with these 17 digits."""
    return [begun + check_character(begun) for begun in digits]


def numbered(office: Office, folder: Path, *codes: str) -> RegisterImport:
    """An import of three households with these numbers, whose map names no column of national IDs."""
    households = HOUSEHOLDS
    for place, code in enumerate(codes, 1):
        households = households.replace(f"H-{place}\n", f"{code}\n")
    return imported(office, folder, WITHOUT_ID, households=households)


@pytest.mark.parametrize(
    ("map_text", "code"),
    [
        (MAP.replace("[identity]\n", '[identity]\nperson_number = "id"\n'), "H-1"),
        (MAP, "H 99010119700203 0011"),
        (
            MAP.replace('level = "household"', 'level = "household"\nencoding = "utf-8"'),
            "H-９９０１０１１９７００２０３００１１",
        ),
    ],
    ids=["of a person", "of a household", "in wide digits"],
)
def test_a_number_that_holds_a_national_id_does_not_enter(
    map_text: str, code: str, office: Office, tmp_path: Path
) -> None:
    households = HOUSEHOLDS.replace("510101001001,H-1", f"510101001001,{code}")
    done = imported(office, tmp_path, map_text, households=households)
    assert "H-3" in Household.objects.values_list("number", flat=True)
    assert not Household.objects.filter(number=code).exists()
    kept_out = done.report["register"]["kept_out"]
    assert set(kept_out) == {"registry.number-holds-national-id"}
    assert "990101197002030011" not in str(done.report)


def test_a_name_that_holds_a_national_id_does_not_enter(office: Office, tmp_path: Path) -> None:
    people = PEOPLE.replace("王小明", "王小明 990101 19700203 0011")
    done = imported(office, tmp_path, people=people)
    assert not Household.objects.filter(number="H-1").exists()
    assert set(done.report["register"]["kept_out"]) == {"registry.number-holds-national-id"}
    assert "19700203" not in str(done.report)


def test_digits_of_two_numbers_side_by_side_are_no_national_id(office: Office, tmp_path: Path) -> None:
    people = PEOPLE.replace("990101195001010013", "12345678H")
    households = HOUSEHOLDS.replace(",H-2", ",H12345678")
    imported(office, tmp_path, households=households, people=people)
    assert Household.objects.filter(number="H12345678").exists()


def test_a_column_of_national_ids_is_not_taken_for_numbers(office: Office, tmp_path: Path) -> None:
    codes = ids("99010119700203001", "99010119500101001", "99010119850808001")
    done = numbered(office, tmp_path, codes[0], f"户 {codes[1]}", codes[2])
    assert done.job_id is not None
    job = Job.objects.get(pk=done.job_id)
    assert job.state == "failed"
    assert job.problem is not None
    assert job.problem["code"] == "registry.import-numbers-are-ids"
    assert set(job.problem["params"].values()) == {7}
    assert list(Household.objects.values_list("number", flat=True)) == [office.household.number]
    assert codes[0] not in str(job.problem) + str(done.report)


def test_numbers_formed_like_an_id_without_its_check_character_enter(office: Office, tmp_path: Path) -> None:
    wrong = [
        code[:-1] + ("1" if code[-1] != "1" else "2")
        for code in ids("51010120010101001", "51010120010101002")
    ]
    numbered(office, tmp_path, *wrong)
    assert set(wrong) < set(Household.objects.values_list("number", flat=True))


def test_one_number_that_is_an_id_by_chance_keeps_no_register_out(office: Office, tmp_path: Path) -> None:
    chance = ids("51010120010101003")[0]
    numbered(office, tmp_path, chance)
    assert Household.objects.filter(number=chance).exists()
