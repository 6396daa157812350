# SPDX-License-Identifier: Apache-2.0
"""Decides what may be read of the places: one place, its trail, what lies within it, its names.

This app stands below accounts, so it does not ask who reads: the caller passes ``where``, the places in
his scope as ``Scope.filter("path")`` gives them. Out of scope is not found.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date

from django.conf import settings
from django.db.models import BigIntegerField, CharField, Q, QuerySet

from hearthline.areas.models import Area, AreaName
from hearthline.areas.rules import LEVEL_TITLES, LEVELS, paths_above, range_of
from hearthline.asking import Asked, Given, GivenMany
from hearthline.base.problems import Kind, declare

NOT_FOUND = declare(
    "areas.not-found",
    Kind.NOT_FOUND,
    "there is no place {place} that your account may see.",
    "Check the code, or go down to it from the place above.",
)
EVERYWHERE = Q()
"""No bound of scope: for the command line of the machine itself, and for code that has checked before."""


def levels() -> tuple[str, ...]:
    """The levels of places of this service, from the top down."""
    return tuple(getattr(settings, "AREA_LEVELS", LEVELS))


def level_title(level: str) -> str:
    """How a page names a level, in the language of the reader."""
    return str(LEVEL_TITLES.get(level, level))


def get_area(area_id: int, where: Q) -> Area:
    """One place in scope. Raises ``areas.not-found``."""
    area = Area.objects.filter(where, pk=area_id).first()
    if area is None:
        raise NOT_FOUND.error(place=area_id)
    return area


_BY_NUMBER = Asked(lambda: Area.objects.filter(pk=Given("pk", BigIntegerField())))


def get_area_in(area_id: int, holds: Callable[[str], bool]) -> Area:
    """One place whose path ``holds`` says is in scope. Raises ``areas.not-found``."""
    area = _BY_NUMBER.find(pk=area_id)
    if area is None or not holds(area.path):
        raise NOT_FOUND.error(place=area_id)
    return area


def find_area_by_code(code: str, where: Q = EVERYWHERE) -> Area | None:
    """The open place with this code, if there is one in scope."""
    return Area.objects.filter(where, code=code, closed_on__isnull=True).first()


def area_by_code(code: str, where: Q = EVERYWHERE) -> Area:
    """The open place with this code. Raises ``areas.not-found``."""
    area = find_area_by_code(code, where)
    if area is None:
        raise NOT_FOUND.error(place=code)
    return area


def areas_by_code(codes: Collection[str], where: Q = EVERYWHERE) -> dict[str, Area]:
    """The open places with these codes, by code; a code without a place in scope is left out."""
    return {area.code: area for area in Area.objects.filter(where, code__in=codes, closed_on__isnull=True)}


def top_areas(where: Q) -> list[Area]:
    """The places of a scope that lie in no other place of it: where a reader begins."""
    found: list[Area] = []
    for area in Area.objects.filter(where, closed_on__isnull=True).order_by("depth", "path")[:1000]:
        if not any(range_of(upper.path).holds(area.path) for upper in found):
            found.append(area)
    return found


def top_areas_at(lows: Collection[str] | None) -> list[Area]:
    """The same for the paths at which a scope begins; None is the whole tree."""
    if lows is None:
        return _ROOTS.rows()
    outer = [path for path in lows if not any(range_of(low).holds(path) for low in lows if low != path)]
    found: list[Area] = []
    for area in areas_at(outer):
        part = range_of(area.path)
        # of a place that was closed, those within it that are open still
        found += [area] if area.closed_on is None else top_areas(Q(path__gte=part.low, path__lt=part.high))
    return found


_ROOTS = Asked(lambda: Area.objects.filter(parent__isnull=True, closed_on__isnull=True).order_by("path"))


def children_of(area: Area | None, where: Q = EVERYWHERE) -> list[Area]:
    """The open places directly below a place (below none: the top), by code."""
    if area is not None and not where:
        return _CHILDREN.rows(parent=area.pk)
    return list(Area.objects.filter(where, parent=area, closed_on__isnull=True).order_by("code"))


_CHILDREN = Asked(
    lambda: Area.objects.filter(
        parent_id=Given("parent", BigIntegerField()), closed_on__isnull=True
    ).order_by("code")
)


def trail_of(area: Area) -> list[Area]:
    """From the top down to the place itself."""
    return areas_at(paths_above(area.path))


def areas_at(paths: Collection[str]) -> list[Area]:
    """The places of these paths, the highest first."""
    return _AT_PATHS.rows(paths=paths)


def one_of_paths(field: str = "path") -> Q:
    """The rows at one of the ``paths`` given, in a query that is built once."""
    return Q(**{f"{field}__among": GivenMany("paths", CharField())})


_AT_PATHS = Asked(lambda: Area.objects.filter(one_of_paths()).order_by("depth", "path"))
_OF_LEVEL = Asked(
    lambda: Area.objects.filter(one_of_paths(), level=Given("level", CharField())).values_list("path")
)
_NAMES_AT_PATHS = Asked(lambda: Area.objects.filter(one_of_paths()).values_list("path", "name"))


def ways_of(paths: Iterable[str], steps: int) -> dict[str, list[str]]:
    """The names of the last ``steps`` places on the way down to each place, itself included, by path."""
    ways = {path: paths_above(path)[-steps:] for path in set(paths)}
    names = dict(_NAMES_AT_PATHS.rows(paths={step for way in ways.values() for step in way}))
    return {path: [names[step] for step in way if step in names] for path, way in ways.items()}


def places_within(path: str) -> QuerySet[Area]:
    """The place of ``path`` and all that lies within it, closed ones too, by path."""
    part = range_of(path)
    return Area.objects.filter(path__gte=part.low, path__lt=part.high).order_by("path")


def count_within(path: str) -> int:
    """How many open places lie within a place, itself not counted."""
    return places_within(path).filter(path__gt=path, closed_on__isnull=True).count()


def names_of(area: Area) -> list[AreaName]:
    """Every name and code a place had, the oldest first."""
    return list(AreaName.objects.filter(area=area).order_by("pk"))


def name_on(area: Area, on: date) -> str:
    """What a place was called on a day; before its first dated name, by its first."""
    names = names_of(area)
    for known in reversed(names):
        if known.valid_from is None or known.valid_from <= on:
            return known.name
    return names[0].name if names else area.name


def chains_of(paths: Collection[str]) -> dict[str, str]:
    """The path of the county that each path lies in; empty above a county. The audit chains by it."""
    steps = {step for path in paths for step in paths_above(path)}
    found = _OF_LEVEL.rows(level=settings.COUNTY_LEVEL, paths=steps)
    counties = {path for (path,) in found}
    return {
        path: next((step for step in reversed(paths_above(path)) if step in counties), "") for path in paths
    }
