# SPDX-License-Identifier: Apache-2.0
"""Decides from what a score may be learned: values whose every fact is of a kind that the package allows."""

from __future__ import annotations

from collections.abc import Mapping

from hearthline.base.problems import Place
from hearthline.engine.packages.collecting import Faults
from hearthline.engine.packages.layers import Entry
from hearthline.engine.packages.names import unknown_reference
from hearthline.engine.packages.problems import BAD_COVARIATE, BAD_TARGETING
from hearthline.engine.packages.schema.rules import DerivedEntry
from hearthline.engine.packages.settings import Settings
from hearthline.engine.rules.policy import HOUSEHOLD, Fact, Policy, Targeting
from hearthline.engine.rules.tree import FactRef, Node, RuleRef
from hearthline.engine.rules.types import Kind, ValueType

Facts = Mapping[str, Mapping[str, Fact]]


def facts_read(tree: Node, trees: Mapping[str, Node]) -> set[tuple[str, str]]:
    """Level and name of every fact a formula reads, through all values that it names."""
    found: set[tuple[str, str]] = set()
    waiting, seen = [tree], set[str]()
    while waiting:
        for node in waiting.pop().walk():
            if isinstance(node, FactRef):
                found.add((node.level, node.name))
            elif isinstance(node, RuleRef) and node.name not in seen:
                seen.add(node.name)
                waiting.append(trees[node.name])
    return found


def refusal(fact: Fact, targeting: Targeting) -> str | None:
    """Why a fact may not be a covariate, or None if it may."""
    if fact.verified is None:
        return f"{fact.level}.{fact.name} does not say how it is verified"
    if fact.verified not in targeting.allows:
        return f"{fact.level}.{fact.name} is only {fact.verified}, which [targeting] does not allow"
    if fact.sensitivity == "sensitive" and not targeting.sensitive:
        return f"{fact.level}.{fact.name} is sensitive"
    return None


def check_covariates(
    derived: Mapping[str, Entry[DerivedEntry]],
    facts: Facts,
    trees: Mapping[str, Node],
    settings: Settings,
    faults: Faults,
) -> None:
    """Refuse a covariate that reads what the package does not allow, and groups that are not there."""
    for name, entry in derived.items():
        if not entry.model.covariate or name not in trees:
            continue
        place = entry.key_place("covariate")
        if entry.model.level != HOUSEHOLD:
            reason = f"it is a value of the level {entry.model.level}"
            hint = "Sum it up in a value of the household."
            faults.add(BAD_COVARIATE.error(place, name=name, reason=reason, hint=hint))
        for level, fact in sorted(facts_read(trees[name], trees)):
            reason_why = refusal(facts[level][fact], settings.targeting)
            if reason_why:
                hint = "Take covariate: true away, or state in facts/ how the fact is verified."
                faults.add(BAD_COVARIATE.error(place, name=name, reason=reason_why, hint=hint))
    types = {name: fact.type for name, fact in facts[HOUSEHOLD].items()}
    types |= {
        name: trees[name].type
        for name, entry in derived.items()
        if entry.model.level == HOUSEHOLD and name in trees
    }
    _check_names(settings, types, faults)


def _check_names(settings: Settings, types: Mapping[str, ValueType], faults: Faults) -> None:
    kinds = {name: kind for name, kind in types.items() if kind.kind in (Kind.BOOLEAN, Kind.TEXT)}
    noun = "a boolean, code or text of the household"
    for index, name in enumerate(settings.targeting.groups):
        if name not in kinds:
            faults.add(unknown_reference(name, noun, kinds, _place(settings, "groups", index)))
    together = settings.targeting.interacts
    if together is not None and together not in kinds:
        faults.add(unknown_reference(together, noun, kinds, _place(settings, "interacts")))
    if settings.targeting.allows and settings.welfare is None:
        reason = "[targeting] allows covariates, but [statistics] names no welfare to learn from"
        hint = "Add welfare to [statistics]."
        faults.add(BAD_TARGETING.error(_place(settings, "allows"), reason=reason, hint=hint))


def _place(settings: Settings, key: str, *more: int) -> Place:
    """Where the highest layer that gives the key has it."""
    for layer in reversed(settings.chain):
        written = layer.manifest.targeting
        if written is not None and getattr(written, key) is not None:
            return layer.manifest_document.place("targeting", key, *more)
    return settings.top.manifest_document.place()


def covariates_of(policy: Policy) -> list[str]:
    """The names of all values that a score may be learned from, facts first, in the order of the package.

    A weight, the welfare value and the line are none, whatever is said of them.
    """
    barred = {policy.household_weight, policy.person_weight, policy.welfare, policy.line}
    usable = (Kind.BOOLEAN, Kind.TEXT, Kind.NUMBER)
    names = [
        name
        for name, fact in policy.facts[HOUSEHOLD].items()
        if refusal(fact, policy.targeting) is None and fact.declared != "text" and fact.type.kind in usable
    ]
    names += [
        name
        for name, value in policy.derived.items()
        if value.covariate and value.type.kind in usable and value.declared != "text"
    ]
    return [name for name in names if name not in barred]
