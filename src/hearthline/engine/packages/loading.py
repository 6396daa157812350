# SPDX-License-Identifier: Apache-2.0
"""Decides whether a package may run: it is read whole, checked whole, and otherwise never loads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hearthline.base.problems import HearthlineError
from hearthline.engine.packages.collecting import Faults
from hearthline.engine.packages.covariates import check_covariates
from hearthline.engine.packages.dictionary import Facts, facts_of
from hearthline.engine.packages.folder import builtin_ids, package_folder
from hearthline.engine.packages.freezing import version_hash
from hearthline.engine.packages.layers import READ, Layer, ReadLayer, layer_chain, layer_files
from hearthline.engine.packages.measured import check_measured
from hearthline.engine.packages.published import series_of
from hearthline.engine.packages.rule_entries import (
    causes_of,
    criteria_of,
    derived_of,
    raw_rules,
    rule_entries,
)
from hearthline.engine.packages.scores import ScoreBook, scores_of, written_rules
from hearthline.engine.packages.series import parameters_of
from hearthline.engine.packages.settings import settings_of
from hearthline.engine.packages.standards import StandardsBuilder
from hearthline.engine.packages.tables import lookups_of
from hearthline.engine.rules.policy import HOUSEHOLD, Policy, Score
from hearthline.engine.rules.rulebook import typed_rules
from hearthline.engine.rules.source import RawRule
from hearthline.engine.rules.tree import Node
from hearthline.engine.rules.types import Text, ValueType


@dataclass(frozen=True)
class PolicyListing:
    """One line of ``policy list``: the id, titles, and the package below, or why it cannot be read."""

    id: str
    title: Text
    extends: str | None
    fault: str = ""


def available_policies() -> list[PolicyListing]:
    """The packages that come with Hearthline, by id; a broken one is listed with its fault."""
    listings = []
    for each in builtin_ids():
        try:
            manifest = layer_chain(package_folder(each))[-1].manifest
            listings.append(PolicyListing(each, manifest.title, manifest.extends))
        except HearthlineError as error:
            listings.append(PolicyListing(each, {}, None, error.sentence))
    return listings


def load_policy(name: str | Path) -> Policy:
    """The checked package of that id, or in that folder; raises every mistake found."""
    return checked_policy(layer_chain(package_folder(name)))


def checked_policy(chain: Sequence[Layer]) -> Policy:
    """The effective package of a chain of layers, lowest first.

    Mistakes come in rounds, none an echo of another: files, settings, entries, formulas once names are sound.
    """
    faults = Faults()
    settings = settings_of(layers := _read(chain, faults), faults)
    facts = facts_of(layers, settings, faults)
    parameters = parameters_of(layers, settings, faults)
    lookups = lookups_of(layers, settings, faults)
    published = series_of(layers, settings, faults)
    entries = rule_entries(layers, faults)
    raw = raw_rules(entries, facts, settings, faults)
    names_are_sound = not faults.errors
    builder = StandardsBuilder(entries, settings, faults)
    standards, indices = builder.standards(), builder.indices()
    causes = causes_of(entries, settings, faults)
    trees: dict[str, Node] = {}
    scores: dict[str, Score] = {}
    if names_are_sound:
        with faults.kept():
            trees = typed_rules(
                levels=settings.levels,
                facts=facts,
                parameters=parameters,
                lookups=lookups,
                rules=raw,
                jurisdiction=settings.jurisdiction,
                minor_digits=settings.minor_digits,
            )
            rules = _types_of_rules(raw, trees)
            check_measured(settings, _types_of_facts(facts) | rules, rules, parameters, faults)
            check_covariates(entries.derived, facts, trees, settings, faults)
            book = ScoreBook(facts, parameters, lookups, written_rules(raw), trees)
            scores = scores_of(layers, entries, book, settings, faults)
    faults.raise_any()
    return Policy(
        id=settings.id,
        title=settings.title,
        description=settings.description,
        languages=settings.languages,
        jurisdiction=settings.jurisdiction,
        currency=settings.currency,
        minor_digits=settings.minor_digits,
        division_scale=settings.division_scale,
        start=settings.start,
        end=settings.end,
        sources=settings.sources,
        household_weight=settings.household_weight,
        person_weight=settings.person_weight,
        levels=settings.levels,
        facts=facts,
        parameters=parameters,
        lookups=lookups,
        derived=derived_of(entries, raw, trees, settings),
        criteria=criteria_of(entries, raw, trees, settings),
        standards=standards,
        indices=indices,
        causes=causes,
        layers=tuple(layer.id for layer in chain),
        version_hash=version_hash(chain),
        welfare=settings.welfare,
        line=settings.line,
        statistics_weight=settings.statistics_weight,
        targeting=settings.targeting,
        series=published,
        scores=scores,
        topics=settings.topics,
        terms=settings.terms,
    )


def _read(chain: Sequence[Layer], faults: Faults) -> list[ReadLayer]:
    """The files of every layer; raises every mistake in how they are written."""
    layers = [
        ReadLayer(layer, tuple(layer_files(layer.folder, layer.content, READ, faults))) for layer in chain
    ]
    faults.raise_any()
    return layers


def _types_of_facts(facts: Facts) -> dict[str, ValueType]:
    """The type of every fact of the household by name."""
    return {name: fact.type for name, fact in facts[HOUSEHOLD].items()}


def _types_of_rules(raw: Mapping[str, RawRule], trees: Mapping[str, Node]) -> dict[str, ValueType]:
    """The type of every rule of the household by name."""
    return {name: tree.type for name, tree in trees.items() if raw[name].level == HOUSEHOLD}
