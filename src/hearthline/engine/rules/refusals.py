# SPDX-License-Identifier: Apache-2.0
"""Decides what to tell an author who writes SQL that the formula language leaves out."""

from __future__ import annotations

from sqlglot import exp

from hearthline.engine.rules.vocabulary import FUNCTION_NAMES, nearest_hint

_INSTEAD: dict[type[exp.Expr], str] = {
    exp.Nullif: "Write case when a <> b then a end.",
    exp.If: "Write case when … then … else … end.",
    exp.IntDiv: "Write floor(a / b).",
    exp.Mod: "Write a - b * floor(a / b).",
    exp.Pow: "Write the product out.",
    exp.DPipe: "Texts are not joined in formulas.",
    exp.Like: "Compare codes with = or in ('a', 'b').",
    exp.ILike: "Compare codes with = or in ('a', 'b').",
    exp.RegexpLike: "Compare codes with = or in ('a', 'b').",
    exp.NullSafeEQ: "Write a = b, with is null where an unknown should count.",
    exp.NullSafeNEQ: "Write a <> b, with is null where an unknown should count.",
    exp.Select: "A formula sees one household; use an aggregate such as sum(person.x).",
    exp.Subquery: "A formula sees one household; use an aggregate such as sum(person.x).",
    exp.Exists: "Write bool_or(…) or count(…) > 0.",
    exp.Window: "A formula sees one household; windows over others do not exist.",
    exp.Star: "Write count(person), naming the level that is counted.",
    exp.Filter: "Only an aggregate takes filter (where …).",
    exp.Distinct: "Aggregates count every row; distinct does not exist.",
    exp.CurrentDate: "Write screening_date: a result must not depend on the day it is computed.",
    exp.CurrentTimestamp: "Write screening_date: a result must not depend on the day it is computed.",
    exp.Placeholder: "Write the name of a fact or parameter('name').",
    exp.Parameter: "Write parameter('name').",
    exp.Interval: "An interval is only added to or taken from a date.",
    exp.TryCast: "Only cast(x as double) exists.",
    exp.Bracket: "Lists do not exist; use a record table and an aggregate.",
    exp.Lambda: "Lists do not exist; use a record table and an aggregate.",
    exp.Tuple: "Write the values apart, joined by and / or.",
    exp.Alias: "Names are given by the rule, not inside the formula.",
}


def hint_for(expression: exp.Expr) -> str:
    """What to write instead of an expression that does not exist in the language."""
    for kind, hint in _INSTEAD.items():
        if isinstance(expression, kind):
            return hint
    if isinstance(expression, exp.Func):
        return function_hint(function_name(expression))
    if isinstance(expression, exp.DDL | exp.DML | exp.Command):
        return "A formula is one expression; statements are never run."
    return "See the formula language in the reference for what may be written."


def function_name(expression: exp.Expr) -> str:
    """The name of a function as SQL writes it."""
    if isinstance(expression, exp.Anonymous):
        return str(expression.this).lower()
    return str(expression.key).lower()


def function_hint(name: str) -> str:
    """The nearest function that does exist."""
    return nearest_hint(name, FUNCTION_NAMES, f"Functions are: {', '.join(FUNCTION_NAMES)}.")
