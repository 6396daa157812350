# SPDX-License-Identifier: Apache-2.0
"""Decides that engines agree with the row evaluator on packages and households nobody has thought of.

A package is made from its number: dictionary, formulas up to six levels deep of every kind of node,
standards of every kind, an index; each is asked of households full of unknowns and edges. The packages
come in parts, so that two cores can share them; the part that ends last prints the counts of all.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from hearthline.base.problems import HearthlineError
from hearthline.engine.rules import tree, values
from hearthline.engine.rules.aggregates import Rows, aggregate_value, bounded_count
from hearthline.engine.rules.evaluator import Outcome, Record
from hearthline.engine.rules.policy import Missing, Policy, Value
from tests.language.engines import ENGINES, MARKS, Asked
from tests.language.generated.agreement import compared, smallest, smallest_crash
from tests.language.generated.packages import Generated, generated

PACKAGES = 1_000
PARTS = 20
HOUSEHOLDS = 100
LEAST_PACKAGES, LEAST_HOUSEHOLDS = 1_000, 100_000
PLANTED = 20
SHOWN = 3
"""Disagreements of one part that are shown, each as small as it gets."""


@pytest.fixture
def counts_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the parts leave their counts, whichever process they run in."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "agreement"
    folder.mkdir(exist_ok=True)
    return folder


@contextmanager
def named(package: Generated) -> Iterator[None]:
    """Tell the number of the package with whatever goes wrong within."""
    try:
        yield
    except BaseException as error:
        error.add_note(f"in the generated package {package.seed}")
        raise


@dataclass(frozen=True)
class Budget:
    """How many packages and households an engine is asked about, in so many tests."""

    packages: int
    households: int
    parts: int

    def seeds(self, part: int) -> range:
        """The packages of one test."""
        return range(part, self.packages, self.parts)


USUAL = Budget(PACKAGES, HOUSEHOLDS, PARTS)
BUDGETS = {"spark": Budget(packages=25, households=200, parts=1)}
"""Spark takes seconds for a query however few the rows, so it is asked about fewer packages of more."""

TESTS = [
    pytest.param(engine, part, marks=MARKS.get(engine, ()))
    for engine in ENGINES
    if engine != "evaluator"
    for part in range(BUDGETS.get(engine, USUAL).parts)
]


@pytest.mark.engine
@pytest.mark.slow
@pytest.mark.parametrize(("engine", "part"), TESTS)
def test_an_engine_and_the_evaluator_agree_on_generated_packages(
    part: int, engine: str, tmp_path: Path, counts_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    counts: Counter[str] = Counter()
    shown: list[str] = []
    budget = BUDGETS.get(engine, USUAL)
    with ENGINES["evaluator"]() as evaluate, ENGINES[engine]() as ask:
        for seed in budget.seeds(part):
            package = generated(seed, budget.households)
            with named(package):
                found = disagreements(package, evaluate, ask, tmp_path, counts)
            shown += found[: SHOWN - len(shown)]
    (counts_folder / f"{engine}-{part}.json").write_text(json.dumps(counts))
    if len(list(counts_folder.glob(f"{engine}-*.json"))) == budget.parts:
        with capsys.disabled():  # the error stream, because a worker's output goes nowhere
            print("\n" + told(engine, counts_folder), file=sys.stderr)
    assert not counts["differences"], "\n\n".join(shown)


def disagreements(
    package: Generated, evaluate: Asked, ask: Asked, folder: Path, counts: Counter[str]
) -> list[str]:
    """What the two say differently of a package's households, in words; adds to the counts."""
    policy = package.policy()

    def again(smaller: Policy, records: Sequence[Record]) -> list[Outcome]:
        return ask(smaller, records, package.on, folder)

    expected = evaluate(policy, package.records, package.on, folder)
    counts.update(packages=1, households=len(expected), rules=len(package.rules))
    try:
        answers = ask(policy, package.records, package.on, folder)
    except HearthlineError as error:
        counts["differences"] += 1
        return [smallest_crash(package, error.sentence, again)]
    told_values, differences = compared(expected, answers)
    counts.update(values=told_values, differences=len(differences))
    counts["unknown"] += sum(value is None for outcome in expected for value in outcome.values.values())
    if not differences:
        return []
    return [smallest(package, differences[0], again)]


def told(engine: str, folder: Path) -> str:
    """The counts of all parts, in a sentence."""
    total: Counter[str] = Counter()
    for file in folder.glob(f"{engine}-*.json"):
        total.update(json.loads(file.read_text()))
    return (
        f"The evaluator and {engine} on {total['packages']:,} generated packages: "
        f"{total['households']:,} households, {total['rules']:,} rules, {total['values']:,} values compared, "
        f"{total['differences']:,} differences."
    )


def test_there_are_as_many_packages_and_households_as_promised() -> None:
    assert PACKAGES >= LEAST_PACKAGES
    assert PACKAGES * HOUSEHOLDS >= LEAST_HOUSEHOLDS


def test_generated_packages_hold_every_kind_of_node_and_of_standard() -> None:
    packages = [generated(seed, 1) for seed in range(PARTS * 3)]
    policies = [package.policy() for package in packages]
    trees = [value.tree for policy in policies for value in policy.derived.values()]
    trees += [criterion.tree for policy in policies for criterion in policy.criteria.values()]
    seen = {type(node) for root in trees for node in root.walk()}
    assert seen == set(tree.Node.__subclasses__())
    aggregates = {node.function for root in trees for node in root.walk() if isinstance(node, tree.Aggregate)}
    assert aggregates == {"count", "sum", "min", "max", "avg", "bool_and", "bool_or"}
    roundings = {node.how for root in trees for node in root.walk() if isinstance(node, tree.Rounding)}
    assert roundings == {"round", "floor", "ceil", "widen"}
    assert {index.missing for policy in policies for index in policy.indices.values()} == set(Missing)
    assert {policy.default_standard.name for policy in policies} == {"s_all", "s_any", "s_count", "s_index"}
    assert {rule.level for policy in policies for rule in policy.derived.values()} == {"household", "person"}


# ---- the test itself is put to the test ---------------------------------------------------------------


def _never_decided_early(op: str, rows: Rows, bound: Value) -> bool | None:
    return None if any(kept is None for kept, _ in rows) else bounded_count(op, rows, bound)


def _skipping_unknown_operands(function: str, rows: Rows) -> Value | tuple[Decimal, int]:
    return aggregate_value(function, [row for row in rows if row[0] is not True or row[1] is not None])


def _two_valued_and(conditions: list[Value]) -> bool | None:
    return None if None in conditions else all(conditions)


@pytest.mark.parametrize(
    ("name", "mistaken"),
    [
        ("bounded_count", _never_decided_early),
        ("aggregate_value", _skipping_unknown_operands),
        ("kleene_and", _two_valued_and),
    ],
)
def test_a_mistake_planted_in_the_evaluator_is_noticed(
    name: str, mistaken: Callable[..., Value], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages = [generated(seed, 40) for seed in range(PLANTED)]
    noticed = 0
    with ENGINES["evaluator"]() as ask:
        for package in packages:
            policy = package.policy()
            right = ask(policy, package.records, package.on, tmp_path)
            with monkeypatch.context() as patch:
                patch.setattr(values, name, mistaken)
                wrong = ask(policy, package.records, package.on, tmp_path)
            noticed += bool(compared(right, wrong)[1])
    assert noticed


def test_a_package_is_the_same_every_time_it_is_made_from_its_number() -> None:
    assert generated(7, 5) == generated(7, 5)
    assert generated(7, 5) != generated(8, 5)
