# SPDX-License-Identifier: Apache-2.0
"""Decides whether a table of places protects small groups and still adds up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearthline.statistics.disclosure import SMALLEST_GROUP, PlaceCount, merged, protected


def place(name: str, listed: int, poor: int, parent: str = "T") -> PlaceCount:
    return PlaceCount(name, parent, listed, poor, float(listed), float(poor), float(listed - poor))


counts = st.lists(
    st.tuples(st.integers(0, 60), st.floats(0, 1), st.sampled_from("TU")), min_size=1, max_size=25
).map(
    lambda rows: [
        place(f"V{number}", listed, round(listed * share), parent)
        for number, (listed, share, parent) in enumerate(rows)
    ]
)


def test_a_place_with_few_people_is_merged_with_another() -> None:
    rows = protected([place("a", 500, 60), place("b", 4, 2), place("c", 90, 30), place("d", 200, 50)])
    assert [(row.name, row.merged) for row in rows] == [("a", 1), ("d", 1), ("", 2)]
    assert rows[-1].poor == 32
    assert rows[-1].headcount == pytest.approx(32 / 94)


def test_few_poor_people_are_hidden_with_a_second_place_so_that_the_total_does_not_tell() -> None:
    rows = protected([place("a", 500, 60), place("b", 400, 3), place("c", 90, 30)])
    assert {row.name for row in rows if row.hidden} == {"b", "c"}


def test_a_place_without_poor_people_says_so() -> None:
    (row,) = protected([place("a", 500, 0)])
    assert row.poor == 0
    assert row.headcount == 0


@given(counts)
def test_the_rows_add_up_to_all_people(places: list[PlaceCount]) -> None:
    rows = protected(places)
    assert sum(row.weight for row in rows) == pytest.approx(sum(count.weight for count in places))
    assert sum(row.merged for row in rows) == len(places)


@given(counts)
def test_no_shown_group_is_smaller_than_the_limit(places: list[PlaceCount]) -> None:
    for parent in {count.parent for count in places}:
        siblings = [count for count in places if count.parent == parent]
        alone, together = merged(siblings, smallest=SMALLEST_GROUP)
        assert all(count.listed >= SMALLEST_GROUP for count in alone)
        assert len(together) != 1 or not alone


@given(counts)
def test_one_hidden_number_never_follows_from_the_others(places: list[PlaceCount]) -> None:
    for parent in {count.parent for count in places}:
        rows = [row for row in protected(places) if row.parent == parent]
        hidden = [row for row in rows if row.hidden]
        others = [row for row in rows if not row.hidden and row.poor]
        assert len(hidden) != 1 or not others
