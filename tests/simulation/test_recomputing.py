# SPDX-License-Identifier: Apache-2.0
"""Decides that working out what depends on a change gives what a screening of the changed package gives.

Packages are made from their number, and so is the change; each is asked of households full of unknowns
and edges. Every answer that can differ is compared, row by row, and every other answer must be the same.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hearthline.engine.backends.duckdb_engine import DuckDBEngine
from hearthline.engine.rules import dependence
from hearthline.engine.rules.dependence import dependence_of
from hearthline.engine.rules.policy import AREA, HOUSEHOLD, Policy
from hearthline.engine.sql.plan import screening_plan
from hearthline.simulation.recomputing import RECOMPUTED, Recomputation, Sources, answers_of
from hearthline.simulation.trimming import trimmed
from hearthline.statistics.session import Session
from tests.language.engines import snapshot_tables
from tests.language.generated.packages import Generated, generated
from tests.simulation.changes import changed, of_parameters

PACKAGES = 120
PARTS = 2
HOUSEHOLDS = 60


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_what_is_worked_out_again_is_what_a_screening_of_the_changed_package_says(
    part: int, tmp_path: Path
) -> None:
    counts: Counter[str] = Counter()
    for seed in range(part, PACKAGES, PARTS):
        package = generated(seed, HOUSEHOLDS)
        after = changed(package.policy(), Random(seed))
        found = differences(package, after, tmp_path, counts)
        assert not found, f"package {seed}: {found[:3]}"
    # the test would be empty if changes reached nothing, or everything
    assert counts["worked out"] > 50
    assert counts["left alone"] > counts["worked out"] / 4
    assert counts["rows that differ"] > 100


def test_a_change_that_is_not_followed_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dependence, "find_parameter_value", lambda *_, **__: None)
    noticed = 0
    for seed in range(20):
        package = generated(seed, 20)
        after = of_parameters(package.policy(), Random(seed))
        noticed += bool(differences(package, after, tmp_path, Counter()))
    assert noticed


def differences(package: Generated, after: Policy, folder: Path, counts: Counter[str]) -> list[str]:
    """What differs, in words, between a whole screening and what is worked out from the run before."""
    before = package.policy()
    tables = snapshot_tables(before, package.records)
    files: dict[str, list[Path]] = {}
    for name, table in tables.items():
        files[name] = [folder / f"{name}.parquet"]
        pq.write_table(table, files[name][0])
    runs = {}
    for name, policy in (("before", before), ("after", after)):
        runs[name] = {result: folder / f"{name}-{result}.parquet" for result in ("households", "persons")}
        plan = screening_plan(policy, package.on, has_areas=AREA in policy.levels)
        with DuckDBEngine(threads=1) as engine:
            engine.show_tables(files)
            engine.write(plan, runs[name]["households"], runs[name]["persons"])
    depending = dependence_of(before, after, package.on)
    wanted = frozenset(name for name in depending.affected if level(after, name) == HOUSEHOLD)
    sources = Sources(lambda name: [runs["before"][name]], lambda name: files[name], AREA in before.levels)
    recomputation = Recomputation(sources, trimmed(after, depending, wanted), package.on)
    with DuckDBEngine(threads=1) as other:
        recomputation.define(Session(other.connection))
        again = sorted_rows(other.connection.sql(f"FROM {RECOMPUTED}").to_arrow_table())
    earlier, whole = (sorted_rows(pq.read_table(runs[name]["households"])) for name in ("before", "after"))
    answers = answers_of(after, depending, package.on)
    found = [
        f"{name} of household {number + 1}: {whole[name][number]!r} is worked out as {again[name][number]!r}"
        for name in [*answers, "weight", "household_weight"]
        for number in range(len(whole["household_id"]))
        if whole[name][number] != again[name][number]
    ]
    for name in whole:
        if name not in answers and name in earlier and whole[name] != earlier[name]:
            found.append(f"{name} differs, though nothing it reads was changed")
    counts["worked out"] += len(answers)
    counts["left alone"] += sum(name not in answers for name in whole)
    counts["rows that differ"] += sum(
        one != other
        for name in answers
        if name in earlier
        for one, other in zip(earlier[name], whole[name], strict=True)
    )
    return found


def level(policy: Policy, name: str) -> str:
    """The level of a rule."""
    return (policy.derived.get(name) or policy.criteria[name]).level


def sorted_rows(table: pa.Table) -> dict[str, list[object]]:
    """The columns of a result in the order of the households."""
    return dict(table.sort_by("household_id").to_pydict())
