# SPDX-License-Identifier: Apache-2.0
"""Decides whether a package is one whose households can be generated, and refuses the others by name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pyarrow as pa

from hearthline.engine.rules.policy import Fact, Policy
from hearthline.engine.rules.types import Kind
from hearthline.engine.snapshots.schema import encoded_type
from hearthline.synthetic.draws import MOST_SEED
from hearthline.synthetic.layout import MOST_HOUSEHOLDS
from hearthline.synthetic.problems import BAD_SEED, BAD_SIZE, BAD_YEAR, NO_GENERATOR, OTHER_DICTIONARY
from hearthline.synthetic.register import FIRST_YEAR
from hearthline.synthetic.thresholds import CN

OWNERS = {
    "person": "household",
    "income_line": "household",
    "measure": "household",
    "visit": "household",
    "department_record": "household",
    "claim": "person",
}
"""The levels that are generated, each with the level its rows belong to."""

_SCALES = {
    "house_area": 2,
    "relocation_area": 2,
    "water_litres": 1,
    "distance_to_main_road": 1,
    "distance_to_market": 1,
    "cultivated_land": 2,
    "irrigated_land": 2,
    "forest_land": 2,
    "orchard_land": 2,
    "grain_for_green_land": 2,
    "grassland": 2,
    "water_surface": 2,
    "quantity": 2,
}
_MINOR_DIGITS = 2


def screening_day(
    policy: Policy, households: int, seed: int, year: int, first_year: int = FIRST_YEAR
) -> date:
    """The last day of the year, for which the county is made; refuses what cannot be generated."""
    if CN not in policy.layers:
        raise NO_GENERATOR.error(policy=policy.id, known=CN)
    if not 1 <= households <= MOST_HOUSEHOLDS:
        raise BAD_SIZE.error(households=households, most=MOST_HOUSEHOLDS)
    if not 0 <= seed <= MOST_SEED:
        raise BAD_SEED.error(seed=seed, most=MOST_SEED)
    first = max(first_year, policy.start.year)
    last = policy.end.year if policy.end is not None else date.max.year
    if not first <= year <= last:
        raise BAD_YEAR.error(year=year, policy=policy.id, first=first, last=last)
    _check_levels(policy)
    return date(year, 12, 31)


def known_columns(policy: Policy, level: str, columns: Mapping[str, pa.Array]) -> dict[str, pa.Array]:
    """The generated columns of facts that the package has; refuses one that it declares otherwise."""
    facts = policy.facts.get(level, {})
    kept = {name: column for name, column in columns.items() if name in facts or name == "area_id"}
    for name in kept:
        if name in facts:
            _check_fact(policy, facts[name], kept[name])
    return kept


def _check_levels(policy: Policy) -> None:
    for level, owner in OWNERS.items():
        if level not in policy.levels or policy.levels[level].belongs_to != owner:
            raise _other(policy, f"no level {level} that belongs to {owner}")


def _check_fact(policy: Policy, fact: Fact, column: pa.Array) -> None:
    where = f"{fact.level}.{fact.name}"
    type_ = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if type_ != encoded_type(fact.type):
        raise _other(policy, f"{where} as {fact.declared}")
    scale = _MINOR_DIGITS if fact.declared == "money" else _SCALES.get(fact.name, 0)
    if fact.type.kind is Kind.NUMBER and fact.type.scale != scale:
        raise _other(policy, f"{where} with {fact.type.scale} decimals")
    if fact.type.codes is not None:
        strange = sorted(set(column.dictionary.to_pylist()) - fact.type.codes)
        if strange:
            raise _other(policy, f"{where} without the code {strange[0]}")


def _other(policy: Policy, what: str) -> Exception:
    return OTHER_DICTIONARY.error(policy=policy.id, what=what, known=CN)
