# SPDX-License-Identifier: Apache-2.0
"""Decides how documents of facts become the typed columns of a snapshot, in DuckDB, all rows at once.

A value that does not fit the dictionary of the package (written under another one) becomes unknown, and is
counted: nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from hearthline.engine.rules.policy import Fact, Policy
from hearthline.engine.rules.types import Kind
from hearthline.engine.snapshots.schema import BIGINT_DIGITS

MACROS = (
    # an exact decimal text as a scaled integer: "12.5" with scale 2 is 1250; more decimals do not fit
    """CREATE MACRO decimals(x) AS CASE WHEN contains(x, '.') THEN length(x) - strpos(x, '.') ELSE 0 END""",
    """CREATE MACRO scaled(x, s) AS
       CASE WHEN decimals(x) <= s THEN replace(x, '.', '') || repeat('0', (s - decimals(x))::BIGINT) END""",
)


def structure(policy: Policy, level: str) -> str:
    """How a document of a level is taken apart in one pass, for ``json_transform``."""
    return "{" + ", ".join(f'"{name}": "VARCHAR"' for name in policy.facts.get(level, {})) + "}"


def record_structure(policy: Policy, levels: list[str]) -> str:
    """The same for the documents of records: level to key to facts."""
    parts = []
    for level in levels:
        fields = ", ".join(f"{name} VARCHAR" for name in policy.facts.get(level, {})) or "nothing VARCHAR"
        parts.append(f'"{level}": "MAP(VARCHAR, STRUCT({fields}))"')
    return "{" + ", ".join(parts) + "}"


def typed(fact: Fact, text: str) -> str:
    """The expression that gives a fact its type in the snapshot; ``text`` is where its text is."""
    kind = fact.type.kind
    if kind is Kind.TEXT:
        if fact.type.codes is None:
            return text
        codes = ", ".join(_literal(code) for code in sorted(fact.type.codes))
        return f"CASE WHEN {text} IN ({codes}) THEN {text} END"
    if kind is Kind.BOOLEAN:
        return f"TRY_CAST({text} AS BOOLEAN)"
    if kind is Kind.DATE:
        return _bounded(fact, f"TRY_CAST({text} AS DATE)")
    if kind is Kind.DOUBLE:
        number = f"TRY_CAST({text} AS DOUBLE)"
        return _bounded(fact, f"CASE WHEN isfinite({number}) THEN {number} END")
    wide = "BIGINT" if fact.type.digits <= BIGINT_DIGITS else "DECIMAL(38, 0)"
    return _bounded(fact, f"TRY_CAST(scaled({text}, {fact.type.scale}) AS {wide})")


def typed_columns(facts: Mapping[str, Fact], source: str) -> str:
    """The typed columns of a level, out of the structure ``source``, led by a comma."""
    return "".join(f', {typed(fact, _field(source, name))} AS "{name}"' for name, fact in facts.items())


def given(facts: Mapping[str, Fact], source: str) -> str:
    """How many values a row of texts gives."""
    return " + ".join(f"({_field(source, name)} IS NOT NULL)::INT" for name in facts) or "0"


def kept(facts: Mapping[str, Fact]) -> str:
    """How many values a row of typed columns holds."""
    return " + ".join(f'("{name}" IS NOT NULL)::INT' for name in facts) or "0"


def lacking(facts: Mapping[str, Fact]) -> str:
    """The condition that a required fact of a row is unknown."""
    return " OR ".join(f'"{name}" IS NULL' for name, fact in facts.items() if fact.required) or "false"


def _field(source: str, name: str) -> str:
    return f'{source}."{name}"'


def _bounded(fact: Fact, value: str) -> str:
    low, high = _stored(fact, fact.minimum), _stored(fact, fact.maximum)
    if fact.type.kind is Kind.NUMBER:
        most = 10**fact.type.digits - 1
        low, high = low or str(-most), high or str(most)
    conditions = [f"{value} >= {low}"] if low else []
    conditions += [f"{value} <= {high}"] if high else []
    return f"CASE WHEN {' AND '.join(conditions)} THEN {value} END" if conditions else value


def _stored(fact: Fact, bound: Decimal | date | None) -> str | None:
    if bound is None:
        return None
    if isinstance(bound, date):
        return f"DATE '{bound.isoformat()}'"
    if fact.type.kind is Kind.DOUBLE:
        return repr(float(bound))
    return str(int(Decimal(f"{bound:f}E{fact.type.scale}")))


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
