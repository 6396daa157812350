# SPDX-License-Identifier: Apache-2.0
"""Decides whether the figures of a run are those that their definitions give row by row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from hearthline.base.problems import HearthlineError
from hearthline.engine.backends.runs import open_run
from hearthline.engine.rules.policy import Missing
from hearthline.statistics.inequality import QUANTILES
from hearthline.statistics.measures import compute_run
from hearthline.statistics.specification import Line, Specification
from hearthline.statistics.table import StatisticsTable
from tests.statistics import by_hand, fake_runs
from tests.statistics.fake_runs import LINE, Household, Invented

NUMBER = 900
CLOSE = 1e-12


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Invented:
    folder = tmp_path_factory.mktemp("measures")
    return fake_runs.write_run(folder, fake_runs.households(NUMBER), parts=3)


def figures(
    run: Invented,
    *,
    by: Sequence[str] = (),
    measures: Sequence[str] = (),
    specification: Specification | None = None,
) -> StatisticsTable:
    chosen = specification or fake_runs.specification()
    return compute_run(open_run(run.folder), chosen, by=by, measures=measures)


def people(row: Household) -> float:
    return float(row.size or 0)


def homes(row: Household) -> float:
    return row.household_weight


def once(row: Household) -> float:
    return 1.0


WEIGHTS: dict[str, Callable[[Household], float]] = {"person": people, "household": homes, "none": once}


def welfare(rows: Sequence[Household], weight: Callable[[Household], float]) -> list[by_hand.Pair]:
    return [(float(row.income), weight(row)) for row in rows if row.income is not None]


@pytest.mark.parametrize("weight", list(WEIGHTS))
def test_poverty_and_inequality_agree_with_their_definitions_for_every_weight(
    invented: Invented, weight: str
) -> None:
    table = figures(invented, specification=fake_runs.specification(weight=weight))
    rows, of = invented.households, WEIGHTS[weight]
    pairs = welfare(rows, of)
    known = [row for row in rows if row.status != "unknown"]
    expected = {
        "headcount": by_hand.share((row.status == "poor", of(row)) for row in known),
        "status_unknown": by_hand.share((row.status == "unknown", of(row)) for row in rows),
        "below_line": by_hand.fgt(pairs, float(LINE), 0),
        "gap": by_hand.fgt(pairs, float(LINE), 1),
        "severity": by_hand.fgt(pairs, float(LINE), 2),
        "watts": by_hand.watts(pairs, float(LINE)),
        "watts_left_out": by_hand.share((y <= 0, of_pair) for y, of_pair in pairs),
        "welfare_unknown": by_hand.share((row.income is None, of(row)) for row in rows),
        "mean": by_hand.mean(pairs),
        "gini": by_hand.gini_by_lorenz(pairs),
    }
    expected |= {name: by_hand.quantile(pairs, Fraction(str(share))) for name, share in QUANTILES.items()}
    for name, value in expected.items():
        assert table.value(name) == pytest.approx(value, rel=CLOSE), name


def test_the_gini_is_half_the_relative_mean_difference_between_pairs(invented: Invented) -> None:
    rows = invented.households[:200]
    pairs = welfare(rows, people)
    assert by_hand.gini_by_lorenz(pairs) == pytest.approx(by_hand.gini_by_pairs(pairs), rel=1e-9)


def test_counts_are_exact_and_an_unknown_weight_is_shown(invented: Invented) -> None:
    table = figures(invented, measures=["population"])
    rows = invented.households
    assert table.value("people") == sum(row.size or 0 for row in rows)
    assert isinstance(table.value("people"), int)
    assert table.value("n") == NUMBER
    assert table.value("weight_unknown") == sum(row.size is None for row in rows) > 0


def test_the_shares_of_a_status_have_everybody_in_the_denominator(invented: Invented) -> None:
    table = figures(invented, measures=["status"])
    for item, read in (("national", _status), ("water_only", _water)):
        shares = [table.value(name, item=item) for name in ("poor", "not_poor", "unknown")]
        assert sum(share or 0 for share in shares) == pytest.approx(1, abs=CLOSE)
        for share, answer in zip(shares, ("poor", "not poor", "unknown"), strict=True):
            by_definition = by_hand.share((read(row) == answer, people(row)) for row in invented.households)
            assert share == pytest.approx(by_definition, rel=CLOSE)


def _status(row: Household) -> str:
    return row.status


def _water(row: Household) -> str:
    return {"met": "not poor", "not met": "poor"}.get(row.answers["water"], "unknown")


def test_every_criterion_is_met_not_met_or_unknown(invented: Invented) -> None:
    table = figures(invented, measures=["criteria"])
    for name in fake_runs.CRITERIA:
        for column, answer in (("met", "met"), ("not_met", "not met"), ("unknown", "unknown")):
            by_definition = by_hand.share(
                (row.answers[name] == answer, people(row)) for row in invented.households
            )
            assert table.value(column, item=name) == pytest.approx(by_definition, rel=CLOSE)


def test_causes_are_counted_among_the_poor_and_only_where_the_package_has_evidence(
    invented: Invented,
) -> None:
    table = figures(invented, measures=["causes"])
    poor = [row for row in invented.households if row.status == "poor"]
    for column, answer in (("evident", True), ("not_evident", False), ("unknown", None)):
        expected = by_hand.share((row.illness is answer, people(row)) for row in poor)
        assert table.value(column, item="illness") == pytest.approx(expected, rel=CLOSE)
    with pytest.raises(KeyError):
        table.value("evident", item="idleness")


@pytest.mark.parametrize("missing", list(Missing))
def test_alkire_foster_agrees_with_its_definition_for_every_treatment_of_the_unknown(
    invented: Invented, missing: Missing
) -> None:
    table = figures(invented, measures=["mpi"], specification=fake_runs.specification(missing=missing))
    rows = [(row.answers, people(row)) for row in invented.households]
    expected = by_hand.AlkireFoster(rows, fake_runs.WEIGHTS, Fraction(1, 3), missing.value)
    for name in ("h", "a", "m0", "unknown"):
        assert table.value(name, item="mpi") == pytest.approx(getattr(expected, name), rel=CLOSE), name
    assert table.value("m0") == pytest.approx((table.value("h") or 0) * (table.value("a") or 0), rel=CLOSE)
    for name in fake_runs.CRITERIA:
        item = f"mpi.{name}"
        assert table.value("censored_headcount", item=item) == pytest.approx(expected.censored(name))
        assert table.value("uncensored_headcount", item=item) == pytest.approx(expected.uncensored(name))
        assert table.value("contribution", item=item) == pytest.approx(expected.contribution(name))
        assert table.value("weight", item=item) == float(fake_runs.WEIGHTS[name])
    living = expected.contribution("income") + expected.contribution("water")
    assert table.value("contribution", item="mpi.living") == pytest.approx(living)


def test_the_contributions_of_indicators_and_of_dimensions_each_sum_to_one(invented: Invented) -> None:
    table = figures(invented, measures=["mpi"])
    for name in ("mpi_indicators", "mpi_dimensions"):
        found = table.find_table(name)
        assert found is not None
        place = found.position("contribution")
        assert sum(row.figures[place] or 0 for row in found.rows) == pytest.approx(1, abs=CLOSE)


GROUPINGS: dict[str, Callable[[Household], tuple[str | None, ...]]] = {
    "region": lambda row: (row.region,),
    "status": lambda row: (row.status,),
    "area": lambda row: (row.area,),
    "area:1": lambda row: ("T1" if row.area_id <= 103 else "T2",),
    "region*area:1": lambda row: (row.region, "T1" if row.area_id <= 103 else "T2"),
}


def test_every_breakdown_of_one_request_equals_the_figures_of_its_groups(invented: Invented) -> None:
    table = figures(invented, by=list(GROUPINGS))
    for by, key_of in GROUPINGS.items():
        groups: dict[tuple[str | None, ...], list[Household]] = {}
        for row in invented.households:
            groups.setdefault(key_of(row), []).append(row)
        found = {group.values: group for group in table.groups if group.by == by}
        assert set(found) == set(groups)
        for values, rows in groups.items():
            assert found[values].n == len(rows)
            pairs = welfare(rows, people)
            keys = found[values].keys
            assert table.value("people", **keys) == sum(row.size or 0 for row in rows)
            assert table.value("gap", **keys) == pytest.approx(by_hand.fgt(pairs, float(LINE), 1), rel=CLOSE)
            gini = by_hand.gini_by_lorenz(pairs)
            assert table.value("gini", **keys) == pytest.approx(gini, rel=1e-11)
            median = by_hand.quantile(pairs, Fraction(1, 2))
            assert table.value("median", **keys) == pytest.approx(median, rel=CLOSE)


def test_a_group_is_named_by_the_label_of_its_code_or_the_name_of_its_place(invented: Invented) -> None:
    table = figures(invented, by=["region", "area:0"], measures=["population"])
    labels = {(group.by, table.group_label(group, "zh")) for group in table.groups}
    assert ("region", "北部") in labels
    assert ("region", "未知") in labels
    assert ("area:0", "Place C") in labels


def test_a_line_may_differ_between_households(invented: Invented) -> None:
    specification = fake_runs.specification()
    own = replace(specification, line=Line("own_line", {"en": "Own line"}, column="own_line"))
    table = figures(invented, measures=["below_line", "gap"], specification=own)
    rows = [row for row in invented.households if row.income is not None]
    expected = by_hand.share((row.income is not None and row.income < row.line, people(row)) for row in rows)
    assert table.value("below_line") == pytest.approx(expected, rel=CLOSE)


def test_money_of_the_snapshot_is_read_in_yuan(invented: Invented) -> None:
    specification = fake_runs.specification()
    savings = replace(specification, welfare="savings")
    table = figures(invented, measures=["mean"], specification=savings)
    pairs = [(row.savings / 100, people(row)) for row in invented.households if row.savings is not None]
    assert table.value("mean") == pytest.approx(by_hand.mean(pairs), rel=CLOSE)


def test_a_household_on_the_line_is_not_below_it(tmp_path: Path) -> None:
    rows = [row for row in fake_runs.households(400) if row.income == LINE]
    table = figures(fake_runs.write_run(tmp_path, rows), measures=["below_line", "gap"])
    assert table.value("below_line") == 0
    assert table.value("gap") == 0


def test_a_run_without_households_has_no_shares_and_does_not_fail(tmp_path: Path) -> None:
    table = figures(fake_runs.write_run(tmp_path, []))
    assert table.value("n") == 0
    assert table.value("people") == 0
    for name in ("headcount", "gap", "gini", "median", "mean", "m0", "watts"):
        assert table.value(name) is None


@pytest.mark.parametrize(
    ("measures", "by", "code", "words"),
    [
        (["headcuont"], [], "statistics.unknown-measure", "headcount"),
        ([], ["regoin"], "statistics.unknown-column", "region"),
        ([], ["region*"], "statistics.bad-grouping", "region*"),
        ([], ["region:2"], "statistics.bad-grouping", "area:0"),
    ],
)
def test_a_request_that_cannot_be_met_says_what_to_write(
    invented: Invented, measures: list[str], by: list[str], code: str, words: str
) -> None:
    with pytest.raises(HearthlineError) as caught:
        figures(invented, measures=measures, by=by)
    assert caught.value.code == code
    assert words in caught.value.sentence


def test_a_text_is_not_a_welfare_value(invented: Invented) -> None:
    bad = replace(fake_runs.specification(), welfare="region")
    with pytest.raises(HearthlineError) as caught:
        figures(invented, specification=bad)
    assert caught.value.code == "statistics.not-a-number"


def test_gap_without_a_line_is_refused_and_not_zero(invented: Invented) -> None:
    bare = replace(fake_runs.specification(), line=None)
    table = figures(invented, specification=bare)
    assert "gap" not in {heading.name for part in table.tables for heading in part.headings}
    with pytest.raises(HearthlineError) as caught:
        figures(invented, measures=["gap"], specification=bare)
    assert caught.value.code == "statistics.no-welfare"
