# SPDX-License-Identifier: Apache-2.0
"""Decides the functions of the formula language beyond plain SQL: dates, parameters, lookups, aggregates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from sqlglot import exp

from hearthline.engine.rules import algebra
from hearthline.engine.rules.formulas import ORDERED, READERS, FormulaReader
from hearthline.engine.rules.policy import HOUSEHOLD, PERSON
from hearthline.engine.rules.problems import (
    ARGUMENTS,
    NO_VALUE,
    NOT_ALLOWED,
    UNKNOWN_CODE,
    UNKNOWN_LEVEL,
    UNKNOWN_LOOKUP,
    UNKNOWN_PARAMETER,
    WRONG_LEVEL,
    WRONG_TYPE,
    WRONG_UNIT,
)
from hearthline.engine.rules.refusals import function_hint
from hearthline.engine.rules.tree import (
    Aggregate,
    Arithmetic,
    DateShift,
    Literal,
    LookupRef,
    Node,
    ParameterRef,
    ScreeningDate,
    Within,
    YearsBetween,
)
from hearthline.engine.rules.types import (
    BOOLEAN,
    DATE,
    MAX_DIGITS,
    MAX_ROWS_DIGITS,
    Kind,
    ValueType,
    decimal,
    integer,
)
from hearthline.engine.rules.units import DAY, MONTH, NO_UNIT, YEAR, Unit
from hearthline.engine.rules.vocabulary import nearest_hint

_USAGE = {
    "add_days": "add_days(date, n)",
    "add_months": "add_months(date, n)",
    "age": "age(birth_date) or age(birth_date, on_date)",
    "age_from_stated": "age_from_stated(stated_age, stated_on)",
    "lookup": "lookup('table', key, ...)",
    "parameter": "parameter('name', purpose => 'exit', jurisdiction => 'CN', year => 2013)",
    "within_months": "within_months(date, n)",
    "within_whole_months": "within_whole_months(date, n)",
}


def _arguments(name: str, items: Sequence[exp.Expr], least: int, most: int) -> None:
    if not least <= len(items) <= most:
        raise ARGUMENTS.error(name=name, reason=f"it was given {len(items)} arguments", usage=_USAGE[name])


def _whole(reader: FormulaReader, expression: exp.Expr, unit: Unit, name: str) -> Node:
    node = reader.of_kind(expression, Kind.NUMBER)
    if node.type.scale != 0:
        raise ARGUMENTS.error(name=name, reason="it needs a whole number", usage=_USAGE[name])
    if node.type.unit not in (None, NO_UNIT, unit):
        raise WRONG_UNIT.error(reason=f"{name} needs {unit}, not {node.type.unit}", hint="Convert it first.")
    return node


def _add_days(reader: FormulaReader, items: Sequence[exp.Expr]) -> Node:
    _arguments("add_days", items, 2, 2)
    day = reader.of_kind(items[0], Kind.DATE)
    return DateShift(DATE, day, _whole(reader, items[1], DAY, "add_days"), "day")


def _add_months(reader: FormulaReader, items: Sequence[exp.Expr]) -> Node:
    _arguments("add_months", items, 2, 2)
    day = reader.of_kind(items[0], Kind.DATE)
    return DateShift(DATE, day, _whole(reader, items[1], MONTH, "add_months"), "month")


def _age(reader: FormulaReader, items: Sequence[exp.Expr]) -> Node:
    _arguments("age", items, 1, 2)
    end = reader.of_kind(items[1], Kind.DATE) if len(items) == 2 else ScreeningDate()
    return YearsBetween(integer(4, YEAR), reader.of_kind(items[0], Kind.DATE), end)


def _age_from_stated(reader: FormulaReader, items: Sequence[exp.Expr]) -> Node:
    _arguments("age_from_stated", items, 2, 2)
    stated = _whole(reader, items[0], YEAR, "age_from_stated")
    since = YearsBetween(integer(4, YEAR), reader.of_kind(items[1], Kind.DATE), ScreeningDate())
    plain = stated if stated.type.unit == YEAR else _measured(stated, YEAR)
    return Arithmetic(algebra.arithmetic_type("+", plain.type, since.type, 0), "+", plain, since)


def _measured(node: Node, unit: Unit) -> Node:
    if not isinstance(node, Literal):
        raise WRONG_UNIT.error(
            reason=f"the stated age is not in {unit}", hint="Declare unit: year for the fact."
        )
    return Literal(node.type.measured_in(unit), node.value)


def _within(whole: bool) -> Callable[[FormulaReader, Sequence[exp.Expr]], Node]:
    name = "within_whole_months" if whole else "within_months"

    def read(reader: FormulaReader, items: Sequence[exp.Expr]) -> Node:
        _arguments(name, items, 2, 2)
        day = reader.of_kind(items[0], Kind.DATE)
        return Within(BOOLEAN, day, _whole(reader, items[1], MONTH, name), whole)

    return read


def _constant_text(item: exp.Expr, name: str) -> str:
    if not (isinstance(item, exp.Literal) and item.is_string):
        raise ARGUMENTS.error(name=name, reason="its name must be a constant in quotes", usage=_USAGE[name])
    return str(item.this)


def _parameter(reader: FormulaReader, items: Sequence[exp.Expr]) -> Node:
    _arguments("parameter", items, 1, 4)
    name = _constant_text(items[0], "parameter")
    names = reader.scope.names
    parameter = names.parameters.get(name)
    if parameter is None:
        raise UNKNOWN_PARAMETER.error(name=name, hint=nearest_hint(name, names.parameters))
    given: set[str] = set()
    named = {"purpose": "standard", "jurisdiction": names.jurisdiction, "year": ""}
    for item in items[1:]:
        key = str(item.this).lower() if isinstance(item, exp.Kwarg) else ""
        value = item.expression if isinstance(item, exp.Kwarg) else None
        if key not in named or key in given or not _is_key_value(key, value):
            raise ARGUMENTS.error(
                name="parameter", reason=f"'{item.sql()}' is not one of its keys", usage=_USAGE["parameter"]
            )
        given.add(key)
        named[key] = str(value.this) if value is not None else ""
    purpose, jurisdiction = named["purpose"], named["jurisdiction"]
    if not any((v.jurisdiction, v.purpose) == (jurisdiction, purpose) for v in parameter.values):
        raise NO_VALUE.error(name=name, jurisdiction=jurisdiction, purpose=purpose, on="any date")
    return ParameterRef(
        parameter.type, name, jurisdiction, purpose, int(named["year"]) if named["year"] else None
    )


def _is_key_value(key: str, value: exp.Expr | None) -> bool:
    if not isinstance(value, exp.Literal) or value.is_string == (key == "year"):
        return False
    return key != "year" or (str(value.this).isdigit() and 1 <= int(str(value.this)) <= 9999)


def _lookup(reader: FormulaReader, items: Sequence[exp.Expr]) -> Node:
    if not items:
        raise ARGUMENTS.error(name="lookup", reason="it names no table", usage=_USAGE["lookup"])
    name = _constant_text(items[0], "lookup")
    table = reader.scope.names.lookups.get(name)
    if table is None:
        raise UNKNOWN_LOOKUP.error(name=name, hint=nearest_hint(name, reader.scope.names.lookups))
    if len(items) - 1 != len(table.key_names):
        keys = ", ".join(table.key_names)
        raise ARGUMENTS.error(
            name="lookup", reason=f"the table {name} has the keys {keys}", usage=f"lookup('{name}', {keys})"
        )
    found = []
    for place, (item, kind) in enumerate(zip(items[1:], table.key_types, strict=True)):
        node = reader.of_kind(item, kind.kind)
        if isinstance(node, Literal) and isinstance(node.value, str):
            known = {str(row[place]) for row in table.rows}
            if node.value not in known:
                hint = nearest_hint(node.value, known)
                raise UNKNOWN_CODE.error(value=node.value, name=table.key_names[place], hint=hint)
        if kind.kind is Kind.NUMBER and node.type.scale != 0:
            raise ARGUMENTS.error(name="lookup", reason="a key must be a whole number", usage="floor(x)")
        found.append(node)
    return LookupRef(table.type, name, tuple(found))


_FUNCTIONS: dict[str, Callable[[FormulaReader, Sequence[exp.Expr]], Node]] = {
    "add_days": _add_days,
    "add_months": _add_months,
    "age": _age,
    "age_from_stated": _age_from_stated,
    "lookup": _lookup,
    "parameter": _parameter,
    "within_months": _within(False),
    "within_whole_months": _within(True),
}


def _named_function(reader: FormulaReader, expression: exp.Expr) -> Node:
    name = str(expression.this).lower()
    function = _FUNCTIONS.get(name)
    if function is None:
        raise NOT_ALLOWED.error(text=f"{name}(…)", hint=function_hint(name))
    return function(reader, expression.expressions)


def _add_months_parsed(reader: FormulaReader, expression: exp.Expr) -> Node:
    return _add_months(reader, [expression.this, expression.expression])


_AGGREGATES: dict[type[exp.Expr], str] = {
    exp.Count: "count",
    exp.Sum: "sum",
    exp.Min: "min",
    exp.Max: "max",
    exp.Avg: "avg",
    exp.LogicalAnd: "bool_and",
    exp.LogicalOr: "bool_or",
}


def _aggregate(reader: FormulaReader, expression: exp.Expr, condition: exp.Expr | None = None) -> Node:
    function = _AGGREGATES[type(expression)]
    if reader.scope.rows is not None:
        raise WRONG_LEVEL.error(
            reason=f"{function} stands inside another aggregate",
            hint="Put the inner one into a derived value of the inner level.",
        )
    if (
        expression.expressions
        or isinstance(expression.this, exp.Distinct | exp.Star)
        or expression.this is None
    ):
        raise NOT_ALLOWED.error(text=expression.sql()[:60], hint="Write count(person) or sum(person.x).")
    level = _aggregated_level(reader, function, expression.this)
    inner = reader.inside(level)
    kept = inner.boolean(condition) if condition is not None else None
    if function == "count":
        return Aggregate(integer(MAX_ROWS_DIGITS + 1, _unit_of_rows(level)), function, level, None, kept)
    operand = inner.boolean(expression.this) if function.startswith("bool") else inner.read(expression.this)
    return Aggregate(_aggregate_type(reader, function, operand), function, level, operand, kept)


def _unit_of_rows(level: str) -> Unit:
    return Unit(((level, 1),))


def _aggregated_level(reader: FormulaReader, function: str, operand: exp.Expr) -> str:
    levels = reader.scope.names.levels
    if function == "count":
        name = operand.name.lower() if isinstance(operand, exp.Column) and not operand.table else ""
        if name not in levels:
            raise ARGUMENTS.error(
                name="count", reason="it counts the rows of a level", usage="count(person) filter (where …)"
            )
    else:
        owned = [
            column.table.lower()
            for column in operand.find_all(exp.Column)
            if column.table.lower() not in ("", "area", HOUSEHOLD)
        ]
        if not owned:
            raise WRONG_LEVEL.error(
                reason=f"{function} names no table to go through",
                hint=f"Write {function}(person.x): the level before the point says whose rows are meant.",
            )
        name = owned[0]
    if name not in levels:
        raise UNKNOWN_LEVEL.error(name=name, hint=nearest_hint(name, levels))
    _check_owner(reader, name)
    return name


def _check_owner(reader: FormulaReader, name: str) -> None:
    levels, level = reader.scope.names.levels, reader.scope.level
    owner = levels[name].belongs_to
    reachable = owner is not None and (level == HOUSEHOLD or owner == level)
    if not reachable:
        raise WRONG_LEVEL.error(
            reason=f"a {level} has no {name} rows to combine",
            hint=f"Write it as a derived value of the level {owner or HOUSEHOLD} and refer to that."
            if level == PERSON
            else "Aggregate over person or a record table.",
        )


def _aggregate_type(reader: FormulaReader, function: str, operand: Node) -> ValueType:
    kind = operand.type
    if function.startswith("bool"):
        return BOOLEAN
    if function in ("min", "max"):
        if kind.kind not in ORDERED:
            raise WRONG_TYPE.error(reason=f"{kind.words} has no order", hint="Use numbers or dates.")
        return kind
    if kind.kind is not Kind.NUMBER:
        hint = "Numbers of type double are not summed, because the order of adding changes the last digits."
        raise WRONG_TYPE.error(
            reason=f"{function} needs exact numbers, not {kind.words}",
            hint=hint if kind.kind is Kind.DOUBLE else "Use a number.",
        )
    if kind.digits + MAX_ROWS_DIGITS > MAX_DIGITS:
        raise WRONG_TYPE.error(
            reason=f"{function} of numbers of {kind.digits} digits could pass {MAX_DIGITS} digits",
            hint="Declare min and max of the fact, or fewer digits.",
        )
    if function == "sum":
        return decimal(min(MAX_DIGITS, kind.digits + MAX_ROWS_DIGITS), kind.scale, kind.unit)
    scale = max(kind.scale, reader.division_scale)
    return decimal(min(MAX_DIGITS, kind.digits - kind.scale + scale + 1), scale, kind.unit)


def _filtered(reader: FormulaReader, expression: exp.Expr) -> Node:
    if type(expression.this) not in _AGGREGATES:
        raise NOT_ALLOWED.error(text=expression.sql()[:60], hint="Only an aggregate takes filter (where …).")
    return _aggregate(reader, expression.this, cast(exp.Where, expression.expression).this)


READERS[exp.Anonymous] = _named_function
READERS[exp.AddMonths] = _add_months_parsed
READERS[exp.Filter] = _filtered
for _kind in _AGGREGATES:
    READERS[_kind] = _aggregate
