# SPDX-License-Identifier: Apache-2.0
"""Decides how simulations are found within an officer's places, and what is shown to whom of their figures.

Who may open households sees every figure. The others see totals alone, rounded to tens; a group of ten or
fewer is not told, nor is anything from which it could be worked out: no place, cause, group or exact cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import required_scope
from hearthline.areas.models import Area
from hearthline.areas.rules import range_of
from hearthline.runs.models import Run, SimulatedHousehold, Simulation
from hearthline.runs.problems import NO_RUN, NO_SIMULATION
from hearthline.runs.rules import SIMULATE, VIEW_HOUSEHOLDS

SMALL = 10
"""A group of so many households, or fewer, is not told to those who may open none."""


def simulations_in(*, by: Officer, on: date) -> QuerySet[Simulation]:
    """The simulations of runs within the officer's places, the newest first."""
    scope = required_scope(by=by, permission=SIMULATE, on=on)
    rows = Simulation.objects.filter(scope.filter()).select_related("run", "area", "version", "asked_by")
    return rows.defer("version__files", "answer").order_by("-id")


def get_simulation(*, by: Officer, on: date, simulation_id: int) -> Simulation:
    """One simulation. Raises ``runs.no-simulation``."""
    found = simulations_in(by=by, on=on).filter(pk=simulation_id).first()
    if found is None:
        raise NO_SIMULATION.error(simulation=simulation_id)
    return found


def run_to_simulate(*, by: Officer, on: date, run_id: int) -> Run:
    """A loaded run that lies whole within the officer's places. Raises ``runs.no-run``."""
    scope = required_scope(by=by, permission=SIMULATE, on=on)
    rows = Run.objects.filter(scope.filter(), pk=run_id, loaded=True)
    run = rows.select_related("version", "area", "snapshot").first()
    if run is None:
        raise NO_RUN.error(run=run_id)
    return run


def places_told(simulation: Simulation) -> dict[str, int]:
    """The numbers of the places by which a simulation counts, by their codes."""
    codes = list(simulation.answer.get("area_names", {}))
    return dict(Area.objects.filter(code__in=codes).values_list("code", "pk"))


def simulated_households(
    *,
    by: Officer,
    on: date,
    simulation: Simulation,
    change: str,
    area: Area | None = None,
    rule: str | None = None,
) -> QuerySet[SimulatedHousehold]:
    """The households with one change, of the officer's places: of an area, or those that a rule makes differ.

    An empty ``rule`` names those of whom the standard itself makes the difference.
    """
    scope = required_scope(by=by, permission=VIEW_HOUSEHOLDS, on=on)
    rows = SimulatedHousehold.objects.filter(scope.filter(), simulation=simulation, change=change)
    if area is not None:
        part = range_of(area.path)
        rows = rows.filter(area_path__gte=part.low, area_path__lt=part.high)
    if rule is not None:
        among = Q(rules=rule)
        if rule:
            among |= Q(rules__startswith=f"{rule},") | Q(rules__endswith=f",{rule}")
            among |= Q(rules__contains=f",{rule},")
        rows = rows.filter(among)
    return rows.select_related("household", "household__area").order_by("area_path", "household_id")


@dataclass(frozen=True)
class Told:
    """A count as an officer may see it; None is hidden."""

    households: int | None
    people: float | None


def told(count: Mapping[str, object], *, whole: bool) -> Told:
    """Households and people of a group: as they are, or rounded to tens and hidden where few."""
    households, people = int(str(count["households"])), float(str(count.get("people", 0)))
    if whole:
        return Told(households, people)
    if households <= SMALL:
        return Told(None, None)
    return Told(round(households, -1), round(people, -1))


def told_amount(amount: float, households: int, *, whole: bool) -> float | None:
    """An amount of money: as it is, or to two figures where few could be told from its digits."""
    if whole:
        return amount
    return None if households <= SMALL else float(f"{amount:.2g}")
