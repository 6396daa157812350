# SPDX-License-Identifier: Apache-2.0
"""Decides how the first page and the search answer."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from hearthline.accounts.queries import scope_of
from hearthline.accounts.requests import OfficerRequest
from hearthline.accounts.rules import VIEW_AREAS
from hearthline.areas.queries import ways_of
from hearthline.registry.finding import MOST_FOUND, Found
from hearthline.registry.rules import VIEW_HOUSEHOLD
from hearthline.registry.services import search_register
from hearthline.site import places
from hearthline.site.front import front_of
from hearthline.site.package_gap import package_gap
from hearthline.site.search import STEPS_TOLD, places_named
from hearthline.ui.addresses import address_or_none

LONGEST_SEARCH = 100
KINDS = {
    "name": _("People by name"),
    "pinyin": _("People by pinyin"),
    "initials": _("People by the initials of their pinyin"),
    "national_id": _("The person with this ID"),
    "household_number": _("Households by number"),
    "village": _("Households of the village"),
}


@require_safe
def home(request: OfficerRequest) -> HttpResponseBase:
    """The five questions, answered with what this service knows."""
    front = front_of(by=request.user, on=request.on, language=get_language() or "")
    place = front.place
    context: dict[str, object] = {"front": front, "place": place}
    if place and place.run is None:
        context["gap"] = package_gap(by=request.user, on=request.on, path=place.area.path)
    if place and place.shown:
        context |= {
            "incidence": places.incidence_words(place.shown),
            "all_households": place.households(),
            "poor_households": place.households(status="1"),
            "unknown_households": place.households(status="2"),
            "causes": places.causes_chart(place),
            "hidden_causes": places.hidden_causes(place),
            "policy_href": address_or_none("policy:version", place.run.version_id) if place.run else "",
            "run_href": address_or_none("runs:run", place.run.pk) if place.run else "",
        }
    return render(request, "site/home.html", context)


@require_safe
def search(request: OfficerRequest) -> HttpResponseBase:
    """Households, people and places that fit what was typed; the words themselves are not kept."""
    text = request.GET.get("text", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    around = scope_of(by=request.user, permission=VIEW_AREAS, on=request.on)
    may_find = not scope_of(by=request.user, permission=VIEW_HOUSEHOLD, on=request.on).empty
    found = search_register(by=request.user, on=request.on, text=text) if text and may_find else []
    context = {
        "text": text,
        "may_find": may_find,
        "places": places_named(text, around) if text else [],
        "groups": _grouped(found),
        "more": len(found) >= MOST_FOUND,
        "nothing": bool(text) and not found,
    }
    return render(request, "site/search.html", context)


@dataclass(frozen=True)
class _Shown:
    """One thing that was found, in words: a page holds fifty, so that its template only writes them."""

    name: str
    href: str
    notes: str


def _grouped(found: list[Found]) -> list[tuple[object, list[_Shown]]]:
    """What was found by kind, each with the way to its village."""
    ways = ways_of((one.area_path for one in found), STEPS_TOLD)
    order = {kind: place for place, kind in enumerate(KINDS)}
    sorted_ones = sorted(found, key=lambda one: order.get(one.kind, len(order)))
    within, closed = gettext("in the household of %(head)s"), gettext("closed")

    def shown(one: Found) -> _Shown:
        notes = [one.household_number, " › ".join(ways[one.area_path])]
        if one.person_name and one.person_name != one.head_name:
            notes.insert(0, within % {"head": one.head_name})
        if one.closed:
            notes.append(closed)
        name = one.person_name or one.head_name or one.household_number
        return _Shown(name, address_or_none("site:household", one.household_id), " · ".join(notes))

    return [
        (KINDS.get(kind, kind), [shown(one) for one in group])
        for kind, group in groupby(sorted_ones, key=lambda one: one.kind)
    ]
