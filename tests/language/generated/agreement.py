# SPDX-License-Identifier: Apache-2.0
"""Decides whether two engines agree on a generated package, and shows a disagreement as small as it gets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from hearthline.base.problems import HearthlineError
from hearthline.engine.rules.evaluator import OWNER_KEY, Outcome, Record, evaluate
from hearthline.engine.rules.policy import PERSON, Policy, Value
from tests.language.drafts import Rule
from tests.language.engines import same
from tests.language.generated.packages import Generated
from tests.language.generated.pieces import Piece

Ask = Callable[[Policy, Sequence[Record]], list[Outcome]]
Said = Value | str | tuple[int, int]
MOST_SMALLER_FORMULAS = 60
MOST_CRASHED_HOUSEHOLDS = 5


@dataclass(frozen=True)
class Difference:
    """One thing on which two engines differ, for one household."""

    what: str
    household: int
    evaluator: Said
    engine: Said


def said(outcome: Outcome) -> Iterator[tuple[str, Said]]:
    """Everything an engine says of a household, by name."""
    yield from outcome.values.items()
    yield from outcome.criteria.items()
    yield from ((f"status {name}", status) for name, status in outcome.status.items())
    yield from ((f"points {name}", points) for name, points in outcome.points.items())
    yield ("persons", str(len(outcome.persons)))
    for number, person in enumerate(outcome.persons):
        yield from ((f"{name} of person {number}", value) for name, value in person.items())


def alike(left: Said, right: Said) -> bool:
    """Whether two answers are the same."""
    if isinstance(left, tuple) or isinstance(right, tuple):
        return left == right
    return same(left, right)


def compared(first: Sequence[Outcome], second: Sequence[Outcome]) -> tuple[int, list[Difference]]:
    """How many values were compared, and those that differ."""
    count, differences = 0, []
    for number, (left, right) in enumerate(zip(first, second, strict=True)):
        answers = dict(said(right))
        for what, value in said(left):
            count += 1
            if what not in answers or not alike(value, answers[what]):
                differences.append(Difference(what, number, value, answers.get(what)))
    return count, differences


# ---- making a disagreement small ---------------------------------------------------------------------


def smallest(generated: Generated, difference: Difference, ask: Ask) -> str:
    """The disagreement in words: the smallest formula and household that still show it."""
    name = difference.what.split()[0]
    record = generated.records[difference.household]
    if name not in generated.pieces:
        return _words(generated, difference.what, record, difference, generated.rules)
    rule = next(entry for entry in generated.rules if entry.name == name)
    piece = _smallest_piece(generated, rule, record, ask)
    shown = replace(rule, name="shown", formula=piece.text, gives=piece.gives)
    policy = generated.alone(shown)
    record = _smallest_record(policy, record, generated, ask)
    left, right = _answers(policy, record, generated, ask)
    found = Difference("shown", difference.household, str(left), str(right))
    rules = generated.needed_by(piece.text)
    return _words(generated, f"{rule.level} formula: {piece.text}", record, found, rules)


def smallest_crash(generated: Generated, sentence: str, ask: Ask) -> str:
    """The smallest formula at which an engine stops, if one formula alone stops it."""
    for rule in generated.rules:
        for number, record in enumerate(generated.records[:MOST_CRASHED_HOUSEHOLDS]):
            answers = _answers(generated.alone(replace(rule, name="shown")), record, generated, ask)[1]
            if any(isinstance(answer, str) and answer.startswith("The engine stopped") for answer in answers):
                return smallest(generated, Difference(rule.name, number, "", sentence), ask)
    found = Difference("", 0, "", sentence)
    return _words(generated, "all rules together", generated.records[0], found, generated.rules)


def _answers(policy: Policy, record: Record, generated: Generated, ask: Ask) -> tuple[list[Said], list[Said]]:
    left = _shown(evaluate(policy, record, generated.on))
    try:
        return left, _shown(ask(policy, [record])[0])
    except HearthlineError as error:  # an engine that stops disagrees as well
        return left, [error.sentence] * max(1, len(left))


def _shown(outcome: Outcome) -> list[Said]:
    return [value for what, value in said(outcome) if what.split()[0] == "shown"]


def _differs(policy: Policy, record: Record, generated: Generated, ask: Ask) -> bool:
    left, right = _answers(policy, record, generated, ask)
    return len(left) != len(right) or not all(map(alike, left, right))


def _smallest_piece(generated: Generated, rule: Rule, record: Record, ask: Ask) -> Piece:
    whole = generated.pieces[rule.name]
    pieces = sorted({piece.text: piece for piece in whole.walk()}.values(), key=lambda piece: len(piece.text))
    for piece in pieces[:MOST_SMALLER_FORMULAS]:
        shown = replace(rule, name="shown", formula=piece.text, gives=piece.gives)
        if _differs(generated.alone(shown), record, generated, ask):
            return piece
    return whole


def _smallest_record(policy: Policy, record: Record, generated: Generated, ask: Ask) -> Record:
    required = {entry.name for entry in generated.ground.facts if entry.required}
    for smaller in _smaller(record, required):
        if _differs(policy, smaller, generated, ask):
            return _smallest_record(policy, smaller, generated, ask)
    return record


def _smaller(record: Record, required: set[str]) -> Iterator[Record]:
    """The household without one row, or with one more fact unknown."""
    for table, rows in record.tables.items():
        for number in range(len(rows)):
            if table != PERSON or not any(
                OWNER_KEY in row for other in record.tables.values() for row in other
            ):
                left = [row for index, row in enumerate(rows) if index != number]
                yield replace(record, tables={**record.tables, table: left})
    for name, value in record.household.items():
        if value is not None and name not in required:
            yield replace(record, household={**record.household, name: None})
    for name, value in record.area.items():
        if value is not None and name not in required:
            yield replace(record, area={**record.area, name: None})
    for table, rows in record.tables.items():
        for number, row in enumerate(rows):
            for name, value in row.items():
                if value is not None and name not in {OWNER_KEY, *required}:
                    fewer = [*rows[:number], {**row, name: None}, *rows[number + 1 :]]
                    yield replace(record, tables={**record.tables, table: fewer})


def _words(generated: Generated, what: str, record: Record, found: Difference, rules: Sequence[Rule]) -> str:
    tables = {table: [_known(row) for row in rows] for table, rows in record.tables.items() if rows}
    shown = [f"    {rule.level} {rule.name} ({rule.gives}): {rule.formula}" for rule in rules]
    return "\n".join(
        [
            f"package {generated.seed}, screening {generated.on}, {what}",
            f"  evaluator {found.evaluator}, engine {found.engine}",
            f"  household {_known(record.household)}, area {_known(record.area)}, {tables}",
            *shown,
        ]
    )


def _known(row: dict[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in row.items() if value is not None}
