# SPDX-License-Identifier: Apache-2.0
"""Decides which changes of a package a test tries: one at random of each kind that a what-if can make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

from hearthline.engine.rules.policy import Combine, Criterion, Derived, Policy, Value
from hearthline.engine.rules.tree import Coalesce, Literal, Negate, Node, Not
from hearthline.engine.rules.types import Kind

Change = Callable[[Policy, Random], Policy]


def another(value: Value) -> Value:
    """Another value of the same type."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | Decimal):
        return value + 1 if -5 < value < 5 else value - 2
    if isinstance(value, float):
        return value / 2 + 1.0
    if isinstance(value, date):
        return value - timedelta(days=40) if value.year > 1 else value + timedelta(days=40)
    return value


def of_parameters(policy: Policy, random: Random) -> Policy:
    """Other values of all parameters, in every period."""
    parameters = {
        name: replace(
            parameter, values=tuple(replace(each, value=another(each.value)) for each in parameter.values)
        )
        for name, parameter in policy.parameters.items()
    }
    return replace(policy, parameters=parameters)


def of_a_table(policy: Policy, random: Random) -> Policy:
    """Another value in every row of a table."""
    if not policy.lookups:
        return policy
    table = policy.lookups[random.choice(sorted(policy.lookups))]
    rows = {keys: another(value) for keys, value in table.rows.items()}
    return replace(policy, lookups={**policy.lookups, table.name: replace(table, rows=rows)})


def turned(tree: Node) -> Node:
    """A formula of the same type that says something else."""
    if tree.type.kind is Kind.BOOLEAN:
        return Not(tree.type, tree)
    if tree.type.kind is Kind.NUMBER:
        return Negate(tree.type, tree)
    if tree.type.kind is Kind.DATE:
        return Coalesce(tree.type, (tree, Literal(tree.type, date(2017, 1, 1))))
    return tree


def of_a_formula(policy: Policy, random: Random) -> Policy:
    """Another formula of one rule, of people or of the household."""
    rules: dict[str, Derived | Criterion] = {**policy.derived, **policy.criteria}
    name = random.choice(sorted(rules))
    if name in policy.derived:
        rule = policy.derived[name]
        return replace(policy, derived={**policy.derived, name: replace(rule, tree=turned(rule.tree))})
    criterion = policy.criteria[name]
    return replace(
        policy, criteria={**policy.criteria, name: replace(criterion, tree=turned(criterion.tree))}
    )


def of_a_standard(policy: Policy, random: Random) -> Policy:
    """Another combination of the criteria of one standard, or one criterion less, or another cutoff."""
    standard = policy.standards[random.choice(sorted(policy.standards))]
    if standard.index is not None:
        index = policy.indices[standard.index]
        changed = replace(index, cutoff=(index.cutoff + Fraction(1)) / 2)
        return replace(policy, indices={**policy.indices, index.name: changed})
    if len(standard.criteria) > max(1, standard.at_least) and random.random() < 0.5:
        fewer = replace(standard, criteria=standard.criteria[1:])
    else:
        fewer = replace(standard, combine=random.choice([Combine.ALL, Combine.ANY]), at_least=0)
    return replace(policy, standards={**policy.standards, standard.name: fewer})


KINDS: tuple[Change, ...] = (of_parameters, of_a_table, of_a_formula, of_a_standard)


def changed(policy: Policy, random: Random) -> Policy:
    """The package with one or two changes."""
    for change in random.sample(KINDS, random.choice([1, 1, 2])):
        policy = change(policy, random)
    return policy
