# SPDX-License-Identifier: Apache-2.0
"""Decides which people share a national ID, as far as all of them are within an officer's places.

Nothing here may depend on who is registered elsewhere: else whoever enters a person could try any number and
learn whether it is in the register (decision 23).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Exists, OuterRef, QuerySet

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import NOT_FOUND, Scope, required_scope
from hearthline.registry.models import Person
from hearthline.registry.rules import CORRECT_IDENTITY

MOST_SHOWN = 200


@dataclass(frozen=True)
class SharedId:
    """Two or more people of an officer's places who have one national ID."""

    people: Sequence[Person]


def shared_ids(*, by: Officer, on: date) -> Sequence[SharedId]:
    """The first few national IDs that several open people in scope have."""
    scope = required_scope(by=by, permission=CORRECT_IDENTITY, on=on)
    others = _known(scope).filter(id_index=OuterRef("id_index")).exclude(pk=OuterRef("pk"))
    rows = _known(scope).filter(Exists(others)).select_related("household__area")
    found = rows.order_by("id_index", "number")[:MOST_SHOWN]
    return [SharedId(list(group)) for _, group in groupby(found, key=lambda one: one.id_index)]


def shares_id(*, by: Officer, on: date, person_id: int) -> bool:
    """Whether another open person in scope has the national ID of one in scope.

    Raises ``accounts.not-found``.
    """
    scope = required_scope(by=by, permission=CORRECT_IDENTITY, on=on)
    person = person_to_settle(by=by, on=on, person_id=person_id)
    return _known(scope).filter(id_index=person.id_index).exclude(pk=person_id).exists()


def person_to_settle(*, by: Officer, on: date, person_id: int) -> Person:
    """A person whose national ID the officer may correct. Raises ``accounts.not-found``."""
    scope = required_scope(by=by, permission=CORRECT_IDENTITY, on=on)
    rows = Person.objects.select_related("household__area").filter(scope.filter(), pk=person_id)
    person = rows.first()
    if person is None:
        raise NOT_FOUND.error()
    return person


def _known(scope: Scope) -> QuerySet[Person]:
    """The open people in scope whose national ID is known; said so that SQLite takes the index of IDs too."""
    return Person.objects.exclude(id_index="").filter(scope.filter(), closed_on=None)
