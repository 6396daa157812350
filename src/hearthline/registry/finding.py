# SPDX-License-Identifier: Apache-2.0
"""Decides how a household is found: by the beginning of a name, pinyin, initials, number or village, or by
the whole national ID. Every search is a range of an index, scoped in SQL and limited.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Q

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import Scope, required_scope
from hearthline.areas.models import Area
from hearthline.areas.rules import range_of
from hearthline.base.sealing import keys_of
from hearthline.registry.identities import id_index, normal_id
from hearthline.registry.models import Household, Person
from hearthline.registry.names import has_chinese, typed
from hearthline.registry.rules import VIEW_HOUSEHOLD

MOST_FOUND = 50
SHORTEST_ID = 15
LAST = "\U0010ffff"
"""Sorts after every other character."""

KINDS = ("name", "pinyin", "initials", "national_id", "household_number", "village")


@dataclass(frozen=True)
class Found:
    """One household found, and what led to it; ``person`` is set where a person matched."""

    kind: str
    household_id: int
    household_number: str
    head_name: str
    members: int
    closed: bool
    area_id: int
    area_name: str
    area_path: str
    person_id: int | None = None
    person_name: str = ""


def prefix(field: str, text: str) -> Q:
    """All values that begin with ``text``, as a range: an index by code point serves it on any database."""
    return Q(**{f"{field}__gte": text, f"{field}__lt": text + LAST})


def search(
    *, by: Officer, on: date, text: str, kind: str | None = None, limit: int = MOST_FOUND
) -> list[Found]:
    """Households in scope that fit ``text``; without a ``kind`` every kind that the text may be is tried."""
    scope = required_scope(by=by, permission=VIEW_HOUSEHOLD, on=on)
    text = text.strip()
    found: list[Found] = []
    seen: set[tuple[int, int | None]] = set()
    for tried in kinds_of(text) if kind is None else [kind]:
        for one in _found(scope, tried, text, min(limit, MOST_FOUND) - len(found)):
            if (one.household_id, one.person_id) not in seen:
                seen.add((one.household_id, one.person_id))
                found.append(one)
        if len(found) >= limit:
            break
    return found


def kinds_of(text: str) -> list[str]:
    """What a text that someone typed may be, the likeliest first."""
    if not text:
        return []
    if has_chinese(text):
        return ["name", "village"]
    plain = normal_id(text)
    if len(plain) >= SHORTEST_ID and sum(letter.isdigit() for letter in plain) >= SHORTEST_ID - 1:
        return ["national_id", "household_number"]
    if any(letter.isdigit() for letter in text):
        return ["household_number"]
    return ["pinyin", "initials", "household_number", "name", "village"]


def _found(scope: Scope, kind: str, text: str, limit: int) -> list[Found]:
    if limit <= 0 or not text:
        return []
    if kind == "household_number":
        return _households(scope, kind, prefix("number", text), "number", limit)
    if kind == "village":
        return _in_villages(scope, text, limit)
    if kind == "national_id":
        wanted = id_index(keys_of(settings.KEY_FILE), text)
        return _people(scope, kind, Q(id_index=wanted) & ~Q(id_index=""), "id", limit)
    if kind in ("pinyin", "initials"):
        plain = typed(text)
        return _people(scope, kind, prefix(kind, plain), kind, limit) if plain else []
    return _people(scope, kind, prefix("name", text), "name", limit)


def _people(scope: Scope, kind: str, condition: Q, order: str, limit: int) -> list[Found]:
    rows = (
        Person.objects.filter(scope.filter(), condition, closed_on__isnull=True)
        .order_by(order)
        .values_list(
            "household_id",
            "household__number",
            "household__head_name",
            "household__members",
            "household__closed_on",
            "household__area_id",
            "household__area__name",
            "household__area_path",
            "id",
            "name",
        )[:limit]
    )
    return [
        Found(kind, pk, number, head, members, closed is not None, area, place, path, person, name)
        for pk, number, head, members, closed, area, place, path, person, name in rows
    ]


def _households(scope: Scope, kind: str, condition: Q, order: str, limit: int) -> list[Found]:
    rows = (
        Household.objects.filter(scope.filter(), condition)
        .order_by(order)
        .values_list(
            "id", "number", "head_name", "members", "closed_on", "area_id", "area__name", "area_path"
        )[:limit]
    )
    return [
        Found(kind, pk, number, head, members, closed is not None, area, place, path)
        for pk, number, head, members, closed, area, place, path in rows
    ]


def _in_villages(scope: Scope, text: str, limit: int) -> list[Found]:
    villages = Area.objects.filter(scope.filter("path"), prefix("name", text), closed_on__isnull=True)
    found: list[Found] = []
    for path in villages.order_by("name").values_list("path", flat=True)[:limit]:
        within = range_of(path)
        lies = Q(area_path__gte=within.low, area_path__lt=within.high, closed_on__isnull=True)
        found += _households(scope, "village", lies, "number", limit - len(found))
        if len(found) >= limit:
            break
    return found
