# SPDX-License-Identifier: Apache-2.0
"""Decides how a question "what if" is asked and answered: a changed package, held against a run."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hearthline.engine.backends.duckdb_engine import DEFAULT_MEMORY, DuckDBEngine
from hearthline.engine.backends.runs import Run
from hearthline.engine.rules.dependence import Dependence, Origin, dependence_of
from hearthline.engine.rules.policy import Policy
from hearthline.simulation.origins import Traced, read_origins
from hearthline.simulation.package import ChangedPackage, changed_package
from hearthline.simulation.pairs import Sides, define_pairs
from hearthline.simulation.problems import NOTHING_SET, OTHER_DATE
from hearthline.simulation.recomputing import Recomputation, sources_of
from hearthline.simulation.trimming import trimmed
from hearthline.statistics.compare import merged_specification
from hearthline.statistics.differences import Change, RunDifference
from hearthline.statistics.figures import Provenance
from hearthline.statistics.grouping import Grouping, grouping_of, is_area
from hearthline.statistics.pairing import read_counts, read_criteria, read_households, read_only
from hearthline.statistics.relation import Relation, area_names
from hearthline.statistics.runs import provenance_of, relation_of
from hearthline.statistics.session import Session
from hearthline.statistics.specification import Specification, specification_of

LISTED = 1000


@dataclass(frozen=True)
class Question:
    """What is asked. ``settings`` are texts such as ``poverty_line=2952``; ``by`` are breakdowns."""

    package: str | Path
    settings: Sequence[str] = ()
    by: Sequence[str] = ()
    listed: int | None = LISTED


@dataclass(frozen=True)
class Simulation:
    """What would be: who enters and who leaves, by which rule, beside what was set and on what it rests."""

    changed: ChangedPackage
    dependence: Dependence
    difference: RunDifference
    traced: Traced
    seconds: Mapping[str, float]

    @property
    def origins(self) -> tuple[Origin, ...]:
        """Every definition that differs, once."""
        found = (origin for origins in self.dependence.origins.values() for origin in origins)
        return tuple(sorted(set(found)))


def simulate(
    question: Question,
    run: Run,
    *,
    data: Path | None = None,
    on: date | None = None,
    memory: str = DEFAULT_MEMORY,
) -> Simulation:
    """Hold a changed package against a run of the same snapshot, working out only what can differ.

    The statuses are those that a screening by the changed package would give. ``data`` is where the snapshot
    of the run is now. Raises a problem where nothing differs, a setting cannot be, or the date is another.
    """
    clock = Clock()
    day = date.fromisoformat(run.record.on)
    if on is not None and on != day:
        raise OTHER_DATE.error(run=run.folder, expected=day, on=on)
    changed = changed_package(question.package, question.settings, day)
    before = run.policy
    if changed.policy.version_hash == before.version_hash:
        raise NOTHING_SET.error()
    clock.stop("read packages")
    snapshot = run.snapshot(data)
    snapshot.require(changed.policy)
    sides = Sides(before, changed.policy, dependence_of(before, changed.policy, day))
    own_weights = _weights(before) != _weights(changed.policy)
    trim = trimmed(changed.policy, sides.dependence, wanted(sides), own_weights=own_weights)
    recomputation = Recomputation(sources_of(run, snapshot), trim, day)
    specifications = specification_of(before, day), specification_of(changed.policy, day)
    relation = relation_of(run, specifications[0], by=question.by, data=data)
    grouping = grouping_of(relation, question.by)
    clock.stop("make plan")
    with (
        tempfile.TemporaryDirectory(prefix="hearthline-") as spill,
        DuckDBEngine(memory=memory, spill=Path(spill)) as engine,
    ):
        session = Session(engine.connection)
        recomputation.define(session)
        clock.stop("work out")
        define_pairs(session, sides, relation, grouping, {})
        clock.stop("pair")
        difference = _difference(session, question, run, sides, specifications, relation, grouping)
        traced = read_origins(session, sides)
        clock.stop("count")
    return Simulation(changed, sides.dependence, difference, traced, clock.seconds)


class Clock:
    """Wall seconds by stage, in order."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = time.perf_counter()

    def stop(self, stage: str) -> None:
        """End a stage; the next begins."""
        now = time.perf_counter()
        self.seconds[stage], self._since = now - self._since, now


def _weights(policy: Policy) -> tuple[str | None, str | None]:
    return policy.household_weight, policy.person_weight


def wanted(sides: Sides) -> frozenset[str]:
    """The rules whose values the answer shows: the criteria that decide, and the changed ones behind."""
    criteria = {name for name, (_, later) in sides.criteria.items() if later}
    return frozenset((criteria | set(sides.roots)) & sides.dependence.affected)


def _difference(
    session: Session,
    question: Question,
    run: Run,
    sides: Sides,
    specifications: tuple[Specification, Specification],
    relation: Relation,
    grouping: Grouping,
) -> RunDifference:
    counts = read_counts(session, grouping)
    criteria, unexplained = read_criteria(session, sides.criteria)
    households = read_households(session, sides.criteria, question.listed)
    earlier = provenance_of(run)
    later = Provenance(
        run="",
        package=sides.after.id,
        version_hash=sides.after.version_hash,
        snapshot_hash=earlier.snapshot_hash,
        on=earlier.on,
    )
    return RunDifference(
        specification=merged_specification(specifications),
        earlier=earlier,
        later=later,
        matched_by="snapshot",
        groups=tuple(dict.fromkeys(group for group, _ in counts)),
        counts=counts,
        criteria=criteria,
        unexplained=unexplained,
        only=read_only(session),
        households=households.listed,
        listed_of=households.number,
        area_names=area_names(relation) if any(map(is_area, question.by)) else {},
    )


__all__ = ["Change", "Clock", "Question", "Simulation", "simulate", "wanted"]
