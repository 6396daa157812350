# SPDX-License-Identifier: Apache-2.0
"""Decides that generated counties show the shares stated in 2018, and that the planted scandal is seen."""

from __future__ import annotations

from hearthline.synthetic.scandal import FOUND_BY
from tests.synthetic.conftest import Screened

NAMING = "avg(coalesce('{}' in (main_cause, other_cause_1, other_cause_2), false)::int)"
BORNE_OUT = (
    "illness",
    "disability",
    "schooling",
    "disaster",
    "land",
    "water_lack",
    "skills",
    "labour",
    "funds",
    "traffic",
)
POOR = "from found join household using (household_id) where status = 'poor'"


def naming(screened: Screened, cause: str) -> float:
    """The share of the households found poor that name a cause, main or other."""
    return screened.number(f"select {NAMING.format(cause)} {POOR}")


def test_over_forty_per_cent_of_the_poor_households_name_illness(screened: Screened) -> None:
    assert 0.40 < naming(screened, "illness") < 0.47


def test_over_fourteen_per_cent_name_disability(screened: Screened) -> None:
    assert 0.14 < naming(screened, "disability") < 0.18


def test_about_33_per_cent_lack_labour_and_31_per_cent_skills(screened: Screened) -> None:
    assert abs(naming(screened, "labour") - 0.327) < 0.02
    assert abs(naming(screened, "skills") - 0.311) < 0.02


def test_over_sixteen_per_cent_of_the_poor_are_65_and_older(screened: Screened) -> None:
    share = screened.number(
        "select avg((age_years >= 65)::int) from people join found using (household_id) "
        "where counted and found.status = 'poor'"
    )
    assert 0.16 < share < 0.185


def test_a_poor_county_has_between_eight_and_twenty_per_cent_poor(screened: Screened) -> None:
    assert 0.10 < screened.number("select avg((status = 'poor')::int) from found") < 0.17
    assert 0.02 < screened.number("select avg((status = 'unknown')::int) from found") < 0.05
    by_income = screened.number("select avg((income = 'not met')::int) from found where status = 'poor'")
    assert 0.7 < by_income < 0.9


def test_every_criterion_has_households_that_meet_it_fail_it_and_leave_it_open(screened: Screened) -> None:
    for criterion in ("income", "food", "clothing", "education", "medical", "housing", "water"):
        assert screened.number(f"select count(distinct {criterion}) from found") == 3, criterion


def test_poor_villages_are_poorer_than_the_others(screened: Screened) -> None:
    shares = screened.tables.execute(
        "select poor_village, avg((status = 'poor')::int) from found join area using (area_id) "
        "group by poor_village order by poor_village"
    ).fetchall()
    assert shares[1][1] > 1.5 * shares[0][1]


def test_a_named_cause_is_never_contradicted_by_the_facts(screened: Screened) -> None:
    for cause in BORNE_OUT:
        named = f"'{cause}' in (main_cause, other_cause_1, other_cause_2)"
        assert screened.number(f"select count(*) {POOR} and {named} and cause_{cause} = false") == 0, cause
        assert screened.number(f"select count(*) {POOR} and {named} and cause_{cause}") > 0, cause
    assert screened.number(f"select avg((main_cause is null)::int) {POOR}") < 0.01


def test_the_package_sees_through_every_planted_household(screened: Screened) -> None:
    for kind, found_by in FOUND_BY.items():
        standard = "status" if found_by["standard"] == "national" else f"status_{found_by['standard']}"
        ids = screened.planted(kind)
        assert len(ids) >= 5, kind
        answers = screened.tables.execute(
            f"select distinct {standard}, {found_by['criterion']} from found where household_id in "
            f"({', '.join(map(str, ids))})"
        ).fetchall()
        assert answers == [(found_by["status"], "not met")], kind


def test_nobody_else_left_the_register_this_year_below_the_line(screened: Screened) -> None:
    left = "from found join household using (household_id) where year(exited_on) = 2017"
    struck_off = screened.tables.execute(f"select household_id {left} and income = 'not met'").fetchall()
    planted = screened.planted("forecast_counted") + screened.planted("stock_counted")
    assert sorted(row[0] for row in struck_off) == sorted(planted)
    sudden = screened.tables.execute(f"select household_id {left} and minimum_spell = 'not met'").fetchall()
    assert sorted(row[0] for row in sudden) == screened.planted("exit_in_first_year")
    assert screened.number(f"select count(*) {left} and status_exit = 'not poor'") > 100


def test_by_the_books_the_planted_households_are_above_the_line(screened: Screened) -> None:
    padded = ", ".join(map(str, screened.planted("forecast_counted") + screened.planted("stock_counted")))
    short_by_the_books = screened.number(
        "select count(*) from found join household using (household_id) "
        "where net_income + forecast_amount + unsold_stock_amount < line_total "
        f"and household_id in ({padded})"
    )
    typed_below = screened.number(
        "select count(*) from found join household using (household_id) "
        f"where reported_income_per_person < 295200 and household_id in ({padded})"
    )
    assert (short_by_the_books, typed_below) == (0, 0)
