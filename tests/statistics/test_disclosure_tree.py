# SPDX-License-Identifier: Apache-2.0
"""Decides that what is hidden of a tree of places stays hidden from one who adds, subtracts and optimises."""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter

import pytest

from hearthline.statistics.disclosure_cells import PlaceCounts
from hearthline.statistics.disclosure_tree import Hidden, protect

from .attack import Attack, Table, cells_of

STANDARD = ("income", "housing", "health")
CAUSES = ("illness", "schooling")


def grown_tree(draw: random.Random) -> tuple[list[tuple[int, int | None]], list[int]]:
    """A county, its townships, some with villages; and where households live (a township too, at times)."""
    places: list[tuple[int, int | None]] = [(1, None)]
    homes = []
    for _ in range(draw.randint(2, 4)):
        township = len(places) + 1
        places.append((township, 1))
        villages = draw.choice([0, 2, 3, 4])
        for _ in range(villages):
            places.append((len(places) + 1, township))
            homes.append(len(places))
        if not villages or draw.random() < 0.2:
            homes.append(township)
    return places, homes


def answers_of(
    draw: random.Random, chances: dict[str, tuple[float, float]], standard: frozenset[str]
) -> list[str]:
    """The cells that one household counts in."""
    words = []
    states = {}
    for name, (failing, unknown) in chances.items():
        at = draw.random()
        states[name] = "not met" if at < failing else "unknown" if at < failing + unknown else "met"
        words.append(f"{name} {states[name]}")
    of_standard = [states[name] for name in standard]
    status = "poor" if "not met" in of_standard else "unknown" if "unknown" in of_standard else "not poor"
    if status == "poor":
        words += [f"{name} {draw.choice(['having', 'without', 'without'])}" for name in CAUSES]
    return ["households", status, *words]


def table_of(seed: int) -> Table:
    """A generated tree with its people."""
    draw = random.Random(seed)
    standard = frozenset(STANDARD[: draw.choice([1, 2, 3])])
    criteria = (*sorted(standard), "roads")
    tree, homes = grown_tree(draw)
    parents = dict(tree)
    rates = {
        name: (draw.choice([0.02, 0.1, 0.3, 0.8]), draw.choice([0, 0, 0.02, 0.1, 0.5])) for name in criteria
    }
    households: Counter[tuple[int, str]] = Counter()
    people: Counter[tuple[int, str]] = Counter()
    for home in homes:
        chances = {
            name: (min(0.95, failing * draw.choice([0.2, 1, 1.5])), unknown)
            for name, (failing, unknown) in rates.items()
        }
        for _ in range(draw.choice([0, 3, 8, 12, 25, 40, 80, 200])):
            words, size = answers_of(draw, chances, standard), draw.randint(1, 7)
            place: int | None = home
            while place is not None:
                households.update((place, word) for word in words)
                people.update({(place, word): size for word in words})
                place = parents[place]
    places = [
        PlaceCounts(
            key,
            parent,
            households[key, "households"],
            households[key, "poor"],
            households[key, "unknown"],
            {
                name: (households[key, f"{name} not met"], households[key, f"{name} unknown"])
                for name in criteria
            },
            {name: households[key, f"{name} having"] for name in CAUSES},
        )
        for key, parent in tree
    ]
    return Table(
        places, {(p.key, word): people[p.key, word] for p in places for word in cells_of(p)}, standard
    )


def village(key: int, poor: int, not_poor: int, unknown: int = 0, parent: int = 1) -> PlaceCounts:
    return PlaceCounts(key, parent, poor + not_poor + unknown, poor, unknown)


def whole(*parts: PlaceCounts) -> PlaceCounts:
    return PlaceCounts(
        1,
        None,
        sum(part.households for part in parts),
        sum(part.poor for part in parts),
        sum(part.unknown for part in parts),
    )


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, 500, 50))
def test_no_attack_narrows_a_hidden_count_to_within_three(start: int) -> None:
    """500 generated trees, by linear programmes; the next test is in whole numbers.

    Every fifth attacker reads the people too: his system is twice as large.
    """
    cells = 0
    for seed in range(start, start + 50):
        table = table_of(seed)
        attack = Attack(table, protect(table.places, standard=table.standard), people=seed % 5 == 0)
        cells += len(list(attack.sensitive()))
        assert attack.found(3, whole=False) == [], f"tree {seed}"
    assert cells > 1000


@pytest.mark.slow
def test_whole_numbers_help_the_attacker_no_further() -> None:
    for seed in range(1000, 1012):
        table = table_of(seed)
        attack = Attack(table, protect(table.places, standard=table.standard))
        assert attack.found(3, whole=True) == [], f"tree {seed}"


def test_the_attack_finds_what_is_hidden_without_complement() -> None:
    places = [whole(village(2, 5, 60), village(3, 40, 60)), village(2, 5, 60), village(3, 40, 60)]
    people = {(place.key, word): 3 * count for place in places for word, count in cells_of(place).items()}
    careless = {1: Hidden(), 2: Hidden(poor=True, unknown=True), 3: Hidden()}
    found = Attack(Table(places, people, frozenset()), careless).found(3)
    assert ((2, "poor"), 5, 5.0, 5.0) in found


def test_a_small_village_is_hidden_with_the_smallest_neighbour_that_is_enough() -> None:
    parts = [village(2, 5, 60), village(3, 40, 60), village(4, 90, 300)]
    hidden = protect([whole(*parts), *parts])
    assert [key for key in hidden if hidden[key].poor] == [2, 3]
    assert not any(part.households for part in hidden.values())


def test_a_village_without_poor_households_says_so() -> None:
    parts = [village(2, 0, 60), village(3, 40, 60)]
    assert protect([whole(*parts), *parts]) == {1: Hidden(), 2: Hidden(), 3: Hidden()}


def test_a_village_in_which_every_household_is_poor_is_hidden() -> None:
    parts = [village(2, 40, 0), village(3, 40, 60)]
    assert protect([whole(*parts), *parts])[2].poor


def test_few_unknown_households_hide_how_many_are_unknown_but_not_how_many_are_poor() -> None:
    parts = [village(2, 40, 60, unknown=4), village(3, 40, 60, unknown=20)]
    hidden = protect([whole(*parts), *parts])[2]
    assert hidden.unknown
    assert not hidden.poor


def test_a_village_of_a_few_households_does_not_say_how_many_they_are() -> None:
    parts = [village(2, 2, 3), village(3, 40, 60)]
    assert protect([whole(*parts), *parts])[2].households


def test_households_that_live_in_a_township_but_in_no_village_are_hidden_too() -> None:
    """Subtraction of the villages from the township would tell them."""
    parts = [village(2, 40, 60), village(3, 40, 60)]
    county = PlaceCounts(1, None, 263, 85, 0)
    hidden = protect([county, *parts])
    assert sum(part.poor for part in hidden.values()) > 0


def test_the_same_counts_in_any_order_are_hidden_alike() -> None:
    table = table_of(7)
    one = protect(table.places, standard=table.standard)
    other = protect(list(reversed(table.places)), standard=table.standard)
    assert {key: hidden.stored() for key, hidden in one.items()} == {key: other[key].stored() for key in one}


def test_what_is_hidden_of_generated_trees_is_what_it_was() -> None:
    """As it was hidden place by place, before all places were worked out at once."""
    found = {}
    for seed in range(2000, 2060):
        table = table_of(seed)
        hidden = protect(table.places, standard=table.standard if seed % 3 else frozenset())
        found[seed] = {key: one.stored() for key, one in hidden.items()}
    digest = hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()
    assert digest == "aa53e64477dc6a901de6ff5bb82955e0b8d0f24bd868ac7824a3a0967d7fb061"


def test_protection_says_how_far_it_is_and_can_be_stopped_between_steps() -> None:
    table = table_of(7)
    told: list[tuple[int, int]] = []
    whole_tree = protect(table.places, standard=table.standard, progress=lambda *so_far: told.append(so_far))
    assert told == sorted(told)
    assert len({done for done, _ in told}) > len(STANDARD)
    assert all(done < most for done, most in told)
    assert whole_tree == protect(table.places, standard=table.standard)

    def stopping(done: int, most: int) -> None:
        if done > 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        protect(table.places, standard=table.standard, progress=stopping)


def test_a_county_of_a_hundred_and_twenty_villages_takes_seconds() -> None:
    """Counted in work, not in time: it ends, and much is still shown."""
    draw = random.Random(3)
    names = [f"c{number}" for number in range(15)]
    parts = []
    for key in range(2, 122):
        poor, households = draw.randint(15, 60), draw.randint(80, 200)
        criteria = {name: (draw.randint(0, poor), draw.randint(0, 12)) for name in names}
        parts.append(PlaceCounts(key, 1, households, poor, 0, criteria, {"illness": draw.randint(0, poor)}))
    county = PlaceCounts(
        1,
        None,
        sum(part.households for part in parts),
        sum(part.poor for part in parts),
        0,
        {name: tuple(sum(part.criteria[name][at] for part in parts) for at in (0, 1)) for name in names},  # type: ignore[misc]  # two numbers
        {"illness": sum(part.causes["illness"] for part in parts)},
    )
    hidden = protect([county, *parts])
    assert hidden[1] == Hidden()
    assert sum(len(part.not_met) for part in hidden.values()) < 120 * 15
