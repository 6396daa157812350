# SPDX-License-Identifier: Apache-2.0
"""Decides whether the trail is whole: every link is computed anew, and compared with the published heads.

Without heads from outside, two things cannot be seen: a chain whose end was cut off, and a chain that was
built anew from the start. With them, both are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.db.models import Min

from hearthline.audit.models import AuditHead, AuditLink, AuditRow
from hearthline.audit.queries import PublishedHead, line_of_row, unlinked_rows
from hearthline.audit.rules import FIRST, link_hash
from hearthline.base.problems import Kind, declare

CHAIN_BROKEN = declare(
    "audit.chain-broken",
    Kind.DAMAGED,
    "the trail was changed after it was sealed: {findings} findings.",
    "Keep this database as it is, compare it with the newest backup that verifies, and report the findings.",
)
AT_ONCE = 2_000


class Fault(StrEnum):
    """What can be wrong with a chain."""

    CHANGED = "changed"
    ROW_MISSING = "row missing"
    LINK_MISSING = "link missing"
    CUT = "cut"
    REBUILT = "rebuilt"


SENTENCES = {
    Fault.CHANGED: "row {row}: what it says, or its place in the chain, is not what was sealed.",
    Fault.ROW_MISSING: "row {row}: it was sealed and is no longer there.",
    Fault.LINK_MISSING: "places {number} to {through}: they were sealed and are no longer there.",
    Fault.CUT: "place {number}: it was published, and the chain ends before it.",
    Fault.REBUILT: "place {number}: another hash was published for it; the chain was built anew.",
}


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: in which chain, at which place, with which row."""

    fault: Fault
    chain: str
    number: int
    row: int | None = None
    through: int | None = None

    @property
    def sentence(self) -> str:
        """In words."""
        chain = self.chain or "of the whole"
        through = self.through or self.number
        return f"Chain {chain}, " + SENTENCES[self.fault].format(
            row=self.row, number=self.number, through=through
        )


@dataclass
class Verdict:
    """What a verification found, and what it could not judge because it is not sealed yet."""

    rows: int = 0
    chains: int = 0
    heads: int = 0
    findings: list[Finding] = field(default_factory=list)
    unsealed: int = 0
    unsealed_since: datetime | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    def demand_whole(self) -> None:
        """Raises ``audit.chain-broken`` unless nothing is wrong."""
        if not self.whole:
            raise CHAIN_BROKEN.error(findings=len(self.findings))


def verify(heads: Iterable[PublishedHead] = ()) -> Verdict:
    """Compute every chain anew; ``heads`` are those kept outside (``queries.published_heads``)."""
    verdict = Verdict()
    published = _by_place(heads)
    verdict.heads = len(published)
    own = _by_place(PublishedHead.of(head) for head in AuditHead.objects.iterator(chunk_size=AT_ONCE))
    promised = own | published  # what was kept outside weighs more than what the database says of itself
    _walk(verdict, promised)
    unlinked = unlinked_rows()
    verdict.unsealed = unlinked.count()
    verdict.unsealed_since = unlinked.order_by().aggregate(first=Min("at"))["first"]
    return verdict


def _by_place(heads: Iterable[PublishedHead]) -> dict[tuple[str, int], str]:
    return {(head.chain, head.number): head.hash for head in heads}


def _walk(verdict: Verdict, promised: dict[tuple[str, int], str]) -> None:
    """Go along every chain in order, and compare each place with what was promised for it."""
    open_promises = dict(promised)
    ends: dict[str, int] = {}
    chain, number, before = None, 0, FIRST
    links = AuditLink.objects.order_by("chain", "number").values_list("chain", "number", "hash", "row_id")
    for batch in _batches(links.iterator(chunk_size=AT_ONCE)):
        rows = AuditRow.objects.in_bulk([row for *_, row in batch])
        for link_chain, link_number, link, row_id in batch:
            if link_chain != chain:
                chain, number, before = link_chain, 0, FIRST
                verdict.chains += 1
            if link_number > number + 1:
                gap = Finding(Fault.LINK_MISSING, chain, number + 1, through=link_number - 1)
                verdict.findings.append(gap)
            verdict.rows += 1
            row = rows.get(row_id)
            fault = _fault_of(row, before=before, chain=chain, number=link_number, link=link)
            if fault:
                verdict.findings.append(Finding(fault, chain, link_number, row_id))
            promise = open_promises.pop((chain, link_number), link)
            if promise != link:
                verdict.findings.append(Finding(Fault.REBUILT, chain, link_number, row_id))
            number, before = link_number, link
            ends[chain] = link_number
    verdict.findings += [
        Finding(Fault.CUT, name, place) for name, place in sorted(open_promises) if place > ends.get(name, 0)
    ]


def _fault_of(row: AuditRow | None, *, before: str, chain: str, number: int, link: str) -> Fault | None:
    if row is None:
        return Fault.ROW_MISSING
    made = link_hash(before=before, chain=chain, number=number, line=line_of_row(row))
    return None if made == link else Fault.CHANGED


def _batches(
    links: Iterable[tuple[str, int, str, int]],
) -> Iterable[list[tuple[str, int, str, int]]]:
    batch: list[tuple[str, int, str, int]] = []
    for link in links:
        batch.append(link)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch
