# SPDX-License-Identifier: Apache-2.0
"""Decides which people of one's own places share a national ID with somebody, here or elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Exists, OuterRef

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import NOT_FOUND, required_scope
from hearthline.registry.models import Person
from hearthline.registry.rules import CORRECT_IDENTITY

MOST_SHOWN = 200


@dataclass(frozen=True)
class SharedId:
    """People who have one national ID: those whom the officer may see, and how many more there are."""

    people: Sequence[Person]
    elsewhere: int


def shared_ids(*, by: Officer, on: date) -> Sequence[SharedId]:
    """The first few national IDs that several open people have, at least one of them in scope."""
    scope = required_scope(by=by, permission=CORRECT_IDENTITY, on=on)
    # That it is not empty is said of the others too: without it SQLite reads everybody for each person.
    known = Person.objects.exclude(id_index="").filter(closed_on=None)
    others = known.filter(id_index=OuterRef("id_index")).exclude(pk=OuterRef("pk"))
    rows = known.select_related("household__area").filter(scope.filter())
    found = rows.filter(Exists(others)).order_by("id_index", "number")[:MOST_SHOWN]
    people = list(found)
    indexes = {one.id_index for one in people}
    everywhere = Counter(known.filter(id_index__in=indexes).values_list("id_index", flat=True))
    return [
        SharedId(here, everywhere[index] - len(here))
        for index, group in groupby(people, key=lambda one: one.id_index)
        for here in [list(group)]
    ]


def person_to_settle(*, by: Officer, on: date, person_id: int) -> Person:
    """A person whose national ID the officer may correct. Raises ``accounts.not-found``."""
    scope = required_scope(by=by, permission=CORRECT_IDENTITY, on=on)
    rows = Person.objects.select_related("household__area").filter(scope.filter(), pk=person_id)
    person = rows.first()
    if person is None:
        raise NOT_FOUND.error()
    return person
