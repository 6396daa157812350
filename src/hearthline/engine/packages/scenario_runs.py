# SPDX-License-Identifier: Apache-2.0
"""Decides whether a scenario holds: the evaluator's answers beside the expected ones, compared exactly."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from hearthline.base.problems import HearthlineError, Place
from hearthline.engine.packages.collecting import Faults
from hearthline.engine.packages.folder import package_folder
from hearthline.engine.packages.layers import Layer, ReadLayer, layer_chain, layer_files
from hearthline.engine.packages.loading import checked_policy
from hearthline.engine.packages.scenarios import Scenario, scenarios_of
from hearthline.engine.rules.evaluator import Outcome, evaluate
from hearthline.engine.rules.policy import Policy, Value
from hearthline.engine.rules.types import Text


@dataclass(frozen=True)
class Mismatch:
    """One answer that came out otherwise than expected, both as a person reads them."""

    what: str
    expected: str
    found: str


@dataclass(frozen=True)
class ScenarioResult:
    """How a scenario went; ``refusal`` is the sentence of a screening that was refused."""

    name: str
    title: Text
    about: Text
    place: Place
    mismatches: tuple[Mismatch, ...]
    refusal: str = ""

    @property
    def passed(self) -> bool:
        """Whether every expected answer came out."""
        return not self.mismatches and not self.refusal

    @property
    def text(self) -> str:
        """What a person reads: one line if it holds, else every answer that differs."""
        if self.passed:
            return f"holds: {self.name}"
        requirement = next(iter(self.about.values()), "")
        about = f" (about {requirement})" if requirement else ""
        lines = [f"{self.place}: does not hold: {self.name}{about}"]
        lines += [f"  {each.what}: expected {each.expected}, was {each.found}" for each in self.mismatches]
        return "\n".join([*lines, f"  refused: {self.refusal}"] if self.refusal else lines)


@dataclass(frozen=True)
class PolicyCheck:
    """A package that loads, with the results of its own scenarios."""

    policy: Policy
    results: tuple[ScenarioResult, ...]

    @property
    def passed(self) -> bool:
        """Whether every scenario holds."""
        return all(result.passed for result in self.results)


def check_policy(name: str | Path) -> PolicyCheck:
    """Load a package and run its own scenarios, which may start from the templates of packages below."""
    chain = layer_chain(package_folder(name))
    policy = checked_policy(chain)
    scenarios = scenarios_of(policy, _read(chain), len(chain) - 1)
    return PolicyCheck(policy, tuple(_result(policy, each) for each in scenarios))


def run_scenarios(policy: Policy, folders: Path | Sequence[Path]) -> list[ScenarioResult]:
    """Run the scenarios of some package folders, in order; templates of earlier ones serve later ones."""
    paths = [folders] if isinstance(folders, Path) else list(folders)
    chain = [layer_chain(package_folder(path))[-1] for path in paths]
    return [_result(policy, each) for each in scenarios_of(policy, _read(chain), 0)]


def _read(chain: Sequence[Layer]) -> list[ReadLayer]:
    faults = Faults()
    layers = [
        ReadLayer(layer, tuple(layer_files(layer.folder, layer.content, ("scenarios",), faults)))
        for layer in chain
    ]
    faults.raise_any()
    return layers


def _result(policy: Policy, scenario: Scenario) -> ScenarioResult:
    try:
        outcome = evaluate(policy, scenario.record, scenario.on)
    except HearthlineError as error:
        return ScenarioResult(
            scenario.name, scenario.title, scenario.about, scenario.place, (), error.sentence
        )
    mismatches = tuple(_mismatches(policy, scenario, outcome))
    return ScenarioResult(scenario.name, scenario.title, scenario.about, scenario.place, mismatches)


def _mismatches(policy: Policy, scenario: Scenario, outcome: Outcome) -> list[Mismatch]:
    expect = scenario.expect
    default = policy.default_standard.name
    found = [
        Mismatch("status" if name == default else f"status_{name}", word, outcome.status[name])
        for name, word in expect.status.items()
        if outcome.status[name] != word
    ]
    criteria = {name: criterion_word(answer) for name, answer in outcome.criteria.items()}
    found += _different(expect.criteria, criteria, "")
    found += _different(expect.values, outcome.values, "")
    for index, answers in enumerate(expect.persons or ()):
        person = outcome.persons[index]
        read = {
            name: criterion_word(value) if name in policy.criteria else value
            for name, value in person.items()
        }
        found += _different(answers, read, f"person {index + 1}: ")
    return found


def criterion_word(answer: Value) -> str:
    """Met, not met or unknown."""
    return "unknown" if answer is None else "met" if answer is True else "not met"


def _different(expected: Mapping[str, Value], found: Mapping[str, Value], prefix: str) -> list[Mismatch]:
    return [
        Mismatch(prefix + name, _words(value), _words(found[name]))
        for name, value in expected.items()
        if not _same(value, found[name])
    ]


def _same(expected: Value, found: Value) -> bool:
    """Exact numbers are equal as numbers (8400 is 8400.00); doubles agree to nine digits."""
    if expected is None or found is None:
        return expected is found
    if isinstance(expected, float) and isinstance(found, float):
        return math.isclose(expected, found, rel_tol=1e-9, abs_tol=1e-12)
    return expected == found


def _words(value: Value) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
