# SPDX-License-Identifier: Apache-2.0
"""Decides how an observation is written down: checked against the dictionary in force, and never edited."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import NOT_FOUND, required_scope
from hearthline.areas.models import Area
from hearthline.audit.services import record
from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON, Policy
from hearthline.registry.dictionary import dictionary_of
from hearthline.registry.documents import (
    Document,
    canonical,
    checked_facts,
    checked_records,
    digest_of,
    next_key,
)
from hearthline.registry.models import HouseholdFacts, Observation, Person, PersonFacts
from hearthline.registry.problems import (
    FUTURE,
    NO_MEMBER,
    NO_RECORD,
    NOT_CORRECTABLE,
    NOTHING_OBSERVED,
    UNKNOWN_SOURCE,
)
from hearthline.registry.rules import OBSERVE
from hearthline.registry.services.caches import refresh_areas, refresh_households
from hearthline.registry.services.households import household_to_change

GivenFacts = Mapping[str, object]
GivenRecords = Mapping[str, Mapping[str, GivenFacts]]


@dataclass(frozen=True)
class LinesChanged:
    """What changes in the records of one level: new ones, and the keys of those that hold no more."""

    added: Sequence[GivenFacts] = ()
    left_out: Collection[str] = ()


def observe(
    *,
    by: Officer,
    on: date,
    household_id: int,
    source: str,
    facts: GivenFacts,
    records: GivenRecords | None = None,
    lines: Mapping[str, LinesChanged] | None = None,
    person_id: int | None = None,
    observed_on: date | None = None,
    evidence: str = "",
    corrects: int | None = None,
    version: int | None = None,
) -> Observation:
    """Write down what was seen or declared of a household, or of one of its people.

    ``records`` takes the place of all that was known of its levels; ``lines`` adds to that and leaves out.
    ``corrects`` is the observation whose facts are corrected; ``version`` the version of the household that
    the officer saw. Raises ``registry.bad-value`` and the others of a faulty document, ``registry.stale``.
    """
    required_scope(by=by, permission=OBSERVE, on=on)
    with transaction.atomic():
        household = household_to_change(by=by, on=on, household_id=household_id, version=version)
        if person_id is not None and not Person.objects.filter(pk=person_id, household=household).exists():
            raise NO_MEMBER.error()
        row = _checked(
            Observation(household=household, person_id=person_id),
            by=by,
            on=on,
            policy=dictionary_of(household.area_path, on)[1],
            level=HOUSEHOLD if person_id is None else PERSON,
            source=source,
            facts=facts,
            records=records or {},
            lines=lines or {},
            observed_on=observed_on or on,
        )
        row.evidence = evidence[:300]
        row.corrects_id = _corrected(row, corrects)
        row.save()
        refresh_households(dictionary_of(household.area_path, on)[1], [household.pk])
        _trace(row, by, on, "household", household.pk, household.area_path)
    return row


def observe_area(
    *,
    by: Officer,
    on: date,
    area_id: int,
    source: str,
    facts: GivenFacts,
    observed_on: date | None = None,
    evidence: str = "",
    corrects: int | None = None,
) -> Observation:
    """Write down what is true of a place, such as a hard road to the village."""
    scope = required_scope(by=by, permission=OBSERVE, on=on)
    with transaction.atomic():
        area = Area.objects.select_for_update().filter(scope.filter("path"), pk=area_id).first()
        if area is None:
            raise NOT_FOUND.error()
        policy = dictionary_of(area.path, on)[1]
        row = _checked(
            Observation(area=area),
            by=by,
            on=on,
            policy=policy,
            level=AREA,
            source=source,
            facts=facts,
            records={},
            observed_on=observed_on or on,
        )
        row.evidence = evidence[:300]
        row.corrects_id = _corrected(row, corrects)
        row.save()
        refresh_areas(policy, [area.pk])
        _trace(row, by, on, "area", area.pk, area.path)
    return row


def _checked(
    row: Observation,
    *,
    by: Officer,
    on: date,
    policy: Policy,
    level: str,
    source: str,
    facts: GivenFacts,
    records: GivenRecords,
    observed_on: date,
    lines: Mapping[str, LinesChanged] | None = None,
) -> Observation:
    if not facts and not records and not lines:
        raise NOTHING_OBSERVED.error()
    if observed_on > on:
        raise FUTURE.error(observed_on=observed_on)
    if source not in policy.sources:
        raise UNKNOWN_SOURCE.error(source=source, sources=", ".join(policy.sources))
    row.facts = checked_facts(policy, level, facts, source=source)
    row.records = checked_records(policy, level, records, source=source)
    for name, changed in (lines or {}).items():
        row.records[name] = _changed(row, policy, level, name, changed, source)
    row.digest = digest_of(canonical(row.facts), canonical(row.records))
    row.source, row.observed_on, row.recorded_at, row.officer = source, observed_on, timezone.now(), by
    return row


def _changed(
    row: Observation, policy: Policy, owner: str, level: str, changed: LinesChanged, source: str
) -> dict[str, Document]:
    """The records of a level that hold now: those known before without the ones left out, and the new ones.

    What is taken over was checked when it was written, and may be of another source than this one.
    """
    cache = (
        PersonFacts.objects.filter(person=row.person_id).first()
        if row.person_id is not None
        else HouseholdFacts.objects.filter(household=row.household_id).first()
    )
    known = cache.records.get(level, {}) if cache else {}
    missing = sorted(set(changed.left_out) - known.keys())
    if missing:
        raise NO_RECORD.error(level=level, key=missing[0])
    keys, new = set(known), {}
    for line in changed.added:
        key = next_key(keys)
        keys.add(key)
        new[key] = line
    kept = {key: facts for key, facts in known.items() if key not in set(changed.left_out)}
    return dict(sorted((kept | checked_records(policy, owner, {level: new}, source=source)[level]).items()))


def _corrected(row: Observation, corrects: int | None) -> int | None:
    """The observation that ``row`` corrects: of the same subject, and saying something of every fact."""
    if corrects is None:
        return None
    first = next(iter(row.facts), "its records")
    wrong = Observation.objects.filter(pk=corrects).first()
    if wrong is None or row.records or _subject(wrong) != _subject(row):
        raise NOT_CORRECTABLE.error(fact=first)
    for name in row.facts:
        if name not in wrong.facts:
            raise NOT_CORRECTABLE.error(fact=name)
    return wrong.pk


def _subject(row: Observation) -> tuple[int | None, ...]:
    return row.household_id, row.person_id, row.area_id


def _trace(row: Observation, by: Officer, on: date, subject: str, subject_id: int, path: str) -> None:
    record(
        by=by,
        on=on,
        action="registry.correct" if row.corrects_id else "registry.observe",
        subject=subject,
        subject_id=subject_id,
        area_path=path,
        facts={
            "observation": row.pk,
            "person": row.person_id,
            "facts": sorted(row.facts),
            "records": sorted(row.records),
            "source": row.source,
            "observed_on": row.observed_on.isoformat(),
        },
    )
