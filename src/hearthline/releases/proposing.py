# SPDX-License-Identifier: Apache-2.0
"""Decides what of a table would be published: passed by the gate after all releases that touch its places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hearthline.areas.models import Area
from hearthline.policy.queries import policy_of
from hearthline.releases.models import Release
from hearthline.releases.problems import CHAIN_BROKEN, TOO_LARGE
from hearthline.releases.rules import FIRST, hash_of, touching
from hearthline.releases.tallies import table_for
from hearthline.runs.models import Run
from hearthline.statistics import release as gate_release
from hearthline.statistics.gate import Method, Passed, Progress, pass_gate, untold
from hearthline.statistics.place_tables import PlaceTable, Subject, figures_of

COUNTING = "counting"
"""The stage before those of the gate."""


@dataclass(frozen=True)
class Head:
    """The end of the chain of releases."""

    number: int
    hash: str


@dataclass(frozen=True)
class Proposal:
    """A table as it would be published, and what the gate found."""

    run: Run
    area: Area
    subject: Subject
    method: Method
    levels: tuple[str, ...]
    table: PlaceTable
    passed: Passed
    head: Head
    memory: tuple[str, ...]
    """The hashes of the earlier releases that it was held against."""

    @property
    def told(self) -> dict[str, object]:
        """What the gate will remember of it."""
        return self.passed.release.document()

    @property
    def shown(self) -> dict[str, object]:
        """What readers will see of it: heads, and the figures of each place; null is hidden."""
        rows = [
            {"code": row.code, "name": row.name, "figures": [told.value for told in figures]}
            for row, figures in figures_of(self.table, self.passed.release.told)
        ]
        return {"heads": list(self.table.heads), "rows": rows}

    @property
    def seen(self) -> str:
        """What names the content: who publishes says by it what he has looked at."""
        return hash_of(0, "", {"told": self.told, "table": self.shown})

    def reasons(self) -> list[list[str]]:
        """Row by row why a figure is hidden: ``small``, ``beside``; empty where it is told."""
        return [[self._reason(name) for name in self.table.names[row.key]] for row in self.table.rows]

    def _reason(self, name: str) -> str:
        if not self.passed.release.told[name].hidden:
            return ""
        return "small" if name in self.passed.sensitive else "beside"


def proposal_of(
    *,
    run: Run,
    area: Area,
    subject: Subject,
    method: Method,
    levels: Sequence[str],
    most: int | None = None,
    progress: Progress = untold,
) -> Proposal:
    """The table of a place through the gate, after all that was published before; of ``most`` counts.

    Raises what the gate and ``releases.tallies`` raise, ``releases.too-large``, ``releases.chain-broken``.
    """
    progress(COUNTING, 0, 0)
    head = check_chain()
    table = table_for(run, area, levels, subject)
    if most is not None and len(table.counts.counts) > most:
        raise TOO_LARGE.error(counts=len(table.counts.counts), most=most)
    rows = list(Release.objects.filter(hash__in=memory_of(area)).order_by("number"))
    for row in rows:
        check_content(row)
    about: Mapping[str, object] = {"standard": policy_of(run.version).default_standard.name}
    memory = [gate_release.release_of(row.told) for row in rows]
    passed = pass_gate(table.counts, memory, method=method, about=about, progress=progress)
    hashes = tuple(row.hash for row in rows)
    return Proposal(run, area, subject, method, tuple(levels), table, passed, head, hashes)


def memory_of(area: Area) -> list[str]:
    """The hashes of what was published of places that touch a place, in their order; withdrawn tables too:
    what is out is out."""
    paths = touching(area.path, Release.objects.values_list("area_path", flat=True).distinct())
    rows = Release.objects.filter(area_path__in=sorted(paths)).order_by("number")
    return list(rows.values_list("hash", flat=True))


def check_chain() -> Head:
    """The end of the chain, if each release names the one before it. Raises ``releases.chain-broken``."""
    head = Head(0, FIRST)
    for number, previous, own in Release.objects.order_by("number").values_list("number", "previous", "hash"):
        if number != head.number + 1 or previous != head.hash:
            raise CHAIN_BROKEN.error(release=number)
        head = Head(number, own)
    return head


def check_content(row: Release) -> None:
    """Raises ``releases.chain-broken`` where a release is not what was published."""
    if row.hash != hash_of(row.number, row.previous, content_of(row)):
        raise CHAIN_BROKEN.error(release=row.number)


def content_of(row: Release) -> dict[str, object]:
    """All that a release told, as its hash covers it."""
    return {
        "run": row.run_id,
        "area": row.area_id,
        "subject": row.subject,
        "method": row.method,
        "levels": row.levels,
        "told": row.told,
        "table": row.table,
    }
