# SPDX-License-Identifier: Apache-2.0
"""Decides which words and signs a formula may be written with, before its structure is looked at.

The parser gives several spellings one meaning (``nvl`` and ``coalesce``); the language has one spelling
for each thing, so that a formula reads the same to everyone.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence

from sqlglot import Token, TokenType

from hearthline.base.problems import Place
from hearthline.engine.rules.problems import NOT_ALLOWED, SYNTAX
from hearthline.engine.rules.source import FormulaText

FUNCTION_NAMES = (
    "abs",
    "add_days",
    "add_months",
    "age",
    "age_from_stated",
    "avg",
    "bool_and",
    "bool_or",
    "ceil",
    "coalesce",
    "count",
    "extract",
    "floor",
    "greatest",
    "least",
    "lookup",
    "max",
    "min",
    "parameter",
    "round",
    "sum",
    "within_months",
    "within_whole_months",
)
"""Every function of the language, by the name a formula writes."""

_BEFORE_BRACKET = {
    "filter",
    "in",
    "and",
    "or",
    "not",
    "when",
    "then",
    "else",
    "case",
    "between",
    "cast",
    "where",
    "from",
    "is",
}
_INSTEAD = {
    "::": "Write cast(x as double); no other conversion exists.",
    "==": "Write =.",
    "@": "Write abs(x).",
    "isnull": "Write x is null.",
    "notnull": "Write x is not null.",
    "convert": "Write cast(x as double).",
}
_NUMBER = re.compile(r"\d+(\.\d+)?|\.\d+")


def nearest_hint(name: str, known: Iterable[str], fallback: str = "") -> str:
    """The sentence that offers the nearest valid name, or else the valid names themselves."""
    names = sorted(set(known))
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    if close:
        return f"Did you mean {close[0]}?"
    if fallback:
        return fallback
    shown = ", ".join(names[:12])
    return f"Known names: {shown}{' …' if len(names) > 12 else ''}." if names else "None is defined."


def check_words(formula: FormulaText, tokens: Sequence[Token]) -> None:
    """Refuse a word, sign or number that the language does not write; raises with its place."""
    words = [formula.text[token.start : token.end + 1] for token in tokens]
    for number, (token, word) in enumerate(zip(tokens, words, strict=True)):
        lower = word.lower()
        after = words[number + 1] if number + 1 < len(words) else ""
        before = words[number - 1].lower() if number else ""
        hint = ""
        if lower in _INSTEAD:
            hint = _INSTEAD[lower]
        elif word.startswith('"'):
            hint = "Write names without quotes; texts stand in single quotes."
        elif lower == "unknown" and before in ("is", "not"):
            hint = "Write is null or is not null."
        elif lower == "filter" and after == "(" and words[number + 2 : number + 3] != []:
            hint = "" if words[number + 2].lower() == "where" else "Write filter (where …)."
        elif after == "(" and lower.isidentifier() and lower not in (*FUNCTION_NAMES, *_BEFORE_BRACKET):
            hint = nearest_hint(lower, FUNCTION_NAMES, f"Functions are: {', '.join(FUNCTION_NAMES)}.")
        if hint:
            text = f"{word}(…)" if after == "(" and lower.isidentifier() else word
            raise NOT_ALLOWED.error(_place(formula, token), text=text, hint=hint)
        if token.token_type is TokenType.NUMBER and not _NUMBER.fullmatch(word):
            raise SYNTAX.error(
                _place(formula, token),
                reason=f"'{word}' is not a plain number",
                hint="Write digits and one point, as 1.5.",
            )


def _place(formula: FormulaText, token: Token) -> Place:
    before = formula.text[: token.start]
    return formula.place(before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
