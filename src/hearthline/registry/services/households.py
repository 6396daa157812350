# SPDX-License-Identifier: Apache-2.0
"""Decides how a household is opened and looked at, and how people join and leave it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import F

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import NOT_FOUND, required_scope, scope_of
from hearthline.areas.models import Area
from hearthline.audit.rules import WHOLE, chains_of
from hearthline.audit.services import record, record_in_places
from hearthline.base.sealing import keys_of
from hearthline.registry.finding import Found, search
from hearthline.registry.identities import Sealer
from hearthline.registry.models import Household, Identity, Membership, Person
from hearthline.registry.names import spelled
from hearthline.registry.national_ids import demand_sealed_alone
from hearthline.registry.problems import (
    CLOSED,
    ENDS_BEFORE_START,
    NAME_MISSING,
    NO_MEMBER,
    NUMBER_TAKEN,
    STALE,
)
from hearthline.registry.queries import HouseholdView, ObservationView, get_household, get_observation
from hearthline.registry.rules import OPEN_HOUSEHOLD, SEALED_FIELDS, VIEW_HOUSEHOLD


def open_household(
    *, by: Officer, on: date, area_id: int, number: str, registered_on: date | None = None
) -> Household:
    """Enter a household into the register. Raises ``registry.number-taken``, ``accounts.not-found``."""
    scope = required_scope(by=by, permission=OPEN_HOUSEHOLD, on=on)
    area = Area.objects.filter(scope.filter("path"), pk=area_id).first()
    if area is None:
        raise NOT_FOUND.error()
    with transaction.atomic():
        if Household.objects.filter(number=number).exists():
            raise NUMBER_TAKEN.error(number=number)
        household = Household.objects.create(
            number=number, area=area, area_path=area.path, registered_on=registered_on or on
        )
        _trace(by, on, "registry.open_household", household, {"number": number})
    return household


def add_member(
    *,
    by: Officer,
    on: date,
    household_id: int,
    name: str,
    identity: Mapping[str, str] | None = None,
    is_head: bool = False,
    starts_on: date | None = None,
    version: int | None = None,
) -> Person:
    """Enter a person into the register and into a household; ``identity`` is sealed at once."""
    if not name.strip():
        raise NAME_MISSING.error()
    with transaction.atomic():
        household = household_to_change(by=by, on=on, household_id=household_id, version=version)
        place = Person.objects.filter(household=household).count() + 1
        while Person.objects.filter(number=f"{household.number}-{place:02d}").exists():
            place += 1
        number = f"{household.number}-{place:02d}"
        pinyin, initials = spelled(name.strip())
        fields = {field: (identity or {}).get(field, "").strip() for field in SEALED_FIELDS}
        demand_sealed_alone(fields["national_id"], number, name)
        sealed = Sealer(keys_of(settings.KEY_FILE)).seal(number, fields)
        person = Person.objects.create(
            number=number,
            household=household,
            area_path=household.area_path,
            name=name.strip(),
            pinyin=pinyin,
            initials=initials,
            id_index=sealed.id_index,
            is_head=is_head,
        )
        Identity.objects.create(
            person=person, wrapped_key=sealed.wrapped_key, sealed=sealed.sealed, digest=sealed.digest
        )
        Membership.objects.create(person=person, household=household, starts_on=starts_on or on)
        changes: dict[str, object] = {"members": F("members") + 1}
        if is_head:
            changes["head_name"] = person.name
        Household.objects.filter(pk=household.pk).update(**changes)
        _trace(by, on, "registry.add_member", household, {"person": person.pk, "head": is_head})
    return person


def end_membership(
    *, by: Officer, on: date, household_id: int, person_id: int, ends_on: date, version: int | None = None
) -> None:
    """Write down that a person left a household, on the last day of belonging to it."""
    with transaction.atomic():
        household = household_to_change(by=by, on=on, household_id=household_id, version=version)
        member = Membership.objects.filter(
            household=household, person_id=person_id, ends_on__isnull=True
        ).first()
        if member is None:
            raise NO_MEMBER.error()
        if ends_on < member.starts_on:
            raise ENDS_BEFORE_START.error(ends_on=ends_on, starts_on=member.starts_on)
        Membership.objects.filter(pk=member.pk).update(ends_on=ends_on)
        Person.objects.filter(pk=person_id).update(closed_on=ends_on)
        Household.objects.filter(pk=household.pk).update(members=F("members") - 1)
        _trace(by, on, "registry.end_membership", household, {"person": person_id, "ends_on": str(ends_on)})


def household_to_change(*, by: Officer, on: date, household_id: int, version: int | None = None) -> Household:
    """A household in scope, locked, open, as the officer saw it; its version counts on.

    Raises ``registry.stale``, ``registry.closed``, ``accounts.not-found``.
    """
    scope = required_scope(by=by, permission=OPEN_HOUSEHOLD, on=on)
    household = Household.objects.select_for_update().filter(scope.filter(), pk=household_id).first()
    if household is None:
        raise NOT_FOUND.error()
    if household.closed_on is not None:
        raise CLOSED.error(number=household.number, on=household.closed_on)
    seen = household.version if version is None else version
    if not Household.objects.filter(pk=household.pk, version=seen).update(version=F("version") + 1):
        raise STALE.error(number=household.number)
    household.version = seen + 1
    return household


def look_at_household(*, by: Officer, on: date, household_id: int) -> HouseholdView:
    """A household as the officer may see it; that he looked leaves a trace."""
    with transaction.atomic():
        view = get_household(by=by, on=on, household_id=household_id)
        _trace(by, on, "registry.look_at_household", view.household, {"sensitive": view.sensitive})
    return view


def look_at_observation(*, by: Officer, on: date, observation_id: int) -> ObservationView:
    """An observation as the officer may see it; that he looked leaves a trace."""
    with transaction.atomic():
        view = get_observation(by=by, on=on, observation_id=observation_id)
        subject = "household" if view.household else "area"
        record(
            by=by,
            on=on,
            action="registry.look_at_observation",
            subject=subject,
            subject_id=view.household.pk if view.household else view.area.pk,
            area_path=view.area.path,
            facts={"observation": observation_id, "person": view.person.pk if view.person else None},
        )
    return view


def search_register(*, by: Officer, on: date, text: str, kind: str | None = None) -> list[Found]:
    """Find households; that someone searched, by what kind of word and how many were found, leaves a trace.

    There is one for each place that was searched, and one in each county below it where something was found,
    so that its auditor sees it. The word itself is not kept: it may be a name or a number of a person.
    """
    with transaction.atomic():
        found = search(by=by, on=on, text=text, kind=kind)
        record_in_places(
            by=by,
            on=on,
            action="registry.search",
            subject="register",
            subject_id="",
            places={
                place: {
                    "found": len(within),
                    "kinds": sorted({one.kind for one in within}),
                    "households": [one.household_id for one in within],
                }
                for place, within in _places_searched(by, on, found).items()
            },
        )
    return found


def _places_searched(by: Officer, on: date, found: Sequence[Found]) -> dict[str, list[Found]]:
    """The places of the search, "" for everywhere, and the counties below them; what was found in each."""
    scope = scope_of(by=by, permission=VIEW_HOUSEHOLD, on=on)
    tops = [""] if scope.everywhere else [part.low for part in scope.ranges]
    counties = set(chains_of({one.area_path for one in found}).values()) - {WHOLE}
    below = {county for county in counties for top in tops if county != top and county.startswith(top)}
    return {
        place: [one for one in found if one.area_path.startswith(place)] for place in (*tops, *sorted(below))
    }


def _trace(by: Officer, on: date, action: str, household: Household, facts: dict[str, object]) -> None:
    record(
        by=by,
        on=on,
        action=action,
        subject="household",
        subject_id=household.pk,
        area_path=household.area_path,
        facts=facts,
    )
