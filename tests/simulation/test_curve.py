# SPDX-License-Identifier: Apache-2.0
"""Decides that every point of a curve is what a screening by the package with that value says.

Packages are made from their number and asked of households full of unknowns and edges; the parameter is an
amount, a whole number, a decimal or a double, and the standard combines its criteria in any way.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random

import pyarrow.parquet as pq
import pytest

from hearthline.engine.backends.duckdb_engine import DuckDBEngine
from hearthline.engine.rules.dependence import dependence_of, upstream
from hearthline.engine.rules.policy import AREA, HOUSEHOLD, Parameter, Policy
from hearthline.engine.rules.tree import Compare, FactRef, Node, Or, ParameterRef, RuleRef, ToDouble
from hearthline.engine.rules.types import BOOLEAN, Kind, double
from hearthline.engine.sql.plan import screening_plan
from hearthline.simulation.curve import (
    CurvePoint,
    CurveRequest,
    constant_of,
    curve_policy,
    curve_select,
    points_read,
    read_curve,
    value_in_force,
)
from hearthline.simulation.curve_runs import fine_columns, fine_names
from hearthline.simulation.recomputing import RECOMPUTED, Recomputation, Sources
from hearthline.simulation.trimming import trimmed
from hearthline.statistics.session import Session, Step
from tests.language.engines import snapshot_tables
from tests.language.generated.packages import Generated, generated

PACKAGES = 40
HOUSEHOLDS = 40
SHARES = (Decimal(-1), Decimal("-0.5"), Decimal(0), Decimal("0.25"), Decimal(1))


@pytest.mark.slow
def test_every_point_of_a_curve_is_what_a_screening_with_its_value_says(tmp_path: Path) -> None:
    seen: Counter[str] = Counter()
    for seed in range(PACKAGES):
        package = generated(seed, HOUSEHOLDS)
        found = with_a_threshold(package, Random(seed))
        if found is None:
            continue
        policy, parameter = found
        request = values_about(policy, parameter, package)
        told = curve_of(policy, request, package, tmp_path)
        for point in told:
            whole = screened(with_value(policy, parameter, point.value), package, tmp_path)
            said = {"poor": point.households, "unknown": point.unknown, "people": point.people}
            assert said == pytest.approx(whole, rel=1e-12), f"{seed}: {parameter.name} {point.value}"
        seen[parameter.declared] += 1
        seen[policy.default_standard.combine.value] += 1
        seen["curves that bend"] += len({(point.households, point.unknown) for point in told}) > 1
    # the test would be empty without doubles, without some way of combining, or if nothing moved
    assert min(seen[kind] for kind in ("double", "all", "any", "count", "index")) > 0, seen
    assert seen["curves that bend"] > 5, seen


def with_a_threshold(package: Generated, random: Random) -> tuple[Policy, Parameter] | None:
    """The package with one criterion of its standard that compares a household's number with a parameter."""
    policy = package.policy()
    default = policy.default_standard
    names = list(policy.indices[default.index].weights) if default.index else list(default.criteria)
    criterion = policy.criteria[random.choice(names)]
    numbers: list[Node] = [
        FactRef(fact.type, HOUSEHOLD, name)
        for name, fact in policy.facts[HOUSEHOLD].items()
        if fact.type.kind in (Kind.NUMBER, Kind.DOUBLE)
    ]
    numbers += [
        RuleRef(rule.type, HOUSEHOLD, name)
        for name, rule in policy.derived.items()
        if rule.level == HOUSEHOLD and rule.type.kind in (Kind.NUMBER, Kind.DOUBLE)
        # a rule that rests on the criterion cannot stand in it
        if criterion.name not in upstream(policy, {name})
    ]
    parameter = policy.parameters[random.choice(("factor", "line", "share", "adult"))]
    force = value_in_force(policy, parameter, package.on)
    if not numbers or force is None:
        return None
    read = ParameterRef(parameter.type, parameter.name, policy.jurisdiction, "standard", None)
    sides = [
        part if part.type.kind is Kind.DOUBLE else ToDouble(double(), part)
        for part in (random.choice(numbers), read)
    ]
    # a comparison that holds now, or one of the criterion as it was
    tree: Node = Compare(BOOLEAN, random.choice((">=", "<", "=")), sides[0], sides[1])
    if random.random() < 0.5:
        tree = Or(BOOLEAN, (tree, criterion.tree))
    criteria = {**policy.criteria, criterion.name: replace(criterion, tree=tree)}
    return replace(policy, criteria=criteria), parameter


def values_about(policy: Policy, parameter: Parameter, package: Generated) -> CurveRequest:
    """Values no larger than that in force, so that every type has room."""
    found = value_in_force(policy, parameter, package.on)
    assert found is not None
    step = Decimal(1) if parameter.declared == "double" else Decimal(1).scaleb(-parameter.type.scale)
    inside = Decimal(str(found.value))
    values = [inside * share for share in SHARES]
    if parameter.declared != "double":
        values = [value.quantize(step, "ROUND_DOWN") for value in values]
    return CurveRequest(parameter.name, tuple(dict.fromkeys(values)))


def with_value(policy: Policy, parameter: Parameter, value: Decimal) -> Policy:
    """The package with one other value in force."""
    force = parameter.values[0]
    other = tuple(
        replace(each, value=constant_of(value, parameter)) if each is force else each
        for each in parameter.values
    )
    return replace(policy, parameters={**policy.parameters, parameter.name: replace(parameter, values=other)})


def files_of(package: Generated, folder: Path) -> dict[str, list[Path]]:
    """The tables of a package's households."""
    files: dict[str, list[Path]] = {}
    for name, table in snapshot_tables(package.policy(), package.records).items():
        files[name] = [folder / f"{name}.parquet"]
        pq.write_table(table, files[name][0])
    return files


def run_of(policy: Policy, package: Generated, folder: Path) -> dict[str, Path]:
    """The two results of a whole screening, by an engine of its own: each package has other columns."""
    results = {name: folder / f"run-{name}.parquet" for name in ("households", "persons")}
    files = files_of(package, folder)
    plan = screening_plan(policy, package.on, has_areas=AREA in policy.levels)
    with DuckDBEngine(threads=1) as engine:
        engine.show_tables(files)
        engine.write(plan, results["households"], results["persons"])
    return results


def screened(policy: Policy, package: Generated, folder: Path) -> dict[str, float]:
    """Households by status, and the people in poor ones, of a whole screening."""
    rows = pq.read_table(run_of(policy, package, folder)["households"]).to_pylist()
    counts = Counter(row["status"] for row in rows)
    people = sum(row["weight"] or 0.0 for row in rows if row["status"] == "poor")
    return {"poor": counts["poor"], "unknown": counts["unknown"], "people": people}


def curve_of(
    before: Policy, request: CurveRequest, package: Generated, folder: Path
) -> tuple[CurvePoint, ...]:
    """The curve over a run of the package as it is."""
    run = run_of(before, package, folder)
    kept = {name: path.rename(folder / f"kept-{name}.parquet") for name, path in run.items() if path.exists()}
    files = files_of(package, folder)
    policy = curve_policy(before, request, package.on, frozenset())
    trim = trimmed(policy, dependence_of(before, policy, package.on), fine_names(policy, request))
    sources = Sources(lambda name: [kept[name]], lambda name: files[name], AREA in before.levels)
    with DuckDBEngine(threads=1) as other:
        session = Session(other.connection)
        Recomputation(sources, trim, package.on).define(session, kept=False)
        tree = curve_select(RECOMPUTED, fine_columns(policy, request), None)
        row = session.fetch(Step("curve", tree)).to_pylist()[0]
    return points_read(row, request, False)


def test_the_values_of_a_double_have_nine_digits_and_those_of_money_its_cents() -> None:
    policy = generated(3, 1).policy()
    double = next(each for each in policy.parameters.values() if each.declared == "double")
    day = double.values[0].start
    given = replace(double.values[0], value=2.15)
    one = replace(policy, parameters={double.name: replace(double, values=(given,))})
    about = read_curve(double.name, one, day).values
    assert (about[0], about[8], len(about)) == (Decimal("1.29"), Decimal("2.15"), 20)
    thirds = read_curve(f"{double.name}=0..1:4", one, day).values
    assert thirds == (Decimal(0), Decimal("0.333333333"), Decimal("0.666666667"), Decimal(1))
