# SPDX-License-Identifier: Apache-2.0
"""Decides whether the variance of a group, from its own units alone, is that of the whole design."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hearthline.statistics.design import Domain, design_of, precision_of
from hearthline.statistics.linear import Influence, Linear

rows_drawn = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c", None]),
        st.sampled_from(["1", "2", "3", None]),
        st.floats(-1e3, 1e3, allow_nan=False),
        st.booleans(),
    ),
    min_size=6,
    max_size=40,
)


@settings(max_examples=150, deadline=None)
@given(rows_drawn)
def test_units_without_anybody_of_a_group_count_with_nothing(
    rows: list[tuple[str | None, str | None, float, bool]],
) -> None:
    strata, clusters = [row[0] for row in rows], [row[1] for row in rows]
    design = design_of(strata, clusters, np.ones(len(rows)))
    inside = np.flatnonzero([row[3] for row in rows])
    influence = np.array([row[2] if row[3] else 0.0 for row in rows])
    units: dict[tuple[str | None, object], float] = {}
    for place, (stratum, cluster, _, _) in enumerate(rows):
        unit = (stratum, place if cluster is None else cluster)
        units[unit] = units.get(unit, 0.0) + float(influence[place])
    by_hand = 0.0
    for stratum in set(strata):
        totals = [total for (own, _), total in units.items() if own == stratum]
        number, mean = len(totals), math.fsum(totals) / len(totals)
        if number == 1:
            by_hand += totals[0] ** 2
        else:
            by_hand += number / (number - 1) * math.fsum((total - mean) ** 2 for total in totals)
    close = pytest.approx(by_hand, rel=1e-9, abs=1e-9)
    assert design.whole.variance(influence) == close
    if len(inside):
        assert Domain(design, inside).variance(influence[inside]) == close


def test_a_figure_that_moves_with_others_than_its_group_is_judged_over_everybody() -> None:
    design = design_of(["a"] * 4, ["1", "2", "3", "4"], np.ones(4))
    group = Domain(design, np.array([1, 3]))
    own = Linear(5.0, {Influence(np.array([3, 1]), np.array([2.0, -1.0])): 2.0})
    assert group.influence(own) == pytest.approx([-2.0, 4.0])
    beyond = Linear(5.0, {Influence(np.array([0, 1]), np.array([1.0, 1.0])): 1.0})
    assert group.influence(beyond) is None
    found, everybody = (precision_of(beyond, domain, share=False) for domain in (group, design.whole))
    assert found == everybody
    assert found is not None
    assert found.error == pytest.approx(math.sqrt(4 / 3))
