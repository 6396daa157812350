# SPDX-License-Identifier: Apache-2.0
"""Decides that the pages on snapshots and runs name every key and column there is, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from pydantic import BaseModel

from hearthline.engine.backends.runs import (
    EngineRecord,
    FileRecord,
    IndexRecord,
    PackageRecord,
    PartitionRecord,
    RunRecord,
    SnapshotRecord,
    open_run,
)
from hearthline.engine.packages import load_policy
from hearthline.engine.rules.policy import HOUSEHOLD, PERSON, Criterion, Derived, Policy
from hearthline.engine.snapshots.manifest import (
    ColumnEntry,
    FileEntry,
    Manifest,
    PackageEntry,
    SourceEntry,
    TableEntry,
)
from hearthline.engine.snapshots.partition import ROWS_PER_HOUSEHOLD
from hearthline.engine.snapshots.schema import DESIGN_COLUMNS, frame_fields
from hearthline.engine.snapshots.writer import HOUSEHOLDS_PER_PARTITION
from scripts.measure import ROOT

REFERENCE = ROOT / "docs" / "reference"
SNAPSHOT = (REFERENCE / "snapshot.md").read_text(encoding="utf-8")
RUN = (REFERENCE / "run.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\|([^|]*)\|([^|]*)\|", re.MULTILINE)
NAME = re.compile(r"`([^`]+)`")


def section(text: str, heading: str) -> str:
    """The text under a heading of the second level."""
    return text.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def keys_at_the_top(text: str) -> set[str]:
    """The keys in the first table of a section."""
    table = text.split("\n\n| of |")[0]
    return {name for first, _ in ROW.findall(table) for name in NAME.findall(first)}


def keys_of(text: str, part: str) -> set[str]:
    """The keys of a part in the second table: the rows from its name to the next name."""
    found: set[str] = set()
    current = ""
    for first, second in ROW.findall(text.split("\n\n| of |")[1]):
        current = first.strip("` ") or current
        if current == part:
            found |= set(NAME.findall(second))
    return found


@pytest.mark.parametrize(("text", "model"), [(SNAPSHOT, Manifest), (RUN, RunRecord)])
def test_every_key_of_the_file_stands_on_its_page(text: str, model: type[BaseModel]) -> None:
    heading = "manifest.json" if model is Manifest else "run.json"
    assert keys_at_the_top(section(text, heading)) == set(model.model_fields)


@pytest.mark.parametrize(
    ("text", "part", "model"),
    [
        (SNAPSHOT, "package", PackageEntry),
        (SNAPSHOT, "a table", TableEntry),
        (SNAPSHOT, "a column", ColumnEntry),
        (SNAPSHOT, "a file", FileEntry),
        (SNAPSHOT, "a source", SourceEntry),
        (RUN, "package", PackageRecord),
        (RUN, "snapshot", SnapshotRecord),
        (RUN, "engine", EngineRecord),
        (RUN, "an index", IndexRecord),
        (RUN, "a file", FileRecord),
        (RUN, "a partition", PartitionRecord),
    ],
)
def test_every_key_within_a_key_stands_on_its_page(text: str, part: str, model: type[BaseModel]) -> None:
    heading = "manifest.json" if text is SNAPSHOT else "run.json"
    assert keys_of(section(text, heading), part) == set(model.model_fields)


def test_the_page_names_every_column_of_a_snapshot_that_is_no_fact() -> None:
    policy = load_policy("cn/2014-2020")
    levels = [*(level.name for level in policy.record_levels()), HOUSEHOLD, "area"]
    columns = {field.name for level in levels for field in frame_fields(policy, level)}
    records = {f"{level.name}_id" for level in policy.record_levels() if level.name != PERSON}
    named = set(NAME.findall(section(SNAPSHOT, "Tables")))
    assert columns - records | set(DESIGN_COLUMNS) <= named
    assert "<level>_id" in named
    assert f"{HOUSEHOLDS_PER_PARTITION:,}" in SNAPSHOT
    assert f"{ROWS_PER_HOUSEHOLD:,}" in SNAPSHOT


def expected_columns(policy: Policy, level: str, named: set[str]) -> set[str]:
    """What the page says a result holds for a package, its placeholders filled."""
    fixed = {name for name in named if not name.startswith(("status_", "<")) and name.islower()}
    rules: dict[str, Derived | Criterion] = {**policy.derived, **policy.criteria}
    return fixed | {name for name, rule in rules.items() if rule.level == level}


@pytest.mark.parametrize("level", [HOUSEHOLD, PERSON])
def test_a_result_has_the_columns_that_the_page_names(ground: Path, level: str) -> None:
    run = open_run(ground / "run")
    page = section(RUN, f"{level}s.parquet")
    named = {name for first, _ in ROW.findall(page) for name in NAME.findall(first)}
    expected = expected_columns(run.policy, level, named)
    if level == HOUSEHOLD:
        standards = set(run.record.standards) - {run.record.default_standard}
        expected |= {f"status_{name}" for name in standards}
        expected |= {f"{name}_points{end}" for name in run.record.indices for end in ("", "_unknown")}
    for path in run.paths(f"{level}s"):
        assert set(pq.read_schema(path).names) == expected
