# SPDX-License-Identifier: Apache-2.0
"""Decides whether a formula's text can be read at all, and how large it may be."""

from __future__ import annotations

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from hearthline.base.problems import Place
from hearthline.engine.rules.problems import SYNTAX, TOO_LARGE
from hearthline.engine.rules.source import FormulaText
from hearthline.engine.rules.vocabulary import check_words

DIALECT = "duckdb"
MAX_CHARACTERS = 8_000
MAX_TOKENS = 1_500
MAX_DEPTH = 30
"""Brackets, cases and signs within one another."""

MAX_LEVELS = 60
"""Levels of the parsed tree, so that walking it never runs out of stack."""


def read_expression(formula: FormulaText) -> exp.Expr:
    """Parse one SQL expression; more than one, a statement, or too large a text is refused."""
    if len(formula.text) > MAX_CHARACTERS:
        raise TOO_LARGE.error(
            formula.place(), what="long", size=f"{len(formula.text)} characters", limit=MAX_CHARACTERS
        )
    try:
        tokens = sqlglot.tokenize(formula.text, read=DIALECT)
    except SqlglotError as error:
        raise _syntax(formula, error) from error
    _check_size(formula, [token.text for token in tokens])
    try:
        trees = [tree for tree in sqlglot.parse(formula.text, read=DIALECT) if tree is not None]
    except SqlglotError as error:
        raise _syntax(formula, error) from error
    except RecursionError as error:
        raise TOO_LARGE.error(formula.place(), what="deeply nested", size="", limit=MAX_DEPTH) from error
    if len(trees) != 1:
        reason = "it is empty" if not trees else "it holds more than one expression"
        raise SYNTAX.error(formula.place(), reason=reason, hint="Write one SQL expression, without ;.")
    _check_depth(formula, trees[0])
    return trees[0]


def check_spelling(formula: FormulaText) -> None:
    """Refuse other spellings of what the language writes in one way; asked last, when all else is right."""
    check_words(formula, sqlglot.tokenize(formula.text, read=DIALECT))


def _check_depth(formula: FormulaText, tree: exp.Expr) -> None:
    """Refuse a tree that is too deep to walk; a chain of and, or of or, counts as one level."""
    level: list[tuple[exp.Expr, int]] = [(tree, 1)]
    while level:
        node, depth = level.pop()
        if depth > MAX_LEVELS:
            raise TOO_LARGE.error(formula.place(), what="deeply nested", size=depth, limit=MAX_LEVELS)
        for child in node.iter_expressions():
            chained = isinstance(node, exp.And | exp.Or) and type(child) is type(node)
            level.append((child, depth if chained else depth + 1))


def _check_size(formula: FormulaText, tokens: list[str]) -> None:
    if len(tokens) > MAX_TOKENS:
        raise TOO_LARGE.error(formula.place(), what="long", size=f"{len(tokens)} words", limit=MAX_TOKENS)
    depth = deepest = unary = 0
    for token in tokens:
        opens = token == "(" or token.lower() == "case"
        depth += opens
        depth -= token == ")" or token.lower() == "end"
        # a run of unary signs nests as deeply as parentheses do
        unary = unary + 1 if token.lower() in ("-", "+", "not", "~") else 0
        deepest = max(deepest, depth + unary)
    if deepest > MAX_DEPTH:
        raise TOO_LARGE.error(formula.place(), what="deeply nested", size=deepest, limit=MAX_DEPTH)


def _syntax(formula: FormulaText, error: SqlglotError) -> Exception:
    details = getattr(error, "errors", None) or [{}]
    first = details[0]
    line = int(first.get("line") or 1)
    highlight = str(first.get("highlight") or "")
    column = int(first.get("col") or 1)
    place = formula.place(line, max(1, column - max(0, len(highlight) - 1)))
    reason = str(first.get("description") or "it is not an SQL expression").rstrip(".")
    if reason.lower().startswith("required keyword"):
        reason = "an operand is missing"
    near = f" near '{highlight}'" if highlight else ""
    return SYNTAX.error(
        place,
        reason=reason[:1].lower() + reason[1:] + near,
        hint="Check for a missing operand, bracket, quote, or the end of a case.",
    )


def place_of(formula: FormulaText, expression: exp.Expr) -> Place:
    """Where an expression begins: the earliest word that the parser has located within it."""
    starts = [int(node.meta["start"]) for node in expression.walk() if node.meta and "start" in node.meta]
    if not starts:
        return formula.place()
    before = formula.text[: min(starts)]
    line = before.count("\n") + 1
    return formula.place(line, len(before) - (before.rfind("\n") + 1) + 1)
