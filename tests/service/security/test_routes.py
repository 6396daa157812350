# SPDX-License-Identifier: Apache-2.0
"""Decides what every address answers: route x method x role x station x place x format, by its entry.

Out of scope is "not found", in the very bytes of an address of nothing; a role without the permission is
refused; who is not signed in is led to the sign-in page; and a refusal writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest

from hearthline.accounts.models import Officer
from hearthline.accounts.rules import Role
from tests.service.conftest import Visitor
from tests.service.security.entries import ROUTES, Route
from tests.service.security.visiting import TRAIL, Answer, address_of, ask, routes
from tests.service.security.world import PLACES, STATIONS, World

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
PART = {"HX-Request": "true"}
MISSING = "missing"
ANSWERED = frozenset({200, 204, 302, 400})
LEAST_CELLS = 3_000


@dataclass(frozen=True)
class Cell:
    """One request by one officer."""

    name: str
    method: str
    place: str
    form: str = ""
    """csv, xlsx, json, or part: as htmx asks for a part of a page."""

    @property
    def route(self) -> Route:
        """The entry of the address."""
        return ROUTES[self.name]


def cells(station: str) -> Iterator[Cell]:
    """Every request that an officer of a station makes."""
    for name in sorted(ROUTES):
        route = ROUTES[name]
        places = ((*PLACES, MISSING) if station == "township" else PLACES) if _is_placed(route) else ("",)
        for place in places:
            whole = station == "township" and place in ("", "own")
            for method in METHODS if whole else ("GET", "POST"):
                yield Cell(name, method, place)
            for form in _forms(route, station, place):
                yield from (Cell(name, "GET", place, f"{prefix}{form}") for prefix in route.lists or ("",))


def _forms(route: Route, station: str, place: str) -> tuple[str, ...]:
    """The formats that are asked for: all of a list, and elsewhere where they could make a difference."""
    if station != "township":
        return ()
    if route.lists:
        return ("csv", "xlsx", "json", "part") if place in ("", "own", "other") else ("csv",)
    return ("csv", "part") if place == "other" else ("part",) if place in ("", "own") else ()


def _is_placed(route: Route) -> bool:
    return route.placed or route.names_place


def made(cell: Cell, world: World, visitor: Visitor) -> tuple[Answer, Mapping[str, object]]:
    """The answer to a cell, and the numbers it asked for."""
    route, site = cell.route, world.sites.get(cell.place)
    fixed = route.number(site, world) if route.number else {}
    query = dict(route.query(site, world)) if route.query else {}
    body = route.body(site, world) if route.body and cell.method == "POST" else None
    prefix, form = (cell.form[:2], cell.form[2:]) if cell.form[1:2] == "_" else ("", cell.form)
    headers = PART if form == "part" else {}
    if form and form != "part":
        query[f"{prefix}format"] = form
    answer = ask(visitor, cell.method, address_of(cell.name, fixed), query=query, body=body, headers=headers)
    return answer, {**fixed, **query}


def is_hidden(cell: Cell, role: Role, station: str) -> bool:
    """Whether an officer must not learn that the thing of a place is there."""
    route = cell.route
    if not route.placed or cell.method not in route.methods:
        return False
    return role not in route.needs[0].roles or not route.within(role, station, cell.place)


def fault_of(cell: Cell, answer: Answer, role: Role, station: str) -> str:
    """What is wrong with an answer; empty where it is right."""
    route = cell.route
    if cell.method not in route.methods:
        return "" if answer.status == 405 and not answer.wrote else "is not refused as a method"
    expected = route.expected(role, station, cell.place)
    if expected is not None:
        wrote = answer.wrote if cell.place in route.where else answer.wrote - TRAIL
        return "" if answer.status == expected and not wrote else f"expected {expected} and nothing written"
    if answer.status not in ANSWERED and not (cell.form and answer.status == 400):
        return "is not answered"
    if cell.method != "POST" and answer.wrote - TRAIL:
        return "reading writes"
    if cell.method == "POST" and route.body:
        inside = not route.names_place or route.within(role, station, cell.place)
        if cell.name == "registry:new-import" and station == "everywhere":
            return ""  # the upload offers the first two levels of one's places, and these lie below them
        if bool(answer.wrote - TRAIL) is not inside and cell.name not in WRITES_NO_TABLE:
            return "names a place outside and is done" if not inside else "should be done"
        if not inside and answer.status not in (200, 400, 404):
            return "names a place outside and is not refused"
        if inside and answer.status not in (200, 302):
            return "should be done"
    return ""


WRITES_NO_TABLE = frozenset({"site:sealed", "registry:new-import"})
"""Their result is a trace, or a file that waits."""


@pytest.mark.parametrize("station", STATIONS)
@pytest.mark.parametrize("role", list(Role))
def test_every_address_by_role_and_place(world: World, role: Role, station: str) -> None:
    visitor = Visitor(raise_request_exception=False)
    visitor.force_login(world.officer(station, role))
    faults: list[str] = []
    nothing: dict[tuple[str, str, str], tuple[Answer, Mapping[str, object]]] = {}
    for cell in sorted(cells(station), key=lambda cell: cell.place != MISSING):
        answer, asked = made(cell, world, visitor)
        fault = fault_of(cell, answer, role, station)
        if fault:
            faults.append(
                f"{answer.asked} in {cell.place or '-'}: {answer.status} {fault} {sorted(answer.wrote)}"
            )
        key = (cell.name, cell.method, cell.form)
        if cell.place == MISSING:
            nothing[key] = answer, asked
        elif key in nothing and is_hidden(cell, role, station) and not answer.same_as(*nothing[key], asked):
            faults.append(f"{answer.asked} in {cell.place}: tells it from what does not exist")
    assert not faults, f"{role} of {station}, {len(faults)} cells:\n" + "\n".join(faults)


@pytest.mark.parametrize("who", ["signed out", "closed account"])
def test_who_is_not_signed_in_reaches_the_door_only(world: World, who: str) -> None:
    visitor = Visitor(raise_request_exception=False)
    if who == "closed account":
        visitor.force_login(Officer.objects.get(pk=world.shut))
        Officer.objects.filter(pk=world.shut).update(is_active=False)
    faults = []
    for cell in cells("township"):
        answer, _asked = made(cell, world, visitor)
        if cell.route.door:
            continue
        led = answer.location.startswith("/account/sign-in/")
        refused = answer.status in (302, 204) and led and not answer.content
        if answer.wrote or not (refused or answer.status == 403):
            faults.append(f"{answer.asked} in {cell.place or '-'}: {answer.status} {answer.location}")
    assert not faults, f"{len(faults)} cells:\n" + "\n".join(faults)


def test_a_role_that_has_ended_opens_nothing(world: World) -> None:
    visitor = Visitor(raise_request_exception=False)
    visitor.force_login(Officer.objects.get(pk=world.ended))
    faults = []
    for cell in cells("township"):
        answer, _asked = made(cell, world, visitor)
        if cell.method in cell.route.methods and cell.route.needs and (answer.status != 403 or answer.wrote):
            faults.append(f"{answer.asked} in {cell.place or '-'}: {answer.status} {sorted(answer.wrote)}")
    assert not faults, f"{len(faults)} cells:\n" + "\n".join(faults)


def test_nothing_is_sent_without_the_token_of_the_form(world: World) -> None:
    visitor = Visitor(enforce_csrf_checks=True, raise_request_exception=False)
    visitor.force_login(world.officer("everywhere", Role.ADMINISTRATOR))
    faults = []
    for name, route in ROUTES.items():
        if "POST" in route.methods:
            answer, _asked = made(Cell(name, "POST", "own"), world, visitor)
            if answer.status != 403 or answer.wrote:
                faults.append(f"{answer.asked}: {answer.status}")
    assert not faults, "\n".join(faults)


def test_every_address_has_its_entry() -> None:
    known = set(routes())
    assert known - set(ROUTES) == set(), "routes without an entry in tests/service/security/entries.py"
    assert set(ROUTES) - known == set(), "entries without a route"
    counted = sum(1 for station in STATIONS for _cell in cells(station)) * len(Role)
    counted += 3 * sum(1 for _cell in cells("township"))
    print(f"addresses: {counted} cells of route x method x role x place x format")
    assert counted >= LEAST_CELLS
