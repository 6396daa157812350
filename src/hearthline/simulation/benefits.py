# SPDX-License-Identifier: Apache-2.0
"""Decides what a benefit is, and its amount for a household: whole minor units, never a fraction of one.

A benefit goes to every household that is poor. Several are added up. An amount that is unknown makes the
household's benefit unknown; such households are counted, and cost nothing in the sum.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlglot import exp

from hearthline.base.problems import HearthlineError
from hearthline.engine.rules.policy import HOUSEHOLD, PERSON, Policy
from hearthline.engine.rules.types import Kind
from hearthline.engine.rules.units import PERSON as PERSON_UNIT
from hearthline.engine.rules.units import Unit
from hearthline.engine.rules.vocabulary import nearest_hint
from hearthline.engine.sql.terms import cast_to, paren, whole
from hearthline.simulation.problems import BAD_BENEFIT
from hearthline.simulation.settings import SOURCE, Overlay
from hearthline.simulation.writing import FormulaWords
from hearthline.statistics.expressions import Tree, as_double

FORMULA_NAME = "what_if_benefit"
"""The derived value that holds a benefit given as a formula."""

_AMOUNT = re.compile(r"\d{1,12}(\.\d{1,6})?\Z", re.ASCII)
_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,4})?)%\Z", re.ASCII)
_WORDS = {"en": "Benefit supposed", "zh": "假设的补助"}


@dataclass(frozen=True)
class Benefit:
    """One benefit: household or person (``amount`` in minor units), gap (``share``), value (``name``)."""

    kind: str
    amount: int = 0
    share: Fraction = Fraction(0)
    name: str = ""
    text: str = ""


@dataclass(frozen=True)
class Measured:
    """What an amount is worked out from: people of the household, welfare and line in minor units."""

    size: Tree
    welfare: Tree | None
    line: Tree | None


def read_benefits(texts: Sequence[str], policy: Policy) -> tuple[Benefit, ...]:
    """The benefits that some texts declare; raises where one cannot be read."""
    return tuple(_benefit(text, policy) for text in texts)


def _benefit(text: str, policy: Policy) -> Benefit:
    kind, _, value = (part.strip() for part in text.partition("="))
    if kind in ("household", "person"):
        return Benefit(kind, amount=_minor(text, value, policy.minor_digits), text=text)
    if kind == "gap":
        share = _share(value)
        if share is None or not 0 < share <= 10:
            raise BAD_BENEFIT.error(benefit=text, reason=f"'{value}' is no share of the gap")
        return Benefit(kind, share=share, text=text)
    if kind == "formula" and value:
        return Benefit("value", name=FORMULA_NAME, text=text)
    if kind == "value":
        return Benefit(kind, name=_amount_name(text, value, policy), text=text)
    raise BAD_BENEFIT.error(benefit=text, reason=f"'{kind}' is no kind of benefit")


def _minor(text: str, value: str, digits: int) -> int:
    if not _AMOUNT.match(value):
        raise BAD_BENEFIT.error(benefit=text, reason=f"'{value}' is no amount")
    scaled = Decimal(value).scaleb(digits)
    if scaled != int(scaled):
        raise BAD_BENEFIT.error(benefit=text, reason=f"an amount has at most {digits} decimals")
    return int(scaled)


def _share(value: str) -> Fraction | None:
    percent = _SHARE.match(value)
    if percent:
        return Fraction(percent[1]) / 100
    return (
        Fraction(value)
        if re.fullmatch(r"\d{1,3}(\.\d{1,4})?|\d{1,3}/[1-9]\d{0,3}", value, re.ASCII)
        else None
    )


def _amount_name(text: str, name: str, policy: Policy) -> str:
    rule = policy.derived.get(name)
    if rule is not None and rule.level == HOUSEHOLD and rule.declared == "money":
        return name
    known = [each.name for each in policy.derived.values() if each.declared == "money"]
    hint = nearest_hint(name, known)
    raise BAD_BENEFIT.error(
        benefit=text, reason=f"'{name}' is no amount of the household. {hint.rstrip('.')}"
    )


def formula_entry(texts: Sequence[str], policy: Policy) -> Overlay | None:
    """The layer that holds the formula of a benefit, if one is given as a formula."""
    formulas = [
        text.partition("=")[2].strip() for text in texts if text.partition("=")[0].strip() == "formula"
    ]
    if not formulas:
        return None
    overlay = Overlay()
    entry: dict[str, object] = {
        "level": HOUSEHOLD,
        "type": "money",
        "unit": str(household_unit(policy)),
        "label": {language: _WORDS.get(language, _WORDS["en"]) for language in policy.languages},
        "formula": FormulaWords(" + ".join(f"({formula})" for formula in formulas)),
        "source": SOURCE,
    }
    overlay.rule("derived", FORMULA_NAME, entry)
    return overlay


def household_unit(policy: Policy) -> Unit:
    """The unit of an amount for a household: that of welfare times people, else the currency."""
    derived = policy.derived.get(policy.welfare or "")
    fact = policy.facts[HOUSEHOLD].get(policy.welfare or "")
    found = derived.type if derived is not None else fact.type if fact is not None else None
    if found is None or found.unit is None or found.kind not in (Kind.NUMBER, Kind.DOUBLE):
        return Unit(((policy.currency, 1),))
    return found.unit * PERSON_UNIT if dict(found.unit.powers).get(PERSON) == -1 else found.unit


def minor_units(tree: Tree, digits: int) -> Tree:
    """An amount as a whole number of minor units; exact for amounts of fifteen digits."""
    scaled = exp.Mul(this=as_double(tree.copy()), expression=as_double(exp.Literal.number(10**digits)))
    return cast_to(exp.Anonymous(this="round", expressions=[scaled]), "BIGINT")


def amount_tree(benefits: Sequence[Benefit], measured: Measured, values: dict[str, Tree]) -> Tree:
    """The amount of all benefits for a household that gets them, in minor units."""
    parts = [_part(benefit, measured, values) for benefit in benefits]
    total: Tree = parts[0] if parts else cast_to(whole(0), "BIGINT")
    for part in parts[1:]:
        total = exp.Add(this=paren(total), expression=paren(part))
    return total


def _part(benefit: Benefit, measured: Measured, values: dict[str, Tree]) -> Tree:
    if benefit.kind == "household":
        return cast_to(whole(benefit.amount), "BIGINT")
    if benefit.kind == "person":
        return exp.Mul(this=whole(benefit.amount), expression=measured.size.copy())
    if benefit.kind == "value":
        return values[benefit.name].copy()
    if measured.welfare is None or measured.line is None:
        raise AssertionError("a gap is asked for only where there is a line")
    short = exp.Paren(this=exp.Sub(this=measured.line.copy(), expression=measured.welfare.copy()))
    gap: Tree = exp.Anonymous(this="greatest", expressions=[short, whole(0)])
    # greatest() passes over what is unknown, and an unknown gap is not none
    gap = exp.Case(
        ifs=[exp.If(this=exp.Is(this=short.copy(), expression=exp.Null()), true=exp.Null())], default=gap
    )
    above = exp.Mul(
        this=exp.Mul(this=gap, expression=measured.size.copy()), expression=whole(benefit.share.numerator)
    )
    return rounded_quotient(above, whole(benefit.share.denominator))


def rounded_quotient(above: Tree, below: Tree) -> Tree:
    """A quotient of whole numbers that are not negative, rounded half up."""
    doubled = exp.Add(
        this=exp.Mul(this=whole(2), expression=paren(above.copy())), expression=paren(below.copy())
    )
    divisor = exp.Mul(this=whole(2), expression=paren(below.copy()))
    return exp.IntDiv(this=exp.Paren(this=doubled), expression=exp.Paren(this=divisor))


def refuse_without_line(benefits: Sequence[Benefit], error: HearthlineError, has_line: bool) -> None:
    """Raise where a benefit fills a gap that the package does not know."""
    if not has_line and any(benefit.kind == "gap" for benefit in benefits):
        raise error
