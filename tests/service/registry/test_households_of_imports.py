# SPDX-License-Identifier: Apache-2.0
"""Decides that the counts of an import open the households they count, for those who may see them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db.models import QuerySet
from django.urls import reverse

from hearthline.accounts.rules import Role
from hearthline.jobs.worker import run_worker
from hearthline.registry import brought
from hearthline.registry.brought import households_changed, households_new
from hearthline.registry.models import Household, Person, RegisterImport
from hearthline.registry.services import end_membership, undo_import

from ..conftest import Hire, Visitor
from .conftest import TODAY, Office
from .files import HOUSEHOLDS, PEOPLE, imported

pytestmark = pytest.mark.django_db

Listed = Callable[..., QuerySet[Household]]
MORE = "4,1,A,510101,510101001,510101001001,H-4\n"
MORE_PEOPLE = "4,1,1961-01-01,healthy,head,赵四,,,\n"
WAYS_TO_CHANGE = {
    "another grade": (HOUSEHOLDS.replace("2,1,D", "2,1,C"), PEOPLE),
    "another village": (HOUSEHOLDS.replace("510101001002,H-2", "510101001001,H-2"), PEOPLE),
    "another name": (HOUSEHOLDS, PEOPLE.replace("单雄", "单英雄")),
    "another member": (HOUSEHOLDS, PEOPLE + "2,2,1999-01-01,healthy,child,单小雄,,,\n"),
}


def listed(chosen: Listed, office: Office, of: RegisterImport) -> list[str]:
    """The numbers of the households in a list of an import."""
    rows = chosen(by=office.analyst, on=TODAY, import_id=of.pk)
    return sorted(rows.values_list("number", flat=True))


def counted(of: RegisterImport) -> dict[str, int]:
    found: dict[str, int] = of.report["register"]["counts"]
    return found


@pytest.mark.parametrize("few", [0, brought.FEW], ids=["of many", "of few"])
@pytest.mark.parametrize("way", WAYS_TO_CHANGE)
def test_new_and_changed_households_are_listed_as_the_report_counts_them(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str, few: int
) -> None:
    monkeypatch.setattr(brought, "FEW", few)
    first = imported(office, tmp_path)
    assert listed(households_new, office, first) == ["H-1", "H-2", "H-3"]
    assert listed(households_changed, office, first) == []
    households, people = WAYS_TO_CHANGE[way]
    second = imported(office, tmp_path, households=households + MORE, people=people + MORE_PEOPLE)
    assert listed(households_new, office, second) == ["H-4"]
    assert listed(households_changed, office, second) == ["H-2"]
    assert (counted(second)["new_households"], counted(second)["changed_households"]) == (1, 1)
    assert listed(households_new, office, first) == ["H-1", "H-2", "H-3"]


@pytest.mark.parametrize("few", [0, brought.FEW], ids=["of many", "of few"])
def test_what_an_import_opens_again_is_listed_as_changed(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(brought, "FEW", few)
    first = imported(office, tmp_path)
    undo_import(by=office.administrator, on=TODAY, import_id=first.pk)
    run_worker(once=True)
    again = imported(office, tmp_path, households=HOUSEHOLDS + MORE, people=PEOPLE + MORE_PEOPLE)
    assert listed(households_new, office, again) == ["H-4"]
    assert listed(households_changed, office, again) == ["H-1", "H-2", "H-3"]
    assert counted(again)["changed_households"] == 3


def test_a_household_whose_member_only_came_back_is_listed_as_changed(office: Office, tmp_path: Path) -> None:
    imported(office, tmp_path)
    child = Person.objects.get(name="王芳")
    end_membership(
        by=office.village, on=TODAY, household_id=child.household_id, person_id=child.pk, ends_on=TODAY
    )
    assert listed(households_changed, office, imported(office, tmp_path)) == ["H-1"]


def test_the_counts_of_a_report_open_their_households(
    client: Visitor, office: Office, hire: Hire, tmp_path: Path
) -> None:
    imported(office, tmp_path)
    households = HOUSEHOLDS.replace("2,1,D", "2,1,C")
    second = imported(office, tmp_path, households=households + MORE, people=PEOPLE + MORE_PEOPLE)
    client.force_login(office.analyst)
    report = client.get(reverse("registry:import", args=[second.pk])).content.decode()
    address = reverse("registry:import-households", args=[second.pk])
    for word, number in (("new", "H-4"), ("changed", "H-2")):
        assert f'href="{address}?counted={word}">1</a>' in report
        page = client.get(f"{address}?counted={word}").content.decode()
        home = reverse("site:household", args=[Household.objects.get(number=number).pk])
        assert f'href="{home}">{number}</a>' in page
        assert "1 row" in page
    assert "Nothing was written of them, so there is no list." in report
    client.force_login(hire(Role.POLICY_DESIGNER, office.places["510101"]))
    assert client.get(address).status_code == 403
    client.force_login(office.village)
    assert client.get(address).status_code == 404


def test_a_count_of_nobody_opens_nothing_and_an_undone_import_opens_none(
    client: Visitor, office: Office, tmp_path: Path
) -> None:
    done = imported(office, tmp_path)
    address = reverse("registry:import-households", args=[done.pk])
    client.force_login(office.analyst)
    report = client.get(reverse("registry:import", args=[done.pk])).content.decode()
    assert f"{address}?counted=new" in report
    assert f"{address}?counted=changed" not in report
    undo_import(by=office.administrator, on=TODAY, import_id=done.pk)
    run_worker(once=True)
    assert address not in client.get(reverse("registry:import", args=[done.pk])).content.decode()
    assert "The import was undone" in client.get(address).content.decode()


def test_a_person_whose_national_id_stands_twice_opens_the_household(
    client: Visitor, office: Office, tmp_path: Path
) -> None:
    people = PEOPLE.replace("990101195001010013", "990101197002030011")
    done = imported(office, tmp_path, people=people)
    client.force_login(office.analyst)
    report = client.get(reverse("registry:import", args=[done.pk])).content.decode()
    for number in ("H-1-1", "H-2-1"):
        household = Person.objects.get(number=number).household_id
        assert f'<a href="{reverse("site:household", args=[household])}">{number}</a>' in report
