# SPDX-License-Identifier: Apache-2.0
"""Decides that the page of the formula language is complete, and that every example on it is true."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from sqlglot import exp

from hearthline.base.problems import HearthlineError
from hearthline.engine.packages import check_policy
from hearthline.engine.rules import reading, tree
from hearthline.engine.rules.algebra import MAX_SCALE
from hearthline.engine.rules.evaluator import OWNER_KEY, Outcome, Record
from hearthline.engine.rules.formulas import READERS
from hearthline.engine.rules.policy import PERSON, Derived, Policy, Value
from hearthline.engine.rules.source import FormulaText
from hearthline.engine.rules.tree import Node
from hearthline.engine.rules.types import MAX_DIGITS, Kind, ValueType
from hearthline.engine.rules.units import NO_UNIT
from hearthline.engine.rules.vocabulary import FUNCTION_NAMES
from hearthline.engine.snapshots.partition import ROWS_PER_HOUSEHOLD
from scripts.formula_page import (
    PAGE,
    REFUSED,
    Example,
    example_files,
    example_policy,
    examples,
    page,
    refusal,
    typed_tree,
)
from tests.language.engines import ASKED, ENGINES

TEXT = PAGE.read_text(encoding="utf-8")
ON = date(2014, 12, 31)
EXAMPLES = list(examples(TEXT))
ANSWERED = [example for example in EXAMPLES if not example.answer.startswith(REFUSED)]
REFUSALS = [example for example in EXAMPLES if example.answer.startswith(REFUSED)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of the page as a folder."""
    folder = tmp_path_factory.mktemp("village")
    example_policy(TEXT, folder)
    return folder


@pytest.fixture(scope="module")
def policy(folder: Path) -> Policy:
    """The package of the page."""
    return example_policy(TEXT, folder)


@pytest.fixture(scope="module")
def household(policy: Policy) -> Record:
    """The household of the examples, from the scenario on the page."""
    given = yaml.safe_load(example_files(TEXT)["scenarios/village.yaml"])["scenarios"][0]["given"]
    people, claims = [], []
    for number, person in enumerate(given["person"]):
        claims += [{OWNER_KEY: number, **claim} for claim in person.pop("claim", [])]
        people.append(person)
    tables = {"person": people, "claim": claims, "income_line": given["income_line"]}
    return Record(
        typed_row(policy, "household", given["household"]),
        typed_row(policy, "area", given["area"]),
        {level: [typed_row(policy, level, row) for row in rows] for level, rows in tables.items()},
    )


def typed_row(policy: Policy, level: str, row: Mapping[str, Value]) -> dict[str, Value]:
    """The values of a row, with exact numbers as Decimals."""
    exact = {name for name, fact in policy.facts[level].items() if fact.type.kind is Kind.NUMBER}
    return {name: Decimal(str(value)) if name in exact else value for name, value in row.items()}


def rule_name(example: Example) -> str:
    """The name under which an example becomes a rule."""
    return f"line_{example.line}"


def with_examples(policy: Policy) -> Policy:
    """The package with a derived value for each example that has an answer."""
    rules = {}
    for example in ANSWERED:
        node = typed_tree(policy, example.formula, example.level)
        name = rule_name(example)
        rules[name] = Derived(name, example.level, "boolean", node.type, {"en": name}, example.formula, node)
    return replace(policy, derived={**policy.derived, **rules})


def answer_words(value: Value, kind: ValueType) -> str:
    """An answer as the page writes it."""
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "'{}'".format(value.replace("'", "''"))
    if isinstance(value, date):
        return value.isoformat()
    number = f"{Decimal(value):.{kind.scale}f}" if kind.kind is Kind.NUMBER else repr(value)
    return number if kind.unit in (None, NO_UNIT) else f"{number} {kind.unit}"


def found_answer(example: Example, outcome: Outcome, policy: Policy) -> str:
    """What an engine answers to an example, as the page writes it."""
    name = rule_name(example)
    kind = policy.derived[name].type
    if example.level == PERSON:
        return ", ".join(answer_words(person[name], kind) for person in outcome.persons)
    return answer_words(outcome.values[name], kind)


@pytest.mark.parametrize("engine", ASKED)
def test_every_example_has_the_answer_that_the_page_shows(
    engine: str, policy: Policy, household: Record, tmp_path: Path
) -> None:
    asked = with_examples(policy)
    with ENGINES[engine]() as ask:
        outcome = ask(asked, [household], ON, tmp_path)[0]
    wrong = [
        f"line {example.line}: {example.formula} is {found}, not {example.answer}"
        for example in ANSWERED
        if (found := found_answer(example, outcome, asked)) != example.answer
    ]
    assert not wrong, "\n".join(wrong)


def test_every_refused_example_is_refused_for_the_stated_reason(policy: Policy) -> None:
    assert len(REFUSALS) >= 15
    for example in REFUSALS:
        with pytest.raises(HearthlineError) as caught:
            typed_tree(policy, example.formula, example.level)
        assert f"{REFUSED}{caught.value.code}" == example.answer, f"line {example.line}"


def test_every_example_shows_an_answer() -> None:
    assert len(ANSWERED) >= 100
    assert not [f"line {example.line}" for example in EXAMPLES if not example.answer]


def test_the_package_of_the_page_holds(folder: Path) -> None:
    assert len(example_files(TEXT)) == 6
    assert check_policy(folder).passed


def test_the_sentences_of_refusals_are_current() -> None:
    assert page() == TEXT, "Run 'make docs' and commit the page."


def test_a_formula_that_is_accepted_does_not_pass_for_refused(policy: Policy) -> None:
    with pytest.raises(ValueError, match="it is accepted"):
        refusal(policy, "size + 1")


# ---- completeness --------------------------------------------------------------------------------------


def parsed() -> Iterator[exp.Expr]:
    """Every piece of every example with an answer, as the parser names it."""
    for example in ANSWERED:
        yield from reading.read_expression(FormulaText(example.formula)).walk()


def table_words(heading: str) -> str:
    """The tables of a section."""
    section = TEXT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return "\n".join(line for line in section.splitlines() if line.startswith("|"))


def test_every_kind_of_expression_that_is_read_has_an_example() -> None:
    seen = {type(piece) for piece in parsed()}
    assert not sorted(kind.__name__ for kind in READERS if kind not in seen | {exp.Anonymous})


def test_every_kind_of_node_has_an_example(policy: Policy) -> None:
    kinds = {kind for kind in vars(tree).values() if isinstance(kind, type) and issubclass(kind, Node)} - {
        Node
    }
    seen = {
        type(node)
        for example in ANSWERED
        for node in typed_tree(policy, example.formula, example.level).walk()
    }
    assert not sorted(kind.__name__ for kind in kinds - seen)


def names_in(texts: Sequence[str]) -> set[str]:
    """The names that stand before a bracket."""
    return {name for text in texts for name in re.findall(r"\b([a-z_]+)\(", text)}


def test_every_function_stands_in_the_table_and_in_an_example() -> None:
    documented = names_in([table_words("Functions")])
    assert not sorted(set(FUNCTION_NAMES) - documented)
    shown = names_in([example.formula for example in ANSWERED])
    assert not sorted(set(FUNCTION_NAMES) - shown)
    assert not sorted(documented - set(FUNCTION_NAMES) - {"cast"})


def test_every_operator_stands_in_the_table_and_in_an_example() -> None:
    written = ["+", "-", "*", "/", "=", "<>", "<", "<=", ">", ">=", "between", "not between", "in", "not in"]
    written += ["is null", "is not null", "not", "and", "or"]
    table = table_words("Operators")
    for operator in written:
        assert re.search(rf"`[^`]*(?<![<>=]){re.escape(operator)}(?![<>=])[^`]*`", table), operator
        assert any(operator in example.formula for example in ANSWERED), operator


LIMITS: Mapping[str, int] = {
    "characters of a formula": reading.MAX_CHARACTERS,
    "words, signs and numbers of a formula": reading.MAX_TOKENS,
    "brackets, `case` and signs inside one another": reading.MAX_DEPTH,
    "digits of an exact number": MAX_DIGITS,
    "decimals of a product": MAX_SCALE,
    "rows of a table for one household": ROWS_PER_HOUSEHOLD,
}


@pytest.mark.parametrize("what", LIMITS)
def test_the_limits_are_those_of_the_code(what: str) -> None:
    assert f"| {what} | {LIMITS[what]:,} |" in TEXT
