# SPDX-License-Identifier: Apache-2.0
"""Decides how a simulation is written for programs: JSON whole, CSV as its list of households."""

from __future__ import annotations

import csv
import io
import json

from hearthline.simulation.figure_formats import amount, error_shares
from hearthline.simulation.measures import Cost, Errors, cliff_height
from hearthline.simulation.what_if import Simulation
from hearthline.statistics.difference_formats import difference_document
from hearthline.statistics.differences import Count
from hearthline.statistics.formats import filed

SIDES = ("before", "after")


def csv_of_simulation(simulation: Simulation) -> str:
    """The households that differ, one criterion that changed a line, with the changed rules behind it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["change", "household", "area", "before", "after", "criterion", "was", "is", "rules"])
    for row in simulation.difference.households:
        rules = " ".join(simulation.rules_of.get(row.later_id or 0, ()))
        parts = [(part.criterion, part.before, part.after) for part in row.criteria] or [("", "", "")]
        start = [row.change.value, row.later_id, row.area or "", row.before, row.after]
        writer.writerows([*start, *part, rules] for part in parts)
    return out.getvalue()


def json_of_simulation(simulation: Simulation) -> str:
    """Everything, for another program; amounts are texts, exact."""
    return json.dumps(document(simulation), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def document(simulation: Simulation) -> dict[str, object]:
    """A simulation as JSON holds it."""
    return {
        "settings": [vars(setting) for setting in simulation.changed.settings],
        "changed": [vars(origin) for origin in simulation.origins],
        "rules_worked_out": sorted(simulation.dependence.affected),
        **difference_document(simulation.difference),
        "causes": [
            {"change": change.value, "cause": name, **_count(count)}
            for (change, name), count in simulation.causes.items()
        ],
        "benefits": [benefit.text for benefit in simulation.benefits],
        "costs": [
            {"group": group.keys, "side": side, **_cost(simulation, cost)}
            for (group, side), cost in simulation.costs.items()
        ],
        "cliff": {side: _cliff(simulation, side) for side in SIDES if simulation.bands},
        "warnings": [
            {"kind": each.kind, "side": each.side, "share": filed(each.share), "over": each.over}
            for each in simulation.warned
        ],
        "reference": simulation.reference,
        "errors": {side: _errors(errors) for side, errors in simulation.errors.items()},
        "curve": _curve(simulation),
    }


def _count(count: Count) -> dict[str, object]:
    return {"households": count.households, "people": filed(count.people)}


def _cost(simulation: Simulation, cost: Cost) -> dict[str, object]:
    return {
        "households": cost.households,
        "people": filed(cost.people),
        "exact": str(amount(simulation, cost.exact)),
        "weighted": filed(cost.weighted / 10**simulation.changed.policy.minor_digits),
        "unknown": cost.unknown,
    }


def _cliff(simulation: Simulation, side: str) -> dict[str, object]:
    scale = 10**simulation.changed.policy.minor_digits
    bands = simulation.bands[side]
    height = cliff_height(bands)
    found = simulation.reversals[side]
    return {
        "bands": [
            {
                "place": band.place,
                "households": band.households,
                "people": filed(band.people),
                "benefit_per_person": None if band.benefit is None else filed(band.benefit / scale),
            }
            for band in bands
        ],
        "height": None if height is None else filed(height / scale),
        "reversals": {**vars(found), "share": None if found.share is None else filed(found.share)},
    }


def _errors(errors: Errors) -> dict[str, object]:
    inclusion, exclusion = error_shares(errors)
    counts = {name: _count(count) for name, count in vars(errors).items()}
    return counts | {"inclusion_share": filed(inclusion), "exclusion_share": filed(exclusion)}


def _curve(simulation: Simulation) -> dict[str, object] | None:
    if simulation.curve is None:
        return None
    points = [
        {
            "value": str(point.value),
            "households": point.households,
            "people": filed(point.people),
            "unknown": point.unknown,
            "cost": None if point.cost is None else str(amount(simulation, point.cost)),
        }
        for point in simulation.points
    ]
    return {"parameter": simulation.curve.parameter, "points": points}
