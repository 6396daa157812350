# SPDX-License-Identifier: Apache-2.0
"""Decides a small county in the register: the generator's, written through the models as observations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp

from hearthline.accounts.models import Officer
from hearthline.areas.models import Area
from hearthline.areas.rules import step_of
from hearthline.engine.packages import load_policy
from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON, Policy, Value
from hearthline.engine.snapshots import Snapshot, open_snapshot
from hearthline.engine.snapshots.reading import rows_of
from hearthline.engine.snapshots.schema import decoded_row, id_column
from hearthline.policy.models import PackageVersion
from hearthline.registry.documents import Json, document_value, record_key
from hearthline.registry.models import (
    AreaFacts,
    Household,
    HouseholdFacts,
    Membership,
    Observation,
    Person,
    PersonFacts,
)
from hearthline.synthetic.generator import generate
from tests.service.packages import published

PACKAGE = "cn/2014-2020"
HOUSEHOLDS = 40
OBSERVED = date(2017, 12, 20)
RECORDED = datetime(2017, 12, 21, tzinfo=UTC)
ON = date(2017, 12, 31)


@dataclass(frozen=True)
class Registered:
    """A county in the register, and the snapshot it was made of."""

    area: Area
    version: PackageVersion
    officer: Officer
    snapshot: Snapshot


@lru_cache(maxsize=4)
def generated(households: int = HOUSEHOLDS) -> Snapshot:
    """The generator's county, made once a session."""
    folder = Path(mkdtemp(prefix="hearthline-county-")) / "county"
    generate(load_policy(PACKAGE), out=folder, households=households)
    return open_snapshot(folder)


def registered(officer: Officer, households: int = HOUSEHOLDS) -> Registered:
    """Write the generator's county into the register, one observation for each household, person, area."""
    version = published(PACKAGE, officer)
    policy, snapshot = load_policy(PACKAGE), generated(households)
    areas = _areas(snapshot)
    rows = {level: rows_of(snapshot, level).to_pylist() for level in snapshot.levels}
    writing = _Writing(policy, officer, areas, rows)
    writing.areas()
    writing.households()
    writing.people()
    return Registered(areas[1], version, officer, snapshot)


def _areas(snapshot: Snapshot) -> dict[int, Area]:
    found: dict[int, Area] = {}
    levels = ("province", "prefecture", "county", "township", "village")
    for row in rows_of(snapshot, AREA).to_pylist():
        parent = found.get(row["parent_id"] or 0)
        depth = parent.depth + 1 if parent else 1
        area = Area.objects.create(
            parent=parent,
            path=f"new {row['area_code']}",
            depth=depth,
            level=levels[min(depth, 5) - 1],
            code=row["area_code"],
            name=row["area_name"],
        )
        area.path = (parent.path if parent else "") + step_of(area.pk)
        area.save()
        found[row["area_id"]] = area
    return found


@dataclass
class _Writing:
    policy: Policy
    officer: Officer
    places: Mapping[int, Area]
    rows: Mapping[str, list[dict[str, Value]]]

    def facts(self, level: str, row: Mapping[str, Value]) -> dict[str, Json]:
        facts = self.policy.facts.get(level, {})
        values = decoded_row(row, {name: fact.type for name, fact in facts.items()})
        return {
            name: document_value(facts[name], value) for name, value in values.items() if value is not None
        }

    def observed(self, **subject: object) -> Observation:
        return Observation.objects.create(
            source="poverty_office",
            observed_on=OBSERVED,
            recorded_at=RECORDED,
            officer=self.officer,
            **subject,
        )

    def areas(self) -> None:
        for row in self.rows[AREA]:
            area = self.places[int(str(row["area_id"]))]
            facts = self.facts(AREA, row)
            seen = self.observed(area=area, facts=facts)
            AreaFacts.objects.create(area=area, facts=facts, observation=seen)

    def records(self, owner: str) -> dict[int, dict[str, dict[str, dict[str, Json]]]]:
        found: dict[int, dict[str, dict[str, dict[str, Json]]]] = {}
        for level in self.policy.record_levels():
            if level.belongs_to == owner and level.name != PERSON:
                for row in self.rows[level.name]:
                    records = found.setdefault(int(str(row[id_column(owner)])), {}).setdefault(level.name, {})
                    records[record_key(len(records) + 1)] = self.facts(level.name, row)
        return found

    def households(self) -> None:
        records = self.records(HOUSEHOLD)
        self.of: dict[int, Household] = {}
        for row in self.rows[HOUSEHOLD]:
            number = int(str(row["household_id"]))
            area = self.places[int(str(row["area_id"]))]
            household = Household.objects.create(
                number=f"{area.code}-{number:05d}",
                area=area,
                area_path=area.path,
                registered_on=date(2014, 1, 1),
            )
            self.of[number] = household
            documents = {"facts": self.facts(HOUSEHOLD, row), "records": records.get(number, {})}
            seen = self.observed(household=household, **documents)
            HouseholdFacts.objects.create(household=household, observation=seen, **documents)

    def people(self) -> None:
        records = self.records(PERSON)
        for row in self.rows[PERSON]:
            household = self.of[int(str(row["household_id"]))]
            number = int(str(row["person_id"]))
            person = Person.objects.create(
                number=f"P{number:06d}",
                household=household,
                area_path=household.area_path,
                name="王小明",
                is_head=row.get("relation_to_head") == "head",
            )
            Membership.objects.create(person=person, household=household, starts_on=date(2014, 1, 1))
            documents = {"facts": self.facts(PERSON, row), "records": records.get(number, {})}
            seen = self.observed(household=household, person=person, **documents)
            PersonFacts.objects.create(person=person, observation=seen, **documents)
