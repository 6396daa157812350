# SPDX-License-Identifier: Apache-2.0
"""Decides the invented offices that publish: tables of places by status, again and again, by a seed.

A world has places in a tree, a day after another, a second geography that cuts the villages otherwise, and a
second classification of the same households. What it publishes, by which method and when, is drawn.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from hearthline.statistics.gate import Method
from hearthline.statistics.release import Counts, Sum

STATUS = ("poor", "not poor", "unknown")
HEALTH = ("ill", "well")


@dataclass
class World:
    """Villages with their households on a day: how many of each status and of each state of health."""

    chance: random.Random
    villages: dict[str, dict[str, int]] = field(default_factory=dict)
    day: int = 1

    @classmethod
    def of(cls, seed: int, *, most: int = 7) -> World:
        """A world by its seed."""
        chance = random.Random(seed)
        world = cls(chance)
        for number in range(chance.randint(2, most)):
            world.villages[f"v{number}"] = {
                "poor": _small(chance),
                "not poor": chance.choice([0, *range(5, 90, 7)]),
                "unknown": chance.choice([0, 0, 0, 1, 4, 15]),
            }
        for classes in world.villages.values():
            poor = classes["poor"]
            classes["ill"] = chance.randint(0, poor)
            classes["well"] = poor - classes["ill"]
        return world

    def another_day(self) -> None:
        """Households fall into poverty and rise out of it."""
        self.day += 1
        for classes in self.villages.values():
            moved = self.chance.randint(-3, 4)
            moved = max(-classes["poor"], min(classes["not poor"], moved))
            classes["poor"] += moved
            classes["not poor"] -= moved
            classes["ill"] = min(classes["ill"], classes["poor"])
            classes["well"] = classes["poor"] - classes["ill"]

    def groups(self, cut: int) -> dict[str, list[str]]:
        """The villages in townships; ``cut`` moves the border of the second geography."""
        names = list(self.villages)
        border = max(1, min(len(names) - 1, len(names) // 2 + cut)) if len(names) > 1 else 1
        return {f"t{cut}a": names[:border], f"t{cut}b": names[border:]}

    def table(self, *, cut: int = 0, health: bool = False) -> Counts:
        """Townships and the county by status, and the villages; or the poor by state of health."""
        counts: dict[str, int] = {}
        sums: list[Sum] = []
        classes = HEALTH if health else STATUS
        whole = "poor" if health else "all"
        for village, held in self.villages.items():
            counts |= {self.name(village, one): held[one] for one in classes}
            counts[self.name(village, whole)] = sum(held[one] for one in classes)
        tops = {name: parts for name, parts in self.groups(cut).items() if parts}
        for place, parts in [*tops.items(), ("county", list(tops))]:
            for one in (*classes, whole):
                names = tuple(self.name(part, one) for part in parts)
                counts[self.name(place, one)] = sum(counts[name] for name in names)
                sums.append(Sum(self.name(place, one), names))
        for place in [*self.villages, *tops, "county"]:
            within = tuple(self.name(place, one) for one in classes)
            sums.append(Sum(self.name(place, whole), within, classes=True))
        return Counts(counts, tuple(sums))

    def name(self, place: str, one: str) -> str:
        """The name of a count of this day."""
        return f"{one} in {place}@{self.day}"

    def publications(self) -> Iterator[tuple[Counts, Method]]:
        """What the office wants to publish, one after the other."""
        methods = (Method.SUPPRESS, Method.ROUND)
        for _ in range(self.chance.randint(2, 4)):
            step = self.chance.choice(("again", "cut", "health", "day", "day"))
            if step == "day":
                self.another_day()
            yield (
                self.table(
                    cut=1 if step == "cut" else 0,
                    health=step == "health",
                ),
                self.chance.choice(methods),
            )


def _small(chance: random.Random) -> int:
    return chance.choice([0, chance.randint(1, 10), chance.randint(5, 60)])
