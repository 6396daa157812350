# SPDX-License-Identifier: Apache-2.0
"""Decides what the generator refuses, in which words, and that it then leaves nothing behind."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hearthline.base.problems import HearthlineError
from hearthline.engine.backends import screen
from hearthline.engine.packages import load_policy
from hearthline.engine.rules.policy import Policy
from hearthline.engine.snapshots import open_snapshot
from hearthline.engine.snapshots.reading import rows_of
from hearthline.synthetic import generate, names_path, planted_path
from tests.snapshots.small_policy import small_policy

PROVINCE = """
id = "province/2017"
extends = "cn/2014-2020"
title = { en = "A province", zh = "某省" }
description = { en = "A province above the nation.", zh = "省级叠加包。" }
jurisdiction = "CN-99"
"""
LINE = """
poverty_line:
  label: {en: Poverty line, zh: 扶贫标准（贫困线）}
  type: money
  unit: yuan/person/year
  values:
    - {year: 2017, value: 3600, source: "Test"}
"""


def province(folder: Path, **files: str) -> Policy:
    """A package over the nation with these files."""
    folder.mkdir()
    (folder / "package.toml").write_text(PROVINCE, encoding="utf-8")
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return load_policy(folder)


def refusal(policy: Policy, out: Path, households: int = 40, seed: int = 1, year: int = 2017) -> str:
    with pytest.raises(HearthlineError) as caught:
        generate(policy, out=out, households=households, seed=seed, year=year)
    assert [path.name for path in out.parent.iterdir() if path.name.startswith(out.name)] == []
    return f"{caught.value.code}: {caught.value.sentence}"


def test_a_package_with_other_facts_is_refused_by_the_name_of_what_can_be_generated(tmp_path: Path) -> None:
    said = refusal(small_policy(), tmp_path / "s")
    assert said.startswith("synthetic.no-generator: ")
    assert "cn/2014-2020" in said


@pytest.mark.parametrize(
    ("asked", "code", "words"),
    [
        ({"households": 0}, "synthetic.bad-size", "from 1 to 100000000"),
        ({"households": 10**9}, "synthetic.bad-size", "1000000000"),
        ({"seed": -1}, "synthetic.bad-seed", "-1"),
        ({"year": 2013}, "synthetic.bad-year", "from 2014 to 2020"),
        ({"year": 2021}, "synthetic.bad-year", "2021"),
    ],
)
def test_what_cannot_be_made_is_refused_with_its_bounds(
    cn: Policy, tmp_path: Path, asked: dict[str, int], code: str, words: str
) -> None:
    said = refusal(cn, tmp_path / "s", **asked)
    assert said.startswith(code)
    assert words in said


def test_a_province_over_the_nation_is_generated_by_its_own_line(tmp_path: Path) -> None:
    policy = province(tmp_path / "province", parameters__line=LINE)
    report = generate(policy, households=400, out=tmp_path / "s")
    run = screen(tmp_path / "province", report.folder, on=date(2017, 12, 31), out=tmp_path / "run").run
    poor = run.record.statuses[run.record.default_standard]["poor"]
    assert 20 <= poor <= 90


def test_a_fact_that_a_layer_removes_is_not_written(tmp_path: Path) -> None:
    policy = province(tmp_path / "province", facts__fewer="household:\n  fuel: {remove: true}\n")
    report = generate(policy, households=40, out=tmp_path / "s")
    assert "fuel" not in rows_of(open_snapshot(report.folder), "household").column_names


def test_a_fact_that_a_layer_declares_otherwise_is_refused(tmp_path: Path) -> None:
    other = """
household:
  water_litres:
    type: decimal
    scale: 3
    digits: 9
    unit: l/person/day
    min: 0
    max: 2000
    label: {en: Water available per person and day, zh: 人均日可用水量}
    sources: [visit]
"""
    policy = province(tmp_path / "province", facts__other=other)
    said = refusal(policy, tmp_path / "s", households=10)
    assert said.startswith("synthetic.other-dictionary")
    assert "household.water_litres with 3 decimals" in said


def test_what_stands_there_is_not_overwritten_unless_that_is_asked_for(cn: Policy, tmp_path: Path) -> None:
    out = tmp_path / "s"
    first = generate(cn, households=20, out=out)
    with pytest.raises(HearthlineError, match="already exists"):
        generate(cn, households=20, out=out)
    assert generate(cn, households=20, seed=2, out=out, replace=True).hash != first.hash
    names_path(tmp_path / "t").touch()
    with pytest.raises(HearthlineError, match=r"names\.parquet already exists"):
        generate(cn, households=20, out=tmp_path / "t")
    assert not (tmp_path / "t").exists()


def test_an_interrupted_making_leaves_nothing(cn: Policy, tmp_path: Path) -> None:
    def stop(done: int, whole: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate(cn, households=30, out=tmp_path / "s", progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_the_files_beside_the_snapshot_are_private(cn: Policy, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    generate(cn, households=30, out=tmp_path / "s", progress=lambda done, whole: seen.append((done, whole)))
    assert seen == [(30, 30)]
    for path in (names_path(tmp_path / "s"), planted_path(tmp_path / "s")):
        assert path.stat().st_mode & 0o777 == 0o600
