# SPDX-License-Identifier: Apache-2.0
"""Decides how it is settled which of two people a national ID belongs to: the wrong one is put right.

Nobody is merged: that two rows are one person is a leaving of one of them, which can be undone. What stood
before is sealed and replaced for good, so the reason is asked for, and the trace says who did it.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import F

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import NOT_FOUND, required_scope
from hearthline.audit.services import record
from hearthline.base.sealing import keys_of
from hearthline.registry.dictionary import dictionary_of
from hearthline.registry.identities import Sealer, opened
from hearthline.registry.models import Household, Identity, Person, Replaced
from hearthline.registry.national_ids import checked_national_id, demand_sealed_alone
from hearthline.registry.problems import CORRECTION_NEEDS_REASON, ERASED, SAME_VALUE
from hearthline.registry.rules import CORRECT_IDENTITY, LEAST_REASON
from hearthline.registry.services.sending import sent_once


def correct_identity(
    *, by: Officer, on: date, person_id: int, national_id: str, reason: str, token: str = ""
) -> int:
    """Give a person another national ID, or none where it is not known; the number of the person.

    An import that is undone later brings back names, and never the number that was wrong. Raises
    ``registry.national-id-check``, ``registry.number-holds-national-id``, ``registry.same-value``,
    ``registry.identity-erased``.
    """
    scope = required_scope(by=by, permission=CORRECT_IDENTITY, on=on)
    path = Person.objects.filter(scope.filter(), pk=person_id).values_list("area_path", flat=True).first()
    if path is None:
        raise NOT_FOUND.error()
    right = checked_national_id(national_id, on=on, jurisdiction=dictionary_of(path, on)[1].jurisdiction)
    if len(reason.strip()) < LEAST_REASON:
        raise CORRECTION_NEEDS_REASON.error(least=LEAST_REASON)

    def write() -> dict[str, int]:
        with transaction.atomic():
            person = Person.objects.select_for_update().filter(scope.filter(), pk=person_id).first()
            if person is None:
                raise NOT_FOUND.error()
            demand_sealed_alone(right, person.number, person.name)
            _resealed(person, right)
            Household.objects.filter(pk=person.household_id).update(version=F("version") + 1)
            record(
                by=by,
                on=on,
                action="registry.correct_identity",
                subject="person",
                subject_id=person.pk,
                area_path=person.area_path,
                facts={
                    "field": "national_id",
                    "reason": reason.strip()[:300],
                    "household": person.household_id,
                    "known": bool(right),
                },
            )
        return {"person": person_id}

    contents = ["identity", person_id, right, reason.strip()]
    return sent_once(by=by, token=token, contents=contents, do=write)["person"]


def _resealed(person: Person, national_id: str) -> None:
    """Seal a person anew with another national ID; phone and account stay."""
    keys = keys_of(settings.KEY_FILE)
    identity = Identity.objects.filter(person=person).first()
    fields: dict[str, str] = {}
    if identity is not None:
        if identity.erased_at is not None:
            raise ERASED.error(on=identity.erased_at.date())
        fields = opened(keys, person.number, bytes(identity.wrapped_key), bytes(identity.sealed))
    if fields.get("national_id", "") == national_id:
        raise SAME_VALUE.error(fact="national_id")
    sealed = Sealer(keys).seal(person.number, fields | {"national_id": national_id})
    values = {"wrapped_key": sealed.wrapped_key, "sealed": sealed.sealed, "digest": sealed.digest}
    Identity.objects.update_or_create(person=person, defaults=values)
    Person.objects.filter(pk=person.pk).update(id_index=sealed.id_index)
    Replaced.objects.filter(person=person).update(**values, id_index=sealed.id_index)
