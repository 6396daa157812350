# SPDX-License-Identifier: Apache-2.0
"""Decides that a bad formula is refused with its code, place and remedy, before any engine can run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest
import yaml

from hearthline.base.problems import HearthlineError, ManyProblems
from hearthline.engine.backends import screen
from hearthline.engine.rules.policy import HOUSEHOLD
from hearthline.engine.rules.reading import MAX_CHARACTERS, MAX_DEPTH, MAX_TOKENS
from hearthline.engine.rules.rulebook import typed_rules
from hearthline.engine.rules.source import FormulaText, RawRule
from hearthline.engine.rules.tree import Node
from tests.language.dictionary import FACTS, LEVELS, LOOKUPS, NAMED, PARAMETERS, generic
from tests.language.drafts import Rule
from tests.packages.little_package import LITTLE, write_package

CORPUS = Path(__file__).parent / "refused" / "corpus.yaml"
LEAST_FORMULAS = 80


@dataclass(frozen=True)
class Refused:
    """One bad formula; ``where`` is the piece of it that is wrong, ``remedy`` words of what to write."""

    code: str
    formula: str
    where: str
    remedy: str
    level: str
    gives: str | None

    @property
    def columns(self) -> range:
        """The columns, from 1, in which the problem may be placed."""
        start = self.formula.rindex(self.where) if self.where else 0
        return range(start + 1, start + 1 + max(1, len(self.where or self.formula)))


def corpus() -> list[Refused]:
    """Every bad formula."""
    return [
        Refused(group["code"], formula, where, remedy, group.get("level", HOUSEHOLD), group.get("gives"))
        for group in yaml.load(CORPUS.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        for formula, where, remedy in group["rows"]
    ]


BAD = corpus()


@pytest.fixture(scope="module", autouse=True)
def engine_that_must_not_start() -> Iterator[list[str]]:
    """The list of starts of DuckDB during these tests; a start is also refused on the spot."""
    starts: list[str] = []

    def started(*arguments: object, **_: object) -> None:
        starts.append(str(arguments))
        raise AssertionError("an engine was started for a formula that must be refused")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duckdb, "connect", started)
        yield starts


@pytest.fixture(scope="module")
def refusals(engine_that_must_not_start: list[str]) -> dict[str, list[HearthlineError]]:
    """What the checker says of the whole corpus, read as the rules of one package; by file."""
    rules = (Rule(f"bad_{number}", bad.formula, bad.gives, bad.level) for number, bad in enumerate(BAD))
    found: dict[str, list[HearthlineError]] = {}
    for error in problems_of(*rules):
        found.setdefault(error.place.file if error.place else "", []).append(error)
    return found


def problems_of(*rules: Rule) -> list[HearthlineError]:
    """What the checker says of these rules; fails where it says nothing."""
    with pytest.raises(ManyProblems) as caught:
        generic(*rules).trees()
    return caught.value.errors


@pytest.mark.parametrize("number", range(len(BAD)), ids=[f"{bad.code}: {bad.formula}" for bad in BAD])
def test_a_bad_formula_is_refused_with_its_code_its_place_and_what_to_write(
    number: int, refusals: dict[str, list[HearthlineError]], engine_that_must_not_start: list[str]
) -> None:
    bad = BAD[number]
    (error,) = refusals[f"bad_{number}.yaml"]
    assert error.code == bad.code, error.sentence
    assert error.place is not None
    assert error.place.line == 1
    assert error.place.column in bad.columns, f"{error.sentence}\n{bad.where} is at {bad.columns}"
    assert bad.remedy in error.remedy, error.sentence
    assert error.remedy.endswith((".", "?")), error.remedy
    assert engine_that_must_not_start == []


def test_the_corpus_is_as_large_as_promised_and_names_each_formula_once_for_a_level() -> None:
    assert len(BAD) >= LEAST_FORMULAS
    assert not [
        key for key, count in Counter((b.formula, b.level, b.gives) for b in BAD).items() if count > 1
    ]


# ---- size ------------------------------------------------------------------------------------------


def test_a_formula_that_is_too_long_is_refused() -> None:
    many = " or ".join(["i1 = 1"] * (MAX_CHARACTERS // 10 + 1))
    error = problems_of(Rule("bad", many))[0]
    assert error.code == "formula.too-large"
    assert "Split it into derived values." in error.remedy


def test_a_formula_of_too_many_words_is_refused() -> None:
    error = problems_of(Rule("bad", "b1" + " or b1" * MAX_TOKENS))[0]
    assert error.code == "formula.too-large"


@pytest.mark.parametrize(
    "formula",
    [
        "(" * 100 + "b1" + ")" * 100,
        "not " * 100 + "b1",
        "- " * 100 + "i1 > 0",
        "abs(" * 100 + "i1" + ")" * 100 + " > 0",
        "case when b1 then " * 100 + "b1" + " end" * 100,
        "coalesce(" * 100 + "b1" + ", b2)" * 100,
    ],
)
def test_a_formula_that_is_too_deep_is_refused(formula: str) -> None:
    error = problems_of(Rule("bad", formula))[0]
    assert error.code == "formula.too-large"
    assert "deeply nested" in error.sentence


@pytest.mark.parametrize("operator", [" + ", " - ", " * "])
def test_a_chain_of_hundreds_of_terms_is_refused_and_not_a_crash(operator: str) -> None:
    error = problems_of(Rule("bad", operator.join(["i1"] * 500) + " > 0"))[0]
    assert error.code in ("formula.too-large", "formula.wrong-type")


@pytest.mark.parametrize(
    "formula",
    [
        "(" * (MAX_DEPTH - 1) + "b1" + ")" * (MAX_DEPTH - 1),
        "b1" + " or b1" * (MAX_TOKENS // 2 - 1),
        "b1" + " and b1" * (MAX_TOKENS // 2 - 1),
        "coalesce(" * (MAX_DEPTH - 1) + "b1" + ", b2)" * (MAX_DEPTH - 1),
        "i1 in (" + ", ".join(["1"] * 700) + ")",
    ],
)
def test_a_formula_just_within_the_limits_is_read(formula: str) -> None:
    assert generic(Rule("fine", formula)).trees()["fine"].type.kind.value == "boolean"


@pytest.mark.parametrize(
    "formula", ["i1 != 2", "b1 -- a remark", "b1 /* a remark */", "I1 > 1", "not not b1"]
)
def test_what_the_language_does_allow_is_read(formula: str) -> None:
    assert generic(Rule("fine", formula)).trees()["fine"].type.kind.value == "boolean"


# ---- circles and several rules ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "path"),
    [
        ({"a": "a"}, "a -> a"),
        ({"a": "not b", "b": "a or b1"}, "a -> b -> a"),
        ({"a": "b", "b": "c", "c": "b1 and a"}, "a -> b -> c -> a"),
        ({"a": "b1", "b": "b and a"}, "b -> b"),
    ],
)
def test_rules_that_need_each_other_are_refused_with_their_circle(rules: dict[str, str], path: str) -> None:
    errors = problems_of(*(Rule(f"{name}_rule", _renamed(text)) for name, text in rules.items()))
    circles = [error for error in errors if error.code == "formula.cycle"]
    assert len(circles) == 1
    assert _renamed(path) in circles[0].sentence
    assert "Break the circle" in circles[0].remedy


def _renamed(text: str) -> str:
    words = [f"{word}_rule" if word in ("a", "b", "c") else word for word in text.split()]
    return " ".join(words)


def test_a_circle_through_the_people_of_a_household_is_a_circle() -> None:
    errors = problems_of(
        Rule("worst_off", "bool_or(person.worse_off)"),
        Rule("worse_off", "household.worst_off and b", None, "person"),
    )
    assert [error.code for error in errors] == ["formula.cycle"]


def test_every_mistake_of_every_rule_is_told_at_once() -> None:
    errors = problems_of(Rule("first", "i9 > 1"), Rule("second", "b1"), Rule("third", "i1 > 'a'"))
    assert [(error.code, str(error.place)) for error in errors] == [
        ("formula.unknown-name", "first.yaml, line 1, column 1"),
        ("formula.wrong-type", "third.yaml, line 1, column 1"),
    ]


def test_a_rule_that_refers_to_a_bad_rule_is_not_blamed_for_it() -> None:
    errors = problems_of(Rule("bad", "i9 > 1"), Rule("fine", "bad and b1"))
    assert [str(error.place) for error in errors] == ["bad.yaml, line 1, column 1"]


# ---- places in the file a person edits ---------------------------------------------------------------


def placed(text: str, line: int, column: int, indent: int) -> dict[str, Node]:
    """The trees of one rule whose formula begins at that place of a file."""
    formula = FormulaText(text, "rules/income.yaml", line, column, indent)
    return typed_rules(
        levels={entry.name: entry for entry in LEVELS},
        facts=generic().dictionary(),
        parameters={entry.name: entry for entry in PARAMETERS},
        lookups={entry.name: entry for entry in LOOKUPS},
        rules={"bad": RawRule("bad", HOUSEHOLD, formula, None, "", None, 6)},
        jurisdiction="CN",
        minor_digits=2,
    )


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("i9 > 1", "line 12, column 15"),
        ("b1\nand i9 > 1", "line 13, column 11"),
        ("b1\nand (b2\n     or m1 > p1)", "line 14, column 15"),
        ("b1 and\n\n  c1 = 'lwo'", "line 14, column 9"),
    ],
)
def test_a_mistake_in_a_later_line_is_found_in_the_file_not_in_the_formula(text: str, place: str) -> None:
    with pytest.raises(ManyProblems) as caught:
        placed(text, 12, 15, 7)
    assert str(caught.value.errors[0].place) == f"rules/income.yaml, {place}"


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        ("income / size; drop table household", "formula.syntax"),
        ("(select sum(amount) from income_line)", "formula.not-allowed"),
        ("read_csv('households.csv')", "formula.not-allowed"),
        ("income + size", "formula.wrong-unit"),
        ("per_head + income / size", "formula.cycle"),
    ],
)
def test_a_package_with_a_bad_formula_never_reaches_data_or_engine(
    formula: str, code: str, tmp_path: Path, engine_that_must_not_start: list[str]
) -> None:
    texts = {**LITTLE, "rules/all.yaml": LITTLE["rules/all.yaml"].replace("income / size", formula, 1)}
    folder = write_package(tmp_path / "valley", texts)
    with pytest.raises(HearthlineError) as caught:
        screen(folder, tmp_path / "no snapshot", on=date(2020, 6, 30), out=tmp_path / "run")
    found = caught.value.errors[0] if isinstance(caught.value, ManyProblems) else caught.value
    line = 1 + texts["rules/all.yaml"].split(formula)[0].count("\n")
    assert (found.code, found.place and found.place.line) == (code, line), found.sentence
    assert found.place is not None
    assert found.place.file.endswith("rules/all.yaml")
    assert engine_that_must_not_start == []
    assert [path.name for path in tmp_path.iterdir()] == ["valley"]


def test_the_dictionary_of_these_tests_is_itself_without_mistakes() -> None:
    assert set(generic().trees()) == {rule.name for rule in NAMED}
    assert len({(entry.level, entry.name) for entry in FACTS}) == len(FACTS)
