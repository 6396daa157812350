# SPDX-License-Identifier: Apache-2.0
"""Decides that reasons and run agree: 200 households drawn by seed, by one standard and the other."""

from __future__ import annotations

import random

import pytest

from hearthline.engine.backends.reasons import explain
from tests.tutorial.conftest import Screened

ANSWERS = {True: "met", False: "not met", None: "unknown"}


@pytest.mark.slow
def test_why_agrees_with_the_run_for_200_households(screened: Screened) -> None:
    run, answers = screened.run, screened.answers()
    columns = {"monetary": "status", "mpi": "status_mpi"}
    for place, number in enumerate(random.Random(2023).sample(sorted(answers), 200)):
        row, standard = answers[number], ("monetary", "mpi")[place % 2]
        explanation = explain(run, number, standard=standard)
        assert explanation.status == row[columns[standard]]
        assert explanation.statuses == {name: row[column] for name, column in columns.items()}
        assert {reason.name: ANSWERS[reason.answer] for reason in explanation.criteria} == {
            reason.name: row[reason.name] for reason in explanation.criteria
        }


def test_every_reason_names_its_source_and_every_poor_household_what_would_change_it(
    screened: Screened,
) -> None:
    run, answers = screened.run, screened.answers()
    poor = [number for number, row in sorted(answers.items()) if row["status_mpi"] == "poor"]
    for number in random.Random(7).sample(poor, 10):
        for language in ("en", "zh"):
            explanation = explain(run, number, standard="mpi", language=language)
            assert all(reason.source for reason in explanation.criteria)
            assert explanation.changes
