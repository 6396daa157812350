# SPDX-License-Identifier: Apache-2.0
"""Decides the typed tree of every rule of a package, in whatever order they are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hearthline.base.problems import HearthlineError, ManyProblems
from hearthline.engine.rules import functions
from hearthline.engine.rules.formulas import FormulaReader
from hearthline.engine.rules.policy import Fact, Level, LookupTable, Parameter
from hearthline.engine.rules.problems import CYCLE, DECLARED_TYPE
from hearthline.engine.rules.reading import check_spelling, read_expression
from hearthline.engine.rules.scope import Names, Scope
from hearthline.engine.rules.source import RawRule
from hearthline.engine.rules.tree import Literal, Node, Rounding
from hearthline.engine.rules.types import BOOLEAN, Kind, ValueType, decimal
from hearthline.engine.rules.units import NO_UNIT, unit_of


def typed_rules(
    *,
    levels: Mapping[str, Level],
    facts: Mapping[str, Mapping[str, Fact]],
    parameters: Mapping[str, Parameter],
    lookups: Mapping[str, LookupTable],
    rules: Mapping[str, RawRule],
    jurisdiction: str,
    minor_digits: int,
) -> dict[str, Node]:
    """The typed tree of each rule by name; raises ManyProblems with every error of every rule."""
    book = _RuleBook(rules, minor_digits)
    names = Names(levels, facts, parameters, lookups, rules, jurisdiction, book.type_of)
    book.names = names
    for name in rules:
        book.attempt(name)
    if book.errors:
        raise ManyProblems(book.errors)
    return book.trees


class _RuleBook:
    """Types rules on demand, remembering trees, errors and the path that is being walked."""

    names: Names

    def __init__(self, rules: Mapping[str, RawRule], minor_digits: int) -> None:
        self.rules = rules
        self.minor_digits = minor_digits
        self.trees: dict[str, Node] = {}
        self.errors: list[HearthlineError] = []
        self.failed: set[str] = set()
        self.path: list[str] = []

    def attempt(self, name: str) -> None:
        """Type one rule; an error is kept and belongs to the rule in which it stands."""
        if name in self.trees or name in self.failed:
            return
        rule = self.rules[name]
        self.path.append(name)
        try:
            tree = self._typed(rule)
            self.trees[name] = tree
        except HearthlineError as error:
            self.failed.add(name)
            self.errors.append(error.at(rule.formula.place()))
        finally:
            self.path.pop()

    def _typed(self, rule: RawRule) -> Node:
        expression = read_expression(rule.formula)
        reader = FormulaReader(rule.formula, Scope(self.names, rule.level), rule.division_scale)
        tree = reader.boolean(expression) if rule.declared is None else reader.read(expression)
        check_spelling(rule.formula)
        return declared_type(rule, tree, self.minor_digits)

    def type_of(self, name: str) -> ValueType:
        """The type of a rule that another refers to; a circle is refused with its path."""
        rule = self.rules[name]
        if name in self.path:
            circle = [*self.path[self.path.index(name) :], name]
            raise CYCLE.error(path=" -> ".join(circle))
        if rule.declared is None:
            self.attempt(name)
            return BOOLEAN
        self.attempt(name)
        if name in self.trees:
            return self.trees[name].type
        return promised_type(rule, self.minor_digits)


def promised_type(rule: RawRule, minor_digits: int) -> ValueType:
    """The type a rule declares, for rules that refer to it while it cannot be read itself."""
    unit = unit_of(rule.unit)
    shapes = {
        "integer": decimal(15, 0, unit),
        "money": decimal(15, minor_digits, unit),
        "decimal": decimal(18, rule.scale if rule.scale is not None else rule.division_scale, unit),
        "double": ValueType(Kind.DOUBLE, unit=unit),
        "boolean": BOOLEAN,
        "date": ValueType(Kind.DATE),
    }
    return shapes.get(rule.declared or "boolean", ValueType(Kind.TEXT))


def declared_type(rule: RawRule, tree: Node, minor_digits: int) -> Node:
    """The tree of a rule whose formula gives what the rule declares; raises where it does not."""
    if rule.declared is None:
        return tree
    promised = promised_type(rule, minor_digits)
    found = tree.type
    if found.kind is Kind.UNKNOWN:
        return Literal(promised, None)
    same_unit = found.unit in (None, promised.unit) or promised.kind not in (Kind.NUMBER, Kind.DOUBLE)
    if found.kind is not promised.kind or not same_unit:
        raise _mismatch(rule, promised, found, "Declare that type and unit, or mend the formula.")
    if found.kind is not Kind.NUMBER or found.scale == promised.scale:
        return _measured(tree, promised)
    if rule.declared == "decimal" and rule.scale is None:
        return _measured(tree, promised)
    if found.scale > promised.scale:
        raise _mismatch(rule, promised, found, f"Write round(…, {promised.scale}) so that rounding is seen.")
    digits = min(38, found.digits + promised.scale - found.scale)
    # a value with fewer decimals widens without loss
    return Rounding(decimal(digits, promised.scale, promised.unit), "widen", tree, promised.scale)


def _measured(tree: Node, promised: ValueType) -> Node:
    if tree.type.unit is None and tree.type.kind in (Kind.NUMBER, Kind.DOUBLE):
        return replace(tree, type=tree.type.measured_in(promised.unit or NO_UNIT))
    return tree


def _mismatch(rule: RawRule, promised: ValueType, found: ValueType, hint: str) -> HearthlineError:
    return DECLARED_TYPE.error(
        rule.formula.place(), name=rule.name, declared=promised.words, found=found.words, hint=hint
    )


__all__ = ["declared_type", "functions", "typed_rules"]
