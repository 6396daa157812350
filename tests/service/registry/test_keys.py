# SPDX-License-Identifier: Apache-2.0
"""Decides that the database itself refuses a row that points at nothing, and keeps whom rows name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from hearthline.accounts.models import Officer
from hearthline.accounts.rules import Role
from hearthline.areas.models import Area
from hearthline.registry.models import Household, Identity, Membership, Observation, Person
from tests.service.conftest import Hire

pytestmark = pytest.mark.django_db
NOWHERE = 999_999_999
DAY = date(2017, 6, 1)


@contextmanager
def checked() -> Iterator[None]:
    """A transaction at whose end SQLite looks at its keys, as it does when it commits."""
    with transaction.atomic():
        yield
        connection.check_constraints()


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def officer(hire: Hire) -> Officer:
    return hire(Role.ADMINISTRATOR)


@pytest.fixture
def person(places: dict[str, Area]) -> Person:
    village = places["510101001001"]
    household = Household.objects.create(
        number="H-1", area=village, area_path=village.path, registered_on=DAY
    )
    return Person.objects.create(number="H-1-01", household=household, area_path=village.path, name="杨芳")


def _person(person: Person, officer: Officer) -> None:
    Person.objects.create(number="H-2-01", household_id=NOWHERE, area_path=person.area_path, name="李强")


def _membership(person: Person, officer: Officer) -> None:
    Membership.objects.create(person=person, household_id=NOWHERE, starts_on=DAY)


def _membership_of_nobody(person: Person, officer: Officer) -> None:
    Membership.objects.create(person_id=NOWHERE, household=person.household, starts_on=DAY)


def _identity(person: Person, officer: Officer) -> None:
    Identity.objects.create(person_id=NOWHERE, wrapped_key=b"", sealed=b"")


def _moved_nowhere(person: Person, officer: Officer) -> None:
    Membership.objects.create(person=person, household=person.household, starts_on=DAY)
    Membership.objects.filter(person=person).update(household_id=NOWHERE)


def _observation(person: Person, officer: Officer) -> None:
    Observation.objects.create(
        household_id=NOWHERE, observed_on=DAY, recorded_at=datetime(2017, 6, 1, tzinfo=UTC), officer=officer
    )


def _observation_of_nobody(person: Person, officer: Officer) -> None:
    Observation.objects.create(
        household=person.household,
        person_id=NOWHERE,
        observed_on=DAY,
        recorded_at=datetime(2017, 6, 1, tzinfo=UTC),
        officer=officer,
    )


WRONG = (
    _person,
    _membership,
    _membership_of_nobody,
    _identity,
    _moved_nowhere,
    _observation,
    _observation_of_nobody,
)


@pytest.mark.parametrize("write", WRONG, ids=lambda each: each.__name__.strip("_"))
def test_a_row_that_points_at_nothing_is_refused(
    write: Callable[[Person, Officer], None], person: Person, officer: Officer
) -> None:
    with pytest.raises(IntegrityError), checked():
        write(person, officer)


def test_many_rows_of_one_statement_are_refused_for_one_of_them(person: Person) -> None:
    rows = [
        Person(number=f"H-1-{place:02d}", household_id=household, area_path=person.area_path, name="王")
        for place, household in enumerate([person.household_id, person.household_id, NOWHERE], 2)
    ]
    with pytest.raises(IntegrityError) as caught, checked():
        Person.objects.bulk_create(rows)
    assert Person.objects.count() == 1
    assert str(NOWHERE) in str(caught.value)


@pytest.mark.parametrize("table", ["registry_household", "registry_person"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET id = id + 1000"])
def test_whom_rows_name_is_never_removed(person: Person, table: str, statement: str) -> None:
    Membership.objects.create(person=person, household=person.household, starts_on=DAY)
    with pytest.raises(DatabaseError), checked():
        run(statement.format(table))
