# SPDX-License-Identifier: Apache-2.0
"""Decides whether the classes of welfare keep the line as an edge and lose nobody."""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearthline.engine.backends.runs import open_run
from hearthline.statistics.distribution import FINEST, MOST_CLASSES, coarsened, distribution_of
from hearthline.statistics.measures import compute_run
from tests.statistics import fake_runs

fine = st.dictionaries(
    st.integers(-1, FINEST * MOST_CLASSES), st.tuples(st.floats(0.1, 1e6), st.integers(1, 100)), min_size=1
).map(lambda cells: [(place, *cells[place]) for place in sorted(cells)])


def test_the_share_below_the_line_is_that_of_the_measure(tmp_path: Path) -> None:
    run = open_run(fake_runs.write_run(tmp_path, fake_runs.households(600)).folder)
    specification = fake_runs.specification()
    found = distribution_of(run, specification)
    assert found is not None
    below = compute_run(run, specification, measures=["below_line"]).value("below_line")
    assert found.below_line == pytest.approx(below, rel=1e-12)
    assert sum(part.share for part in found.classes) == pytest.approx(1)
    assert found.line == 3218.0
    assert found.classes[0].start is None, "there are negative incomes"
    assert found.classes[-1].end is None


def test_without_a_line_there_is_nothing_to_draw(tmp_path: Path) -> None:
    run = open_run(fake_runs.write_run(tmp_path, fake_runs.households(5)).folder)
    assert distribution_of(run, replace(fake_runs.specification(), line=None)) is None


@given(fine)
def test_classes_touch_and_lose_nobody(cells: list[tuple[int, float, int]]) -> None:
    classes = coarsened(cells)
    assert sum(part.n for part in classes) == sum(n for _, _, n in cells)
    assert sum(part.share for part in classes) == pytest.approx(1)
    for before, after in itertools.pairwise(classes):
        assert (before.end if before.end is not None else Fraction(0)) == after.start
    assert len(classes) <= MOST_CLASSES + 2
    assert Fraction(1) in {part.end for part in classes}, "the line is an edge"
