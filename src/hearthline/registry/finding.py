# SPDX-License-Identifier: Apache-2.0
"""Decides how a household is found: by the beginning of a name, pinyin, initials, number or village, or by
the whole national ID. Every search is a range of an index, scoped in SQL and limited.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any  # Any: columns of several types

from django.conf import settings
from django.db.models import CharField, Q, QuerySet

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import Scope, given_scope, required_scope
from hearthline.areas.models import Area
from hearthline.areas.rules import range_of
from hearthline.asking import Asked, Given
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
        rows = _NUMBERS.rows(scope.shape, **scope.bounds, **_beginning(text))[:limit]
        return _found_households(kind, rows)
    if kind == "village":
        return _in_villages(scope, text, limit)
    if kind == "national_id":
        wanted = id_index(keys_of(settings.KEY_FILE), text)
        return _people(scope, kind, {"id_index": wanted}, limit)
    if kind in ("pinyin", "initials"):
        plain = typed(text)
        return _people(scope, kind, _beginning(plain), limit) if plain else []
    return _people(scope, kind, _beginning(text), limit)


def _people(scope: Scope, kind: str, wanted: dict[str, str], limit: int) -> list[Found]:
    rows = _PEOPLE.rows(kind, scope.shape, **scope.bounds, **wanted)[:limit]
    return [
        Found(kind, pk, number, head, members, closed is not None, area, place, path, person, name)
        for pk, number, head, members, closed, area, place, path, person, name in rows
    ]


def _first_people(kind: str, shape: int | None) -> QuerySet[Person]:
    rows = Person.objects.filter(given_scope(shape), _like(kind), closed_on__isnull=True)
    return rows.order_by(_order(kind))[:MOST_FOUND]


def _order(kind: str) -> str:
    return "id" if kind == "national_id" else kind


_PEOPLE = Asked(  # the few are chosen before their households are looked up: a county has thousands of Li
    lambda kind, shape: (
        Person.objects.filter(pk__in=_first_people(kind, shape).values("pk"))
        .order_by(_order(kind))
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
        )[:MOST_FOUND]
    )
)


def _like(kind: str) -> Q:
    if kind == "national_id":
        return Q(id_index=Given("id_index", CharField())) & ~Q(id_index="")
    return Q(**{f"{kind}__gte": Given("begin", CharField()), f"{kind}__lt": Given("end", CharField())})


def _beginning(text: str) -> dict[str, str]:
    return {"begin": text, "end": text + LAST}


_COLUMNS = ("id", "number", "head_name", "members", "closed_on", "area_id", "area__name", "area_path")
_NUMBERS = Asked(
    lambda shape: (
        Household.objects.filter(given_scope(shape), _like("number"))
        .order_by("number")
        .values_list(*_COLUMNS)[:MOST_FOUND]
    )
)


def _found_households(kind: str, rows: Iterable[tuple[Any, ...]]) -> list[Found]:
    return [
        Found(kind, pk, number, head, members, closed is not None, area, place, path)
        for pk, number, head, members, closed, area, place, path in rows
    ]


_VILLAGES = Asked(
    lambda shape: (
        Area.objects.filter(given_scope(shape, "path"), _like("name"), closed_on__isnull=True)
        .order_by("name")
        .values_list("path")[:MOST_FOUND]
    )
)


def _in_villages(scope: Scope, text: str, limit: int) -> list[Found]:
    found: list[Found] = []
    for (path,) in _VILLAGES.rows(scope.shape, **scope.bounds, **_beginning(text))[:limit]:
        within = range_of(path)
        lies = Q(area_path__gte=within.low, area_path__lt=within.high, closed_on__isnull=True)
        rows = Household.objects.filter(scope.filter(), lies).order_by("number").values_list(*_COLUMNS)
        found += _found_households("village", rows[: limit - len(found)])
        if len(found) >= limit:
            break
    return found
