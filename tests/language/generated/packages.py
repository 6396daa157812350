# SPDX-License-Identifier: Apache-2.0
"""Decides a whole random package from a seed: dictionary, rules, standards of every kind, and an index."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from random import Random

from hearthline.base.problems import HearthlineError
from hearthline.engine.rules.evaluator import Record
from hearthline.engine.rules.formulas import FormulaReader
from hearthline.engine.rules.policy import (
    HOUSEHOLD,
    PERSON,
    Combine,
    Dimension,
    Index,
    Missing,
    Policy,
    Standard,
)
from hearthline.engine.rules.reading import read_expression
from hearthline.engine.rules.rulebook import declared_type
from hearthline.engine.rules.scope import Names, Scope
from hearthline.engine.rules.source import RawRule
from hearthline.engine.rules.types import BOOLEAN as BOOLEAN_TYPE
from hearthline.engine.rules.types import ValueType
from tests.language.drafts import Draft, Rule, standard
from tests.language.generated.author import Author
from tests.language.generated.ground import SCREENINGS, Ground, random_ground
from tests.language.generated.households import random_household
from tests.language.generated.pieces import BARE, BOOLEAN, CODE, DATE, DOUBLE, NUMBER, TEXT, Piece
from tests.language.generated.ways import ALL_WAYS

MOST_DEPTH = 6
MOST_TRIES = 50
RULE_NAME = re.compile(r"\br\d+\b")


@dataclass
class Generated:
    """A random package with its households; ``refused`` counts formulas the checker sent back."""

    seed: int
    ground: Ground
    on: date
    rules: list[Rule] = field(default_factory=list)
    pieces: dict[str, Piece] = field(default_factory=dict)
    standards: list[Standard] = field(default_factory=list)
    indices: list[Index] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    refused: int = 0

    def draft(self) -> Draft:
        """The package as a draft."""
        return self._draft(self.rules, self.standards, self.indices)

    def policy(self) -> Policy:
        """The checked package."""
        return self.draft().policy()

    def needed_by(self, formula: str) -> list[Rule]:
        """The rules that a formula reads, directly or through others."""
        wanted: set[str] = set()
        texts = [formula]
        while texts:
            names = set(RULE_NAME.findall(texts.pop())) - wanted
            wanted |= names
            texts += [rule.formula for rule in self.rules if rule.name in names]
        return [rule for rule in self.rules if rule.name in wanted]

    def alone(self, rule: Rule) -> Policy:
        """A package of one rule, what it needs, and no more."""
        always = Rule("always", "true")
        rules = [*self.needed_by(rule.formula), rule, always]
        return self._draft(rules, [standard("s", ["always"], default=True)], []).policy()

    def _draft(self, rules: list[Rule], standards: list[Standard], indices: list[Index]) -> Draft:
        ground = self.ground
        return Draft(
            ground.levels, ground.facts, rules, ground.parameters, ground.lookups, standards, indices
        )


def generated(seed: int, households: int) -> Generated:
    """The package and households of a seed, always the same."""
    random = Random(seed)
    result = Generated(seed, random_ground(random), random.choice(SCREENINGS))
    _RuleWriter(random, result).write_rules()
    _write_standards(random, result)
    result.records = [random_household(random, result.ground) for _ in range(households)]
    return result


class _RuleWriter:
    """Writes rules one after another; each may refer to those before it."""

    def __init__(self, random: Random, result: Generated) -> None:
        self.random = random
        self.result = result
        self.types: dict[str, dict[str, ValueType]] = {HOUSEHOLD: {}, PERSON: {}}
        self.raw: dict[str, RawRule] = {}
        ground = result.ground
        draft = result.draft()
        self.names = Names(
            {entry.name: entry for entry in ground.levels},
            draft.dictionary(),
            {entry.name: entry for entry in ground.parameters},
            {entry.name: entry for entry in ground.lookups},
            self.raw,
            "CN",
            self._type_of,
        )

    def _type_of(self, name: str) -> ValueType:
        return next(types[name] for types in self.types.values() if name in types)

    def write_rules(self) -> None:
        """A handful of derived values and criteria of both levels, in mixed order."""
        random = self.random
        jobs = ["household value"] * random.randint(3, 5) + ["household criterion"] * random.randint(2, 4)
        if self.result.ground.has(PERSON):
            jobs += ["person value"] * random.randint(0, 3) + ["person criterion"] * random.randint(0, 1)
        random.shuffle(jobs)
        for number, job in enumerate(jobs):
            level, what = job.split()
            self._write_rule(f"r{number}", level, criterion=what == "criterion")

    def _write_rule(self, name: str, level: str, *, criterion: bool) -> None:
        for _ in range(MOST_TRIES):
            scale = self.random.choice((6, 6, 4, 2, 0, 8))
            piece = self._piece(level, scale, criterion=criterion)
            rule = Rule(name, piece.text, None if criterion else self._gives(piece), level, scale)
            try:
                type_ = self._typed(rule.raw())
            except HearthlineError:
                self.result.refused += 1
                continue
            self.types[level][name] = type_
            self.raw[name] = rule.raw()
            self.result.rules.append(rule)
            self.result.pieces[name] = piece
            return
        raise AssertionError(f"seed {self.result.seed}: no formula for {name} in {MOST_TRIES} tries")

    def _piece(self, level: str, scale: int, *, criterion: bool) -> Piece:
        random = self.random
        fuel = [random.choice((4, 8, 12, 20, 30))]
        author = Author(random, self.result.ground, level, scale, self.types, ALL_WAYS, fuel)
        kinds = (NUMBER, NUMBER, NUMBER, NUMBER, BOOLEAN, DATE, DOUBLE, CODE, TEXT)
        kind = BOOLEAN if criterion else random.choice(kinds)
        return author.write(kind, random.randint(2, MOST_DEPTH), author.a_unit())

    def _gives(self, piece: Piece) -> str:
        if piece.kind == NUMBER and self.random.random() < 0.3:
            unit = piece.unit if piece.unit not in (BARE, "1") else ""
            return f"decimal {piece.scale + self.random.randint(0, 3)} {unit}"
        return piece.gives

    def _typed(self, rule: RawRule) -> ValueType:
        expression = read_expression(rule.formula)
        reader = FormulaReader(rule.formula, Scope(self.names, rule.level), rule.division_scale)
        if rule.declared is None:
            reader.boolean(expression)
            return BOOLEAN_TYPE
        return declared_type(rule, reader.read(expression), 2).type


# ---- standards -------------------------------------------------------------------------------------------


def _write_standards(random: Random, result: Generated) -> None:
    criteria = [rule.name for rule in result.rules if rule.gives is None and rule.level == HOUSEHOLD]
    names = ["s_all", "s_any", "s_count", "s_index"]
    default = random.choice(names)
    chosen = [random.sample(criteria, random.randint(1, len(criteria))) for _ in range(3)]
    result.indices.append(_index(random, criteria))
    result.standards += [
        standard("s_all", chosen[0], Combine.ALL, default=default == "s_all"),
        standard("s_any", chosen[1], Combine.ANY, default=default == "s_any"),
        standard(
            "s_count",
            chosen[2],
            Combine.COUNT,
            at_least=random.randint(1, len(chosen[2])),
            default=default == "s_count",
        ),
        standard("s_index", (), Combine.INDEX, index="mpi", default=default == "s_index"),
    ]


def _index(random: Random, criteria: list[str]) -> Index:
    indicators = random.sample(criteria, random.randint(1, len(criteria)))
    parts = [random.randint(1, 6) for _ in indicators]
    weights = [Fraction(part, sum(parts)) for part in parts]
    cut = random.randint(0, len(indicators) - 1)
    dimensions = tuple(
        Dimension(name, {"en": name}, sum((weight for _, weight in pairs), Fraction(0)), dict(pairs))
        for name, pairs in (
            ("first", list(zip(indicators, weights, strict=True))[:cut]),
            ("second", list(zip(indicators, weights, strict=True))[cut:]),
        )
        if pairs
    )
    cutoff = random.choice((Fraction(1, 3), Fraction(1, 2), Fraction(1, 6), Fraction(2, 5), Fraction(1)))
    return Index("mpi", {"en": "mpi"}, cutoff, random.choice(list(Missing)), dimensions)
