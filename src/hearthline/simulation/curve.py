# SPDX-License-Identifier: Apache-2.0
"""Decides the sensitivity curve: who would be poor at each of several values of a parameter, in one pass.

Every rule that reads the parameter is copied once for each value, which takes the parameter's place. The
copies stand in one package, so that one query reads the rows once and shares all that does not depend on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Context, Decimal

from sqlglot import exp

from hearthline.engine.rules.dependence import dependence_of, trees_of, upstream
from hearthline.engine.rules.parameters import find_parameter_value
from hearthline.engine.rules.policy import (
    HOUSEHOLD,
    Combine,
    Criterion,
    Derived,
    Index,
    Parameter,
    ParameterValue,
    Policy,
    Standard,
)
from hearthline.engine.rules.tree import And, Node, Or, ParameterRef, RuleRef
from hearthline.engine.rules.types import BOOLEAN
from hearthline.simulation.problems import BAD_CURVE
from hearthline.statistics.expressions import (
    Tree,
    as_double,
    column,
    count,
    exact_total,
    missing,
    named,
    total,
)

POINTS = 20
FINE, REST = "fine@curve", "rest@curve"
"""Whether a household is not poor, copied for every point; the criteria that are the same at each of them."""
_DOUBLE = Context(prec=9)
_FROM, _STEP = 60, 5
"""Without ends, the curve goes in steps of five per cent from sixty per cent of the value in force."""


@dataclass(frozen=True)
class CurveRequest:
    """Which parameter is varied, over which values in the unit a person reads."""

    parameter: str
    values: tuple[Decimal, ...]


@dataclass(frozen=True)
class CurvePoint:
    """Who would be poor at one value; ``cost`` in exact minor units, None where no benefit was named."""

    value: Decimal
    households: int
    people: float
    unknown: int
    cost: int | None


def read_curve(text: str, policy: Policy, on: date) -> CurveRequest:
    """``NAME``, ``NAME=LOW..HIGH`` or ``NAME=LOW..HIGH:POINTS``; ``line`` is the package's own line."""
    name, _, span = (part.strip() for part in text.partition("="))
    name = str(policy.line) if name == "line" and "line" not in policy.parameters else name
    parameter = policy.parameters.get(name)
    if parameter is None or parameter.declared not in ("money", "decimal", "integer", "double"):
        raise BAD_CURVE.error(curve=text, reason=f"'{name}' is no parameter with a number")
    found = value_in_force(policy, parameter, on)
    if found is None or not isinstance(found.value, int | Decimal | float):
        raise BAD_CURVE.error(curve=text, reason=f"'{name}' has no value on {on}")
    if not span:
        shares = [Decimal(_FROM + _STEP * place) / 100 for place in range(POINTS)]
        inside = Decimal(str(found.value))
        return CurveRequest(name, tuple(_stepped(inside * share, parameter) for share in shares))
    ends, _, points = span.partition(":")
    low_text, dots, high_text = ends.partition("..")
    try:
        low, high, number = Decimal(low_text), Decimal(high_text), int(points or POINTS)
    except (ArithmeticError, ValueError) as error:
        raise BAD_CURVE.error(curve=text, reason="its ends are no numbers") from error
    finite = low.is_finite() and high.is_finite()
    if not dots or not finite or not low < high or not 2 <= number <= 100 or abs(high) >= 10**12:
        raise BAD_CURVE.error(curve=text, reason="it needs a low end, a higher one, and 2 to 100 points")
    if low < 0 and name == policy.line:
        raise BAD_CURVE.error(curve=text, reason=f"'{name}' is a line, and its low end is below zero")
    values = [_stepped(low + (high - low) * place / (number - 1), parameter) for place in range(number)]
    return CurveRequest(name, tuple(dict.fromkeys(values)))


def _stepped(value: Decimal, parameter: Parameter) -> Decimal:
    """A value with the decimals of the parameter; a double has none of its own, and takes nine digits."""
    if parameter.declared == "double":
        short = _DOUBLE.create_decimal(value).normalize()
        return short.quantize(Decimal(1)) if short == short.to_integral_value() else short
    return value.quantize(Decimal(1).scaleb(-parameter.type.scale))


def value_in_force(policy: Policy, parameter: Parameter, on: date) -> ParameterValue | None:
    """The value of a parameter on a date for the package's own place and purpose."""
    return find_parameter_value(parameter, jurisdiction=policy.jurisdiction, purpose="standard", on=on)


def constant_of(value: Decimal, parameter: Parameter) -> int | float | Decimal:
    """A value of the curve as the parameter holds it."""
    if parameter.declared == "double":
        return float(value)
    return int(value) if parameter.declared == "integer" else value


def at(name: str, place: int) -> str:
    """The name of the copy for one point of the curve."""
    return f"{name}@{place}"


def curve_policy(policy: Policy, request: CurveRequest, on: date, extra: frozenset[str]) -> Policy:
    """The package with a copy of its standard for every value; ``extra`` names rules to copy as well.

    ``policy`` has the largest of the values in force, so that its types have room for all of them.
    """
    return _Copies(policy, request, on).policy_with(extra)


class _Copies:
    """Copies what depends on the parameter, once for every value."""

    def __init__(self, policy: Policy, request: CurveRequest, on: date) -> None:
        self.policy, self.request, self.on = policy, request, on
        self.parameter = policy.parameters[request.parameter]
        force = value_in_force(policy, self.parameter, on)
        assert force is not None  # read_curve has found it
        self.force = force
        other = replace(force, value=_another(force.value))
        values = tuple(other if each is force else each for each in self.parameter.values)
        varied = {**policy.parameters, request.parameter: replace(self.parameter, values=values)}
        self.affected = dependence_of(replace(policy, parameters=varied), policy, on).affected

    def policy_with(self, extra: frozenset[str]) -> Policy:
        """The package of all copies."""
        default = self.policy.default_standard
        asked = upstream(self.policy, set(self.criteria(default)) | set(extra)) & self.affected
        derived, criteria = dict(self.policy.derived), dict(self.policy.criteria)
        parameters, standards = dict(self.policy.parameters), {default.name: default}
        indices = dict(self.policy.indices)
        for place, value in enumerate(self.request.values):
            name = at(self.parameter.name, place)
            dated = replace(self.force, value=constant_of(value, self.parameter))
            parameters[name] = replace(self.parameter, name=name, values=(dated,))
            for rule in sorted(asked):
                self._copy(rule, place, asked, derived, criteria)
            if default.combine in (Combine.ALL, Combine.ANY):
                derived[at(FINE, place)] = self._fine(default, place, asked)
            else:
                standards |= self._standard(default, place, asked, indices)
        derived |= self._rest(default, asked)
        return replace(
            self.policy,
            derived=derived,
            criteria=criteria,
            parameters=parameters,
            standards=standards,
            indices=indices,
            causes={},
        )

    def _fine(self, default: Standard, place: int, asked: set[str]) -> Derived:
        """Whether a household is not poor at a point: the criteria that differ, and the others as one."""
        names = [at(name, place) for name in default.criteria if name in asked]
        names += [REST] if len(names) < len(default.criteria) else []
        return _boolean(at(FINE, place), default.combine, names)

    def _rest(self, default: Standard, asked: set[str]) -> dict[str, Derived]:
        """The criteria that are the same at every point, combined once."""
        names = [name for name in default.criteria if name not in asked]
        together = default.combine in (Combine.ALL, Combine.ANY) and names
        return {REST: _boolean(REST, default.combine, names)} if together else {}

    def criteria(self, standard: Standard) -> tuple[str, ...]:
        """The criteria of a standard or of its index."""
        return tuple(self.policy.indices[standard.index].weights) if standard.index else standard.criteria

    def _copy(
        self,
        name: str,
        place: int,
        asked: set[str],
        derived: dict[str, Derived],
        criteria: dict[str, Criterion],
    ) -> None:
        tree = self._varied(trees_of(self.policy)[name], place, asked)
        copy = at(name, place)
        if name in self.policy.derived:
            derived[copy] = replace(self.policy.derived[name], name=copy, tree=tree)
        else:
            criteria[copy] = replace(self.policy.criteria[name], name=copy, tree=tree)

    def _varied(self, node: Node, place: int, asked: set[str]) -> Node:
        def changed(part: Node) -> Node:
            if isinstance(part, RuleRef) and part.name in asked:
                return replace(part, name=at(part.name, place))
            if isinstance(part, ParameterRef) and self._means(part):
                return replace(part, name=at(part.name, place), year=None)
            return part

        return rebuilt(node, changed)

    def _means(self, node: ParameterRef) -> bool:
        """Whether a reference reads the very value that is varied."""
        if node.name != self.parameter.name:
            return False
        day = self.on if node.year is None else date(node.year, 12, 31)
        found = find_parameter_value(
            self.parameter, jurisdiction=node.jurisdiction, purpose=node.purpose, on=day
        )
        return found is self.force

    def _standard(
        self, default: Standard, place: int, asked: set[str], indices: dict[str, Index]
    ) -> dict[str, Standard]:
        name = at(default.name, place)
        if default.index is not None:
            index = self.policy.indices[default.index]
            dimensions = tuple(
                replace(
                    each,
                    indicators={
                        at(part, place) if part in asked else part: weight
                        for part, weight in each.indicators.items()
                    },
                )
                for each in index.dimensions
            )
            copy = at(index.name, place)
            indices[copy] = replace(index, name=copy, dimensions=dimensions)
            return {name: replace(default, name=name, default=False, index=copy)}
        own = tuple(at(part, place) if part in asked else part for part in default.criteria)
        return {name: replace(default, name=name, default=False, criteria=own)}


def _another(value: object) -> Decimal | int | float:
    return value + 1 if isinstance(value, int | Decimal | float) else 1


def rebuilt(node: Node, changed: Callable[[Node], Node]) -> Node:
    """The formula with each of its nodes replaced by what ``changed`` makes of it, from the leaves upward."""
    parts: dict[str, object] = {
        item.name: _rebuilt(getattr(node, item.name), changed) for item in fields(node)
    }
    return changed(replace(node, **parts))  # type: ignore[arg-type]  # its own fields


def _rebuilt(value: object, changed: Callable[[Node], Node]) -> object:
    if isinstance(value, Node):
        return rebuilt(value, changed)
    if isinstance(value, tuple):
        return tuple(_rebuilt(part, changed) for part in value)
    return value


def _boolean(name: str, combine: Combine, criteria: Sequence[str]) -> Derived:
    """Some criteria combined, as a value that is unknown where they leave it open."""
    parts: tuple[Node, ...] = tuple(RuleRef(BOOLEAN, HOUSEHOLD, each) for each in criteria)
    joined = And(BOOLEAN, parts) if combine is Combine.ALL else Or(BOOLEAN, parts)
    return Derived(name, HOUSEHOLD, "boolean", BOOLEAN, {}, "", parts[0] if len(parts) == 1 else joined)


def curve_select(table: str, fine: Sequence[Tree], costs: Sequence[Tree] | None) -> exp.Select:
    """One row: for each point who is poor, who is unknown, and what the benefits cost.

    ``fine`` says of each point whether a household is not poor. Households with the same answers at every
    point are added up first; then each point is a sum over a few such groups.
    """
    answers = [f"fine_{place}" for place in range(len(fine))]
    rows = exp.select(*(named(tree, name) for tree, name in zip(fine, answers, strict=True)))
    rows = rows.select(named(as_double(column("weight")), "people")).from_(exp.to_table(table))
    amounts: list[str] = []
    for place, tree in enumerate(costs or ()):
        if tree == (costs or ())[0]:
            amounts.append("amount")  # it is the same at every point
        else:
            amounts.append(f"amount_{place}")
            tree = exp.Case(ifs=[exp.If(this=exp.Not(this=exp.Paren(this=fine[place].copy())), true=tree)])
        rows = rows.select(named(tree, amounts[-1])) if amounts[-1] not in rows.named_selects else rows
    groups = exp.select(*map(column, answers), named(count(), "households"))
    groups = groups.select(named(total(column("people")), "people"))
    groups = groups.select(*(named(exp.Sum(this=column(name)), name) for name in dict.fromkeys(amounts)))
    groups = groups.from_(rows.subquery("rows")).group_by(*map(column, answers))
    found = exp.select().from_(groups.subquery("together"))
    for place, name in enumerate(answers):
        poor = exp.Not(this=column(name))
        found = found.select(
            named(exact_total(column("households"), poor), f"households_{place}"),
            named(total(column("people"), poor), f"people_{place}"),
            named(exact_total(column("households"), missing(column(name))), f"unknown_{place}"),
        )
        if amounts:
            found = found.select(named(exact_total(column(amounts[place]), poor), f"cost_{place}"))
    return found


def points_read(row: Mapping[str, object], request: CurveRequest, costed: bool) -> tuple[CurvePoint, ...]:
    """The points of the curve out of its one row."""
    return tuple(
        CurvePoint(
            value=value,
            households=int(str(row[f"households_{place}"])),
            people=float(str(row[f"people_{place}"])),
            unknown=int(str(row[f"unknown_{place}"])),
            cost=int(str(row[f"cost_{place}"])) if costed else None,
        )
        for place, value in enumerate(request.values)
    )
