# SPDX-License-Identifier: Apache-2.0
"""Decides how a question "what if" is asked and answered: a changed package, held against a run."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from hearthline.engine.backends.duckdb_engine import DEFAULT_MEMORY, DuckDBEngine
from hearthline.engine.backends.runs import PACKAGE_FOLDER, Run
from hearthline.engine.rules.dependence import Dependence, Origin, dependence_of
from hearthline.engine.rules.policy import Policy
from hearthline.engine.snapshots import Snapshot
from hearthline.simulation.asking import Asking, cause_column
from hearthline.simulation.benefits import Benefit, formula_entry, read_benefits
from hearthline.simulation.curve import CurvePoint, CurveRequest, read_curve
from hearthline.simulation.curve_runs import curve_points
from hearthline.simulation.measures import (
    Band,
    Cost,
    Errors,
    Reversals,
    read_bands,
    read_causes,
    read_costs,
    read_errors,
    read_reversals,
)
from hearthline.simulation.package import ChangedPackage, changed_package
from hearthline.simulation.pairs import CHANGED, Sides, pairs_of
from hearthline.simulation.problems import NOTHING_SET, OTHER_DATE
from hearthline.simulation.recomputing import Recomputation, sources_of
from hearthline.simulation.references import read_reference
from hearthline.simulation.trimming import trimmed
from hearthline.simulation.warning import Warned, read_thresholds, warned_of
from hearthline.statistics.compare import merged_specification
from hearthline.statistics.differences import Behind, Change, Count, RunDifference, Traced
from hearthline.statistics.figures import Group, Provenance
from hearthline.statistics.grouping import Grouping, grouping_of, is_area
from hearthline.statistics.pairing import (
    read_counts,
    read_criteria,
    read_households,
    read_only,
)
from hearthline.statistics.relation import Relation, area_names
from hearthline.statistics.runs import provenance_of, relation_of
from hearthline.statistics.session import Session
from hearthline.statistics.specification import Specification, specification_of
from hearthline.statistics.tracing import listed_rows, read_origins, read_rules, rule_labels

LISTED = 1000
Progress = Callable[[str], None]
"""Called with the stage that begins; it may raise to stop the work."""


@dataclass(frozen=True)
class Question:
    """What is asked.

    ``settings`` are texts such as ``poverty_line=2952``; ``by`` are breakdowns; ``benefits`` texts such as
    ``person=1200``; ``reference`` who is in need; ``curve`` a parameter with its ends; ``warn`` texts such as
    ``cliff=15%``. ``list_to`` takes the list of every household that differs, as Parquet.
    """

    package: str | Path
    settings: Sequence[str] = ()
    by: Sequence[str] = ()
    benefits: Sequence[str] = ()
    reference: str | None = None
    curve: str | None = None
    warn: Sequence[str] = ()
    listed: int | None = LISTED
    list_to: Path | None = None


@dataclass(frozen=True)
class Simulation:
    """What would be: who enters and who leaves, by which rule, what it costs, and how the curve runs.

    ``costs``, ``bands`` and ``reversals`` are by side (before, after), where a benefit was named and, for the
    latter two, the package has a line; ``warned`` says which of these are over their thresholds. ``errors``
    are by side where a reference was named.
    """

    changed: ChangedPackage
    before: Policy
    dependence: Dependence
    difference: RunDifference
    causes: Mapping[tuple[Change, str], Count]
    benefits: tuple[Benefit, ...] = ()
    costs: Mapping[tuple[Group, str], Cost] = field(default_factory=dict)
    bands: Mapping[str, tuple[Band, ...]] = field(default_factory=dict)
    reversals: Mapping[str, Reversals] = field(default_factory=dict)
    warned: tuple[Warned, ...] = ()
    reference: str | None = None
    errors: Mapping[str, Errors] = field(default_factory=dict)
    curve: CurveRequest | None = None
    points: tuple[CurvePoint, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def traced(self) -> Traced:
        """How many households each changed rule made differ."""
        return self._behind.traced

    @property
    def rules_of(self) -> Mapping[int, tuple[str, ...]]:
        """The changed rules behind each household listed, by its number."""
        return self._behind.of

    @property
    def _behind(self) -> Behind:
        behind = self.difference.behind
        assert behind is not None  # a simulation asks the facts of its run
        return behind

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
    progress: Progress | None = None,
) -> Simulation:
    """Hold a changed package against a run of the same snapshot, working out only what can differ.

    The statuses are those that a screening by the changed package would give. ``data`` is where the snapshot
    of the run is now. Raises a problem where nothing differs, a setting cannot be, or the date is another.
    """
    clock = Clock(progress)
    clock.begin("read packages")
    day = date.fromisoformat(run.record.on)
    if on is not None and on != day:
        raise OTHER_DATE.error(run=run.folder, expected=day, on=on)
    before = run.policy
    extra = formula_entry(question.benefits, before)
    own = Path(question.package).resolve() == (run.folder / PACKAGE_FOLDER).resolve()
    changed = changed_package(question.package, question.settings, day, extra, before if own else None)
    nothing = changed.policy.version_hash == before.version_hash or (
        extra is not None and not question.settings
    )
    if nothing and question.curve is None and not question.benefits:
        raise NOTHING_SET.error()
    thresholds = read_thresholds(question.warn)
    clock.begin("make plan")
    snapshot = run.snapshot(data)
    snapshot.require(changed.policy)
    work = Work(question, run, snapshot, before, changed, day, data)
    clock.begin("work out")
    with opened(memory) as session:
        answer = work.answer(session, clock)
        answer = replace(answer, warned=warned_of(answer.bands, answer.reversals, thresholds))
    if question.curve is not None:
        clock.begin("curve")
        request = read_curve(question.curve, changed.policy, day)
        points = curve_points(work.asking, changed, request, sources_of(run, snapshot), day, memory)
        answer = replace(answer, curve=request, points=points)
    clock.end()
    return replace(answer, seconds=clock.seconds)


@contextmanager
def opened(memory: str) -> Iterator[Session]:
    """A session of the engine that screens, leaving nothing behind."""
    with (
        tempfile.TemporaryDirectory(prefix="hearthline-") as spill,
        DuckDBEngine(memory=memory, spill=Path(spill)) as engine,
    ):
        yield Session(engine.connection)


class Clock:
    """Wall seconds by stage, in order; tells each stage as it begins."""

    def __init__(self, progress: Progress | None = None) -> None:
        self.seconds: dict[str, float] = {}
        self._progress = progress
        self._since, self._stage = time.perf_counter(), ""

    def begin(self, stage: str) -> None:
        """End the stage before and begin another."""
        self.end()
        self._stage = stage
        if self._progress is not None:
            self._progress(stage)

    def end(self) -> None:
        """End the stage."""
        now = time.perf_counter()
        if self._stage:
            self.seconds[self._stage] = now - self._since
        self._since, self._stage = now, ""


class Work:
    """One question over one run."""

    def __init__(
        self,
        question: Question,
        run: Run,
        snapshot: Snapshot,
        before: Policy,
        changed: ChangedPackage,
        day: date,
        data: Path | None,
    ) -> None:
        self.question, self.run, self.changed = question, run, changed
        after = changed.policy
        self.sides = Sides(before, after, dependence_of(before, after, day))
        self.specifications = specification_of(before, day), specification_of(after, day)
        reference = question.reference
        names = [*question.by, *([reference] if reference and reference in after.facts["household"] else [])]
        self.relation = relation_of(run, self.specifications[1], by=names, data=data)
        self.grouping = grouping_of(self.relation, question.by)
        self.asking = Asking(
            self.sides,
            self.specifications,
            self.relation,
            read_benefits(question.benefits, after),
            None if reference is None else read_reference(reference, run, after),
        )
        own_weights = weights_of(before) != weights_of(after)
        wanted = wanted_rules(self.sides) | self.asking.wanted()
        trim = trimmed(after, self.sides.dependence, wanted, own_weights=own_weights)
        self.recomputation = Recomputation(sources_of(run, snapshot), trim, day)

    def answer(self, session: Session, clock: Clock) -> Simulation:
        """Everything but the curve."""
        question, asking = self.question, self.asking
        pairs = pairs_of(self.sides, self.relation, self.grouping, asking.extra(session))
        replace(self.recomputation, carried=pairs.carried).define(session)
        clock.begin("pair")
        pairs.define(session, self.sides.criteria)
        clock.begin("count")
        difference = _difference(
            session, question, self.run, self.sides, self.specifications, self.relation, self.grouping
        )
        difference = replace(difference, behind=self._behind(session))
        if question.list_to is not None:
            session.write(listed_rows(self.sides.criteria, self.sides.roots, CHANGED), str(question.list_to))
        has_cliff = bool(asking.benefits) and asking.has_line
        return Simulation(
            changed=self.changed,
            before=self.sides.before,
            dependence=self.sides.dependence,
            difference=difference,
            causes=read_causes(session, {name: cause_column(name) for name in asking.causes()}),
            benefits=asking.benefits,
            costs=read_costs(session, self.grouping) if asking.benefits else {},
            bands={side: read_bands(session, side) for side in ("before", "after") if has_cliff},
            reversals={side: read_reversals(session, side) for side in ("before", "after") if has_cliff},
            reference=asking.reference.words if asking.reference else None,
            errors={side: read_errors(session, side) for side in ("before", "after") if asking.reference},
        )

    def _behind(self, session: Session) -> Behind:
        sides, roots = self.sides, self.sides.roots
        return Behind(
            traced=read_origins(session, roots, CHANGED),
            of=read_rules(session, sides.criteria, roots, self.question.listed, CHANGED),
            origins=sides.dependence.origins,
            labels=rule_labels(sides.after, roots),
        )


def weights_of(policy: Policy) -> tuple[str | None, str | None]:
    """The values by which a package weighs households and people."""
    return policy.household_weight, policy.person_weight


def wanted_rules(sides: Sides) -> frozenset[str]:
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
    criteria, unexplained = read_criteria(session, sides.criteria, CHANGED)
    households = read_households(session, sides.criteria, question.listed, CHANGED)
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
        only=read_only(session, CHANGED),
        households=households.listed,
        listed_of=households.number,
        area_names=area_names(relation) if any(map(is_area, question.by)) else {},
    )
