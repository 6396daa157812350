# SPDX-License-Identifier: Apache-2.0
"""Decides the reason for an answer: the tree of the rule with the value at every node, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from hearthline.engine.rules.evaluator import Household
from hearthline.engine.rules.parameters import value_for_reference
from hearthline.engine.rules.policy import AREA, HOUSEHOLD, Policy, Value
from hearthline.engine.rules.tree import (
    Aggregate,
    And,
    Case,
    Compare,
    FactRef,
    InList,
    IsNull,
    Node,
    Not,
    Or,
    ParameterRef,
    RuleRef,
)
from hearthline.engine.rules.types import Kind
from hearthline.engine.rules.values import Row, evaluate_node
from hearthline.engine.rules.wording import Wording, said, term_of

MAX_ROWS_SHOWN = 30


@dataclass(frozen=True)
class Reason:
    """One line of the reasons: what is said, its value in words, where it comes from, what it rests on.

    ``kind`` is criterion, rule, fact, parameter, comparison, all, any, not, value, note, rows (an aggregate;
    ``name`` is its function, ``detail`` which rows it counts), row (it counts), out (it does not).
    ``level`` is that of a fact, a rule, a criterion or of the rows.
    ``answer`` is true, false or None (unknown) where the line is a condition, else None;
    ``unknown`` says that the value of the line is not known.
    """

    kind: str
    text: str
    value: str
    answer: bool | None = None
    source: str = ""
    name: str = ""
    unknown: bool = False
    detail: str = ""
    children: tuple[Reason, ...] = ()
    level: str = ""


@dataclass(frozen=True)
class Fact:
    """A fact that stands behind an answer: its level, row number from 0 (None for the household), name."""

    level: str
    row: int | None
    name: str


Where = Callable[[Fact], str]
"""Says where a fact of this household came from, in words."""

_WORDINGS: dict[tuple[int, str, date], Wording] = {}
_WORDINGS_KEPT = 16


def _wording(policy: Policy, language: str, on: date) -> Wording:
    """How a package is said in a language, kept from one household to the next."""
    key = (id(policy), language, on)
    known = _WORDINGS.get(key)
    if known is None or known.policy is not policy:
        while len(_WORDINGS) >= _WORDINGS_KEPT:
            _WORDINGS.pop(next(iter(_WORDINGS)), None)
        known = _WORDINGS[key] = Wording(policy, language, on)
    return known


@dataclass
class Explainer:
    """Explains answers for one household in one language."""

    household: Household
    language: str
    where: Where
    words: Wording = field(init=False)
    _told: set[tuple[str, Row]] = field(default_factory=set)
    _values: dict[tuple[int, Row], Value] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.words = _wording(self.household.policy, self.language, self.household.on)

    def _value(self, node: Node, row: Row) -> Value:
        key = (id(node), row)
        if key not in self._values:
            self._values[key] = evaluate_node(node, self.household, row)
        return self._values[key]

    def criterion(self, name: str, row: Row | None = None, *, told: bool = True) -> Reason:
        """Why a criterion is met, not met or unknown; only that it is, where it is not ``told``."""
        criterion = self.household.policy.criteria[name]
        place = row or Row()
        answer = self.household.answer(criterion.level, name, place)
        met = answer if isinstance(answer, bool) else None
        texts = {True: criterion.met, False: criterion.not_met, None: criterion.unknown}
        tree = criterion.tree
        compared = isinstance(tree, Compare | InList | IsNull | Not)
        children: tuple[Reason, ...] = ()
        if told:
            children = (self.node(tree, place),) if compared else self._rests_on(tree, place)
        label = said(criterion.label, self.language)
        words = said(texts[met], self.language)
        source = said(criterion.source, self.language)
        return Reason(
            "criterion", label, words, met, source, name, met is None, "", children, criterion.level
        )

    def node(self, node: Node, row: Row) -> Reason:
        """The reason for the value of one node."""
        value = self._value(node, row)
        if isinstance(node, FactRef):
            return self._fact(node, value, row)
        if isinstance(node, RuleRef):
            return self._rule(node, row)
        if isinstance(node, ParameterRef):
            return self._parameter(node)
        if isinstance(node, Aggregate):
            return self._aggregate(node, value, row)
        if isinstance(node, And | Or):
            kind = "all" if isinstance(node, And) else "any"
            children = tuple(self.node(part, row) for part in node.operands)
            return self._line(kind, node, value, children)
        kind = "comparison" if isinstance(node, Compare) else "not" if isinstance(node, Not) else "value"
        return self._line(kind, node, value, self._rests_on(node, row))

    def _line(self, kind: str, node: Node, value: Value, children: tuple[Reason, ...]) -> Reason:
        answer = value if isinstance(value, bool) and node.type.kind is Kind.BOOLEAN else None
        text = self.words.phrase(node) if kind not in ("all", "any") else ""
        shown = self.words.value(node, value)
        return Reason(kind, text, shown, answer, unknown=value is None, children=children)

    def _rests_on(self, node: Node, row: Row) -> tuple[Reason, ...]:
        """The reasons of the parts of a node; parts that only join others are passed through."""
        if isinstance(node, And | Or | Compare | FactRef | RuleRef | Aggregate | ParameterRef):
            if isinstance(node, Compare):
                return self._sides(node, row)
            return (self.node(node, row),)
        if isinstance(node, Case):
            return self._case(node, row)
        if isinstance(node, IsNull):
            return self._leaves(node.operand, row)
        return tuple(reason for child in node.children() for reason in self._rests_on(child, row))

    def _sides(self, node: Compare, row: Row) -> tuple[Reason, ...]:
        return (*self._leaves(node.left, row), *self._leaves(node.right, row))

    def _leaves(self, node: Node, row: Row) -> tuple[Reason, ...]:
        leaves = self._rests_on(node, row)
        simple = FactRef | RuleRef | Aggregate | ParameterRef
        if isinstance(node, simple) or len(leaves) < 2:
            return leaves
        value = self._value(node, row)
        return (self._line("value", node, value, leaves),)

    def _case(self, node: Case, row: Row) -> tuple[Reason, ...]:
        reasons: list[Reason] = []
        for condition, result in node.branches:
            answer = self._value(condition, row)
            reasons.append(self.node(condition, row))
            if answer is None:
                return tuple(reasons)
            if answer is True:
                return (*reasons, *self._rests_on(result, row))
        if node.otherwise is not None:
            reasons += self._rests_on(node.otherwise, row)
        return tuple(reasons)

    def _fact(self, node: FactRef, value: Value, row: Row) -> Reason:
        number = None if node.level in (HOUSEHOLD, AREA) else row.find(node.level)
        fact = Fact(node.level, number, node.name)
        label = self.words.label(node.level, node.name)
        answer = value if isinstance(value, bool) else None
        shown = self.words.value(node, value)
        return Reason(
            "fact", label, shown, answer, self.where(fact), node.name, value is None, level=node.level
        )

    def _rule(self, node: RuleRef, row: Row) -> Reason:
        if node.name in self.household.policy.criteria:
            return self.criterion(node.name, row)
        rule = self.household.policy.derived[node.name]
        value = self.household.answer(node.level, node.name, row)
        key = (node.name, row if node.level != HOUSEHOLD else Row())
        children: tuple[Reason, ...] = ()
        if key not in self._told:  # a value told once is only named afterwards
            self._told.add(key)
            inner = Row() if node.level == HOUSEHOLD else row
            children = self._rests_on(rule.tree, inner)
        answer = value if isinstance(value, bool) else None
        label = said(rule.label, self.language)
        shown = self.words.value(rule.tree, value, rule.label)
        source = said(rule.source, self.language)
        return Reason(
            "rule", label, shown, answer, source, node.name, value is None, "", children, node.level
        )

    def _parameter(self, node: ParameterRef) -> Reason:
        parameter = self.household.policy.parameters[node.name]
        found = value_for_reference(parameter, node, self.household.on)
        source = said(found.source, self.language)
        if found.mark:
            mark = term_of(self.household.policy, found.mark, self.language)
            source = f"{source}（{mark}）" if self.language == "zh" else f"{source} [{mark}]"
        label = said(parameter.label, self.language)
        return Reason("parameter", label, self.words.value(node, found.value), None, source, node.name)

    def _aggregate(self, node: Aggregate, value: Value, row: Row) -> Reason:
        members = self.household.rows(node.level, row)[:MAX_ROWS_SHOWN]
        rows = tuple(self._member(node, member) for member in members)
        answer = value if isinstance(value, bool) else None
        text = self.words.phrase(replace(node, filter=None))
        detail = "" if node.filter is None else self.words.phrase(node.filter)
        shown = self.words.value(node, value)
        return Reason("rows", text, shown, answer, "", node.function, value is None, detail, rows, node.level)

    def _member(self, node: Aggregate, member: Row) -> Reason:
        number = member.index(node.level) + 1
        kept = True if node.filter is None else self._value(node.filter, member)
        children: tuple[Reason, ...] = ()
        if node.filter is not None:
            children += self._rests_on(node.filter, member)
        operand: Value = kept
        if node.operand is not None and kept is not False:
            operand = self._value(node.operand, member)
            children += self._rests_on(node.operand, member)
        shown = self._member_value(node, kept, operand)
        label = f"{said(self.household.policy.levels[node.level].title, self.language)} {number}"
        answer = operand if isinstance(operand, bool) else kept if isinstance(kept, bool) else None
        unknown = kept is None or (kept is True and operand is None)
        kind = "out" if kept is False else "row"
        return Reason(kind, label, shown, None if unknown else answer, "", "", unknown, "", children)

    def _member_value(self, node: Aggregate, kept: Value, operand: Value) -> str:
        english = self.language != "zh"
        if kept is False:
            return "not counted" if english else "不计"
        if kept is None:
            return "unknown whether it counts" if english else "是否计入未知"
        if node.operand is None:
            return "counted" if english else "计入"
        return self.words.value(node.operand, operand)
