# SPDX-License-Identifier: Apache-2.0
"""Decides what is written down of a county, table by table; any county can be made without the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from hearthline.synthetic import records
from hearthline.synthetic.causes import cause_columns, named_causes
from hearthline.synthetic.circumstances import Circumstances, circumstances
from hearthline.synthetic.columns import dates, flags, numbers
from hearthline.synthetic.country import Country
from hearthline.synthetic.draws import Draws, Ints
from hearthline.synthetic.families import People
from hearthline.synthetic.layout import Seat, village_of_household
from hearthline.synthetic.lines import line_columns
from hearthline.synthetic.members import (
    child_columns,
    health_columns,
    person_columns,
    study_and_work_columns,
    support_columns,
)
from hearthline.synthetic.paper_exits import false_exits
from hearthline.synthetic.places import (
    CountyKind,
    Province,
    Villages,
    invented_province,
    poor_county,
    villages_of,
)
from hearthline.synthetic.records import Rows
from hearthline.synthetic.register import Register, register, register_columns
from hearthline.synthetic.scandal import find_scandal
from hearthline.synthetic.setting import Aim, Setting

_UNLISTED, _SIZE_UNKNOWN = 0.003, 0.003


@dataclass(frozen=True)
class Planted:
    """The households of a county in which something is planted, by kind, counted from 0."""

    area: int
    households: Mapping[str, Ints]


@dataclass(frozen=True)
class County:
    """One county: its villages, its people, and the rows of each level, owners counted from 0."""

    seat: Seat
    province: Province
    kind: CountyKind
    villages: Villages
    people: People
    household: dict[str, pa.Array]
    person: dict[str, pa.Array]
    records: dict[str, Rows]
    planted: Planted | None


def county_of(country: Country, number: int) -> County:
    """Make one county."""
    seed, year = country.seed, country.year
    draws = Draws(seed, 1, number)
    village_of = village_of_household(draws, country.layout.county_households(number))
    seat, nation = country.layout.seat(number), country.nation
    aim = None if nation is None else Aim(nation.incidence(number))
    setting = Setting(draws, villages_of(draws), village_of, country.law, year, aim)
    province = invented_province(seed, seat) if nation is None else nation.province(seat)
    scandal = find_scandal(seed, seat, village_of) if nation is None else None
    truth = circumstances(setting, scandal)
    books_each = (truth.net + truth.padding) // truth.size
    kept = register(setting, truth, books_each)
    planted = None
    if scandal is not None:
        sound = ~truth.poor & truth.visited
        kept, early = false_exits(draws, scandal, kept, truth.padding > 0, sound, books_each, year)
        planted = Planted(
            scandal.area, {kind: np.flatnonzero(who) for kind, who in {**truth.padded, **early}.items()}
        )
    causes = named_causes(draws, truth.evidence, truth.poor, truth.poor | kept.ever)
    return County(
        seat=seat,
        province=province,
        kind=poor_county(seed, seat, province) if nation is None else nation.kind(seat),
        villages=setting.villages,
        people=truth.people,
        household={"area_id": pa.array(seat.village_areas[village_of])}
        | _household_columns(setting, truth, kept, causes),
        person=_person_columns(setting, truth, kept),
        records=_records(setting, truth, kept, causes),
        planted=planted,
    )


def _household_columns(
    setting: Setting, truth: Circumstances, kept: Register, causes: Ints
) -> dict[str, pa.Array]:
    draws, count = setting.draws, setting.count
    listed_size = truth.size + draws.chance("unlisted", _UNLISTED, count)
    return (
        {"size": numbers(listed_size, ~draws.chance("size unknown", _SIZE_UNKNOWN, count))}
        | truth.dwelling.columns
        | truth.home.columns
        | truth.water.columns
        | _land_columns(setting, truth, kept)
        | child_columns(truth.people)
        | cause_columns(causes)
        | register_columns(setting, truth, kept)
    )


def _land_columns(setting: Setting, truth: Circumstances, kept: Register) -> dict[str, pa.Array]:
    draws, count = setting.draws, setting.count
    land, trouble = truth.work, truth.hardship
    borrows = kept.ever & (land.labourers > 0) & draws.chance("microcredit", 0.1, count)
    nothing = np.zeros(count, dtype=np.int64)
    linked = draws.chance("enterprise", np.where(land.cooperative, 0.3, 0.04), count)
    return {
        "cultivated_land": numbers(land.farmland),
        "irrigated_land": numbers(land.irrigated),
        "forest_land": numbers(land.forest),
        "orchard_land": numbers(land.orchard),
        "grain_for_green_land": numbers(land.returned),
        "grassland": numbers(nothing),
        "water_surface": numbers(nothing),
        "cooperative_member": flags(land.cooperative),
        "enterprise_linked": flags(linked),
        "leader_linked": flags(draws.chance("leader", 0.06, count)),
        "microcredit_balance": numbers(draws.whole("credit", 1, 5, count) * 1_000_000, borrows),
        "microcredit_overdue": flags(draws.chance("overdue", 0.02, count), borrows),
        "funds_lacking": flags(trouble.funds_lacking),
        "disaster_on": dates(trouble.disaster_on),
        "disaster_loss": numbers(trouble.disaster_loss, trouble.disaster),
    }


def _person_columns(setting: Setting, truth: Circumstances, kept: Register) -> dict[str, pa.Array]:
    return (
        person_columns(setting, truth.people)
        | health_columns(setting.draws, truth.people, truth.ill)
        | study_and_work_columns(setting, truth, kept)
        | support_columns(truth, truth.poor | kept.ever)
    )


def _records(setting: Setting, truth: Circumstances, kept: Register, causes: Ints) -> dict[str, Rows]:
    lines = line_columns(setting.draws, truth.lines, truth.padding > 0)
    return {
        "income_line": Rows(truth.lines["household"], lines),
        "measure": records.measures(setting, truth, kept, causes),
        "visit": records.visits(setting, kept, truth.visited),
        "department_record": records.department_records(setting, truth),
        "claim": records.claims(setting, truth, kept),
    }
