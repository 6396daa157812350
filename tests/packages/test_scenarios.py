# SPDX-License-Identifier: Apache-2.0
"""Decides that scenarios are read as strictly as an import, and that a wrong answer is told in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from hearthline.base.problems import ManyProblems
from hearthline.engine.packages import check_policy, load_policy, run_scenarios
from tests.packages.little_package import LITTLE, little, spoilt, write_package

CASES = "scenarios/cases.yaml"
HEAD = "scenarios:\n  - name: A case.\n    on: 2020-12-31\n"


def results_of(folder: Path, cases: str) -> dict[str, str]:
    """The text of each result by its name, with these scenarios instead of the little ones."""
    write_package(folder, LITTLE | {CASES: cases})
    return {result.name: result.text for result in check_policy(folder).results}


def test_the_scenarios_of_the_little_package_hold(tmp_path: Path) -> None:
    check = check_policy(little(tmp_path))
    assert [result.text for result in check.results] == [
        "holds: A household on the line is not poor.",
        "holds: A forecast is not income.",
    ]
    assert run_scenarios(check.policy, tmp_path) == list(check.results)


def test_an_answer_that_differs_is_told_with_what_came_out(tmp_path: Path) -> None:
    folder = little(
        tmp_path,
        scenarios__cases=(
            "      status: not poor\n      criteria: {income_met: met, housing: met}\n"
            "      values: {income: 2000, cause_schooling: true}\n"
            "      persons: [{years: 40}, {years: 10, schooled: met}]\n",
            "      status: poor\n      criteria: {housing: unknown}\n"
            "      values: {income: 2000.01, cause_schooling: null}\n"
            "      persons: [{schooled: met}, {years: null}]\n",
        ),
    )
    check = check_policy(folder)
    assert not check.passed
    assert check.results[0].text.split("\n")[1:] == [
        "  status: expected poor, was not poor",
        "  housing: expected unknown, was met",
        "  income: expected 2000.01, was 2000.00",
        "  cause_schooling: expected unknown, was true",
        "  person 1: schooled: expected met, was unknown",
        "  person 2: years: expected unknown, was 10",
    ]
    assert check.results[0].text.startswith(f"{tmp_path}/{CASES}, line 11, column 5: does not hold")


def test_what_is_given_merges_over_the_template_fact_by_fact_and_table_by_table(tmp_path: Path) -> None:
    cases = LITTLE[CASES] + (
        "  - name: Less.\n    on: 2020-12-31\n    like: sound\n"
        "    given:\n      household: {grade: null}\n      person: [{birth_date: 2000-01-01}]\n"
        "    expect:\n      criteria: {income_met: met, housing: unknown}\n"
        "      persons: [{years: 20, schooled: unknown}]\n"
    )
    assert results_of(tmp_path, cases)["Less."] == "holds: Less."


def test_a_fact_that_is_not_given_is_unknown(tmp_path: Path) -> None:
    cases = HEAD + "    given: {household: {size: 1}}\n    expect: {status: poor, values: {income: 0}}\n"
    assert results_of(tmp_path, cases) == {"A case.": "holds: A case."}


def test_a_screening_that_is_refused_is_told_as_such(tmp_path: Path) -> None:
    texts = LITTLE | {
        "parameters/line.yaml": LITTLE["parameters/line.yaml"].replace(
            "from: 2021-01-01", "from: 2021-03-01"
        ),
        CASES: "scenarios:\n  - name: A gap.\n    on: 2021-02-01\n    given: {household: {size: 1}}\n"
        "    expect: {status: poor}\n",
    }
    (result,) = check_policy(write_package(tmp_path, texts)).results
    assert not result.passed
    assert "refused: The parameter line has no value for VA, purpose standard, on 2021-02-01." in result.text


MISTAKES = [
    (
        "an unknown fact",
        "{size: 2, grade: A}",
        "{size: 2, ‸grad: A}",
        "'grad' is not a fact",
        "Did you mean grade?",
    ),
    (
        "a wrong code",
        "{size: 2, grade: A}",
        "{size: 2, grade: ‸D}",
        "'D' is not one of the codes of grade",
        "A, B",
    ),
    ("a value out of bounds", "{size: 2,", "{size: ‸61,", "size is 61", "lies above 60"),
    ("a text as a number", "{size: 2,", "{size: ‸'2',", "'2', but a whole number", "without quotation marks"),
    ("a number as a condition", "in_school: true", "in_school: ‸1", "in_school is 1", "Write true or false"),
    ("a day that does not exist", "2010-02-28", "‸2010-02-30", "not a day of the calendar", "year-month-day"),
    (
        "a date as a text",
        "2010-02-28",
        "‸'2010-02-28'",
        "birth_date is '2010-02-28'",
        "without quotation marks",
    ),
    ("half a cent", "amount: 2000", "amount: ‸2000.005", "amount is 2000.005", "at most 2 decimals"),
    (
        "an amount of forty digits",
        "amount: 2000",
        f"amount: ‸{'9' * 40}",
        "at most 38 digits",
        "Check the value",
    ),
    (
        "an unknown table",
        "income_line:\n      - {amount: 2000",
        "‸income_lines:\n      - {amount: 2000",
        "not a level",
        "Did you mean income_line?",
    ),
    (
        "an unknown table of a person",
        "claim: [",
        "‸claims: [",
        "'claims' is not a fact",
        "Did you mean claim?",
    ),
    (
        "a table that is no list",
        "    income_line:\n      - {amount: 2000, state: received}",
        "    income_line: ‸{amount: 2000, state: received}",
        "income_line is a mapping",
        "- {fact: value}",
    ),
    (
        "a row that is no mapping",
        "- {amount: 2000, state: received}",
        "- ‸2000",
        "income_line is 2000",
        "fact: value",
    ),
    (
        "a household that is a list",
        "household: {size: 2, grade: A}",
        "household: ‸[2]",
        "household is a list",
        "fact: value",
    ),
    (
        "a required fact that is unknown",
        "{size: 2,",
        "{size: ‸null,",
        "size of the level household is required",
        "Give size a value",
    ),
    (
        "an unknown template",
        "like: sound\n    expect",
        "‸like: soundd\n    expect",
        "'soundd' is not a template",
        "Did you mean sound?",
    ),
    (
        "a date outside the package",
        "on: 2020-12-31",
        "‸on: 2019-12-31",
        "not one the package is valid for",
        "from 2020-01-01 to 2021-12-31",
    ),
    (
        "an unknown standard",
        "status_by_points: poor",
        "‸status_by_point: poor",
        "'status_by_point' is not the status by a standard",
        "Did you mean status_by_points?",
    ),
    (
        "a mistyped expectation",
        "      values: {income: 0}",
        "      ‸value: {income: 0}",
        "'value' is not a key of an expectation",
        "Did you mean 'values'?",
    ),
    (
        "a standard not in force",
        "status: not poor",
        "status: not poor\n      ‸status_by_points: poor",
        "by_points is not in force on 2020-12-31",
        "Change the date",
    ),
    (
        "a status that is none",
        "status: not poor",
        "status: ‸rich",
        "status is 'rich'",
        "poor, not poor, unknown",
    ),
    (
        "an answer that is none",
        "housing: unknown",
        "housing: ‸failed",
        "housing is 'failed'",
        "met, not met, unknown",
    ),
    (
        "an unknown criterion",
        "housing: unknown",
        "‸house: unknown",
        "'house' is not a household criterion",
        "Did you mean housing?",
    ),
    (
        "an unknown value",
        "{income: 0}",
        "{‸incom: 0}",
        "'incom' is not a derived value of the household",
        "Did you mean income?",
    ),
    (
        "a value of another type",
        "{income: 0}",
        "{income: ‸none}",
        "income is 'none', but an amount is needed",
        "plain digits",
    ),
    (
        "answers for a person too many",
        "persons: [",
        "‸persons: [{}, ",
        "answers for 3 persons, but has 2",
        "{}",
    ),
    (
        "a word for a person's criterion",
        "schooled: met",
        "schooled: ‸yes",
        "schooled is 'yes'",
        "met, not met or unknown",
    ),
    (
        "the same name twice",
        "- name: A forecast is not income.",
        "- ‸name: A household on the line is not poor.",
        "defined a second time",
        "line 11",
    ),
    (
        "a scenario without expectations",
        "    expect:\n      status: poor\n      status_by_points: poor\n"
        "      criteria: {income_met: not met, housing: unknown}\n      values: {income: 0}\n",
        "",
        "a scenario has no key 'expect'",
        "Add expect:",
    ),
]


@pytest.mark.parametrize(
    ("title", "old", "new", "words", "remedy"), MISTAKES, ids=[each[0] for each in MISTAKES]
)
def test_a_mistake_in_a_scenario_names_place_value_and_remedy(
    title: str, old: str, new: str, words: str, remedy: str, tmp_path: Path
) -> None:
    texts, place = spoilt(CASES, old, new if "‸" in new else f"{new}‸")
    folder = write_package(tmp_path, texts)
    load_policy(folder)  # a scenario changes no answer, so the package itself still loads
    with pytest.raises(ManyProblems) as caught:
        check_policy(folder)
    found = [error for error in caught.value.errors if words in error.sentence and remedy in error.sentence]
    assert found, caught.value.sentence
    assert found[0].place is not None
    if "‸" in new:
        assert (found[0].place.line, found[0].place.column) == place, found[0].sentence


def test_rows_of_a_persons_table_stand_inside_the_person(tmp_path: Path) -> None:
    cases = HEAD + "    given: {household: {size: 1}, claim: [{cost: 1}]}\n    expect: {status: poor}\n"
    with pytest.raises(ManyProblems, match="rows of claim belong to a person"):
        results_of(tmp_path, cases)


def test_codes_may_be_written_as_digits(tmp_path: Path) -> None:
    texts = LITTLE | {
        "facts/household.yaml": LITTLE["facts/household.yaml"].replace("      A: {", "      1: {"),
        "rules/all.yaml": LITTLE["rules/all.yaml"].replace("grade in ('A', 'B')", "grade in ('1', 'B')"),
        CASES: HEAD + "    given: {household: {size: 1, grade: 1}}\n    expect: {criteria: {housing: met}}\n",
    }
    assert check_policy(write_package(tmp_path, texts)).passed
