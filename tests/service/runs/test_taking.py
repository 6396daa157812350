# SPDX-License-Identifier: Apache-2.0
"""Decides that a snapshot of the register is the register: same facts, opaque numbers, whole households."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.conf import settings
from django.utils import timezone

from hearthline.accounts.rules import Role
from hearthline.base.problems import HearthlineError
from hearthline.engine.rules.policy import HOUSEHOLD, PERSON
from hearthline.engine.snapshots import KEYS_OF, Snapshot, open_snapshot
from hearthline.engine.snapshots.reading import rows_of
from hearthline.policy.queries import policy_of
from hearthline.registry.models import (
    Household,
    HouseholdFacts,
    Membership,
    Observation,
    Person,
    RegisterImport,
)
from hearthline.runs.taking import Taken, keys_path, take_snapshot
from tests.service.conftest import Hire
from tests.service.runs.county import HOUSEHOLDS, OBSERVED, ON, Registered, registered


@pytest.fixture
def county(db: None, hire: Hire) -> Registered:
    """The generator's county in the register."""
    return registered(hire(Role.ADMINISTRATOR))


def taken(
    county: Registered,
    name: str,
    *,
    current: bool = True,
    as_of: date = ON,
    known_at: datetime | None = None,
) -> tuple[Taken, Snapshot]:
    """A snapshot of the whole county."""
    folder: Path = settings.HOME / "snapshots" / name
    found = take_snapshot(
        policy_of(county.version),
        folder,
        area=county.area,
        as_of=as_of,
        known_at=known_at or timezone.now(),
        current=current,
    )
    return found, open_snapshot(folder)


def facts_of(snapshot: Snapshot, level: str) -> list[tuple[object, ...]]:
    """The facts of a level without numbers, sorted, to compare what is said of whom."""
    table = rows_of(snapshot, level)
    names = [
        name for name in table.column_names if not name.endswith("_id") and not name.startswith("source_")
    ]
    rows = table.select(names).to_pylist()
    return sorted((tuple(row.values()) for row in rows), key=repr)


def test_a_snapshot_of_the_register_says_what_the_register_says(county: Registered) -> None:
    found, snapshot = taken(county, "now")
    assert found.households == HOUSEHOLDS == snapshot.households
    assert found.people == snapshot.rows(PERSON) == county.snapshot.rows(PERSON)
    assert found.counted.left_out == found.counted.unfit == 0
    for level in county.snapshot.levels:
        assert facts_of(snapshot, level) == facts_of(county.snapshot, level), level


def test_households_keep_their_people_records_and_places(county: Registered) -> None:
    _, snapshot = taken(county, "now")

    def families(of: Snapshot) -> list[str]:
        areas = {row["area_id"]: row["area_code"] for row in rows_of(of, "area").to_pylist()}
        people: dict[int, list[str]] = {}
        for row in rows_of(of, PERSON).to_pylist():
            people.setdefault(row["household_id"], []).append(str(row["birth_date"]))
        income: dict[int, list[str]] = {}
        for row in rows_of(of, "income_line").to_pylist():
            income.setdefault(row["household_id"], []).append(str(row["amount"]))
        return sorted(
            repr((areas[row["area_id"]], sorted(people.get(number, [])), income.get(number)))
            for row in rows_of(of, HOUSEHOLD).to_pylist()
            for number in [row["household_id"]]
        )

    assert families(snapshot) == families(county.snapshot)


def test_the_cache_and_the_observations_give_the_same_snapshot(county: Registered) -> None:
    person = Person.objects.order_by("pk")[3]
    seen = Observation.objects.create(
        household=person.household,
        person=person,
        source="visit",
        observed_on=OBSERVED - timedelta(days=30),
        recorded_at=datetime(2017, 12, 22, tzinfo=UTC),
        officer=county.officer,
        facts={"birth_date": "1950-02-03"},
    )
    assert seen.pk
    _, from_cache = taken(county, "cache")
    _, from_observations = taken(county, "observations", current=False)
    for level in from_cache.levels:
        assert facts_of(from_cache, level) == facts_of(from_observations, level), level


def test_a_snapshot_knows_only_what_was_known_then_and_holds_only_what_was_so(county: Registered) -> None:
    household = Household.objects.order_by("area_path", "number")[0]
    for day, recorded, value in (
        (date(2017, 12, 25), datetime(2017, 12, 26, tzinfo=UTC), 27),
        (date(2017, 12, 28), datetime(2018, 2, 1, tzinfo=UTC), 28),
    ):
        Observation.objects.create(
            household=household,
            source="poverty_office",
            observed_on=day,
            recorded_at=recorded,
            officer=county.officer,
            facts={"size": value},
        )

    def people(name: str, as_of: date, known_at: datetime) -> int:
        _, snapshot = taken(county, name, current=False, as_of=as_of, known_at=known_at)
        keys = pq.read_table(keys_path(snapshot.folder)).to_pylist()
        number = next(
            row["id"] for row in keys if row["level"] == HOUSEHOLD and row["source_key"] == str(household.pk)
        )
        rows = {row["household_id"]: row["size"] for row in rows_of(snapshot, HOUSEHOLD).to_pylist()}
        return int(rows[number])

    later, earlier = datetime(2018, 3, 1, tzinfo=UTC), datetime(2018, 1, 1, tzinfo=UTC)
    assert people("all", ON, later) == 28
    assert people("known early", ON, earlier) == 27
    assert people("as of early", date(2017, 12, 26), later) == 27
    assert people("before both", date(2017, 12, 24), later) not in (27, 28)


def test_a_correction_counts_in_place_of_what_it_corrects(county: Registered) -> None:
    household = Household.objects.order_by("area_path", "number")[0]
    first = Observation.objects.get(household=household, person=None)
    Observation.objects.create(
        household=household,
        source="visit",
        observed_on=OBSERVED,
        recorded_at=datetime(2017, 12, 23, tzinfo=UTC),
        officer=county.officer,
        corrects=first,
        facts={"size": 26},
    )
    _, snapshot = taken(county, "corrected", current=False)
    assert 26 in [row["size"] for row in rows_of(snapshot, HOUSEHOLD).to_pylist()]


def test_an_undone_import_is_in_no_snapshot(county: Registered) -> None:
    household = Household.objects.order_by("pk")[0]
    undone = RegisterImport.objects.create(
        content_hash="x",
        area=county.area,
        area_path=county.area.path,
        version=county.version,
        title="undone",
        folder="",
        source="visit",
        observed_on=OBSERVED,
        requested_at=timezone.now(),
        requested_by=county.officer,
        undone_at=timezone.now(),
    )
    Observation.objects.create(
        household=household,
        source="poverty_office",
        observed_on=date(2017, 12, 30),
        recorded_at=datetime(2017, 12, 30, tzinfo=UTC),
        officer=county.officer,
        brought_by=undone,
        facts={"size": 29},
    )
    Household.objects.create(
        number="undone",
        area=county.area,
        area_path=county.area.path,
        registered_on=date(2014, 1, 1),
        opened_by=undone,
    )
    for current in (True, False):
        found, snapshot = taken(county, f"undone {current}", current=current)
        assert found.households == HOUSEHOLDS
        assert 29 not in [row["size"] for row in rows_of(snapshot, HOUSEHOLD).to_pylist()]


def test_who_left_and_who_is_closed_is_not_in_it(county: Registered) -> None:
    closed, other = Household.objects.order_by("pk")[:2]
    Household.objects.filter(pk=closed.pk).update(closed_on=date(2017, 6, 1))
    gone = Membership.objects.filter(household=other).order_by("pk").first()
    assert gone is not None
    Membership.objects.filter(pk=gone.pk).update(ends_on=date(2017, 6, 1))
    members = Membership.objects.filter(household=closed).count()
    found, _ = taken(county, "later")
    assert found.households == HOUSEHOLDS - 1
    assert found.people == county.snapshot.rows(PERSON) - members - 1
    before, _ = taken(county, "before", as_of=date(2017, 5, 31))
    assert before.households == HOUSEHOLDS


def test_a_household_without_a_required_fact_is_left_out_and_counted(county: Registered) -> None:
    facts = HouseholdFacts.objects.exclude(records={}).order_by("pk").first()
    assert facts is not None
    lines = {key: {**line, "class": None} for key, line in facts.records["income_line"].items()}
    facts.records = {**facts.records, "income_line": lines}
    facts.save()
    found, snapshot = taken(county, "lacking")
    assert found.counted.left_out == 1
    assert found.households == HOUSEHOLDS - 1
    assert snapshot.manifest.counts["left_out"] == 1


def test_a_value_that_the_dictionary_does_not_know_becomes_unknown_and_is_counted(county: Registered) -> None:
    facts = HouseholdFacts.objects.order_by("pk")[0]
    facts.facts = {**facts.facts, "size": 4000, "dwelling_grade": "Z"}
    facts.save()
    found, _ = taken(county, "unfit")
    assert found.counted.unfit == 2


def test_an_empty_area_leaves_no_snapshot_and_no_keys(county: Registered, home: Path) -> None:
    Household.objects.update(closed_on=date(2015, 1, 1))
    with pytest.raises(HearthlineError) as failure:
        taken(county, "empty")
    assert failure.value.code == "runs.nobody"
    assert list((home / "snapshots").iterdir()) == []


def test_numbers_are_opaque_and_their_keys_are_private(county: Registered) -> None:
    _, snapshot = taken(county, "now")
    keys = keys_path(snapshot.folder)
    assert keys.stat().st_mode & 0o777 == 0o600
    assert pq.ParquetFile(keys).metadata.metadata[KEYS_OF].decode() == snapshot.hash
    words = {str(name) for name in Household.objects.values_list("number", flat=True)} | {"王小明"}
    content = b"".join(path.read_bytes() for path in snapshot.folder.rglob("*") if path.is_file())
    assert not [word for word in words if word.encode() in content]
    assert not {"name", "number", "pinyin"} & set(rows_of(snapshot, PERSON).column_names)
