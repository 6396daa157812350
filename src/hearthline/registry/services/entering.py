# SPDX-License-Identifier: Apache-2.0
"""Decides how a household with its head, a new member, and a leaving are written down as one act each.

Each is one transaction of the services of this folder: person and membership, and what is observed of both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from hearthline.accounts.models import Officer
from hearthline.registry.dictionary import dictionary_of
from hearthline.registry.models import Household
from hearthline.registry.national_ids import checked_national_id
from hearthline.registry.services.households import add_member, end_membership, open_household
from hearthline.registry.services.observing import observe
from hearthline.registry.services.sending import Made, sent_once


@dataclass(frozen=True)
class GivenPerson:
    """What is said of a person who is entered; ``facts`` are of the dictionary, such as sex."""

    name: str
    national_id: str = ""
    phone: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)

    def contents(self) -> list[object]:
        """What tells two forms apart."""
        facts = {name: str(value) for name, value in self.facts.items()}
        return [self.name, self.national_id, self.phone, facts]


def enter_household(
    *,
    by: Officer,
    on: date,
    area_id: int,
    number: str,
    head: GivenPerson,
    source: str,
    registered_on: date | None = None,
    token: str = "",
) -> Made:
    """Open a household with its head: the numbers of ``household`` and ``person``.

    Raises what ``open_household``, ``add_member`` and ``observe`` raise, and ``registry.national-id-check``.
    """

    @transaction.atomic
    def write() -> dict[str, int]:
        household = open_household(
            by=by, on=on, area_id=area_id, number=number, registered_on=registered_on or on
        )
        person = _joined(by, on, household.pk, head, source, is_head=True, starts_on=registered_on or on)
        return {"household": household.pk, "person": person}

    contents = ["household", area_id, number, str(registered_on), source, *head.contents()]
    return sent_once(by=by, token=token, contents=contents, do=write)


def enter_member(
    *,
    by: Officer,
    on: date,
    household_id: int,
    person: GivenPerson,
    source: str,
    starts_on: date | None = None,
    version: int | None = None,
    token: str = "",
) -> Made:
    """Enter a person into a household, with what is said of the person: the number of ``person``."""

    @transaction.atomic
    def write() -> dict[str, int]:
        return {
            "person": _joined(
                by, on, household_id, person, source, is_head=False, starts_on=starts_on, version=version
            )
        }

    contents = ["member", household_id, str(starts_on), source, *person.contents()]
    return sent_once(by=by, token=token, contents=contents, do=write)


def record_leaving(
    *,
    by: Officer,
    on: date,
    household_id: int,
    person_id: int,
    ends_on: date,
    facts: Mapping[str, object],
    source: str,
    version: int | None = None,
    token: str = "",
) -> Made:
    """Write down that a person left, and why, as far as the dictionary has facts for it."""

    @transaction.atomic
    def write() -> dict[str, int]:
        end_membership(
            by=by,
            on=on,
            household_id=household_id,
            person_id=person_id,
            ends_on=ends_on,
            version=version,
        )
        if facts:
            observe(
                by=by,
                on=on,
                household_id=household_id,
                person_id=person_id,
                source=source,
                facts=facts,
                observed_on=on,
            )
        return {"person": person_id}

    said = {name: str(value) for name, value in facts.items()}
    contents = ["leaving", household_id, person_id, str(ends_on), source, said]
    return sent_once(by=by, token=token, contents=contents, do=write)


def _joined(
    by: Officer,
    on: date,
    household_id: int,
    given: GivenPerson,
    source: str,
    *,
    is_head: bool,
    starts_on: date | None,
    version: int | None = None,
) -> int:
    path = Household.objects.filter(pk=household_id).values_list("area_path", flat=True).first()
    land = dictionary_of(path, on)[1].jurisdiction if path and given.national_id.strip() else ""
    person = add_member(
        by=by,
        on=on,
        household_id=household_id,
        name=given.name,
        identity={
            "national_id": checked_national_id(given.national_id, on=on, jurisdiction=land),
            "phone": given.phone,
        },
        is_head=is_head,
        starts_on=starts_on,
        version=version,
    )
    if given.facts:
        observe(
            by=by,
            on=on,
            household_id=household_id,
            person_id=person.pk,
            source=source,
            facts=given.facts,
            observed_on=on,
        )
    return person.pk
