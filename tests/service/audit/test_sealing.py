# SPDX-License-Identifier: Apache-2.0
"""Decides that committed traces are chained by county, that heads are published once, who reads what."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import scope_of
from hearthline.accounts.rules import VIEW_AUDIT, Role
from hearthline.areas.models import Area
from hearthline.audit.models import AuditHead, AuditLink, AuditRow
from hearthline.audit.queries import (
    Wanted,
    actions_known,
    line_of_row,
    looks_at,
    published_heads,
    rows_in,
)
from hearthline.audit.rules import FIRST, link_hash, plain
from hearthline.audit.services import publish_heads, record, record_batch, seal, seal_and_publish
from hearthline.audit.verifying import verify
from hearthline.base.problems import HearthlineError

from ..conftest import TODAY, Hire

NOON = datetime(2017, 12, 31, 4, tzinfo=UTC)


@pytest.fixture
def auditor(hire: Hire) -> Officer:
    """Someone whose name stands in the trail."""
    return hire(Role.AUDITOR)


def look(by: Officer, place: Area | None, number: int = 1, action: str = "registry.look") -> AuditRow:
    """One trace of a look at a household."""
    return record(
        by=by,
        on=TODAY,
        action=action,
        subject="household",
        subject_id=number,
        area_path=place.path if place else "",
        facts={"page": "household"},
    )


def test_a_trace_is_chained_in_the_county_it_happened_in(places: dict[str, Area], auditor: Officer) -> None:
    look(auditor, places["510101001001"])
    look(auditor, places["510102001001"])
    look(auditor, places["510101"])
    look(auditor, places["5101"])
    look(auditor, None)
    assert seal(NOON).rows == 5
    chains = {
        chain: AuditLink.objects.filter(chain=chain).count()
        for chain in AuditLink.objects.values_list("chain", flat=True)
    }
    assert chains == {places["510101"].path: 2, places["510102"].path: 1, "": 2}


def test_each_link_holds_the_row_and_the_link_before_it(places: dict[str, Area], auditor: Officer) -> None:
    rows = [look(auditor, places["510101"], number) for number in range(3)]
    seal(NOON)
    before = FIRST
    for number, row in enumerate(rows, start=1):
        link = AuditLink.objects.get(row=row)
        line = line_of_row(AuditRow.objects.get(pk=row.pk))
        assert link.hash == link_hash(before=before, chain=link.chain, number=number, line=line)
        before = link.hash


def test_what_is_sealed_is_not_sealed_again_and_a_chain_goes_on(
    places: dict[str, Area], auditor: Officer
) -> None:
    look(auditor, places["510101"])
    seal(NOON)
    assert seal(NOON + timedelta(minutes=1)).rows == 0
    look(auditor, places["510101"])
    sealing = seal(NOON + timedelta(minutes=2))
    assert [(head.number, head.chain) for head in sealing.heads] == [(2, places["510101"].path)]
    assert AuditHead.objects.count() == 2


def test_a_row_committed_late_is_chained_after_its_younger_neighbours(
    places: dict[str, Area], auditor: Officer
) -> None:
    late = look(auditor, places["510101"])
    young = look(auditor, places["510101"])
    AuditLink.objects.create(row=young, chain=places["510101"].path, number=1, hash="x")
    AuditHead.objects.create(
        chain=places["510101"].path, number=1, hash="x", sealed_at=NOON, last_row=young.pk
    )
    assert seal(NOON + timedelta(minutes=1)).rows == 1
    assert AuditLink.objects.get(row=late).number == 2


def test_a_row_that_comes_a_day_late_waits_for_a_sealing_of_the_whole(
    places: dict[str, Area], auditor: Officer
) -> None:
    late = look(auditor, places["510101"])
    AuditHead.objects.create(chain="z", number=1, hash="x", sealed_at=NOON, last_row=late.pk)
    assert seal(NOON + timedelta(days=2)).rows == 0
    assert verify().unsealed == 1
    assert seal(NOON + timedelta(days=2), whole=True).rows == 1


def test_a_batch_leaves_one_trace_with_the_hash_of_its_lines(auditor: Officer) -> None:
    row = record_batch(
        by=auditor,
        on=TODAY,
        action="registry.import",
        subject="import",
        subject_id=7,
        lines=["a\t1", "b\t2"],
        facts={"file": "people.csv"},
    )
    digest = hashlib.sha256(b"a\t1\nb\t2\n").hexdigest()
    assert row.facts == {"file": "people.csv", "rows": 2, "sha256": digest}


def test_facts_read_the_same_from_every_database(auditor: Officer) -> None:
    facts = {
        "day": date(2017, 1, 2),
        "amount": Decimal("12.50"),
        "half": 0.5,
        "three": 3.0,
        "list": (1, "二", None, True),
        "set": {"b", "a"},
    }
    row = record(by=auditor, on=TODAY, action="a.b", subject="s", subject_id=1, facts=facts)
    assert AuditRow.objects.get(pk=row.pk).facts == {
        "day": "2017-01-02",
        "amount": "12.50",
        "half": "0.5",
        "three": 3,
        "list": [1, "二", None, True],
        "set": ["a", "b"],
    }
    with pytest.raises(TypeError, match="cannot be a bytes"):
        plain({"photo": b"\x00"})


def test_heads_are_published_once_and_a_torn_line_costs_nothing(
    places: dict[str, Area], auditor: Officer, tmp_path: Path
) -> None:
    folder = tmp_path / "heads"
    look(auditor, places["510101"])
    seal(NOON)
    assert len(publish_heads(folder)) == 1
    assert publish_heads(folder) == []
    file = folder / "2017-12-31.jsonl"
    with file.open("a", encoding="ascii") as stream:
        stream.write('{"head": 99, "chain"')
    look(auditor, places["510101"])
    seal(NOON + timedelta(minutes=1))
    assert len(publish_heads(folder)) == 1
    assert [head.number for head in published_heads(folder)] == [1, 2]
    assert [head.number for head in published_heads(file)] == [1, 2]
    with file.open("a", encoding="ascii") as stream:
        stream.write('{"head": 1, "chain": "", "number": "x"}\n')
    with pytest.raises(HearthlineError, match=r"2017-12-31\.jsonl, line 4: this line is no head"):
        list(published_heads(file))
    with pytest.raises(HearthlineError, match="no file of published heads"):
        list(published_heads(tmp_path / "nowhere"))


def test_the_minute_of_the_worker_leaves_a_file_in_the_home_folder(
    places: dict[str, Area], auditor: Officer, home: Path
) -> None:
    look(auditor, places["510101"])
    seal_and_publish(NOON)
    verdict = verify(published_heads(home / "audit-heads"))
    assert (verdict.whole, verdict.rows, verdict.heads) == (True, 1, 1)


def test_the_trail_is_read_by_place_subject_officer_and_action_in_pages(
    places: dict[str, Area], hire: Hire
) -> None:
    auditor = hire(Role.AUDITOR, places["510101"])
    other = hire(Role.VILLAGE_OFFICER, places["510102"])
    for number in range(5):
        look(auditor, places["510101001001"], number)
    look(other, places["510102001001"], 3)
    look(other, places["510101001001"], 3, action="registry.observe")
    where = scope_of(by=auditor, permission=VIEW_AUDIT, on=TODAY).filter("area_path")
    first = list(rows_in(where)[:4])
    rest = list(rows_in(where, Wanted(before=first[-1].pk))[:4])
    assert len(first) == 4
    assert [row.subject_id for row in rest] == ["1", "0"]
    assert [row.officer_name for row in looks_at("household", 3, where)] == [
        other.username,
        auditor.username,
    ]
    assert rows_in(where, Wanted(officer_id=other.pk)).count() == 1
    assert rows_in(where, Wanted(action="registry.look", subject="household")).count() == 5
    assert rows_in(where, Wanted(since=datetime(2100, 1, 1, tzinfo=UTC))).count() == 0
    assert rows_in(where, Wanted(until=datetime(2100, 1, 1, tzinfo=UTC))).count() == 6
    assert actions_known() == ["registry.look", "registry.observe"]
