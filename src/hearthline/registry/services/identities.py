# SPDX-License-Identifier: Apache-2.0
"""Decides when a sealed or sensitive value of a person is opened, and how identity is erased for good."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import NOT_FOUND, required_scope, scope_of
from hearthline.audit.services import record
from hearthline.base.sealing import keys_of
from hearthline.engine.rules.policy import PERSON
from hearthline.registry.dictionary import dictionary_of
from hearthline.registry.documents import read_value
from hearthline.registry.identities import opened
from hearthline.registry.models import Household, Identity, Person, PersonFacts
from hearthline.registry.problems import ERASED, NO_SUCH_FIELD, REASON_NEEDED
from hearthline.registry.rules import (
    ERASE_IDENTITY,
    LEAST_REASON,
    OPEN_SENSITIVE,
    SEALED_FIELDS,
    VIEW_SENSITIVE,
)
from hearthline.registry.services.replacing import forget_replaced


def open_sensitive(*, by: Officer, on: date, person_id: int, field: str, reason: str = "") -> str:
    """One sealed field or sensitive fact of a person as text; empty where it is not known.

    Officers on duty need no reason, all others do; every opening leaves a trace with it.
    """
    scope = required_scope(by=by, permission=OPEN_SENSITIVE, on=on)
    person = Person.objects.filter(scope.filter(), pk=person_id).first()
    if person is None:
        raise NOT_FOUND.error()
    on_duty = scope_of(by=by, permission=VIEW_SENSITIVE, on=on).covers(person.area_path)
    if not on_duty and len(reason.strip()) < LEAST_REASON:
        raise REASON_NEEDED.error(least=LEAST_REASON)
    with transaction.atomic():
        value = _sealed(person, field) if field in SEALED_FIELDS else _fact(person, field, on)
        record(
            by=by,
            on=on,
            action="registry.open_sensitive",
            subject="person",
            subject_id=person.pk,
            area_path=person.area_path,
            facts={
                "field": field,
                "reason": reason.strip()[:300],
                "on_duty": on_duty,
                "household": person.household_id,
            },
        )
    return value


def _sealed(person: Person, field: str) -> str:
    identity = Identity.objects.filter(person=person).first()
    if identity is None:
        return ""
    if identity.erased_at is not None:
        raise ERASED.error(on=identity.erased_at.date())
    fields = opened(
        keys_of(settings.KEY_FILE), person.number, bytes(identity.wrapped_key), bytes(identity.sealed)
    )
    return fields.get(field, "")


def _fact(person: Person, field: str, on: date) -> str:
    fact = dictionary_of(person.area_path, on)[1].facts.get(PERSON, {}).get(field)
    if fact is None:
        raise NO_SUCH_FIELD.error(field=field, fields=", ".join(SEALED_FIELDS))
    cache = PersonFacts.objects.filter(person=person).first()
    value = read_value(fact, cache.facts.get(field)) if cache else None
    return "" if value is None else str(value)


def erase_identity(*, by: Officer, on: date, person_id: int, reason: str) -> None:
    """Destroy what identifies a person: the key, the sealed text, the name and its index. For good.

    What was observed of the person stays, under a number that leads to nobody.
    """
    scope = required_scope(by=by, permission=ERASE_IDENTITY, on=on)
    if len(reason.strip()) < LEAST_REASON:
        raise REASON_NEEDED.error(least=LEAST_REASON)
    with transaction.atomic():
        person = Person.objects.select_for_update().filter(scope.filter(), pk=person_id).first()
        if person is None:
            raise NOT_FOUND.error()
        Identity.objects.filter(person=person).update(
            wrapped_key=b"", sealed=b"", digest="", erased_at=timezone.now()
        )
        Person.objects.filter(pk=person.pk).update(name="", pinyin="", initials="", id_index="")
        forget_replaced(person)
        if person.is_head:
            Household.objects.filter(pk=person.household_id).update(head_name="")
        record(
            by=by,
            on=on,
            action="registry.erase_identity",
            subject="person",
            subject_id=person.pk,
            area_path=person.area_path,
            facts={"reason": reason.strip()[:300]},
        )
