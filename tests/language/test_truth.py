# SPDX-License-Identifier: Apache-2.0
"""Decides that every engine gives the answers of the hand-written truth table of the formula language."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import cache

import pytest

from hearthline.base.problems import HearthlineError
from hearthline.engine.rules.evaluator import Outcome
from hearthline.engine.rules.policy import PERSON, Value
from tests.language.dictionary import generic
from tests.language.engines import ASKED, COMPILED, ENGINES, same
from tests.language.table import TruthRow, truth_rows

ROWS = truth_rows()
LEAST_ROWS = 300
Answers = Callable[[str, date], dict[int, Outcome | HearthlineError]]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """What an engine says of all rows of a date, asked once: every row is a household."""

    def asked(engine: str, on: date, numbers: list[int]) -> dict[int, Outcome | HearthlineError]:
        rules = {ROWS[number].group.rule.name: ROWS[number].group.rule for number in numbers}
        records = [ROWS[number].given for number in numbers]
        try:
            with ENGINES[engine]() as ask:
                policy = generic(*rules.values()).policy()
                found = ask(policy, records, on, tmp_path_factory.mktemp(engine))
                return dict(zip(numbers, found, strict=True))
        except HearthlineError as error:
            if len(rules) == 1:
                return dict.fromkeys(numbers, error)
        # one formula stops the engine: halve the table until it stands alone
        half = len(rules) // 2
        first = set(list(rules)[:half])
        return {
            **asked(engine, on, [number for number in numbers if ROWS[number].group.rule.name in first]),
            **asked(engine, on, [number for number in numbers if ROWS[number].group.rule.name not in first]),
        }

    @cache
    def outcomes(engine: str, on: date) -> dict[int, Outcome | HearthlineError]:
        return asked(engine, on, [number for number, row in enumerate(ROWS) if row.group.on == on])

    return outcomes


def answered(row: TruthRow, outcome: Outcome) -> Value | list[Value]:
    """What an engine says of a row's formula."""
    name = row.group.rule.name
    if row.group.rule.level == PERSON:
        return [person[name] for person in outcome.persons]
    return outcome.values[name]


def agrees(found: Value | list[Value], expected: Value | list[Value]) -> bool:
    """Whether an answer is the expected one; person by person for a formula of a person."""
    if isinstance(found, list) and isinstance(expected, list):
        pairs = zip(found, expected, strict=False)
        return len(found) == len(expected) and all(same(left, right) for left, right in pairs)
    return not isinstance(found, list) and not isinstance(expected, list) and same(found, expected)


@pytest.mark.engine
@pytest.mark.parametrize("engine", ASKED)
@pytest.mark.parametrize("number", range(len(ROWS)), ids=[row.words for row in ROWS])
def test_the_language_means_what_the_table_says(number: int, engine: str, answers: Answers) -> None:
    row = ROWS[number]
    outcome = answers(engine, row.group.on)[number]
    assert isinstance(outcome, Outcome), outcome
    found = answered(row, outcome)
    assert agrees(found, row.expected), f"{row.words} expected {row.expected}, got {found}"


@pytest.mark.engine
@pytest.mark.parametrize("engine", COMPILED)
def test_an_engine_agrees_with_the_evaluator_on_every_formula_of_the_table_for_every_household_of_it(
    engine: str, answers: Answers, capsys: pytest.CaptureFixture[str]
) -> None:
    compared, differences = 0, []
    for on in sorted({row.group.on for row in ROWS}):
        formulas = {row.group.rule.name: row.group.rule.formula for row in ROWS if row.group.on == on}
        others = answers(engine, on)
        for number, expected in answers("evaluator", on).items():
            found = others[number]
            if not isinstance(expected, Outcome) or not isinstance(found, Outcome):
                differences.append(f"{ROWS[number].words}: {expected} or {found}")
                continue
            for name, value in expected.values.items():
                compared += 1
                if not same(value, found.values.get(name)):
                    formula = formulas.get(name, name)
                    given = ROWS[number].given
                    differences.append(f"{formula} for {given}: {value} or {found.values.get(name)}")
    with capsys.disabled():  # the error stream, because a worker's output goes nowhere
        table = f"The truth table: {len(ROWS)} rows, asked of evaluator and {engine}"
        print(f"\n{table}; all its formulas on all its households: {compared:,} values.", file=sys.stderr)
    assert not differences, f"{len(differences)}: " + "\n".join(differences[:20])


def test_the_table_is_as_large_as_promised_and_names_each_row_once() -> None:
    assert len(ROWS) >= LEAST_ROWS
    twice = [words for words, count in Counter(row.words for row in ROWS).items() if count > 1]
    assert not twice
