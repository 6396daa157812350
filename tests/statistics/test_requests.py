# SPDX-License-Identifier: Apache-2.0
"""Decides that statistics that cannot be meant are refused with what to write, and never computed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from hearthline.base.problems import HearthlineError
from hearthline.engine.backends.runs import open_run
from hearthline.engine.packages import load_policy
from hearthline.engine.rules.policy import Policy
from hearthline.statistics.measures import compute_run
from hearthline.statistics.specification import Specification, specification_of
from hearthline.statistics.table import StatisticsTable
from tests.statistics import fake_runs
from tests.statistics.fake_runs import Invented

DAY = date(2014, 12, 31)


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Invented:
    """An invented run."""
    return fake_runs.write_run(tmp_path_factory.mktemp("requests"), fake_runs.households(120))


@pytest.fixture(scope="module")
def policy() -> Policy:
    """A package whose line is in yuan per person and year."""
    return load_policy("cn/2014-2020")


def figures(
    invented: Invented,
    chosen: Specification | None = None,
    *,
    by: tuple[str, ...] = (),
    measures: tuple[str, ...] = ("population", "headcount"),
) -> StatisticsTable:
    return compute_run(
        open_run(invented.folder), chosen or fake_runs.specification(), by=by, measures=measures
    )


def refused(
    invented: Invented, chosen: Specification | None = None, **asked: tuple[str, ...]
) -> HearthlineError:
    with pytest.raises(HearthlineError) as caught:
        figures(invented, chosen, **asked)
    return caught.value


@pytest.mark.parametrize(
    ("by", "once"),
    [("area*area", "area"), ("region*area:1*region", "region*area:1"), ("status * status", "status")],
)
def test_a_value_is_not_crossed_with_itself(invented: Invented, by: str, once: str) -> None:
    error = refused(invented, by=(by,))
    assert error.code == "statistics.repeated-grouping"
    assert f"Name it once: {once}." in str(error)


def test_areas_at_a_depth_that_is_not_there_are_refused(invented: Invented) -> None:
    error = refused(invented, by=("area:9",))
    assert error.code == "statistics.no-depth"
    assert "area:0, area:1" in str(error)
    assert "area:9" not in str(error.remedy)


@pytest.mark.parametrize("line", ["1e400", "-1e400"])
def test_a_line_that_no_number_holds_is_refused(policy: Policy, line: str) -> None:
    with pytest.raises(HearthlineError) as caught:
        specification_of(policy, DAY, line=line)
    assert caught.value.code == "statistics.bad-line"
    assert line in str(caught.value)


def test_members_are_not_compared_with_money(invented: Invented, policy: Policy) -> None:
    chosen = specification_of(policy, DAY, welfare="size")
    for measures in ((), ("headcount", "gap")):
        error = refused(invented, mixed(chosen), measures=measures)
        assert error.code == "statistics.different-units"
        assert "person" in str(error)
        assert "yuan per person per year" in str(error)


def test_members_have_a_mean_without_any_line(invented: Invented, policy: Policy) -> None:
    chosen = specification_of(policy, DAY, welfare="size")
    assert figures(invented, mixed(chosen), measures=("mean",)).value("mean") is not None


def test_a_bare_number_takes_the_unit_of_what_it_is_compared_with(policy: Policy) -> None:
    assert specification_of(policy, DAY, welfare="size", line="4").is_comparable
    assert not specification_of(policy, DAY, welfare="size").is_comparable
    assert specification_of(policy, DAY).is_comparable


def mixed(chosen: Specification) -> Specification:
    """The invented run measured by a welfare value of one unit and a line of another."""
    base = fake_runs.specification()
    assert base.line is not None
    assert chosen.line is not None
    line = replace(base.line, unit=chosen.line.unit)
    return replace(base, welfare_unit=chosen.welfare_unit, line=line)
