# SPDX-License-Identifier: Apache-2.0
"""Decides how the page of the formula language is read: its package, its examples, what its refusals say.

The answers of the examples are written by hand and held against the engines by a test. Only the sentences
of refusals are written into the page, by ``python -m scripts.reference``.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hearthline.base.problems import HearthlineError
from hearthline.engine.packages import load_policy
from hearthline.engine.rules.formulas import FormulaReader
from hearthline.engine.rules.policy import HOUSEHOLD, PERSON, Criterion, Derived, Policy
from hearthline.engine.rules.reading import read_expression
from hearthline.engine.rules.scope import Names, Scope
from hearthline.engine.rules.source import FormulaText, RawRule
from hearthline.engine.rules.tree import Node
from hearthline.engine.rules.vocabulary import FUNCTION_NAMES

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "reference" / "formulas.md"
FILE: Final = re.compile(r"^`([\w/]+\.(?:toml|yaml))`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCK: Final = re.compile(r"^(<!-- of each person -->\n)?```sql\n(.*?)^```$", re.MULTILINE | re.DOTALL)
REFUSAL: Final = re.compile(r"^\| `(.+)` \| (.*) \|$", re.MULTILINE)
REFUSALS: Final = "## What SQL has and this language has not"
REFUSED: Final = "refused: "
NO_FUNCTION: Final = "The [functions](#functions) above are all there are."


@dataclass(frozen=True)
class Example:
    """A formula of the page with the answer it shows; of each person, the answers joined by commas."""

    formula: str
    answer: str
    level: str
    line: int


def example_files(text: str) -> dict[str, str]:
    """The files of the package that the page prints."""
    return dict(FILE.findall(text))


def example_policy(text: str, folder: Path) -> Policy:
    """The package of the page, written to a folder and checked."""
    for name, content in example_files(text).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return load_policy(folder)


def examples(text: str) -> Iterator[Example]:
    """Every example of the page, in order."""
    for block in BLOCK.finditer(text):
        first = text[: block.start(2)].count("\n") + 1
        for number, line in enumerate(block[2].splitlines()):
            formula, _, answer = line.partition(" -- ")
            yield Example(formula.strip(), answer.strip(), PERSON if block[1] else HOUSEHOLD, first + number)


def typed_tree(policy: Policy, formula: str, level: str = HOUSEHOLD) -> Node:
    """The tree of a formula of the page, which may use the rules of its package."""
    rules: dict[str, Derived | Criterion] = {**policy.derived, **policy.criteria}
    raw = {
        name: RawRule(name, rule.level, FormulaText(rule.text), None, "", None, policy.division_scale)
        for name, rule in rules.items()
    }
    names = Names(
        policy.levels,
        policy.facts,
        policy.parameters,
        policy.lookups,
        raw,
        policy.jurisdiction,
        lambda name: rules[name].tree.type,
    )
    text = FormulaText(formula)
    reader = FormulaReader(text, Scope(names, level), policy.division_scale)
    return reader.read(read_expression(text))


def refusal(policy: Policy, formula: str) -> str:
    """What the refusal of a formula says to do; raises where the formula is accepted."""
    try:
        typed_tree(policy, formula)
    except HearthlineError as error:
        listed = all(name in error.remedy for name in FUNCTION_NAMES)
        return NO_FUNCTION if listed else error.remedy
    raise ValueError(f"formulas.md says that {formula} is refused, but it is accepted")


def page() -> str:
    """The page with the sentences that refusals have now."""
    text = PAGE.read_text(encoding="utf-8")
    start = text.index(REFUSALS)
    end = text.index("\n## ", start + 1)
    with tempfile.TemporaryDirectory() as folder:
        policy = example_policy(text, Path(folder))

    def row(found: re.Match[str]) -> str:
        words = refusal(policy, found[1].replace("\\|", "|"))
        return f"| `{found[1]}` | {_cell(words)} |"

    return text[:start] + REFUSAL.sub(row, text[start:end]) + text[end:]


def _cell(words: str) -> str:
    if words == NO_FUNCTION:
        return words
    for sign in ("|", "*", "_", "["):
        words = words.replace(sign, f"\\{sign}")
    return words.replace("<", "&lt;")
