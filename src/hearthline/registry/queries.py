# SPDX-License-Identifier: Apache-2.0
"""Decides what is read of the register: a household with its facts, their history, and who lives where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import BigIntegerField, DateTimeField, Min, Q, QuerySet

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import NOT_FOUND, Scope, given_scope, required_scope, scope_of
from hearthline.areas.models import Area
from hearthline.areas.rules import range_of
from hearthline.asking import Asked, Given, GivenMany
from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON, Fact, Policy, Value
from hearthline.policy.models import PackageVersion
from hearthline.registry.current import Seen, ValueAt, records_origin, values_of
from hearthline.registry.dictionary import dictionary_of, find_dictionary
from hearthline.registry.documents import Document, Json, read_value
from hearthline.registry.finding import Found, search
from hearthline.registry.models import (
    AreaFacts,
    CurrentFacts,
    Household,
    HouseholdFacts,
    Membership,
    Observation,
    Person,
    PersonFacts,
    RegisterImport,
)
from hearthline.registry.observed import observations_of, seen_of
from hearthline.registry.rules import IMPORT_REGISTER, VIEW_HOUSEHOLD, VIEW_IMPORTS, VIEW_SENSITIVE

DEPTH_OFFERED, MOST_PLACES = 1, 200
"""An import is offered for the places of a grant and those this much below, and for so many at most."""

__all__ = [
    "FactView",
    "Found",
    "HouseholdView",
    "MemberView",
    "RecordView",
    "facts_of_area",
    "get_household",
    "get_import",
    "get_observation",
    "history_of",
    "households_in",
    "imports_in",
    "imports_since",
    "places_to_import",
    "search",
]


class FactView(NamedTuple):
    """One current value: ``value`` is None where it is not known, or ``hidden`` from this officer.

    ``fact`` is the entry of the dictionary, with label, unit and codes; ``observation`` where it came from. A
    page makes hundreds, and a named tuple takes a third of the time of a data class.
    """

    fact: Fact
    value: Value
    hidden: bool
    source: str
    observed_on: date
    observation: int


@dataclass(frozen=True)
class RecordView:
    """One record of a table, such as an income line, with its facts in the order of the dictionary."""

    level: str
    key: str
    facts: tuple[FactView, ...]

    def value(self, name: str) -> Value:
        """The value of one of its facts; None where it has none."""
        return next((view.value for view in self.facts if view.fact.name == name), None)


@dataclass(frozen=True)
class MemberView:
    """One person of a household, with facts and records; ``ends_on`` is set for one who left."""

    person: Person
    starts_on: date
    ends_on: date | None
    facts: tuple[FactView, ...] = ()
    records: Mapping[str, tuple[RecordView, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class HouseholdView:
    """A household as an officer may see it."""

    household: Household
    area: Area
    version: PackageVersion
    policy: Policy
    sensitive: bool
    facts: tuple[FactView, ...]
    records: Mapping[str, tuple[RecordView, ...]]
    members: tuple[MemberView, ...]
    former_members: tuple[MemberView, ...]

    def fact(self, name: str) -> FactView | None:
        """One fact of the household; None where nothing was observed of it."""
        return next((view for view in self.facts if view.fact.name == name), None)


def household_in_scope(*, by: Officer, on: date, household_id: int) -> Household:
    """A household that the officer may see. Raises ``accounts.not-found``, ``accounts.not-permitted``."""
    scope = required_scope(by=by, permission=VIEW_HOUSEHOLD, on=on)
    found = _HOUSEHOLD.find(household=household_id)
    if found is None or not scope.covers(found.area_path):
        raise NOT_FOUND.error()
    return found


_HERE = Given("household", BigIntegerField())
_HOUSEHOLD = Asked(lambda: Household.objects.select_related("area").filter(pk=_HERE))
_MEMBERSHIPS = Asked(
    lambda: (
        Membership.objects.select_related("person")
        .filter(household_id=_HERE)
        .order_by("-person__is_head", "person__number")
    )
)
_FACTS = Asked(lambda: HouseholdFacts.objects.filter(household_id=_HERE))
_FACTS_OF_PEOPLE = Asked(lambda: PersonFacts.objects.filter(person__household_id=_HERE))
_ORIGINS = Asked(
    lambda: Observation.objects.filter(pk__among=GivenMany("pks", BigIntegerField())).defer(
        "facts", "records", "evidence"
    )
)
_RECENT = 20


def get_household(*, by: Officer, on: date, household_id: int) -> HouseholdView:
    """A household with people, current facts, their origin, and records; sensitive ones by role."""
    household = household_in_scope(by=by, on=on, household_id=household_id)
    sensitive = scope_of(by=by, permission=VIEW_SENSITIVE, on=on).covers(household.area_path)
    version, policy = dictionary_of(household.area_path, on)
    memberships = _MEMBERSHIPS.rows(household=household_id)
    own = _FACTS.find(household=household_id)
    of_people = {row.person_id: row for row in _FACTS_OF_PEOPLE.rows(household=household_id)}
    caches: list[CurrentFacts] = [*([own] if own else []), *of_people.values()]
    eyes = _Eyes(policy, sensitive, _origins(caches))
    members = [_member(row, of_people.get(row.person_id), eyes) for row in memberships]
    return HouseholdView(
        household=household,
        area=household.area,
        version=version,
        policy=policy,
        sensitive=sensitive,
        facts=eyes.facts(HOUSEHOLD, own),
        records=eyes.records(own),
        members=tuple(member for member in members if member.ends_on is None),
        former_members=tuple(member for member in members if member.ends_on is not None),
    )


def _member(row: Membership, cache: PersonFacts | None, eyes: _Eyes) -> MemberView:
    if row.ends_on is not None:
        return MemberView(row.person, row.starts_on, row.ends_on)
    return MemberView(row.person, row.starts_on, row.ends_on, eyes.facts(PERSON, cache), eyes.records(cache))


def _origins(caches: Iterable[CurrentFacts]) -> dict[int, Seen]:
    """The observations that current values came from, without their documents."""
    numbers: set[int] = set()
    for cache in caches:
        numbers.add(cache.observation_id)
        numbers.update(int(number) for number in cache.origins.values())
    if not numbers:
        return {}
    asked = sorted(numbers)
    rows = _ORIGINS.rows(pks=asked)
    return {row.pk: seen_of(row, documents=False)[1] for row in rows}


@dataclass(frozen=True)
class _Eyes:
    """What an officer sees of current values."""

    policy: Policy
    sensitive: bool
    origins: Mapping[int, Seen]

    def facts(self, level: str, cache: CurrentFacts | None) -> tuple[FactView, ...]:
        """The facts of a subject in the order of the dictionary."""
        if cache is None:
            return ()
        return self._views(level, cache.facts, cache, None)

    def records(self, cache: CurrentFacts | None) -> dict[str, tuple[RecordView, ...]]:
        """The records of a subject, level by level."""
        if cache is None:
            return {}
        return {
            level: tuple(
                RecordView(level, key, self._views(level, row, cache, records_origin(level)))
                for key, row in sorted(rows.items(), key=lambda item: (len(item[0]), item[0]))
            )
            for level, rows in cache.records.items()
            if level in self.policy.levels
        }

    def _views(
        self, level: str, document: Document, cache: CurrentFacts, origin: str | None
    ) -> tuple[FactView, ...]:
        known = self.policy.facts.get(level, {})
        return tuple(
            self._view(fact, document[name], cache.origins.get(origin or name, cache.observation_id))
            for name, fact in known.items()
            if name in document
        )

    def _view(self, fact: Fact, held: Json, observation: int) -> FactView:
        hidden = fact.sensitivity == "sensitive" and not self.sensitive
        seen = self.origins[int(observation)]
        source, day = seen.origin_of(fact.level, fact.name)
        return FactView(fact, None if hidden else read_value(fact, held), hidden, source, day, seen.id)


@dataclass(frozen=True)
class PastValue:
    """One value that a fact had, and whether it is the current one or was corrected."""

    value: Value
    hidden: bool
    source: str
    observed_on: date
    observation: int
    current: bool
    corrected_by: int | None


def history_of(
    *, by: Officer, on: date, household_id: int, person_id: int | None = None
) -> dict[str, tuple[PastValue, ...]]:
    """For each fact of a household, or of one of its people, every value it had, by day, the newest first."""
    household = household_in_scope(by=by, on=on, household_id=household_id)
    sensitive = scope_of(by=by, permission=VIEW_SENSITIVE, on=on).covers(household.area_path)
    _, policy = dictionary_of(household.area_path, on)
    level = HOUSEHOLD if person_id is None else PERSON
    subject = (level, household_id if person_id is None else person_id)
    seen = observations_of(households=[household_id]).get(subject, [])
    return {
        name: _past(fact, values_of(policy, level, name, seen), sensitive)
        for name, fact in policy.facts.get(level, {}).items()
        if any(name in one.facts for one in seen)
    }


def _past(fact: Fact, values: list[ValueAt], sensitive: bool) -> tuple[PastValue, ...]:
    hidden = fact.sensitivity == "sensitive" and not sensitive
    past = [
        PastValue(
            value=None if hidden else read_value(fact, value.value),
            hidden=hidden,
            source=value.source,
            observed_on=value.observed_on,
            observation=value.observation,
            current=place == 0,
            corrected_by=value.corrected_by,
        )
        for place, value in enumerate(values)
    ]
    return tuple(sorted(past, key=lambda one: (one.observed_on, one.observation), reverse=True))


def households_in(
    *, by: Officer, on: date, area: Area | None = None, closed: bool = False
) -> QuerySet[Household]:
    """The open households in an area and all within it, or wherever the officer may look."""
    scope = required_scope(by=by, permission=VIEW_HOUSEHOLD, on=on)
    rows = Household.objects.select_related("area").filter(scope.filter())
    if area is not None:
        within = range_of(area.path)
        rows = rows.filter(area_path__gte=within.low, area_path__lt=within.high)
    return rows if closed else rows.filter(closed_on__isnull=True)


def facts_of_area(*, by: Officer, on: date, area: Area) -> tuple[FactView, ...]:
    """The current facts of an area that the officer may see; all of them where a whole place is meant."""
    required_scope(by=by, permission=VIEW_HOUSEHOLD, on=on, path=area.path)
    cache = AreaFacts.objects.filter(area=area).first()
    if cache is None:
        return ()
    found = find_dictionary(area.path, on)
    if found is None:
        return ()
    return _Eyes(found[1], False, _origins([cache])).facts(AREA, cache)


def imports_in(*, by: Officer, on: date) -> QuerySet[RegisterImport]:
    """The imports of the places where the officer may see them, the newest first."""
    scope: Scope = required_scope(by=by, permission=VIEW_IMPORTS, on=on)
    rows = RegisterImport.objects.select_related("area", "requested_by", "version")
    return rows.filter(scope.filter()).order_by("-id")


_FINISHED_SINCE = Asked(
    lambda shape: (
        RegisterImport.objects.select_related("area", "requested_by", "version")
        .filter(given_scope(shape), finished_at__gte=Given("since", DateTimeField()))
        .defer("report", "version__files")
        .order_by("-id")[:_RECENT]
    )
)


def imports_since(*, by: Officer, on: date, since: datetime) -> list[RegisterImport]:
    """The newest few of :func:`imports_in` that were finished since, without their reports."""
    scope = required_scope(by=by, permission=VIEW_IMPORTS, on=on)
    return _FINISHED_SINCE.rows(scope.shape, **scope.bounds, since=since)


def places_to_import(*, by: Officer, on: date) -> list[tuple[str, str]]:
    """The places for which the officer may import: those of the grants and the ones below, by number."""
    scope = required_scope(by=by, permission=IMPORT_REGISTER, on=on)
    rows = Area.objects.filter(scope.filter("path"), closed_on__isnull=True)
    top = rows.aggregate(depth=Min("depth"))["depth"] or 0
    near = rows.filter(depth__lte=top + DEPTH_OFFERED).order_by("path")[:MOST_PLACES]
    return [
        (str(pk), f"{'　' * (depth - top)}{name} ({code})")
        for pk, depth, name, code in near.values_list("pk", "depth", "name", "code")
    ]


@dataclass(frozen=True)
class ObservationView:
    """One observation as an officer may see it: of whom, from where, its facts and records."""

    observation: Observation
    household: Household | None
    person: Person | None
    area: Area
    policy: Policy
    facts: tuple[FactView, ...]
    records: Mapping[str, tuple[RecordView, ...]]


def get_observation(*, by: Officer, on: date, observation_id: int) -> ObservationView:
    """One observation of a household in scope, one of its people, or a place."""
    scope = required_scope(by=by, permission=VIEW_HOUSEHOLD, on=on)
    rows = Observation.objects.select_related("household__area", "person", "area", "officer", "brought_by")
    lies = scope.filter("household__area_path") | scope.filter("area__path")
    row = rows.filter(lies, pk=observation_id).first()
    area = None if row is None else row.household.area if row.household else row.area
    if row is None or area is None:
        raise NOT_FOUND.error()
    subject, seen = seen_of(row)
    _, policy = dictionary_of(area.path, on)
    sensitive = scope_of(by=by, permission=VIEW_SENSITIVE, on=on).covers(area.path)
    eyes = _Eyes(policy, sensitive, {row.pk: seen})
    cache = HouseholdFacts(facts=row.facts, records=row.records, origins={}, observation_id=row.pk)
    return ObservationView(
        row, row.household, row.person, area, policy, eyes.facts(subject[0], cache), eyes.records(cache)
    )


def get_import(*, by: Officer, on: date, import_id: int) -> RegisterImport:
    """One import. Raises ``accounts.not-found``."""
    found = imports_in(by=by, on=on).filter(Q(pk=import_id)).first()
    if found is None:
        raise NOT_FOUND.error()
    return found
