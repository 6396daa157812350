# SPDX-License-Identifier: Apache-2.0
"""Decides what is said of an area: its figures, causes and criteria as charts, its parts with their gaps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.utils.translation import gettext, ngettext, pgettext

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import Scope, required_scope, scope_of
from hearthline.accounts.rules import VIEW_AREAS
from hearthline.areas.models import Area
from hearthline.areas.queries import children_of, get_area_in, level_title, trail_of
from hearthline.runs.models import Run
from hearthline.runs.queries import figures_of, figures_of_children, find_active_run
from hearthline.runs.rules import VIEW_HOUSEHOLDS
from hearthline.runs.words import RunWords, words_of
from hearthline.site.protection import Shown, shown
from hearthline.statistics.numerals import NONE
from hearthline.ui.addresses import address_or_none
from hearthline.ui.parts import Bar, Bars, Part, Shares, Step, Words
from hearthline.ui.wording import number, share

POINTS = 100
_MOST_BARS = 30


@dataclass(frozen=True)
class Child:
    """An area directly below, as one row of the comparison. ``gap`` is in points of the rate."""

    area_id: int
    code: str
    name: str
    households: int | None
    people: int | None
    poor_households: int | None
    poor_people: int | None
    unknown_households: int | None
    incidence: float | None
    gap: float | None

    @property
    def href(self) -> str:
        """Where the area opens."""
        return address_or_none("site:area", self.area_id)


@dataclass(frozen=True)
class Place:
    """An area as one officer may see it; ``run`` is None where nothing was screened."""

    area: Area
    level: str
    trail: Sequence[Step]
    run: Run | None
    words: RunWords | None
    shown: Shown | None
    children: Sequence[Child]
    parts: Sequence[Area]
    opens: bool
    """Whether the reader may open the households of this area."""

    def households(self, **filters: str) -> str:
        """The address of its list of households, narrowed; nothing where the reader may not open them."""
        if not self.opens:
            return ""
        query = f"?{urlencode(filters)}" if filters else ""
        return address_or_none("site:area-households", self.area.pk) + query


def place_of(*, by: Officer, on: date, area_id: int, language: str, with_children: bool = True) -> Place:
    """An area with the figures of the run that holds there. Raises ``areas.not-found``."""
    scope = required_scope(by=by, permission=VIEW_AREAS, on=on)
    area = get_area_in(area_id, scope.covers)
    run = find_active_run(area.path)
    opens = scope_of(by=by, permission=VIEW_HOUSEHOLDS, on=on).covers(area.path)
    figures = shown(figures_of(by=by, on=on, run=run, area=area), open_to_reader=opens) if run else None
    children: list[Child] = []
    parts: list[Area] = []
    if with_children and run and figures:
        below = figures_of_children(by=by, on=on, run=run, area=area)
        children = [
            _child(part, shown(found, open_to_reader=opens), figures.incidence) for part, found in below
        ]
    elif with_children:
        parts = children_of(area, scope.filter("path"))
    return Place(
        area=area,
        level=level_title(area.level),
        trail=steps_to(area, scope),
        run=run,
        words=words_of(run, language) if run else None,
        shown=figures,
        children=children,
        parts=parts,
        opens=opens,
    )


def steps_to(area: Area, scope: Scope, *, page: Words = "") -> list[Step]:
    """The way down to an area; places outside the reader's own are named and do not open.

    ``page`` names a page below the area: it stands last, and the area itself opens.
    """
    steps = [
        Step(step.name, address_or_none("site:area", step.pk) if scope.covers(step.path) else "")
        for step in trail_of(area)
    ]
    return [*steps, Step(page)] if page else steps


def _child(area: Area, figures: Shown, rate: float | None) -> Child:
    own = figures.incidence
    return Child(
        area_id=area.pk,
        code=area.code,
        name=area.name,
        households=figures.households,
        people=figures.people,
        poor_households=figures.poor_households,
        poor_people=figures.poor_people,
        unknown_households=figures.unknown_households,
        incidence=own,
        gap=None if own is None or rate is None else (own - rate) * POINTS,
    )


def households_words(count: int | None) -> str:
    """A number of households in words."""
    if count is None:
        return gettext("hidden")
    return ngettext("%(count)s household", "%(count)s households", count) % {"count": number(count)}


def causes_chart(place: Place) -> Bars | None:
    """Causes of poverty, the largest first; each opens the poor households that have it."""
    if not place.words or not place.shown:
        return None
    found = [
        Bar(
            place.words.causes[one.name],
            one.households,
            _of_poor(one.households, place.shown.poor_households),
            place.households(status="1", cause=one.name),
        )
        for one in place.shown.causes
        if one.households != 0
    ]
    return _bars(
        gettext("Poor households by cause"), found, gettext("Cause"), gettext("Poor households"), "poor"
    )


def criteria_chart(place: Place) -> Bars | None:
    """Criteria of the standard that are not met, and of how many households that is unknown."""
    if not place.words or not place.shown:
        return None
    found = [
        Bar(
            place.words.criteria[one.name],
            one.not_met_households,
            households_words(one.not_met_households),
            place.households(not_met=one.name),
            one.unknown_households or 0.0,
            _unknown_words(one.unknown_households),
        )
        for one in place.shown.criteria
        if one.name in place.words.deciding and (one.not_met_households, one.unknown_households) != (0, 0)
    ]
    return _bars(
        gettext("Households by criterion not met"),
        found,
        gettext("Criterion"),
        pgettext("count", "Households"),
        "second",
    )


def _bars(title: str, found: Iterable[Bar], label: str, value: str, style: str) -> Bars:
    shown = [bar for bar in found if bar.value is not None]
    return Bars(title, sorted(shown, key=lambda bar: -(bar.value or 0.0))[:_MOST_BARS], label, value, style)


def hidden_causes(place: Place) -> str:
    """The causes whose number is hidden from the reader."""
    if not place.words or not place.shown:
        return ""
    return _joined(place.words.causes[one.name] for one in place.shown.causes if one.households is None)


def hidden_criteria(place: Place) -> str:
    """The criteria of the standard whose number of households not met is hidden from the reader."""
    if not place.words or not place.shown:
        return ""
    return _joined(
        place.words.criteria[one.name]
        for one in place.shown.criteria
        if one.not_met_households is None and one.name in place.words.deciding
    )


def _joined(words: Iterable[str]) -> str:
    return gettext("; ").join(words)


def _of_poor(count: int | None, poor: int | None) -> str:
    if count is None:
        return gettext("hidden")
    return f"{number(count)} ({share(count / poor)})" if poor else number(count)


def _unknown_words(count: int | None) -> str:
    if count == 0:
        return ""
    if count is None:
        return gettext("unknown: hidden")
    return gettext("unknown: %(count)s") % {"count": number(count)}


def status_shares(place: Place) -> Shares | None:
    """The people of an area by status; None where a part is hidden or there is nobody."""
    figures = place.shown
    if figures is None or not figures.people:
        return None
    poor, unknown, rest = figures.poor_people, figures.unknown_people, figures.not_poor_people
    if poor is None or unknown is None or rest is None:
        return None
    parts = [
        Part(gettext("Poor"), poor, "poor", href=place.households(status="1")),
        Part(gettext("Not poor"), rest, "rest", href=place.households(status="0")),
        Part(gettext("Unknown"), unknown, "doubt", href=place.households(status="2")),
    ]
    return Shares(gettext("People by status"), parts, gettext("Status"), gettext("People"))


def incidence_words(figures: Shown) -> str:
    """The rate as a page says it: exact, as the least it can be, or hidden."""
    if figures.incidence is not None:
        return share(figures.incidence)
    if figures.least_incidence is not None:
        return f"≥ {share(figures.least_incidence)}"
    return NONE
