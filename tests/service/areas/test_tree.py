# SPDX-License-Identifier: Apache-2.0
"""Decides that places open, change name, move and close one by one, with their trace, and stay a tree."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from hypothesis import given, settings
from hypothesis import strategies as st

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import scope_of
from hearthline.accounts.rules import VIEW_AREAS, Role
from hearthline.areas import queries
from hearthline.areas.models import Area, AreaName
from hearthline.areas.queries import EVERYWHERE
from hearthline.areas.rules import paths_above, range_of, step_of
from hearthline.areas.services import Move, close_area, move_area, on_move, open_area, rename_area
from hearthline.audit.models import AuditRow
from hearthline.base.problems import HearthlineError
from hearthline.jobs.models import Job
from hearthline.jobs.services import request_job

from ..conftest import TODAY, Hire

NEXT_YEAR = date(2018, 7, 1)


@pytest.fixture
def chief(hire: Hire) -> Officer:
    """An administrator of everything."""
    return hire(Role.ADMINISTRATOR)


def demand_a_tree() -> None:
    """Every path is the path above and the own number; depth is its length."""
    areas = {area.pk: area for area in Area.objects.all()}
    for area in areas.values():
        above = areas[area.parent_id].path if area.parent_id else ""
        assert area.path == above + step_of(area.pk)
        assert area.depth == len(paths_above(area.path))


def traces(action: str) -> int:
    """How many traces an action left."""
    return AuditRow.objects.filter(action=action).count()


def test_a_village_is_opened_below_its_township(places: dict[str, Area], chief: Officer) -> None:
    village = open_area(
        by=chief,
        on=TODAY,
        where=EVERYWHERE,
        parent_id=places["510101001"].pk,
        level="village",
        code="510101001003",
        name=" 桃花村 ",
    )
    assert [area.name for area in queries.trail_of(village)] == [
        "青山省",
        "青山市",
        "云岭县",
        "石桥镇",
        "桃花村",
    ]
    assert queries.area_by_code("510101001003").opened_on == TODAY
    assert queries.name_on(village, TODAY) == "桃花村"
    assert traces("areas.open") == 1
    demand_a_tree()


@pytest.mark.parametrize(
    ("parent", "level", "code", "words"),
    [
        ("510101001", "county", "9", "cannot lie directly within"),
        ("510101001", "hamlet", "9", "is not known"),
        ("510101001", "village", "510102", "already belongs to 平川县"),
        ("510101001", "village", "", "is empty"),
        ("510101001", "village", "9" * 41, "more than 40"),
        (None, "province", "53", None),
    ],
)
def test_a_place_that_does_not_fit_is_refused_in_words(
    places: dict[str, Area], chief: Officer, parent: str | None, level: str, code: str, words: str | None
) -> None:
    def opened() -> Area:
        parent_id = places[parent].pk if parent else None
        return open_area(
            by=chief, on=TODAY, where=EVERYWHERE, parent_id=parent_id, level=level, code=code, name="某地"
        )

    if words is None:
        assert opened().depth == 1
        return
    with pytest.raises(HearthlineError, match=words):
        opened()
    assert traces("areas.open") == 0


def test_out_of_scope_is_not_found_and_the_top_needs_everywhere(
    places: dict[str, Area], chief: Officer
) -> None:
    part = range_of(places["510101"].path)
    where = Q(path__gte=part.low, path__lt=part.high)
    other = places["510102"]
    with pytest.raises(HearthlineError) as refusal:
        rename_area(by=chief, on=TODAY, where=where, area_id=other.pk, name="别名")
    assert refusal.value.code == "areas.not-found"
    with pytest.raises(HearthlineError) as refusal:
        move_area(by=chief, on=TODAY, where=where, area_id=places["510101001"].pk, parent_id=other.pk)
    assert refusal.value.code == "areas.not-found"
    with pytest.raises(HearthlineError) as refusal:
        move_area(by=chief, on=TODAY, where=where, area_id=places["510101001"].pk, parent_id=None)
    assert refusal.value.code == "areas.top-needs-everywhere"
    assert queries.find_area_by_code("510102", where) is None


def test_a_county_that_becomes_a_city_keeps_its_old_name_with_its_days(
    places: dict[str, Area], chief: Officer
) -> None:
    county = places["510101"]
    AreaName.objects.create(area=county, code=county.code, name=county.name, source="test")
    rename_area(by=chief, on=NEXT_YEAR, where=EVERYWHERE, area_id=county.pk, name="云岭市", code="510181")
    assert queries.name_on(county, NEXT_YEAR - timedelta(days=1)) == "云岭县"
    assert queries.name_on(county, NEXT_YEAR) == "云岭市"
    assert [name.code for name in queries.names_of(county)] == ["510101", "510181"]
    assert queries.find_area_by_code("510101") is None
    rename_area(by=chief, on=NEXT_YEAR, where=EVERYWHERE, area_id=county.pk, name="云岭市")
    assert traces("areas.rename") == 1
    with pytest.raises(HearthlineError, match="cannot get another from 2017-12-31"):
        rename_area(by=chief, on=TODAY, where=EVERYWHERE, area_id=county.pk, name="旧名")


def test_a_name_given_twice_on_a_day_is_a_correction(places: dict[str, Area], chief: Officer) -> None:
    village = places["510101001001"]
    for name in ("杏花新村", "杏花社区"):
        rename_area(by=chief, on=TODAY, where=EVERYWHERE, area_id=village.pk, name=name)
    assert [known.name for known in queries.names_of(village)] == ["杏花社区"]


def test_a_township_that_moves_takes_its_villages_and_their_jobs_with_it(
    places: dict[str, Area], chief: Officer
) -> None:
    township, county = places["510101001"], places["510102"]
    job = request_job(by=chief, on=TODAY, name="x", payload={}, area_path=places["510101001001"].path)
    move_area(by=chief, on=TODAY, where=EVERYWHERE, area_id=township.pk, parent_id=county.pk)
    demand_a_tree()
    assert queries.count_within(county.path) == 5
    assert queries.count_within(places["510101"].path) == 3
    assert Job.objects.get(pk=job.pk).area_path == Area.objects.get(code="510101001001").path
    trace = AuditRow.objects.get(action="areas.move")
    assert trace.facts["path_before"] == township.path


def test_a_place_cannot_move_into_itself_or_into_what_it_holds(
    places: dict[str, Area], chief: Officer
) -> None:
    for target in ("5101", "510101"):
        with pytest.raises(HearthlineError, match="cannot lie"):
            move_area(
                by=chief,
                on=TODAY,
                where=EVERYWHERE,
                area_id=places["5101"].pk,
                parent_id=places[target].pk,
            )
    demand_a_tree()


def test_a_move_that_would_leave_rows_behind_is_refused(
    places: dict[str, Area], chief: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    village = places["510101001001"]
    request_job(by=chief, on=TODAY, name="x", payload={}, area_path=village.path)
    monkeypatch.setattr("hearthline.areas.services._FOLLOWERS", {})
    target = places["510102001"].pk
    with pytest.raises(HearthlineError, match="jobs_job holds rows"):
        move_area(by=chief, on=TODAY, where=EVERYWHERE, area_id=village.pk, parent_id=target)
    seen: list[Move] = []
    on_move("jobs", seen.append)
    move_area(by=chief, on=TODAY, where=EVERYWHERE, area_id=village.pk, parent_id=target)
    assert [move.old for move in seen] == [village.path]


def test_a_place_closes_only_when_nothing_open_lies_in_it(places: dict[str, Area], chief: Officer) -> None:
    township = places["510102001"]
    with pytest.raises(HearthlineError, match="1 open places still lie within 河口镇"):
        close_area(by=chief, on=TODAY, where=EVERYWHERE, area_id=township.pk)
    close_area(by=chief, on=TODAY, where=EVERYWHERE, area_id=places["510102001001"].pk)
    close_area(by=chief, on=TODAY, where=EVERYWHERE, area_id=township.pk)
    assert queries.find_area_by_code("510102001") is None
    assert queries.children_of(places["510102"]) == []
    again = open_area(
        by=chief,
        on=NEXT_YEAR,
        where=EVERYWHERE,
        parent_id=places["510102"].pk,
        level="township",
        code="510102001",
        name="河口镇",
    )
    assert again.pk != township.pk
    with pytest.raises(HearthlineError, match="was closed on 2017-12-31"):
        rename_area(by=chief, on=NEXT_YEAR, where=EVERYWHERE, area_id=township.pk, name="新名")


def test_the_database_refuses_two_open_places_of_one_code(places: dict[str, Area]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Area.objects.create(path="9" * 9, depth=1, level="county", code="510101", name="重名县")


def test_a_reader_begins_at_the_top_of_his_scope(places: dict[str, Area], hire: Hire) -> None:
    officer = hire(Role.VIEWER, places["510101"])
    where = scope_of(by=officer, permission=VIEW_AREAS, on=TODAY).filter("path")
    assert [area.code for area in queries.top_areas(where)] == ["510101"]
    assert [area.code for area in queries.children_of(places["5101"], where)] == ["510101"]
    assert queries.get_area(places["510101002001"].pk, where).name == "梨园村"
    with pytest.raises(HearthlineError, match="no place"):
        queries.get_area(places["510102"].pk, where)


def test_the_way_to_a_place_names_its_last_steps(places: dict[str, Area]) -> None:
    town, province = places["510101001"], places["51"]
    assert queries.ways_of([town.path, province.path], 3) == {
        town.path: [places[code].name for code in ("5101", "510101", "510101001")],
        province.path: [province.name],
    }
    assert queries.ways_of([], 3) == {}


def test_each_path_belongs_to_the_chain_of_its_county(places: dict[str, Area]) -> None:
    village, county, province = places["510101001001"].path, places["510101"].path, places["51"].path
    assert queries.chains_of([village, county, province, ""]) == {
        village: county,
        county: county,
        province: "",
        "": "",
    }


def test_what_lies_within_is_counted_by_a_range_of_the_index(places: dict[str, Area]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # a handful of rows would be read through without one
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = queries.places_within(places["510101"].path).filter(closed_on__isnull=True).explain()
    if connection.vendor == "postgresql":
        assert "areas_one_area_per_path" in plan
        assert "Index Cond: (((path)::text >=" in plan
    else:
        assert "USING INDEX" in plan
        assert "(path>? AND path<?)" in plan


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(1, 999_999_998), min_size=1, max_size=12), st.integers(0, 11))
def test_a_range_holds_a_place_and_what_lies_below_it_and_nothing_else(steps: list[int], cut: int) -> None:
    path = "".join(step_of(step) for step in steps)
    upper = "".join(step_of(step) for step in steps[: cut + 1])
    beside = "".join(step_of(step) for step in [*steps[:cut], *[step + 1 for step in steps[cut : cut + 1]]])
    assert range_of(upper).holds(path)
    if len(beside) == len(upper) and beside != upper:
        assert not range_of(beside).holds(path)
