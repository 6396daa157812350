# SPDX-License-Identifier: Apache-2.0
"""Decides what every service and query answers: function x role x station x place, by its entry.

Out of scope is "not found", a role without the permission is refused, and a refusal writes nothing.
"""

from __future__ import annotations

import pytest
from django.db import connection

from hearthline.accounts.models import Officer
from hearthline.accounts.rules import Role
from hearthline.base.problems import HearthlineError, Kind
from tests.service.security.call import Call
from tests.service.security.calls import CALLS, UNSCOPED, WITHOUT_OFFICER, found_calls
from tests.service.security.visiting import Writes, undone
from tests.service.security.world import PLACES, STATIONS, Site, World

LEAST_CELLS = 3_000
Found = tuple[str, bool | None, set[str]]
NOT_PERMITTED = "accounts.not-permitted"


def outcome(call: Call, by: Officer, site: Site, world: World) -> Found:
    """What came of a call, whether a list holds the thing of the site, and the tables written."""
    writes, listed = Writes(), None
    with undone(), connection.execute_wrapper(writes):
        try:
            given = call.do(by, site, world)
            listed = call.lists(given, site) if call.lists else None
            said = "done"
        except HearthlineError as error:
            said = error.code
            if error.code == NOT_PERMITTED:
                said = "not permitted"
            elif error.problem.kind is Kind.NOT_FOUND or (call.hides and error.problem.kind is Kind.REFUSED):
                said = "not found"
    return said, listed, writes.tables


def fault_of(
    call: Call, role: Role, station: str, place: str, found: tuple[str, bool | None, set[str]]
) -> str:
    """What is wrong with an outcome; empty where it is right."""
    said, listed, wrote = found
    expected = call.expected(role, station, place)
    if said != expected:
        return f"{said}, not {expected}"
    if said != "done" and wrote:
        return f"refused, and has written {sorted(wrote)}"
    if listed is not None and listed is not call.within(station, place):
        return "lists what lies outside" if listed else "does not list what lies inside"
    return ""


@pytest.mark.parametrize("station", STATIONS)
@pytest.mark.parametrize("role", list(Role))
def test_every_service_by_role_and_place(world: World, role: Role, station: str) -> None:
    by = world.officer(station, role)
    faults = []
    for name, call in CALLS.items():
        for place in PLACES:
            found = outcome(call, by, world.sites[place], world)
            fault = fault_of(call, role, station, place, found)
            if fault:
                faults.append(f"{name} in {place}: {fault}")
    assert not faults, f"{role} of {station}, {len(faults)} cells:\n" + "\n".join(faults)


@pytest.mark.parametrize("who", ["ended", "shut"])
def test_who_holds_no_role_any_more_is_refused_by_every_service(world: World, who: str) -> None:
    by = Officer.objects.get(pk=getattr(world, who))
    if who == "shut":
        by.is_active = False
    faults = []
    for name, call in CALLS.items():
        said, listed, wrote = outcome(call, by, world.sites["own"], world)
        if call.needs and (said not in ("not permitted", "not found") or wrote or listed):
            faults.append(f"{name}: {said} {sorted(wrote)}")
    assert not faults, "\n".join(faults)


def test_every_service_and_query_has_its_entry() -> None:
    takes, others = found_calls()
    assert takes - set(CALLS) - set(UNSCOPED) == set(), "without an entry in tests/service/security/calls.py"
    assert (set(CALLS) | set(UNSCOPED)) - takes == set(), "entries of nothing"
    assert others - set(WITHOUT_OFFICER) == set(), "services without an officer and without a word on why"
    assert set(WITHOUT_OFFICER) - others == set(), "words on nothing"
    cells = len(CALLS) * len(PLACES) * len(STATIONS) * len(Role) + 2 * len(CALLS)
    print(f"services: {cells} cells of function x role x place")
    assert cells >= LEAST_CELLS
