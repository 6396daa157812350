# SPDX-License-Identifier: Apache-2.0
"""Decides how the services and queries of runs and of pages are called, and what each needs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from hearthline.accounts.rules import (
    VIEW_AREAS,
)
from hearthline.registry.rules import (
    OBSERVE,
)
from hearthline.runs import comparing, simulations
from hearthline.runs import queries as runs
from hearthline.runs import services as runs_services
from hearthline.runs.comparing import Change
from hearthline.runs.explaining import explanation_of
from hearthline.runs.rules import SCREEN, SIMULATE, VIEW_FIGURES, VIEW_HOUSEHOLDS
from hearthline.runs.services.simulating import Asked
from hearthline.site import effects, households, observations, places, writing
from tests.service.security.call import (
    HOUSEHOLD,
    LONG_AGO,
    RUN_REACH,
    SCREENED,
    TODAY,
    Call,
    in_list,
    is_everywhere,
)

RUNS: Mapping[str, Call] = {
    "runs_in": Call(
        needs=(VIEW_FIGURES,),
        reach=RUN_REACH,
        do=lambda by, to, world: runs.runs_in(by=by, on=TODAY()),
        lists=lambda given, to: in_list(given, to.run),
    ),
    "runs_since": Call(
        needs=(VIEW_FIGURES,),
        reach=RUN_REACH,
        do=lambda by, to, world: runs.runs_since(by=by, on=TODAY(), since=LONG_AGO),
        lists=lambda given, to: in_list(given, to.run),
    ),
    "runs_with_totals": Call(
        needs=(VIEW_FIGURES,),
        reach=RUN_REACH,
        do=lambda by, to, world: runs.runs_with_totals(by=by, on=TODAY()),
        lists=lambda given, to: in_list(given, to.run),
    ),
    "get_run": Call(
        needs=(VIEW_FIGURES,),
        reach=RUN_REACH,
        do=lambda by, to, world: runs.get_run(by=by, on=TODAY(), run_id=to.run.pk),
    ),
    "get_run_in_full": Call(
        needs=(VIEW_HOUSEHOLDS, VIEW_FIGURES),
        do=lambda by, to, world: runs.get_run_in_full(by=by, on=TODAY(), run_id=to.run.pk),
    ),
    "figures_of": Call(
        needs=(VIEW_FIGURES,),
        do=lambda by, to, world: runs.figures_of(by=by, on=TODAY(), run=world.county.run, area=to.area),
    ),
    "figures_of_children": Call(
        needs=(VIEW_FIGURES,),
        do=lambda by, to, world: runs.figures_of_children(
            by=by, on=TODAY(), run=world.county.run, area=to.area
        ),
    ),
    "results_in": Call(
        needs=(VIEW_HOUSEHOLDS,),
        where=SCREENED,
        do=lambda by, to, world: runs.results_in(
            by=by, on=TODAY(), run=world.county.run, area_path=to.area.path
        ),
        lists=lambda given, to: to.household.pk in [row.household_id for row in given],  # type: ignore[attr-defined]  # it gives rows of results
    ),
    "household_result": Call(
        needs=(VIEW_HOUSEHOLDS,),
        where=SCREENED,
        do=lambda by, to, world: runs.household_result(
            by=by, on=TODAY(), run=world.county.run, household_id=to.household.pk
        ),
    ),
    "find_result": Call(
        needs=(VIEW_HOUSEHOLDS,),
        where=SCREENED,
        do=lambda by, to, world: runs.find_result(
            by=by, on=TODAY(), run=world.county.run, household=to.household
        ),
        lists=lambda given, to: given is not None,
    ),
    "find_household_result": Call(
        needs=(VIEW_HOUSEHOLDS,),
        where=SCREENED,
        do=lambda by, to, world: runs.find_household_result(
            by=by, on=TODAY(), household_id=to.household.pk, path=to.household.area_path
        ),
        lists=lambda given, to: given is not None,
    ),
    "results_of_household": Call(
        needs=(VIEW_HOUSEHOLDS,),
        where=SCREENED,
        do=lambda by, to, world: runs.results_of_household(by=by, on=TODAY(), household_id=to.household.pk),
        lists=lambda given, to: bool(list(given)),  # type: ignore[call-overload]  # a queryset
    ),
    "compare_runs": Call(
        needs=(VIEW_HOUSEHOLDS,),
        do=lambda by, to, world: comparing.compare_runs(
            by=by, on=TODAY(), before=world.county.run, after=to.run, area_path=to.area.path
        ),
    ),
    "compare_areas": Call(
        needs=(VIEW_HOUSEHOLDS,),
        do=lambda by, to, world: comparing.compare_areas(
            by=by, on=TODAY(), before=world.county.run, after=to.run, area=to.area
        ),
    ),
    "changed_households": Call(
        needs=(VIEW_HOUSEHOLDS,),
        where=SCREENED,
        do=lambda by, to, world: comparing.changed_households(
            by=by, on=TODAY(), before=world.county.run, after=world.county.run, change=Change.SAME
        ),
        lists=lambda given, to: to.household.pk in [row.household_id for row in given],  # type: ignore[attr-defined]  # it gives rows of results
    ),
    "explanation_of": Call(
        needs=(VIEW_HOUSEHOLDS,),
        where=SCREENED,
        do=lambda by, to, world: explanation_of(
            by=by, on=TODAY(), run=world.county.run, household_id=to.household.pk, language="en"
        ),
    ),
    "request_screening": Call(
        needs=(SCREEN,),
        do=lambda by, to, world: runs_services.request_screening(
            by=by, on=TODAY(), area=to.area, screening_date=date(2017, 12, 31)
        ),
    ),
    "request_simulation": Call(
        needs=(SIMULATE,),
        do=lambda by, to, world: runs_services.request_simulation(
            by=by, on=TODAY(), run_id=to.run.pk, asked=Asked(settings=("poverty_line=3000",))
        ),
    ),
    "simulations_in": Call(
        needs=(SIMULATE,),
        do=lambda by, to, world: simulations.simulations_in(by=by, on=TODAY()),
        lists=lambda given, to: in_list(given, to.simulation),
    ),
    "get_simulation": Call(
        needs=(SIMULATE,),
        do=lambda by, to, world: simulations.get_simulation(
            by=by, on=TODAY(), simulation_id=to.simulation.pk
        ),
    ),
    "run_to_simulate": Call(
        needs=(SIMULATE,),
        do=lambda by, to, world: simulations.run_to_simulate(by=by, on=TODAY(), run_id=to.run.pk),
    ),
    "simulated_households": Call(
        needs=(VIEW_HOUSEHOLDS,),
        do=lambda by, to, world: simulations.simulated_households(
            by=by, on=TODAY(), simulation=to.simulation, change="entered"
        ),
        lists=lambda given, to: to.household.pk in [row.household_id for row in given],  # type: ignore[attr-defined]  # it gives rows of simulations
    ),
    "forget_run": Call(
        needs=(SCREEN,),
        where=frozenset({"own", "sibling", "other"}),
        do=lambda by, to, world: runs_services.forget_run(
            by=by, on=TODAY(), run_id=0 if to.place == "parent" and is_everywhere(by) else to.run.pk
        ),
    ),
}
SITE: Mapping[str, Call] = {
    "place_of": Call(
        needs=(VIEW_AREAS,),
        do=lambda by, to, world: places.place_of(by=by, on=TODAY(), area_id=to.area.pk, language="en"),
    ),
    "look_at_observation": Call(
        needs=HOUSEHOLD,
        do=lambda by, to, world: observations.look_at_observation(
            by=by, on=TODAY(), pk=to.observation.pk, language="en"
        ),
    ),
    "told_effects": Call(
        needs=HOUSEHOLD,
        do=lambda by, to, world: effects.told_effects(
            by=by, on=TODAY(), household_id=to.household.pk, observation_id=to.observation.pk, language="en"
        ),
    ),
    "household_to_write": Call(
        needs=(OBSERVE,),
        do=lambda by, to, world: writing.household_to_write(
            by=by, on=TODAY(), household_id=to.household.pk, permission=OBSERVE
        ),
    ),
    "look": Call(
        needs=HOUSEHOLD,
        do=lambda by, to, world: households.look(
            by=by, on=TODAY(), household_id=to.household.pk, language="en"
        ),
    ),
}
