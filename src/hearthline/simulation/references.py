# SPDX-License-Identifier: Apache-2.0
"""Decides what errors are held against: another run, another standard, or a value that is true."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlglot import exp

from hearthline.engine.backends.runs import RUN_FILE, Run, open_run
from hearthline.engine.rules.policy import HOUSEHOLD, Policy
from hearthline.engine.rules.types import Kind
from hearthline.simulation.problems import BAD_REFERENCE
from hearthline.statistics.columns import NOT_POOR, POOR
from hearthline.statistics.expressions import Tree, equals

STANDARD = "standard."


@dataclass(frozen=True)
class Reference:
    """Who is in need: ``run`` (another run), ``standard`` (a status of the run) or ``value`` (a boolean)."""

    words: str
    run: Run | None = None
    standard: str | None = None
    value: str | None = None


def read_reference(text: str, run: Run, policy: Policy) -> Reference:
    """A reference as a person names it; raises where it can be none."""
    if text.startswith(STANDARD):
        name = text.removeprefix(STANDARD)
        if name not in run.record.standards:
            known = ", ".join(f"{STANDARD}{each}" for each in run.record.standards)
            raise BAD_REFERENCE.error(name=text, reason=f"the run has no such standard; it has {known}")
        return Reference(text, standard=name)
    if (Path(text) / RUN_FILE).is_file():
        other = open_run(text)
        if other.record.snapshot.hash != run.record.snapshot.hash:
            raise BAD_REFERENCE.error(name=text, reason="it was made of another snapshot")
        return Reference(other.folder.name, run=other)
    fact, rule = policy.facts[HOUSEHOLD].get(text), policy.derived.get(text)
    kinds = [each.type.kind for each in (fact, rule) if each is not None]
    if Kind.BOOLEAN not in kinds:
        reason = "the package has no such household value that is true or false"
        raise BAD_REFERENCE.error(name=text, reason=reason)
    return Reference(text, value=text)


def status_need(status: Tree) -> Tree:
    """A status as whether it says in need; unknown stays unknown."""
    return exp.Case(
        ifs=[
            exp.If(this=equals(status, POOR), true=exp.true()),
            exp.If(this=equals(status, NOT_POOR), true=exp.false()),
        ]
    )


def not_poor(status: Tree) -> Tree:
    """A status as whether it says not poor; unknown stays unknown."""
    return exp.Not(this=exp.Paren(this=status_need(status)))
