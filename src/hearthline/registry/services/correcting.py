# SPDX-License-Identifier: Apache-2.0
"""Decides how a wrong value is put right: by another observation with its reason; both stay."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import NOT_FOUND, required_scope
from hearthline.registry.dictionary import dictionary_of
from hearthline.registry.documents import document_value
from hearthline.registry.models import Observation
from hearthline.registry.observed import seen_of
from hearthline.registry.problems import (
    CORRECTED_ALREADY,
    CORRECTION_NEEDS_REASON,
    NOT_CORRECTABLE,
    SAME_VALUE,
)
from hearthline.registry.rules import LEAST_REASON, OBSERVE
from hearthline.registry.services.observing import observe
from hearthline.registry.services.sending import sent_once


def correct_value(
    *,
    by: Officer,
    on: date,
    observation_id: int,
    fact: str,
    value: object,
    reason: str,
    version: int | None = None,
    token: str = "",
) -> int:
    """Correct one value of an observation; the number of the correction.

    It is of the same source and day as what it corrects, so that it neither overrules what went before it
    nor gives way to what it overruled. Raises ``registry.corrected-already``, ``registry.same-value``,
    ``registry.correction-needs-reason`` and what ``observe`` raises.
    """
    scope = required_scope(by=by, permission=OBSERVE, on=on)
    lies = scope.filter("household__area_path")
    rows = Observation.objects.select_related("household").filter(lies, household__isnull=False)
    wrong = rows.filter(pk=observation_id).first()
    if wrong is None or wrong.household is None:
        raise NOT_FOUND.error()
    household = wrong.household
    if len(reason.strip()) < LEAST_REASON:
        raise CORRECTION_NEEDS_REASON.error(least=LEAST_REASON)
    (level, _number), seen = seen_of(wrong)
    known = dictionary_of(household.area_path, on)[1].facts.get(level, {}).get(fact)
    if fact not in wrong.facts or known is None:
        raise NOT_CORRECTABLE.error(fact=fact)
    if document_value(known, value) == wrong.facts[fact]:
        raise SAME_VALUE.error(fact=fact)

    def write() -> dict[str, int]:
        with transaction.atomic():
            done = observe(
                by=by,
                on=on,
                household_id=household.pk,
                person_id=wrong.person_id,
                source=seen.source_of(level, fact),
                facts={fact: value},
                observed_on=min(seen.day_of(level, fact), on),
                evidence=reason.strip(),
                corrects=wrong.pk,
                version=version,
            )
            # the household is locked by now: who came second sees the correction of who came first
            others = Observation.objects.filter(household=household.pk, corrects=wrong).exclude(pk=done.pk)
            if any(fact in other.facts for other in others):
                raise CORRECTED_ALREADY.error(fact=fact)
        return {"observation": done.pk}

    contents = ["correct", observation_id, fact, str(value), reason.strip()]
    return sent_once(by=by, token=token, contents=contents, do=write)["observation"]
