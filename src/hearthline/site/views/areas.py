# SPDX-License-Identifier: Apache-2.0
"""Decides how an area answers: its page with the comparison of its parts, and the list of its households."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from hearthline.accounts.queries import required_scope, scope_of
from hearthline.accounts.requests import OfficerRequest
from hearthline.accounts.rules import VIEW_AREAS
from hearthline.accounts.views.files import noted
from hearthline.areas.models import Area
from hearthline.areas.queries import get_area_in, level_title, top_areas_at
from hearthline.policy.queries import policy_of
from hearthline.registry.queries import facts_of_area, households_in
from hearthline.registry.rules import OPEN_HOUSEHOLD, VIEW_HOUSEHOLD
from hearthline.runs.queries import find_active_run, results_in
from hearthline.runs.rules import SCREEN
from hearthline.runs.words import words_of
from hearthline.site import places
from hearthline.site.facts import fact_lines
from hearthline.site.listing import registered_table, screened_table
from hearthline.site.package_gap import PackageGap, package_gap
from hearthline.site.places import Child, Place, place_of, steps_to
from hearthline.ui.addresses import address_or_none
from hearthline.ui.tables import Column, Table
from hearthline.ui.tables.filters import Rows

CHILDREN = Table(
    name="places",
    caption=_("Places within, compared"),
    columns=(
        Column(
            key="name",
            label=_("Place"),
            sort="name",
            link=lambda row: row.href if isinstance(row, Child) else None,
        ),
        Column(key="code", label=_("Code"), on_page=False),
        Column(key="incidence", label=_("Incidence"), sort="incidence", show="share", first_down=True),
        Column(key="gap", label=_("Gap in points"), sort="gap", show="points", first_down=True),
        Column(key="poor_people", label=_("Poor people"), sort="poor_people", show="number", first_down=True),
        Column(key="people", label=_("People"), sort="people", show="number", first_down=True),
        Column(
            key="poor_households",
            label=_("Poor households"),
            sort="poor_households",
            show="number",
            first_down=True,
        ),
        Column(
            key="unknown_households",
            label=_("Households unknown"),
            sort="unknown_households",
            show="number",
            first_down=True,
        ),
        Column(
            key="households",
            label=pgettext_lazy("count", "Households"),
            sort="households",
            show="number",
            first_down=True,
        ),
    ),
    size=100,
    narrow="scroll",
)


@require_safe
def areas(request: OfficerRequest) -> HttpResponseBase:
    """The places where an officer begins: his own, at once where there is one."""
    scope = required_scope(by=request.user, permission=VIEW_AREAS, on=request.on)
    tops = top_areas_at(scope.lows)
    if len(tops) == 1:
        return redirect("site:area", pk=tops[0].pk)
    shown = [(area, level_title(area.level)) for area in tops]
    return render(request, "site/areas.html", {"areas": shown})


@require_safe
def area_page(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """One area with its figures; the comparison of its parts is also a file."""
    place = place_of(by=request.user, on=request.on, area_id=pk, language=get_language() or "")
    if CHILDREN.wants_file(request):
        return CHILDREN.file(request, place.children, audit=noted(request, "site", area=place.area))
    context = {
        "place": place,
        "trail": place.trail,
        "incidence": places.incidence_words(place.shown) if place.shown else "",
        "causes": places.causes_chart(place),
        "criteria": places.criteria_chart(place),
        "hidden_causes": places.hidden_causes(place),
        "hidden_criteria": places.hidden_criteria(place),
        "shares": places.status_shares(place),
        "children": CHILDREN.page(request, place.children) if place.children else None,
        "all_households": place.households(),
        "poor_households": place.households(status="1"),
        "unknown_households": place.households(status="2"),
        "facts": _facts(request, place),
        "run_href": address_or_none("runs:run", place.run.pk) if place.run else "",
        "screen_href": _screen(request, place),
        "open_href": _open(request, place),
        "gap": _gap_of(request, place.area) if place.run is None else None,
    }
    return render(request, "site/area.html", context)


@require_safe
def households(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """The households of an area, for those who may open them."""
    scope = required_scope(by=request.user, permission=VIEW_AREAS, on=request.on)
    found = get_area_in(pk, scope.covers)
    required_scope(by=request.user, permission=VIEW_HOUSEHOLD, on=request.on, path=found.path)
    run = find_active_run(found.path)
    rows: Rows
    if run:
        words = words_of(run, get_language() or "")
        table = screened_table(run, words)
        rows = results_in(by=request.user, on=request.on, run=run, area_path=found.path)
    else:
        table = registered_table()
        rows = households_in(by=request.user, on=request.on, area=found)
    if table.wants_file(request):
        return table.file(request, rows, audit=noted(request, "site", area=found))
    context = {
        "area": found,
        "run": run,
        "gap": _gap_of(request, found) if run is None else None,
        "trail": steps_to(found, scope, page=_("Households")),
        "table": table.page(request, rows),
    }
    return render(request, "site/households.html", context)


def _gap_of(request: OfficerRequest, area: Area) -> PackageGap | None:
    return package_gap(by=request.user, on=request.on, path=area.path)


def _open(request: OfficerRequest, place: Place) -> str:
    """Where a household is opened in a place of the lowest level, for those who may."""
    if place.area.level != settings.AREA_LEVELS[-1] or place.area.closed_on is not None:
        return ""
    scope = scope_of(by=request.user, permission=OPEN_HOUSEHOLD, on=request.on)
    return reverse("site:open-household", args=[place.area.pk]) if scope.covers(place.area.path) else ""


def _facts(request: OfficerRequest, place: Place) -> list[object]:
    """What is known of the area itself: its roads, its water."""
    if not scope_of(by=request.user, permission=VIEW_HOUSEHOLD, on=request.on).covers(place.area.path):
        return []
    if place.run is None:
        return []
    views = facts_of_area(by=request.user, on=request.on, area=place.area)
    return list(fact_lines(policy_of(place.run.version), views, get_language() or ""))


def _screen(request: OfficerRequest, place: Place) -> str:
    may = scope_of(by=request.user, permission=SCREEN, on=request.on).covers(place.area.path)
    address = address_or_none("runs:request") if may else ""
    return f"{address}?area={place.area.pk}" if address else ""
