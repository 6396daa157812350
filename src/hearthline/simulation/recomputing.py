# SPDX-License-Identifier: Apache-2.0
"""Decides how the answers of a changed package are worked out from a run: only those that can differ.

The tables of the plan are views. The household is a row of the run, joined to its facts in the snapshot
only where a formula that can differ reads one; the same for people. The steps between are those of any
screening. What else is to be known of a household, as the run has it, is carried along in the same row, so
that nothing has to be joined to it again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from sqlglot import exp

from hearthline.engine.backends.duckdb_engine import with_steps
from hearthline.engine.backends.runs import Run
from hearthline.engine.rules.dependence import Dependence
from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON, Derived, Fact, Policy
from hearthline.engine.rules.tree import FactRef
from hearthline.engine.rules.types import TEXT, Kind, ValueType
from hearthline.engine.snapshots import Snapshot
from hearthline.engine.sql.numbers import held_in
from hearthline.engine.sql.outcome import MET, NOT_MET
from hearthline.engine.sql.plan import Plan, screening_plan
from hearthline.engine.sql.terms import (
    DOUBLE,
    NARROW_DIGITS,
    binary,
    call,
    cast_to,
    column,
    text,
    when,
)
from hearthline.simulation.trimming import Trimmed, given_column
from hearthline.statistics.expressions import parquet
from hearthline.statistics.session import Session, Step

RECOMPUTED = "recomputed"
"""One row per household: its number, its weights, and every answer that can differ."""

CARRIED = "@before"
"""Ends the name of a column that is carried along as the run has it."""

_EXACT_IN_DOUBLE = 15
"""A scaled integer of so many digits survives the way through a double."""


@dataclass(frozen=True)
class Sources:
    """Where a run and its snapshot lie: ``results`` and ``tables`` give the files of a result or a level."""

    results: Callable[[str], Sequence[Path]]
    tables: Callable[[str], Sequence[Path]]
    has_areas: bool


def sources_of(run: Run, snapshot: Snapshot) -> Sources:
    """The files of a run and of its snapshot; each is hashed before its path is given out."""
    return Sources(run.paths, snapshot.paths, snapshot.has_areas)


@dataclass(frozen=True)
class Recomputation:
    """A trimmed package over a run and its snapshot, on the date of the run.

    ``carried`` names the columns of the run that stand beside the answers, as :func:`carried_column` says.
    """

    sources: Sources
    trimmed: Trimmed
    on: date
    carried: tuple[str, ...] = ()

    @cached_property
    def plan(self) -> Plan:
        """The steps of the trimmed package."""
        return screening_plan(self._policy, self.on, has_areas=self.has_areas)

    @property
    def _policy(self) -> Policy:
        """The trimmed package with what is carried along, which no step looks into."""
        policy = self.trimmed.policy
        facts, derived = dict(policy.facts[HOUSEHOLD]), dict(policy.derived)
        for name in map(carried_column, self.carried):
            facts[name] = Fact(name, HOUSEHOLD, "code", TEXT, {})
            derived[name] = Derived(name, HOUSEHOLD, "code", TEXT, {}, "", FactRef(TEXT, HOUSEHOLD, name))
        return replace(policy, facts={**policy.facts, HOUSEHOLD: facts}, derived=derived)

    @property
    def is_light(self) -> bool:
        """Whether a row of the run is all that an answer rests on: no other table is read or joined."""
        others = any(names for level, names in self.trimmed.facts.items() if level != AREA)
        return not (others or self.plan.tables or self.has_areas)

    @property
    def has_areas(self) -> bool:
        """Whether a formula that can differ reads a fact of the area."""
        return self.sources.has_areas and AREA in self.trimmed.facts

    def define(self, session: Session, *, kept: bool | None = None) -> None:
        """Leave the answers in the session under the name ``recomputed``.

        They are worked out once and kept where that needs more than a row of the run; ``kept`` says
        otherwise.
        """
        plan = self.plan
        kept = not self.is_light if kept is None else kept
        for step in self._tables(plan):
            session.define(step)
        tree = with_steps(plan, plan.households, kept=frozenset())
        session.define(Step(RECOMPUTED, tree, kept=kept))

    def _tables(self, plan: Plan) -> Iterator[Step]:
        facts = self.trimmed.facts
        yield Step(HOUSEHOLD, self._shown(HOUSEHOLD, ("household_id", "area_id"), "households"))
        for level in plan.tables:
            if level == PERSON:
                yield Step(PERSON, self._shown(PERSON, ("person_id", "household_id"), "persons"))
            else:
                yield Step(level, exp.select(exp.Star()).from_(parquet(self.sources.tables(level))))
        if self.has_areas:
            names = ("area_id", "area_code", *facts[AREA])
            tree = exp.select(*(column(name) for name in names)).from_(parquet(self.sources.tables(AREA)))
            yield Step(AREA, tree)

    def _shown(self, level: str, keys: Sequence[str], result: str) -> exp.Select:
        """A table of the plan: keys, the facts that are read, and the columns the run gives."""
        given = self.trimmed.given[level]
        facts = self.trimmed.facts.get(level, ())
        if level == PERSON and not given:
            return exp.select(*(column(name) for name in (*keys, *facts))).from_(
                parquet(self.sources.tables(level))
            )
        chosen: list[exp.Expr] = [column(name, "r") for name in keys]
        chosen += [column(name, "f") for name in facts]
        chosen += [
            exp.alias_(
                _taken(name, kind, name in self.trimmed.policy.criteria), given_column(name), quoted=True
            )
            for name, kind in given.items()
        ]
        if level == HOUSEHOLD:
            chosen += [
                exp.alias_(column(name, "r"), carried_column(name), quoted=True) for name in self.carried
            ]
        tree = exp.select(*chosen).from_(_named(self.sources.results(result), "r"))
        if facts:
            key = keys[0]
            tree = tree.join(
                _named(self.sources.tables(level), "f"), on=binary(exp.EQ, column(key, "f"), column(key, "r"))
            )
        return tree


def carried_column(name: str) -> str:
    """The column that holds a column of the run, carried along."""
    return f"{name}{CARRIED}"


def _named(files: Sequence[Path], name: str) -> exp.Expr:
    return exp.alias_(parquet(files), name, table=True)


def _taken(name: str, kind: ValueType, is_criterion: bool) -> exp.Expr:
    """A column of a run as the compiler holds it: numbers as scaled integers, criteria as truth values."""
    source = column(name, "r")
    if is_criterion:
        return when(
            [
                (binary(exp.EQ, source, text(MET)), exp.true()),
                (binary(exp.EQ, source, text(NOT_MET)), exp.false()),
            ]
        )
    if kind.kind is not Kind.NUMBER:
        return source
    width = held_in(kind.digits)
    if kind.scale == 0:
        return cast_to(source, width)
    if kind.digits <= _EXACT_IN_DOUBLE:
        tick = cast_to(text(f"1e{kind.scale}"), DOUBLE)
        return cast_to(call("round", binary(exp.Mul, cast_to(source, DOUBLE), tick)), width)
    if kind.digits <= NARROW_DIGITS:
        # a decimal of 18 digits times one of at most 19: the product has room, and no remainder
        return cast_to(binary(exp.Mul, source, exp.Literal.number(10**kind.scale)), width)
    # the digits as they are written: a decimal always shows all of its decimals
    digits = call("replace", cast_to(source, "VARCHAR"), text("."), text(""))
    return cast_to(digits, width)


def answers_of(policy: Policy, dependence: Dependence, on: date) -> list[str]:
    """The columns of a run that can differ: rules of the household, statuses and points."""
    default = policy.default_standard.name
    rules = [name for name, rule in policy.derived.items() if rule.level == HOUSEHOLD]
    rules += [name for name, rule in policy.criteria.items() if rule.level == HOUSEHOLD]
    found = [name for name in rules if name in dependence.affected]
    asked = [name for name in sorted(dependence.standards) if policy.standards[name].in_force(on)]
    found += ["status" if name == default else f"status_{name}" for name in asked]
    for name in sorted(dependence.indices):
        found += [f"{name}_points", f"{name}_points_unknown"]
    return found
