# SPDX-License-Identifier: Apache-2.0
"""Decides how values and formulas are said in words, in English and Chinese."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache

from hearthline.engine.rules.parameters import value_for_reference
from hearthline.engine.rules.policy import HOUSEHOLD, PERSON, Policy, Value
from hearthline.engine.rules.tree import (
    Absolute,
    Aggregate,
    And,
    Arithmetic,
    Case,
    Coalesce,
    Compare,
    DatePart,
    DateShift,
    DaysBetween,
    Extreme,
    FactRef,
    InList,
    IsNull,
    Literal,
    LookupRef,
    Negate,
    Node,
    Not,
    Or,
    ParameterRef,
    Rounding,
    RuleRef,
    ScreeningDate,
    ToDouble,
    Within,
    YearsBetween,
)
from hearthline.engine.rules.types import Kind, Text, ValueType
from hearthline.engine.rules.units import NO_UNIT

_UNITS_ZH = {
    "yuan": "元",
    "person": "人",
    "household": "户",
    "year": "年",
    "month": "个月",
    "day": "天",
    "minute": "分钟",
    "hour": "小时",
    "m2": "平方米",
    "m": "米",
    "km": "公里",
    "l": "升",
    "kg": "公斤",
    "mu": "亩",
}

_AGE, _YEARS_OF_AGE = "年龄", "岁"
"""Chinese counts the years of an age by another word than those of a span of time."""

_PLURALS = {
    "person": "people",
    "household": "households",
    "year": "years",
    "month": "months",
    "day": "days",
    "minute": "minutes",
    "hour": "hours",
}

WORDS: dict[str, Text] = {
    "=": {"en": "is", "zh": "为"},
    "<>": {"en": "is not", "zh": "不为"},
    "<": {"en": "is below", "zh": "低于"},
    "<=": {"en": "is at most", "zh": "不超过"},
    ">": {"en": "is above", "zh": "大于"},
    ">=": {"en": "is at least", "zh": "不低于"},
    "and": {"en": " and ", "zh": "，且"},
    "or": {"en": " or ", "zh": "，或"},
    "not": {"en": "not ({0})", "zh": "并非（{0}）"},
    "is known": {"en": "{0} is known", "zh": "{0}已知"},
    "date <": {"en": "is before", "zh": "早于"},
    "date <=": {"en": "is on or before", "zh": "不晚于"},
    "date >": {"en": "is after", "zh": "晚于"},
    "date >=": {"en": "is on or after", "zh": "不早于"},
    "brackets": {"en": "({0})", "zh": "（{0}）"},
    "in": {"en": "{0} is one of {1}", "zh": "{0}属于{1}"},
    "is null": {"en": "{0} is unknown", "zh": "{0}未知"},
    "unknown": {"en": "unknown", "zh": "未知"},
    "true": {"en": "yes", "zh": "是"},
    "false": {"en": "no", "zh": "否"},
    "screening": {"en": "the screening date", "zh": "判定日期"},
    "absolute": {"en": "the size of {0}", "zh": "{0}的绝对值"},
    "round": {"en": "{0} (rounded)", "zh": "{0}（四舍五入）"},
    "floor": {"en": "{0} (rounded down)", "zh": "{0}（向下取整）"},
    "ceil": {"en": "{0} (rounded up)", "zh": "{0}（向上取整）"},
    "case": {"en": "the value that fits the case", "zh": "按情形取值"},
    "coalesce": {"en": "{0}, or if unknown {1}", "zh": "{0}（未知时取{1}）"},
    "unknown as no": {"en": "{0} (unknown counts as no)", "zh": "{0}（未知按否计）"},
    "unknown as yes": {"en": "{0} (unknown counts as yes)", "zh": "{0}（未知按是计）"},
    "least": {"en": "the smallest of {0}", "zh": "{0}中的最小值"},
    "greatest": {"en": "the largest of {0}", "zh": "{0}中的最大值"},
    "plus": {"en": "{0} plus {1}", "zh": "{0}之后{1}"},
    "days": {"en": "the days from {1} to {0}", "zh": "{1}至{0}的天数"},
    "years": {"en": "the completed years from {0} to {1}", "zh": "{0}至{1}的整年数"},
    "part": {"en": "the {1} of {0}", "zh": "{0}的{1}"},
    "within": {
        "en": "{0} within the {1} months to the screening date",
        "zh": "{0}在判定日期之前{1}个月内",
    },
    "whole": {
        "en": "{0} within the {1} whole months before the screening month",
        "zh": "{0}在判定日期所在月之前{1}个完整月内",
    },
    "count": {"en": "the number of {1}", "zh": "{1}数"},
    "sum": {"en": "the sum of {0}", "zh": "{0}合计"},
    "min": {"en": "the smallest {0}", "zh": "最小的{0}"},
    "max": {"en": "the largest {0}", "zh": "最大的{0}"},
    "avg": {"en": "the average {0}", "zh": "{0}的平均值"},
    "bool_or": {"en": "for at least one {1}: {0}", "zh": "至少有一{1}：{0}"},
    "bool_and": {"en": "for every {1}: {0}", "zh": "每一{1}：{0}"},
    "a row": {"en": "{0}", "zh": "条{0}记录"},
    "part <": {"en": "is before", "zh": "早于"},
    "part <=": {"en": "is not after", "zh": "不晚于"},
    "part >": {"en": "is after", "zh": "晚于"},
    "part >=": {"en": "is not before", "zh": "不早于"},
    "where": {"en": "{0} (only where {1})", "zh": "{0}（仅计{1}）"},
    "lookup": {"en": "{0} for {1}", "zh": "{1}对应的{0}"},
}


def said(text: Text, language: str) -> str:
    """A text in a language; where the package lacks it, in the first it has."""
    return text.get(language) or next(iter(text.values()), "")


def term_of(policy: Policy, name: str, language: str) -> str:
    """What the package calls a purpose, a jurisdiction or a mark; the word itself where it has no term."""
    return said(policy.terms[name], language) if name in policy.terms else name


@lru_cache(maxsize=256)
def unit_words(unit: str, language: str) -> str:
    """``yuan/person/year`` as ``yuan per person per year`` or ``元/人/年``; nothing for no unit."""
    if unit in ("1", "None"):
        return ""
    above, *below = unit.split("/")
    if language == "zh":
        parts = [_UNITS_ZH.get(part, part) for part in (above, *below) if part != "1"]
        return "/".join(parts) if above != "1" else "每" + "/".join(parts)
    return " per ".join(["", *below] if above == "1" else [above, *below]).strip()


def unit_of(unit: str, language: str, named: Text | None) -> str:
    """The unit of a quantity that is called so: years of what is called an age are 岁."""
    if language == "zh" and unit == "year" and named and _AGE in named.get("zh", ""):
        return _YEARS_OF_AGE
    return unit_words(unit, language)


def value_words(
    value: Value,
    kind: ValueType,
    language: str,
    labels: dict[str, Text] | None = None,
    *,
    named: Text | None = None,
) -> str:
    """A value as an official reads it, with its unit; ``named`` is what it is a value of."""
    if value is None:
        return said(WORDS["unknown"], language)
    if isinstance(value, bool):
        return said(WORDS["true" if value else "false"], language)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return said(labels[value], language) if labels and value in labels else value
    unit = unit_of(str(kind.unit), language, named)
    number = f"{value:,.{kind.scale}f}" if isinstance(value, Decimal) else f"{value:,}"
    if isinstance(value, float):
        number = f"{value:,.2f}"
    if language == "zh":
        return f"{number}{unit}"
    first, space, rest = unit.partition(" ")
    plural = first if value == 1 else _PLURALS.get(first, first)
    return f"{number} {plural}{space}{rest}" if unit else number


Codes = dict[str, Text]
"""Labels by code."""


@dataclass(frozen=True)
class Wording:
    """Says the formulas of one package in one language; keep it, it remembers what it said."""

    policy: Policy
    language: str
    on: date | None = None
    """The screening date, where a parameter is better said by its value than by its name."""
    _phrases: dict[int, tuple[Node, str]] = field(default_factory=dict, compare=False, repr=False)
    _kinds: dict[int, tuple[Node, ValueType, Codes, Text | None]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def word(self, key: str, *parts: str) -> str:
        """A fixed phrase with its places filled."""
        return said(WORDS[key], self.language).format(*parts)

    def label(self, level: str, name: str) -> str:
        """The label of a fact, derived value or criterion."""
        fact = self.policy.facts.get(level, {}).get(name)
        if fact is not None:
            return said(fact.label, self.language)
        rule = self.policy.derived.get(name) or self.policy.criteria.get(name)
        return said(rule.label, self.language) if rule is not None else name

    def level(self, name: str) -> str:
        """What a row of a level is called."""
        title = said(self.policy.levels[name].title, self.language)
        return title.lower() if self.language == "en" else title

    def codes(self, node: Node) -> Codes:
        """The labels of the codes a node can hold."""
        for part in node.walk():
            if isinstance(part, FactRef) and part.type.codes is not None:
                return dict(self.policy.facts[part.level][part.name].codes)
        return {}

    def value(self, node: Node, value: Value, named: Text | None = None) -> str:
        """The value of a node in words; ``named`` where the node is the formula of something with a name."""
        if id(node) not in self._kinds:
            kind = node.type
            if str(kind.unit) in self.policy.levels.keys() - {PERSON, HOUSEHOLD}:
                kind = kind.measured_in(NO_UNIT)  # eight income lines are "8", not "8 income_line"
            self._kinds[id(node)] = (node, kind, self.codes(node), named or self._named(node))
        _, kind, codes, called = self._kinds[id(node)]
        return value_words(value, kind, self.language, codes, named=called)

    def _named(self, node: Node) -> Text | None:
        """What a node is called, where it names one thing."""
        policy = self.policy
        if isinstance(node, ParameterRef):
            return policy.parameters[node.name].label
        if isinstance(node, FactRef):
            return policy.facts[node.level][node.name].label
        rule = policy.derived.get(node.name) if isinstance(node, RuleRef) else None
        return rule.label if rule else None

    def months(self, node: Node) -> str:
        """A number of months: a parameter by its value where the date is known."""
        if isinstance(node, ParameterRef) and self.on is not None:
            return str(value_for_reference(self.policy.parameters[node.name], node, self.on).value)
        return self.phrase(node)

    def phrase(self, node: Node) -> str:
        """What a node is, in words; the same for every household, so worked out once."""
        known = self._phrases.get(id(node))
        if known is None:
            known = self._phrases[id(node)] = (node, _PHRASES[type(node)](self, node))
        return known[1]

    def beside(self, node: Node, other: Node) -> str:
        """A node in words; a constant beside a code is said by the code's label."""
        if isinstance(node, Literal) and isinstance(node.value, str):
            return value_words(node.value, node.type, self.language, self.codes(other))
        return self.phrase(node)

    def list_of(self, nodes: tuple[Node, ...]) -> str:
        """Several nodes in words."""
        return ("、" if self.language == "zh" else ", ").join(map(self.phrase, nodes))


def _literal(self: Wording, node: Literal) -> str:
    return value_words(node.value, node.type, self.language)


def _reference(self: Wording, node: FactRef | RuleRef) -> str:
    label = self.label(node.level, node.name)
    return label if self.language == "zh" or label.isupper() else label[:1].lower() + label[1:]


def _parameter(self: Wording, node: ParameterRef) -> str:
    label = said(self.policy.parameters[node.name].label, self.language)
    return label if self.language == "zh" else label[:1].lower() + label[1:]


def _lookup(self: Wording, node: LookupRef) -> str:
    label = said(self.policy.lookups[node.table].label, self.language)
    return self.word("lookup", label, self.list_of(node.keys))


def _compare(self: Wording, node: Compare) -> str:
    left, right = self.phrase(node.left), self.beside(node.right, node.left)
    gap = "" if self.language == "zh" else " "
    sides = (node.left, node.right)
    kind = "date " if node.left.type.kind is Kind.DATE else ""
    if all(isinstance(side, DatePart) and side.part == "year" for side in sides):
        kind = "part "
    word = self.word(node.op if node.op in ("=", "<>") else f"{kind}{node.op}")
    return f"{left}{gap}{word}{gap}{right}"


def _in_list(self: Wording, node: InList) -> str:
    choices = [self.beside(choice, node.operand) for choice in node.choices]
    return self.word("in", self.phrase(node.operand), ("、" if self.language == "zh" else ", ").join(choices))


def _arithmetic(self: Wording, node: Arithmetic) -> str:
    sign = {"+": "+", "-": "−", "*": "×", "/": "÷"}[node.op]
    sides = []
    for side in (node.left, node.right):
        phrase = self.phrase(side)
        nested = isinstance(side, Arithmetic) and (node.op in "*/" or side.op in "+-")
        sides.append(f"({phrase})" if nested else phrase)
    return f"{sides[0]} {sign} {sides[1]}"


def _not(self: Wording, node: Not) -> str:
    if isinstance(node.operand, IsNull):
        return self.word("is known", self.phrase(node.operand.operand))
    return self.word("not", self.phrase(node.operand))


def _part_of(self: Wording, part: Node) -> str:
    """A part of an and/or; brackets keep the sentence from saying something else than the rule."""
    phrase = self.phrase(part)
    return self.word("brackets", phrase) if isinstance(part, And | Or) else phrase


def _aggregate(self: Wording, node: Aggregate) -> str:
    operand = self.phrase(node.operand) if node.operand is not None else ""
    row = self.level(node.level)
    if node.function in ("bool_or", "bool_and") and node.level != PERSON:
        row = self.word("a row", row)
    base = self.word(node.function, operand, row)
    return base if node.filter is None else self.word("where", base, self.phrase(node.filter))


def _coalesce(self: Wording, node: Coalesce) -> str:
    first, *rest = node.operands
    if len(rest) == 1 and isinstance(rest[0], Literal) and isinstance(rest[0].value, bool):
        return self.word("unknown as yes" if rest[0].value else "unknown as no", self.phrase(first))
    return self.word("coalesce", self.phrase(first), self.list_of(tuple(rest)))


def _shift(self: Wording, node: DateShift) -> str:
    return self.word(
        "plus",
        self.phrase(node.operand),
        f"{self.phrase(node.amount)} {unit_words(node.step, self.language)}",
    )


_PHRASES: dict[type[Node], Callable[..., str]] = {
    Literal: _literal,
    FactRef: _reference,
    RuleRef: _reference,
    ScreeningDate: lambda self, node: self.word("screening"),
    ParameterRef: _parameter,
    LookupRef: _lookup,
    Not: _not,
    And: lambda self, node: self.word("and").join(_part_of(self, part) for part in node.operands),
    Or: lambda self, node: self.word("or").join(_part_of(self, part) for part in node.operands),
    IsNull: lambda self, node: self.word("is null", self.phrase(node.operand)),
    Compare: _compare,
    InList: _in_list,
    Arithmetic: _arithmetic,
    Negate: lambda self, node: f"−{self.phrase(node.operand)}",
    Absolute: lambda self, node: self.word("absolute", self.phrase(node.operand)),
    Rounding: lambda self, node: (
        self.phrase(node.operand) if node.how == "widen" else self.word(node.how, self.phrase(node.operand))
    ),
    Case: lambda self, node: self.word("case"),
    Coalesce: _coalesce,
    Extreme: lambda self, node: self.word(node.how, self.list_of(node.operands)),
    ToDouble: lambda self, node: self.phrase(node.operand),
    DateShift: _shift,
    DaysBetween: lambda self, node: self.word("days", self.phrase(node.left), self.phrase(node.right)),
    YearsBetween: lambda self, node: self.word("years", self.phrase(node.start), self.phrase(node.end)),
    DatePart: lambda self, node: self.word(
        "part", self.phrase(node.operand), unit_words(node.part, self.language)
    ),
    Within: lambda self, node: self.word(
        "whole" if node.whole else "within", self.phrase(node.operand), self.months(node.months)
    ),
    Aggregate: _aggregate,
}
