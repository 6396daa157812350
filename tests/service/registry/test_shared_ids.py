# SPDX-License-Identifier: Apache-2.0
"""Decides that nobody learns whether a national ID is registered outside the officer's places."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse

from hearthline.accounts.models import Officer
from hearthline.accounts.rules import Role
from hearthline.base.problems import HearthlineError
from hearthline.jobs.models import Job
from hearthline.registry.models import Person
from hearthline.registry.national_ids import check_character
from hearthline.registry.rules import CORRECT_IDENTITY, OPEN_HOUSEHOLD
from hearthline.registry.services import add_member, correct_identity, open_household
from hearthline.registry.sharing import shared_ids, shares_id

from ..conftest import Visitor
from ..security.visiting import body_of, undone
from .conftest import TODAY, Hire, Office
from .files import MAP, PEOPLE, imported
from .test_writing_pages import hidden

pytestmark = pytest.mark.django_db


def whole(digits: str) -> str:
    """A national ID with the check character of its 17 digits."""
    return digits + check_character(digits)


TRIED, ANOTHER, THIRD = (whole(f"9901011970020{end}") for end in ("3001", "3003", "3005"))
OF_FILE = "990101197002030011"
"""The first ID of the little register."""
WARNING = "Another person of your places has the same national ID"
_CHANGING = re.compile(
    r'name="(?:csrfmiddlewaretoken|token)" value="[^"]*"|"X-CSRFToken":\s*"[^"]*"|nonce="[^"]*"|[?&]v=\w+'
)
_NUMBER = re.compile(r"(?<=/)\d+(?=/)|(?<=refused-)\d+")
CHANGING = ("Content-Length", "Content-Security-Policy")
"""Headers that differ with the digits of a row's number, and by chance."""
Way = Callable[["Room"], list[str]]


class Room:
    """An officer's browser, and everything that it was answered."""

    def __init__(self, visitor: Visitor, office: Office, tmp_path: Path) -> None:
        self.visitor, self.office, self.folder = visitor, office, tmp_path
        self.said: list[str] = []

    def get(self, address: str, **query: str) -> str:
        """One page; kept but for tokens and the numbers of rows."""
        answer = self.visitor.get(address, query)
        page = body_of(answer).decode()
        headers = sorted((name, value) for name, value in answer.headers.items() if name not in CHANGING)
        self.said.append(_plain(f"{answer.status_code} {headers}\n{page}"))
        return page

    def send(self, address: str, **typed: str) -> None:
        """A form filled in and sent, and the page to which it leads."""
        answer = self.visitor.post(address, hidden(self.get(address)) | typed)
        self.said.append(_plain(f"{answer.status_code} {answer.headers.get('Location')}"))
        self.said.append(_plain(body_of(answer).decode()))
        if "Location" in answer.headers:
            self.get(answer.headers["Location"])


def _plain(text: str) -> str:
    return _NUMBER.sub("N", _CHANGING.sub("", text))


def opening(room: Room) -> list[str]:
    """A household is opened, its head has the number; the list of shared IDs is looked at."""
    room.visitor.force_login(room.office.village)
    address = reverse("site:open-household", args=[room.office.places["510101001002"].pk])
    typed = {"name": "马骏", "number": "510101001002-0001", "starts_on": "2017-11-02", "f-sex": "male"}
    room.send(address, **typed, national_id=TRIED)
    room.get(reverse("site:same-ids"))
    return room.said


def joining(room: Room) -> list[str]:
    """A member with the number joins a household."""
    room.visitor.force_login(room.office.village)
    address = reverse("site:add-member", args=[room.office.household.pk])
    room.send(address, name="马骏", starts_on="2017-11-02", national_id=TRIED)
    room.get(reverse("site:same-ids"))
    return room.said


def settling(room: Room) -> list[str]:
    """A person is given the number in the place of another."""
    for officer in (room.office.village, room.office.administrator):
        room.visitor.force_login(officer)
        with undone():
            room.send(
                reverse("site:right-id", args=[room.office.child.pk]),
                national_id=TRIED,
                reason="card looked at",
            )
    return room.said


def searching(room: Room) -> list[str]:
    """The number is searched for."""
    for officer in (room.office.village, room.office.analyst, room.office.administrator):
        room.visitor.force_login(officer)
        room.get(reverse("site:search"), q=TRIED)
    return room.said


def importing(room: Room) -> list[str]:
    """A file with the number is imported; its report, the list of refused rows, the state of its job."""
    done = imported(room.office, room.folder, people=PEOPLE.replace(OF_FILE, TRIED))
    room.visitor.force_login(room.office.administrator)
    room.get(reverse("registry:import", args=[done.pk]))
    room.get(reverse("registry:refused-rows", args=[done.pk]))
    room.get(reverse("site:same-ids"))
    assert done.job_id is not None
    job = Job.objects.get(pk=done.job_id)
    report = {name: value for name, value in done.report.items() if name not in ("snapshot", "seconds")}
    return [*room.said, _plain(json.dumps([report, job.cursor], default=str))]


def registered_elsewhere(office: Office, hire: Hire, national_id: str) -> Person:
    """Somebody of the neighbouring county with this number."""
    officer = hire(Role.VILLAGE_OFFICER, office.places["510102"], "of the next county")
    household = open_household(
        by=officer, on=TODAY, area_id=office.places["510102001001"].pk, number="510102001001-0001"
    )
    return add_member(
        by=officer, on=TODAY, household_id=household.pk, name="江小云", is_head=True,
        identity={"national_id": national_id},
    )  # fmt: skip


@pytest.mark.parametrize("way", [opening, joining, settling, searching, importing])
def test_an_id_that_is_registered_elsewhere_and_one_that_is_not_are_answered_alike(
    way: Way, client: Visitor, office: Office, hire: Hire, tmp_path: Path
) -> None:
    person = registered_elsewhere(office, hire, TRIED)
    with undone():
        elsewhere = way(Room(client, office, tmp_path / "one"))
    client.cookies.clear()
    correct_identity(
        by=hire(Role.ADMINISTRATOR), on=TODAY, person_id=person.pk, national_id=ANOTHER, reason="card seen"
    )
    with undone():
        nowhere = way(Room(client, office, tmp_path / "two"))
    assert len(elsewhere) == len(nowhere) > 1
    for one, other in zip(elsewhere, nowhere, strict=True):
        assert one.splitlines() == other.splitlines()


def test_an_id_that_somebody_of_ones_places_has_is_told_and_listed(
    client: Visitor, office: Office, hire: Hire, tmp_path: Path
) -> None:
    correct_identity(
        by=office.village, on=TODAY, person_id=office.head.pk, national_id=TRIED, reason="card looked at"
    )
    for way in (opening, joining):
        with undone():
            said = way(Room(client, office, tmp_path))
        assert any(WARNING in page for page in said), way.__name__
        assert office.head.name in said[-1]
        assert "马骏" in said[-1]
    with undone():
        found = json.loads(importing(Room(client, office, tmp_path / "files"))[-1])
    assert found[0]["register"]["same_id_in_place"] == ["H-1-1"]


def test_an_id_that_stands_in_the_number_of_a_person_is_no_correction(office: Office) -> None:
    household = open_household(
        by=office.village, on=TODAY, area_id=office.places["510101001002"].pk, number=f"H-{TRIED}"
    )
    person = add_member(by=office.village, on=TODAY, household_id=household.pk, name="马骏")
    with pytest.raises(HearthlineError) as caught:
        correct_identity(
            by=office.village, on=TODAY, person_id=person.pk, national_id=TRIED, reason="card looked at"
        )
    assert caught.value.code == "registry.number-holds-national-id"
    assert Person.objects.get(pk=person.pk).id_index == ""


def test_an_id_shared_across_counties_is_seen_by_the_office_that_holds_both(
    office: Office, hire: Hire
) -> None:
    person = registered_elsewhere(office, hire, TRIED)
    correct_identity(
        by=office.village, on=TODAY, person_id=office.child.pk, national_id=TRIED, reason="card looked at"
    )
    city = hire(Role.ADMINISTRATOR, office.places["5101"])
    neighbour = Officer.objects.get(username="of the next county")
    for by, seen in ((office.administrator, []), (neighbour, []), (city, [{office.child.pk, person.pk}])):
        assert [{one.pk for one in shared.people} for shared in shared_ids(by=by, on=TODAY)] == seen
    assert not shares_id(by=office.administrator, on=TODAY, person_id=office.child.pk)
    assert shares_id(by=city, on=TODAY, person_id=office.child.pk)


def test_an_import_into_a_place_tells_of_people_of_that_place_alone(
    office: Office, hire: Hire, tmp_path: Path
) -> None:
    correct_identity(
        by=office.village, on=TODAY, person_id=office.head.pk, national_id=THIRD, reason="card looked at"
    )
    registered_elsewhere(office, hire, TRIED)
    people = PEOPLE.replace(OF_FILE, TRIED).replace("990101199905060022", THIRD)
    done = imported(office, tmp_path, MAP, people=people)
    assert done.report["register"]["same_id_in_place"] == ["H-1-2"]
    assert done.report["register"]["counts"]["same_id"] == 1


def test_who_may_enter_a_person_may_learn_that_an_id_is_shared() -> None:
    assert OPEN_HOUSEHOLD.roles <= CORRECT_IDENTITY.roles
