# SPDX-License-Identifier: Apache-2.0
"""Decides whether a table of places protects small groups and still adds up."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearthline.statistics.disclosure import (
    SMALLEST_GROUP,
    PlaceCount,
    PlaceRow,
    merged,
    protected,
    protected_levels,
)
from hearthline.statistics.release import HIDDEN, Release, Sum, Told, shown
from tests.statistics.release_attack import Attacker


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
    rows = protected([replace(count, parent="") for count in places])
    hidden = [row for row in rows if row.hidden]
    others = [row for row in rows if not row.hidden and row.poor]
    assert len(hidden) != 1 or not others


KINDS = ("people", "poor", "not poor", "unknown")
Values = tuple[int, int, int, int]


def drawn(seed: int) -> list[list[PlaceCount]]:
    """Townships with their villages, by a seed: some have few people, some few poor ones, some none."""
    chance = random.Random(seed)
    villages = []
    for township in range(chance.randint(2, 5)):
        for number in range(chance.randint(2, 9)):
            poor, unknown = chance.choice((0, 0, 7, 20, 30, 80)), chance.choice((0,) * 8 + (3, 15))
            rest = chance.choice((4, 40, 90, 200, 200))
            people = poor + unknown + rest
            if people:
                villages.append(
                    PlaceCount(
                        f"V{township}{number}", f"T{township}", people, poor, people, poor, rest, unknown
                    )
                )
    townships = []
    for name in dict.fromkeys(village.parent for village in villages):
        within = [values_of(village) for village in villages if village.parent == name]
        people, poor, rest, unknown = (sum(column) for column in zip(*within, strict=True))
        townships.append(PlaceCount(name, "", people, poor, people, poor, rest, unknown))
    return [townships, villages]


def values_of(count: PlaceCount) -> Values:
    return (
        count.listed,
        count.listed_poor,
        count.listed - count.listed_poor - count.listed_unknown,
        count.listed_unknown,
    )


def as_release(
    levels: Sequence[Sequence[PlaceCount]], rows: Sequence[Sequence[PlaceRow]]
) -> tuple[Release, dict[str, Values]]:
    """What a reader of both tables and of the totals knows, and the truth of every row."""
    told: dict[str, Told] = {}
    sums: list[Sum] = []
    truth: dict[str, Values] = {}
    parts: dict[str, list[str]] = {}
    for level, shown_rows in zip(levels, rows, strict=True):
        left = iter(shown_rows)
        for parent in dict.fromkeys(count.parent for count in level):
            alone, together = merged([one for one in level if one.parent == parent], smallest=SMALLEST_GROUP)
            for group in [[one] for one in alone] + ([together] if together else []):
                name, row = "+".join(one.name for one in group), next(left)
                people, poor, rest, unknown = map(sum, zip(*map(values_of, group), strict=True))
                truth[name] = (people, poor, rest, unknown)
                for kind, value in zip(KINDS, truth[name], strict=True):
                    hidden = row.people_hidden if kind == "people" else row.hidden
                    told[f"{kind} in {name}"] = HIDDEN if hidden else shown(value)
                sums.append(Sum(f"people in {name}", tuple(f"{kind} in {name}" for kind in KINDS[1:])))
                parts.setdefault(parent or "all", []).append(name)
    whole = [sum(column) for column in zip(*map(values_of, levels[0]), strict=True)]
    told |= {f"{kind} in all": shown(value) for kind, value in zip(KINDS, whole, strict=True)}
    for parent, names in parts.items():
        if f"people in {parent}" in told:
            sums += [Sum(f"{kind} in {parent}", tuple(f"{kind} in {one}" for one in names)) for kind in KINDS]
    return Release(told, tuple(sums)), truth


def sensitive_in(truth: dict[str, Values]) -> dict[str, dict[str, float]]:
    aims = {}
    for name, values in truth.items():
        for kind, value in zip(KINDS[1:], values[1:], strict=True):
            if 0 < value < SMALLEST_GROUP:
                aims[f"{kind} in {name}"] = {f"{kind} in {name}": 1.0}
        if values[2] == 0 < values[1]:
            aims[f"not poor in {name}"] = {f"not poor in {name}": 1.0}
    return aims


def test_no_hidden_number_of_two_tables_can_be_worked_out_from_neighbours_and_totals() -> None:
    """A programme over both tables of a report and the totals it states."""
    attacked = hidden = rows_shown = 0
    for seed in range(120):
        levels = drawn(seed)
        rows = protected_levels(levels)
        release, truth = as_release(levels, rows)
        aims = sensitive_in(truth)
        small_whole = {f"{kind} in all" for kind in KINDS if 0 < release.told[f"{kind} in all"].least < 11}
        if small_whole:
            continue  # the totals, which a report states, are small themselves
        assert Attacker([release]).pins(aims) == [], seed
        attacked += len(aims)
        hidden += sum(row.hidden for level in rows for row in level)
        rows_shown += sum(not row.hidden for level in rows for row in level)
    assert attacked > 400
    assert rows_shown > 0.3 * hidden, "what hides all protects, and tells nothing"


def test_the_attack_finds_numbers_where_only_the_small_ones_are_hidden() -> None:
    found = 0
    for seed in range(30):
        levels = drawn(seed)
        rows = [
            [PlaceRow("", "", 0.0, None if few(one) else 1.0, None, 0.0) for one in level]
            for level in ([*levels[0]], [*levels[1]])
        ]
        if any(one.listed < SMALLEST_GROUP for level in levels for one in level):
            continue
        release, truth = as_release(levels, rows)
        found += len(Attacker([release]).pins(sensitive_in(truth)))
    assert found > 10


def few(count: PlaceCount) -> bool:
    _, *kinds = values_of(count)
    return any(0 < value < SMALLEST_GROUP for value in kinds) or kinds[1] == 0 < kinds[0]
