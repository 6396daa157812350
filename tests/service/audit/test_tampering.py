# SPDX-License-Identifier: Apache-2.0
"""Decides that whoever owns the database still cannot change a sealed trail unseen: every edit is found.

The drill lifts the triggers as a superuser would, edits, and verifies; then the edit is undone.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction

from hearthline.accounts.rules import Role
from hearthline.areas.models import Area
from hearthline.audit.models import AuditHead, AuditLink, AuditRow
from hearthline.audit.queries import PublishedHead, line_of_row
from hearthline.audit.rules import FIRST, link_hash
from hearthline.audit.services import record, seal
from hearthline.audit.verifying import Fault, Verdict, verify
from hearthline.base.problems import HearthlineError

from ..conftest import TODAY, Hire, lifted_triggers

NOON = datetime(2017, 12, 31, 4, tzinfo=UTC)
PLACES = ("510101001001", "510101002", "510102001", "5101")
ROWS = 120
EDITS_OF_A_ROW = (
    "action = 'registry.nothing'",
    "subject = 'person'",
    "subject_id = '4711'",
    "officer_name = 'nobody'",
    "officer_id = NULL",
    "area_path = ''",
    'facts = \'{"seen": "little"}\'',
)
EDITS_OF_A_LINK = ("hash = '" + "a" * 64 + "'", "number = number + 1000", "chain = 'elsewhere'")
Edit = Callable[[random.Random], None]


@pytest.fixture
def published(places: dict[str, Area], hire: Hire) -> list[PublishedHead]:
    """A trail of four chains, sealed three times; the heads that were published."""
    officer = hire(Role.VILLAGE_OFFICER)
    heads: list[PublishedHead] = []
    for number in range(ROWS):
        record(
            by=officer,
            on=TODAY,
            action="registry.look",
            subject="household",
            subject_id=number,
            area_path=places[PLACES[number % len(PLACES)]].path,
            facts={"seen": "much", "number": number},
        )
        if number % 40 == 39:
            heads += seal(NOON + timedelta(minutes=number)).heads
    assert len(heads) == 9
    return heads


def execute(statement: str, *values: str | int | date | None) -> None:
    """A statement of the superuser."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount != 0, "the edit changed nothing"


def after(edit: Edit, chance: random.Random, heads: list[PublishedHead]) -> Verdict:
    """What verification says after an edit, which is undone afterwards."""
    with transaction.atomic():
        with lifted_triggers():
            edit(chance)
        verdict = verify(heads)
        transaction.set_rollback(True)
    return verdict


def some_row(chance: random.Random) -> int:
    """Any sealed row."""
    return chance.choice(list(AuditRow.objects.values_list("pk", flat=True)))


def edited_row(chance: random.Random) -> None:
    """One field of one row says something else."""
    execute(f"UPDATE audit_auditrow SET {chance.choice(EDITS_OF_A_ROW)} WHERE id = %s", some_row(chance))


def moved_in_time(chance: random.Random) -> None:
    """A row happened at another moment, or on another day."""
    row = AuditRow.objects.get(pk=some_row(chance))
    if chance.random() < 0.5:
        execute("UPDATE audit_auditrow SET at = %s WHERE id = %s", row.at + timedelta(microseconds=1), row.pk)
    else:
        execute('UPDATE audit_auditrow SET "on" = %s WHERE id = %s', row.on - timedelta(days=1), row.pk)


def edited_link(chance: random.Random) -> None:
    """A link says something else."""
    execute(
        f"UPDATE audit_auditlink SET {chance.choice(EDITS_OF_A_LINK)} WHERE row_id = %s", some_row(chance)
    )


def deleted(chance: random.Random) -> None:
    """A row is gone, its link too or not."""
    row = some_row(chance)
    execute("DELETE FROM audit_auditrow WHERE id = %s", row)
    if chance.random() < 0.5:
        execute("DELETE FROM audit_auditlink WHERE row_id = %s", row)


def reordered(chance: random.Random) -> None:
    """Two rows of a chain have changed places."""
    chain = chance.choice(sorted(set(AuditLink.objects.values_list("chain", flat=True))))
    one, two = chance.sample(list(AuditLink.objects.filter(chain=chain)), 2)
    execute("UPDATE audit_auditlink SET number = 999999 WHERE row_id = %s", one.pk)
    execute("UPDATE audit_auditlink SET number = %s WHERE row_id = %s", one.number, two.pk)
    execute("UPDATE audit_auditlink SET number = %s WHERE row_id = %s", two.number, one.pk)


def forged_with_its_link(chance: random.Random) -> None:
    """A row says something else, and its own link was computed anew to fit."""
    link = AuditLink.objects.get(row_id=some_row(chance))
    execute("UPDATE audit_auditrow SET subject_id = '4711' WHERE id = %s", link.pk)
    build_anew(link.chain, link.number, link.number)


def tail_cut(chance: random.Random) -> None:
    """The end of a chain is gone without trace: rows, links and heads."""
    chain = chance.choice(sorted(set(AuditLink.objects.values_list("chain", flat=True))))
    last = AuditLink.objects.filter(chain=chain).count()
    first_gone = chance.randint(2, last)
    gone = list(AuditLink.objects.filter(chain=chain, number__gte=first_gone).values_list("pk", flat=True))
    AuditHead.objects.filter(chain=chain, number__gte=first_gone)._raw_delete("default")
    AuditLink.objects.filter(pk__in=gone)._raw_delete("default")
    AuditRow.objects.filter(pk__in=gone)._raw_delete("default")


def rebuilt(chance: random.Random) -> None:
    """A row says something else, and everything after it was computed anew, heads included."""
    link = AuditLink.objects.get(row_id=some_row(chance))
    execute("UPDATE audit_auditrow SET subject_id = '4711' WHERE id = %s", link.pk)
    build_anew(link.chain, link.number, 10**6)


def left_out_and_rebuilt(chance: random.Random) -> None:
    """A row is gone, those after it have moved up, and all is computed anew."""
    link = AuditLink.objects.get(row_id=some_row(chance))
    execute("DELETE FROM audit_auditlink WHERE row_id = %s", link.pk)
    execute("DELETE FROM audit_auditrow WHERE id = %s", link.pk)
    rest = AuditLink.objects.filter(chain=link.chain, number__gt=link.number).order_by("number")
    for later in list(rest):
        execute("UPDATE audit_auditlink SET number = number - 1 WHERE row_id = %s", later.pk)
    build_anew(link.chain, 1, 10**6)


def build_anew(chain: str, start: int, end: int) -> None:
    """Compute the links from ``start`` to ``end`` again, and the heads of the database that end there."""
    earlier = AuditLink.objects.filter(chain=chain, number=start - 1).first()
    before = earlier.hash if earlier else FIRST
    for link in list(AuditLink.objects.filter(chain=chain, number__gte=start, number__lte=end)):
        line = line_of_row(AuditRow.objects.get(pk=link.pk))
        before = link_hash(before=before, chain=chain, number=link.number, line=line)
        execute("UPDATE audit_auditlink SET hash = %s WHERE row_id = %s", before, link.pk)
        heads = AuditHead.objects.filter(chain=chain, number=link.number)
        for head in list(heads):
            execute("UPDATE audit_audithead SET hash = %s WHERE id = %s", before, head.pk)


EDITS: dict[Edit, tuple[int, set[Fault]]] = {
    edited_row: (60, {Fault.CHANGED}),
    moved_in_time: (20, {Fault.CHANGED}),
    edited_link: (30, {Fault.CHANGED}),
    deleted: (40, {Fault.ROW_MISSING, Fault.LINK_MISSING, Fault.CUT}),
    reordered: (30, {Fault.CHANGED}),
    forged_with_its_link: (20, {Fault.CHANGED, Fault.REBUILT}),
    tail_cut: (20, {Fault.CUT}),
    rebuilt: (10, {Fault.REBUILT}),
    left_out_and_rebuilt: (10, {Fault.REBUILT, Fault.CUT}),
}


def test_an_untouched_trail_is_whole(published: list[PublishedHead]) -> None:
    verdict = verify(published)
    assert verdict.whole
    assert (verdict.rows, verdict.chains, verdict.unsealed) == (ROWS, 3, 0)
    verdict.demand_whole()


@pytest.mark.slow
def test_every_edit_of_a_superuser_is_found(published: list[PublishedHead]) -> None:
    chance = random.Random(20171231)
    found = missed = 0
    for edit, (times, faults) in EDITS.items():
        for _ in range(times):
            verdict = after(edit, chance, published)
            if {finding.fault for finding in verdict.findings} & faults:
                found += 1
            else:
                missed += 1
                print(f"missed: {edit.__name__}: {verdict.findings}")
    print(f"{found} edits found, {missed} missed")
    assert missed == 0
    assert found >= 200
    assert verify(published).whole


def test_a_cut_and_a_rebuilt_chain_need_heads_from_outside(published: list[PublishedHead]) -> None:
    chance = random.Random(1)
    for edit in (tail_cut, rebuilt):
        assert after(edit, chance, []).whole
        assert not after(edit, chance, published).whole


def test_what_is_not_sealed_yet_is_told_as_such(published: list[PublishedHead], hire: Hire) -> None:
    row = record(by=None, on=TODAY, action="registry.look", subject="household", subject_id=1)
    verdict = verify(published)
    assert verdict.whole
    assert (verdict.unsealed, verdict.unsealed_since) == (1, row.at)


def test_a_broken_trail_is_told_in_sentences(published: list[PublishedHead]) -> None:
    verdict = after(deleted, random.Random(3), published)
    assert all(finding.sentence.startswith("Chain ") for finding in verdict.findings)
    assert all(finding.sentence.endswith(".") for finding in verdict.findings)
    with pytest.raises(HearthlineError, match="The trail was changed after it was sealed"):
        verdict.demand_whole()
