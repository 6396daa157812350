# SPDX-License-Identifier: Apache-2.0
"""Decides that a table is published through the gate, seen by readers, withdrawn, and never forgotten."""

from __future__ import annotations

from typing import Any  # Any: what a release holds as JSON

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Q

from hearthline.accounts.models import Officer
from hearthline.accounts.rules import Role
from hearthline.areas.models import Area
from hearthline.areas.services import move_area
from hearthline.audit.models import AuditRow
from hearthline.base.problems import HearthlineError
from hearthline.jobs.models import Job, JobState
from hearthline.jobs.queries import find_problem
from hearthline.jobs.worker import run_worker
from hearthline.releases.models import Release, Withdrawal
from hearthline.releases.proposing import Proposal
from hearthline.releases.queries import proposal, releases_in
from hearthline.releases.rules import touching
from hearthline.releases.services import request_release, withdraw_release
from hearthline.runs.models import AreaFigures, Run
from hearthline.statistics.gate import Method
from hearthline.statistics.place_tables import Subject
from hearthline.statistics.release import release_of
from tests.service.conftest import TODAY, Hire, lifted_triggers
from tests.service.releases.little import run_of
from tests.statistics.release_attack import Attacker, sensitive


@pytest.fixture
def chief(places: dict[str, Area], hire: Hire) -> Officer:
    """The administrator of the county."""
    return hire(Role.ADMINISTRATOR, places["510101"])


@pytest.fixture
def run(places: dict[str, Area], chief: Officer) -> Run:
    """A run of the county."""
    return run_of(places, chief)


def proposed(
    by: Officer, run: Run, area: Area, subject: str = "status", *levels: str, **more: Any
) -> Proposal:
    return proposal(
        by=by,
        on=TODAY,
        run_id=run.pk,
        area_id=area.pk,
        subject=Subject(subject),
        method=more.get("method", Method.SUPPRESS),
        levels=levels,
    )


def asked(by: Officer, found: Proposal, seen: str = "") -> Job:
    """What is asked of a worker, as it was seen."""
    return request_release(
        by=by,
        on=TODAY,
        run_id=found.run.pk,
        area_id=found.area.pk,
        subject=found.subject,
        method=found.method,
        levels=found.levels,
        seen=seen or found.seen,
    )


def publish(by: Officer, found: Proposal, seen: str = "") -> Release:
    """The release that a worker makes. Raises what refused it."""
    job = asked(by, found, seen)
    run_worker(once=True)
    job.refresh_from_db()
    if problem := find_problem(job):
        raise problem
    assert job.state == JobState.DONE
    assert job.result is not None
    return Release.objects.get(pk=job.result["release"])


def test_a_published_table_shows_no_small_count_and_its_hidden_ones_are_nowhere(
    chief: Officer, run: Run, places: dict[str, Area]
) -> None:
    found = proposed(chief, run, places["510101"], "status", "township", "village")
    row = publish(chief, found)
    assert [line["name"] for line in row.table["rows"]][:2] == ["云岭县", "石桥镇"]
    assert len(row.table["rows"]) == 7
    told = [figure for line in row.table["rows"] for figure in line["figures"]]
    assert None in told
    assert all(figure is None or figure == 0 or figure > 10 for figure in told)
    hidden = {name for name, (_, most) in row.told["told"].items() if most is None}
    assert hidden == found.passed.hidden | found.table.counts.silent
    assert all(row.told["told"][name] == [0, None] for name in hidden)
    trace = AuditRow.objects.get(action="releases.publish")
    assert trace.facts["hash"] == row.hash
    assert trace.area_path == places["510101"].path


def test_tables_of_every_kind_one_after_another_pin_no_count(
    chief: Officer, run: Run, places: dict[str, Area]
) -> None:
    """The second attacker, who knows no gate, has all that was published of the county and of a township."""
    county, township = places["510101"], places["510101001"]
    truth: dict[str, int] = {}
    for area, subject, levels in (
        (county, "status", ("village",)),
        (county, "criteria", ("township",)),
        (township, "causes", ("village",)),
        (county, "status", ("township",)),
    ):
        found = proposed(chief, run, area, subject, *levels)
        publish(chief, found)
        truth |= {
            name: count for name, count in found.table.counts.counts.items()
            if name not in found.table.counts.aids
        }  # fmt: skip
    memory = [release_of(row.told) for row in Release.objects.order_by("number")]
    aims = sensitive(truth, memory[:1])
    assert len(aims) > 50
    assert Attacker(memory).pins(aims) == []


def test_a_table_of_other_households_of_the_same_day_is_another_counting(
    chief: Officer, run: Run, places: dict[str, Area]
) -> None:
    """A repeated screening of the same register meets its earlier tables; of a changed one it does not
    contradict them, and small changes stay open."""
    county = places["510101"]
    first = publish(chief, proposed(chief, run, county, "status", "village"))
    same = run_of(places, chief, version=run.version)
    again = proposed(chief, same, county, "status", "village")
    assert again.table.counts.counts.keys() == first.told["told"].keys()
    other = run_of(places, chief, version=run.version)
    rows = AreaFigures.objects.filter(run=other, area__code__in=["510101", "510101001", "510101001001"])
    for row in rows:
        row.poor_households += 2
        row.save()
    changed = proposed(chief, other, county, "status", "village")
    assert 0 < len(changed.table.counts.counts.keys() - first.told["told"].keys()) < 15
    poor = next(at for at, head in enumerate(changed.table.heads) if head == "poor")
    village = next(line for line in changed.shown["rows"] if line["code"] == "510101001001")  # type: ignore[attr-defined]  # rows as JSON holds them
    before = next(line for line in first.table["rows"] if line["code"] == "510101001001")
    assert village["figures"][poor] is None or before["figures"][poor] is None


def test_what_was_not_looked_at_is_not_published(chief: Officer, run: Run, places: dict[str, Area]) -> None:
    found = proposed(chief, run, places["510101"], "status", "village")
    with pytest.raises(HearthlineError) as caught:
        publish(chief, found, seen="0" * 64)
    assert caught.value.code == "releases.other-than-seen"
    assert not Release.objects.exists()
    assert publish(chief, found).number == 1


def test_readers_see_what_is_published_and_not_what_was_withdrawn(
    chief: Officer, run: Run, places: dict[str, Area], hire: Hire
) -> None:
    viewer, next_door = hire(Role.VIEWER, places["510101001"]), hire(Role.VIEWER, places["510102"])
    analyst, national = hire(Role.ANALYST, places["510101"]), hire(Role.ANALYST, None, "national")
    row = publish(chief, proposed(chief, run, places["510101"]))
    assert list(releases_in(by=viewer, on=TODAY)) == [row]
    assert list(releases_in(by=next_door, on=TODAY)) == []
    withdraw_release(by=chief, on=TODAY, release_id=row.pk, reason="a village was counted twice")
    assert list(releases_in(by=viewer, on=TODAY)) == []
    assert list(releases_in(by=analyst, on=TODAY)) == [row]
    assert list(releases_in(by=national, on=TODAY)) == [row]
    assert list(releases_in(by=hire(Role.VIEWER, None, "reader"), on=TODAY)) == []
    with pytest.raises(HearthlineError) as caught:
        withdraw_release(by=chief, on=TODAY, release_id=row.pk, reason="again")
    assert caught.value.code == "releases.withdrawn-already"
    assert AuditRow.objects.get(action="releases.withdraw").facts["reason"] == "a village was counted twice"


def test_a_withdrawn_table_is_remembered_by_the_gate(
    chief: Officer, run: Run, places: dict[str, Area]
) -> None:
    county = places["510101"]
    row = publish(chief, proposed(chief, run, county, "status", "village"))
    told = proposed(chief, run, county, "status", "township").passed.programmes
    withdraw_release(by=chief, on=TODAY, release_id=row.pk, reason="a figure was wrong")
    again = proposed(chief, run, county, "status", "township")
    assert again.head.number == 1
    assert again.passed.programmes == told
    assert again.passed.attacked > 0


def test_the_database_refuses_to_change_or_remove_a_release(
    chief: Officer, run: Run, places: dict[str, Area]
) -> None:
    row = publish(chief, proposed(chief, run, places["510101"]))
    withdraw_release(by=chief, on=TODAY, release_id=row.pk, reason="a figure was wrong")
    for statement in (
        "UPDATE releases_release SET hash = 'x'",
        "UPDATE releases_release SET told = '{}'",
        "DELETE FROM releases_release",
        "UPDATE releases_withdrawal SET reason = 'x'",
        "DELETE FROM releases_withdrawal",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Withdrawal.objects.count() == Release.objects.count() == 1


def test_where_a_release_was_tampered_with_nothing_more_is_published(
    chief: Officer, run: Run, places: dict[str, Area]
) -> None:
    first = publish(chief, proposed(chief, run, places["510101"], "status", "township"))
    publish(chief, proposed(chief, run, places["510101"]))
    found = proposed(chief, run, places["510101"], "status", "village")
    table = {**first.table, "rows": first.table["rows"][:1]}
    for change in (
        lambda: Release.objects.filter(number=2).update(previous="0" * 64),
        lambda: Release.objects.filter(number=1).update(table=table),
        lambda: Release.objects.filter(number=1).delete(),
    ):
        with transaction.atomic():
            with lifted_triggers():
                change()
            with pytest.raises(HearthlineError) as caught:
                publish(chief, found)
            assert caught.value.code == "releases.chain-broken"
            transaction.set_rollback(True)
    assert publish(chief, found).number == 3


def test_releases_follow_a_place_that_moves(chief: Officer, run: Run, places: dict[str, Area]) -> None:
    row = publish(chief, proposed(chief, run, places["510101"]))
    county = places["510101"]
    moved = move_area(by=chief, on=TODAY, where=Q(), area_id=county.pk, parent_id=places["52"].pk)
    assert moved.path != county.path
    row.refresh_from_db()
    assert row.area_path == moved.path
    assert proposed(chief, run, places["510101"]).head.number == 1


def test_a_table_that_cannot_be_made_says_what_to_choose(
    chief: Officer, run: Run, places: dict[str, Area]
) -> None:
    for area, levels, code, said in (
        ("510101", ("county",), "releases.no-level", "township, village"),
        ("510101001001", ("village",), "releases.no-level", "none"),
    ):
        with pytest.raises(HearthlineError) as caught:
            proposed(chief, run, places[area], "status", *levels)
        assert caught.value.code == code
        assert said in str(caught.value.remedy)
    with pytest.raises(HearthlineError) as pinned:
        proposed(chief, run, places["510101"], "status", "village", method=Method.AS_IS)
    assert pinned.value.code == "release.pinned"


def test_releases_touch_where_a_table_speaks_of_both_places() -> None:
    province, county, other = "000000001", "000000001000000002", "000000001000000003"
    village = county + "000000004"
    assert touching(county, [village, other]) == {village}
    assert touching(county, [other, province]) == {other, province}
    assert touching(village, ["000000009"]) == set()
