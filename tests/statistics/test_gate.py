# SPDX-License-Identifier: Apache-2.0
"""Decides that what passes the gate pins no sensitive count within 3, whatever was published before."""

from __future__ import annotations

import os
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearthline.base.problems import HearthlineError
from hearthline.statistics.gate import Method, pass_gate
from hearthline.statistics.release import (
    HIDDEN,
    NEED,
    Counts,
    Release,
    Sum,
    release_of,
    rounded,
    shown,
)
from hearthline.statistics.self_attack import widths_of
from tests.statistics.release_attack import Attacker, sensitive
from tests.statistics.release_worlds import World

TABLES = int(os.environ.get("HEARTHLINE_TABLES", "800"))
"""Tables attacked by this file: half of them alone, half in series."""


@pytest.mark.slow
def test_no_sensitive_count_of_any_table_is_pinned_within_three() -> None:
    told: Counter[str] = Counter()
    for seed in range(TABLES // 2):
        world = World.of(seed)
        table = world.table()
        passed = pass_gate(table, method=(Method.SUPPRESS, Method.ROUND)[seed % 2])
        aims = sensitive(table.counts, [passed.release])
        attacker = Attacker([passed.release])
        assert attacker.pins(aims) == [], seed
        told += Counter(
            tables=1, attacked=len(aims), programmes=attacker.programmes, counts=len(table.counts)
        )
        told["hidden"] += len(passed.hidden)
    assert told["attacked"] > told["tables"]
    assert told["hidden"] < 0.75 * told["counts"], "what hides all protects, and tells nothing"
    print(f"tables alone: {dict(told)}, pinned: 0")


@pytest.mark.slow
def test_no_sensitive_count_or_change_of_any_series_of_releases_is_pinned_within_three() -> None:
    told: Counter[str] = Counter()
    seed = 0
    while told["tables"] < TABLES // 2:
        seed += 1
        world, memory, truth = World.of(seed, most=5), list[Release](), dict[str, int]()
        for table, method in world.publications():
            try:
                passed = pass_gate(table, memory, method=method)
            except HearthlineError as error:
                if error.code != "release.pinned":  # what cannot be kept is refused, and by name
                    raise
                told["refused"] += 1
                continue
            memory.append(passed.release)
            truth |= table.counts
            told += Counter(tables=1, counts=len(table.counts), hidden=len(passed.hidden))
        aims = sensitive(truth, memory)
        attacker = Attacker(memory)
        assert attacker.pins(aims) == [], seed
        told += Counter(series=1, attacked=len(aims), programmes=attacker.programmes)
        told["changes"] += sum(" less " in aim for aim in aims)
    assert told["changes"] > told["series"]
    assert told["refused"] <= 0.01 * told["tables"]
    print(f"tables in series: {dict(told)}, pinned: 0")


def test_the_attacker_pins_counts_where_only_the_small_ones_are_hidden() -> None:
    """He is no straw man: without the gate he finds many."""
    pinned = attacked = 0
    for seed in range(60):
        table = World.of(seed).table()
        plain = Release(
            {name: HIDDEN if 0 < count < 11 else shown(count) for name, count in table.counts.items()},
            table.sums,
        )
        aims = sensitive(table.counts, [plain])
        pinned, attacked = pinned + len(Attacker([plain]).pins(aims)), attacked + len(aims)
    assert pinned > 0.2 * attacked


def test_what_goes_with_a_table_unprinted_is_told_to_nobody_and_may_be_published_later() -> None:
    """Townships are not in a table of villages: their small counts are protected, large ones stay free."""
    poor = {"v1": 4, "v2": 30, "v3": 8, "v4": 60}
    counts = {f"poor in {name}@1": count for name, count in poor.items()}
    tops = {"poor in t1@1": 34, "poor in t2@1": 68}
    sums = (
        Sum("poor in t1@1", ("poor in v1@1", "poor in v2@1")),
        Sum("poor in t2@1", ("poor in v3@1", "poor in v4@1")),
    )
    harmless = frozenset({*tops, "poor in v2@1", "poor in v4@1"})
    villages = Counts(counts | tops, sums, silent=frozenset(tops), harmless=harmless)
    first = pass_gate(villages)
    assert first.hidden == {"poor in v1@1", "poor in v3@1"}, "without a total nothing else need be hidden"
    assert set(tops) & first.hidden == set()
    assert all(first.release.told[name] == HIDDEN for name in tops)
    assert release_of(first.release.document()).silent == set(tops)
    townships = Counts(tops, (), background=counts | tops, harmless=harmless)
    later = pass_gate(townships, [first.release])
    assert later.hidden == set(tops), "with a township its hidden village would be told"
    free = pass_gate(Counts({"poor in t3@1": 34}, harmless=harmless), [first.release])
    assert free.hidden == frozenset()


@pytest.mark.parametrize("seed", range(40))
def test_lines_and_bounds_find_no_count_more_open_than_programmes_do(seed: int) -> None:
    """From the truth, from nothing, with a need so large that each count is sought to its ends: all agree."""
    table = World.of(seed).table()
    release = pass_gate(table, method=(Method.SUPPRESS, Method.ROUND)[seed % 2]).release
    names = sorted(table.counts)
    ends = widths_of([release], names, need=1e9)
    quick = widths_of([release], names, truth=table.counts)
    for name in names:
        least, most = ends.seen[name]
        assert least - 1e-5 <= table.counts[name] <= most + 1e-5
        near, far = quick.seen[name]
        assert least - 1e-5 <= near <= far <= most + 1e-5, name
        assert far - near >= min(NEED, most - least) - 1e-5, name


def test_a_second_geography_does_not_tell_the_village_between_the_borders() -> None:
    """Two townships cut otherwise: their difference is one village of six poor households."""
    poor = {"v1": 40, "v2": 6, "v3": 50}
    first = Counts(
        {"poor in v1+v2@1": 46, "poor in v3@1": 50, "poor in county@1": 96},
        (Sum("poor in county@1", ("poor in v1+v2@1", "poor in v3@1")),),
    )
    before = pass_gate(first)
    assert before.hidden == frozenset()
    second = Counts(
        {f"poor in {name}@1": count for name, count in poor.items()}
        | {"poor in v1+v2@1": 46, "poor in county@1": 96, "poor in v2+v3@1": 56},
        (
            Sum("poor in v1+v2@1", ("poor in v1@1", "poor in v2@1")),
            Sum("poor in v2+v3@1", ("poor in v2@1", "poor in v3@1")),
            Sum("poor in county@1", ("poor in v1@1", "poor in v2+v3@1")),
        ),
    )
    after = pass_gate(second, [before.release])
    assert {"poor in v2@1", "poor in v1@1", "poor in v2+v3@1"} <= after.hidden
    with pytest.raises(HearthlineError) as caught:
        pass_gate(second, [before.release], method=Method.AS_IS)
    assert caught.value.code == "release.pinned"
    assert "poor in v2@1" in caught.value.message


def test_a_change_of_two_households_since_the_last_release_is_not_told() -> None:
    def table(day: int, poor: int) -> Counts:
        return Counts({f"poor in v@{day}": poor, f"all in v@{day}": 400})

    before = pass_gate(table(1, 20))
    assert before.hidden == frozenset()
    assert pass_gate(table(2, 22), [before.release]).hidden == {"poor in v@2"}
    assert pass_gate(table(2, 20), [before.release]).hidden == frozenset(), "nothing changed"
    assert pass_gate(table(2, 45), [before.release]).hidden == frozenset()
    soft = pass_gate(table(2, 22), [before.release], method=Method.ROUND)
    assert soft.release.told["poor in v@2"] == rounded(22)


def test_a_rounded_count_stands_for_ten_values_and_a_hidden_one_for_any() -> None:
    assert [rounded(count).value for count in (0, 4, 5, 14, 15, 1234)] == [0, 0, 10, 10, 20, 1230]
    for count in range(200):
        told = rounded(count)
        assert told.most is not None
        assert told.least <= count <= told.most
        assert told.rounded
    assert HIDDEN.value is None


def test_a_place_whose_households_are_all_poor_is_not_told() -> None:
    table = Counts(
        {"all in v@1": 30, "poor in v@1": 30, "not poor in v@1": 0},
        (Sum("all in v@1", ("poor in v@1", "not poor in v@1"), classes=True),),
    )
    passed = pass_gate(table)
    assert "poor in v@1" in passed.hidden
    assert widths_of([passed.release], ["poor in v@1"]).width("poor in v@1") >= NEED


def test_the_same_counts_pass_in_the_same_way_and_a_release_can_be_written_and_read() -> None:
    table = World.of(7).table()
    one, other = pass_gate(table), pass_gate(table)
    assert one == other
    assert release_of(one.release.document()) == one.release
    assert pass_gate(table, [one.release]).release.told == one.release.told


def test_counts_that_do_not_add_up_are_no_table() -> None:
    with pytest.raises(ValueError, match="its parts are 5"):
        Counts({"a@1": 4, "b@1": 5}, (Sum("a@1", ("b@1",)),))


def test_releases_that_contradict_each_other_are_refused() -> None:
    before = Release({"poor in v@1": shown(40)})
    with pytest.raises(HearthlineError) as caught:
        pass_gate(Counts({"poor in v@1": 41}), [before])
    assert caught.value.code == "release.contradiction"


@given(st.integers(0, 10_000))
def test_rounding_never_moves_a_count_by_more_than_five(count: int) -> None:
    value = rounded(count).value
    assert value is not None
    assert value % 10 == 0
    assert abs(value - count) <= 5
