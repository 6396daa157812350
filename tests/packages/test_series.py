# SPDX-License-Identifier: Apache-2.0
"""Decides that published figures keep source, base and conflicts, and that the pace is computed from them."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from hearthline.engine.packages import describe_policy, load_policy, policy_differences
from hearthline.engine.rules.policy import Policy
from hearthline.statistics.pace import paces
from hearthline.statistics.series_formats import series_csv, series_json, series_text
from tests.packages.little_package import Mistake, assert_reported, little

SERIES = "series/published.yaml"


@pytest.fixture(scope="module")
def cn() -> Policy:
    return load_policy("cn/2014-2020")


def test_figures_come_in_the_order_of_their_days_with_source_and_conflicts(tmp_path: Path) -> None:
    series = load_policy(little(tmp_path)).series["rural_poor"]
    assert [figure.value for figure in series.figures] == [50, 1000, 400]
    taken = series.find(date(2020, 12, 31))
    assert taken is not None
    assert taken.conflicts[0].value == 1100
    assert taken.conflicts[0].why == {"en": "Misprint.", "zh": "印误。"}
    north = series.find(date(2020, 12, 31), "north")
    assert north is not None
    assert (north.bound, north.fills_gap) == ("about", True)
    assert series.find(date(2021, 12, 31)) is None


def test_a_figure_and_its_conflict_are_shown_together(tmp_path: Path) -> None:
    policy = load_policy(little(tmp_path))
    for text in (series_text(policy), describe_policy(policy, "en", "series")):
        assert "about 400 people" in text
        assert "not taken: 1,100 people (Leaflet); Misprint." in text
    assert "约400人" in series_text(policy, "zh")
    rows = list(csv.DictReader(io.StringIO(series_csv(policy))))
    assert [(row["value"], row["taken"]) for row in rows] == [
        ("50", "yes"),
        ("1000", "yes"),
        ("1100", "no"),
        ("400", "yes"),
    ]
    data = json.loads(series_json(policy))
    assert data["series"][0]["figures"][1]["conflicts"][0]["value"] == "1100"


def test_a_changed_figure_is_a_difference_between_two_versions(tmp_path: Path) -> None:
    before = load_policy(little(tmp_path / "old"))
    after = load_policy(little(tmp_path / "new", series__published=("value: 1000", "value: 1001")))
    found = policy_differences(before, after)
    told = [(each.section, each.name, each.field) for each in found]
    assert told[1:] == [("series", "rural_poor", "2020-12-31")]
    assert before.version_hash != after.version_hash


MISTAKES = [
    Mistake(
        "no source",
        SERIES,
        "      source: {en: Survey, zh: 调查}\n",
        "",
        "package.missing-key",
        ("source",),
    ),
    Mistake(
        "a time twice",
        SERIES,
        "    - from: 2019-01-01\n      to: 2019-12-31\n",
        "    - at: 2020-12-31\n",
        "package.bad-series",
        ("same time and place", "conflicts"),
    ),
    Mistake(
        "no time",
        SERIES,
        "    - from: 2019-01-01\n      to: 2019-12-31\n      value",
        "    - value",
        "package.bad-series",
        ("which day", "from and to"),
    ),
    Mistake(
        "an end before the beginning",
        SERIES,
        "to: 2019-12-31",
        "to: ‸2018-12-31",
        "package.bad-series",
        ("ends before it begins",),
    ),
    Mistake(
        "a place nobody named",
        SERIES,
        "place: north",
        "place: ‸nroth",
        "package.unknown-reference",
        ("'nroth'", "north"),
    ),
    Mistake(
        "no such unit", SERIES, "unit: person", "unit: ‸people", "package.bad-series", ("'people'", "person")
    ),
    Mistake(
        "a conflict with itself",
        SERIES,
        "value: 1100",
        "value: ‸1000",
        "package.bad-series",
        ("1000", "same number"),
    ),
    Mistake(
        "a reason in one language",
        SERIES,
        "why: {en: Misprint., zh: 印误。}",
        "why: {en: Misprint.}",
        "package.no-words",
        ("'zh'", "why"),
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=[mistake.title for mistake in MISTAKES])
def test_a_mistake_in_a_series_is_told_at_its_place(mistake: Mistake, tmp_path: Path) -> None:
    assert_reported(mistake, tmp_path)


def test_the_national_series_of_china_is_whole(cn: Policy) -> None:
    poor, incidence = cn.series["rural_poor"], cn.series["poverty_incidence"]
    by_year = {figure.end.year: figure.value for figure in poor.of_country()}
    assert by_year == {
        2012: 98_990_000,
        2013: 82_490_000,
        2014: 70_170_000,
        2015: 55_750_000,
        2016: 43_350_000,
        2017: 30_460_000,
        2018: 16_600_000,
        2019: 5_510_000,
    }
    assert {figure.end.year for figure in incidence.of_country()} == set(by_year)
    assert all(figure.source for series in cn.series.values() for figure in series.figures)


def test_regions_add_up_to_the_country_where_all_are_published(cn: Policy) -> None:
    poor = cn.series["rural_poor"]
    for year in range(2016, 2020):
        regions = [poor.find(date(year, 12, 31), place) for place in ("east", "central", "west")]
        country = poor.find(date(year, 12, 31))
        assert country is not None
        assert sum(region.value for region in regions if region) == country.value


def test_conflicts_of_the_sources_are_kept(cn: Policy) -> None:
    rivals = {
        (name, figure.end, rival.value)
        for name, series in cn.series.items()
        for figure in series.figures
        for rival in figure.conflicts
    }
    assert rivals >= {
        ("rural_poor", date(2012, 12, 31), Decimal(99_890_000)),
        ("rural_poor", date(2017, 12, 31), Decimal(10_000_000)),
        ("poverty_incidence", date(2016, 12, 31), Decimal(3)),
        ("poor_counties", date(2016, 12, 31), Decimal(832)),
        ("listed_villages", date(2020, 5, 31), Decimal(1_949)),
    }
    villages = cn.series["remaining_villages"]
    assert sum(figure.value for figure in villages.figures if figure.place) == 1_949
    counties = cn.series["poor_counties"]
    of_provinces = sum(figure.value for figure in counties.figures if figure.place)
    country = counties.find(date(2020, 5, 31))
    assert country is not None
    assert of_provinces == country.value


def test_the_pace_is_that_of_the_speech_of_2018(cn: Policy) -> None:
    pace = next(each for each in paces(cn.series) if each.year == 2017)
    assert pace.since == 2012
    assert pace.fall == 68_530_000
    assert round(pace.share, 1) == Fraction(7, 10)
    assert round(pace.yearly / 1_000_000, 1) == Fraction(137, 10)
    assert pace.points == Fraction(71, 10)
    assert [round(each.times, 2) for each in pace.earlier] == [Fraction(214, 100), Fraction(204, 100)]


def test_a_package_without_the_series_has_no_pace() -> None:
    assert paces(load_policy("imaginary/2023").series) == []
