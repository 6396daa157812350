# SPDX-License-Identifier: Apache-2.0
"""Decides whether the SQL of every operator is still the SQL that was reviewed, word for word.

After a deliberate change run with HEARTHLINE_GOLDEN=write and read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlglot import exp

from hearthline.engine.packages import load_policy
from hearthline.engine.rules.policy import Policy
from hearthline.engine.rules.rulebook import typed_rules
from hearthline.engine.rules.source import FormulaText, RawRule
from hearthline.engine.sql.dialect import Dialect, Operation
from hearthline.engine.sql.duckdb_dialect import DUCKDB
from hearthline.engine.sql.lowering import Lowering
from hearthline.engine.sql.plan import screening_plan
from hearthline.engine.sql.spark_dialect import SPARK
from hearthline.engine.sql.terms import column, text, whole
from tests.engine.hill_village import ON, PACKAGE

GOLDEN = Path(__file__).parent / "golden"
FORMULAS = {
    "comparison at the larger scale": ("net_income > 1.005", "boolean"),
    "sum of two scales": ("net_income + per_person * size", "decimal"),
    "product in 128 bits": ("net_income * 1234567.89", "decimal"),
    "division half away from zero": ("net_income / size", "decimal"),
    "round": ("round(per_person, 0)", "decimal"),
    "floor": ("floor(per_person)", "decimal"),
    "ceil": ("ceil(per_person)", "decimal"),
    "case withholds after an unknown condition": (
        "case when grade = 'A' then 1 when size > 2 then 2 else 3 end",
        "integer",
    ),
    "least of what may be unknown": ("least(net_income, per_person * size)", "decimal"),
    "coalesce": ("coalesce(net_income, 0)", "decimal"),
    "in a list of codes": ("grade in ('A', 'D')", "boolean"),
    "kleene and": ("income and school and grade = 'A'", "boolean"),
    "age of a date": ("age(date '1980-02-29')", "integer"),
    "a date moved by a number that is not a constant": (
        "add_months(screening_date, extract(month from screening_date) - 2)",
        "date",
    ),
    "parameter": ("net_income >= parameter('line') * size", "boolean"),
}


@pytest.fixture(scope="module")
def policy() -> Policy:
    """The package of the village."""
    return load_policy(PACKAGE)


def kept(name: str, text: str) -> None:
    """Compare a text with the reviewed one; write it where that is asked for."""
    path = GOLDEN / name
    if os.environ.get("HEARTHLINE_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8"), f"{name} differs: review it"


@pytest.mark.parametrize("dialect", [DUCKDB, SPARK], ids=lambda dialect: dialect.name)
def test_every_operator_has_the_reviewed_sql(policy: Policy, dialect: Dialect) -> None:
    lines = []
    for about, (formula, declared) in FORMULAS.items():
        unit = {"integer": "1", "decimal": "yuan/year"}.get(declared, "1")
        if about in ("division half away from zero", "round", "floor", "ceil"):
            unit = "yuan/person/year"
        unit = "year" if about == "age of a date" else unit
        rule = RawRule("asked", "household", FormulaText(formula), declared, unit, None, 6)
        others = {
            name: RawRule(name, each.level, FormulaText(each.text), None, "1", None, 6)
            for name, each in policy.criteria.items()
        }
        others |= {
            name: RawRule(name, each.level, FormulaText(each.text), each.declared, str(each.type.unit), 2, 6)
            for name, each in policy.derived.items()
        }
        trees = typed_rules(
            levels=policy.levels,
            facts=policy.facts,
            parameters=policy.parameters,
            lookups=policy.lookups,
            rules={**others, "asked": rule},
            jurisdiction=policy.jurisdiction,
            minor_digits=policy.minor_digits,
        )
        lowered = Lowering(policy, ON, {}, dialect=dialect).lower(trees["asked"])
        lines += [f"-- {about}: {formula}", dialect.sql(lowered, pretty=True) + ";", ""]
    kept(f"operators.{dialect.name}.sql", "\n".join(lines))


OPERANDS: dict[Operation, tuple[object, ...]] = {
    Operation.WIDE_QUOTIENT: (column("above"), column("below"), 32),
    Operation.WIDE_ROUND: (column("number"), whole(50), whole(100), 18),
    Operation.READABLE: (column("number"), 18, 2),
    Operation.DATE_PART: ("month", column("day")),
    Operation.ADD_DAYS: (column("day"), column("number")),
    Operation.ADD_MONTHS: (column("day"), column("number")),
    Operation.DAYS_BETWEEN: (column("later"), column("earlier")),
    Operation.REFUSE: (text("no such key: "), column("key")),
    **{
        operation: (column("left"), column("right"))
        for operation in (
            Operation.QUOTIENT,
            Operation.CHECKED_SUM,
            Operation.CHECKED_DIFFERENCE,
            Operation.CHECKED_PRODUCT,
            Operation.LEAST,
            Operation.GREATEST,
        )
    },
}
"""What each operation is asked of; one number where nothing stands here."""

LONG = {
    "whole quotient of 18 digits": (Operation.WIDE_QUOTIENT, (column("above"), column("below"), 18)),
    "whole quotient of 38 digits": (Operation.WIDE_QUOTIENT, (column("above"), column("below"), 38)),
    "decimal of 38 digits": (Operation.READABLE, (column("number"), 38, 6)),
}


@pytest.mark.parametrize("dialect", [DUCKDB, SPARK], ids=lambda dialect: dialect.name)
def test_every_operation_of_a_dialect_has_the_reviewed_sql(dialect: Dialect) -> None:
    asked = {each.value: (each, OPERANDS.get(each, (column("number"),))) for each in Operation}
    lines = []
    for about, (operation, operands) in (asked | LONG).items():
        said = dialect.say(operation, *operands)
        lines += [f"-- {about}", dialect.sql(said, pretty=True) + ";", ""]
    kept(f"operations.{dialect.name}.sql", "\n".join(lines))


@pytest.mark.parametrize("dialect", [DUCKDB, SPARK], ids=lambda dialect: dialect.name)
def test_a_whole_package_becomes_the_reviewed_steps(policy: Policy, dialect: Dialect) -> None:
    plan = screening_plan(policy, ON, has_areas=True, dialect=dialect)
    steps = [(step.name, step.query) for step in plan.steps] + [("households", plan.households)]
    assert plan.persons is not None
    steps.append(("persons", plan.persons))
    parts = [f"-- {name}\n{dialect.sql(query, pretty=True)};\n" for name, query in steps]
    kept(f"hill_2014.{dialect.name}.sql", "\n".join(parts))


def test_each_table_is_scanned_once_in_a_pass(policy: Policy) -> None:
    plan = screening_plan(policy, ON, has_areas=True)
    of_snapshot = {"household", "area", *plan.tables}
    scans = [
        table.name
        for step in plan.steps
        for table in step.query.find_all(exp.Table)
        if table.name in of_snapshot
    ]
    assert sorted(scans) == sorted(of_snapshot)
