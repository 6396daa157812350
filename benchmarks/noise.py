# SPDX-License-Identifier: Apache-2.0
"""Decides the rows of a noisy snapshot: every fact of a package takes any of its values, or none.

The synthetic county is plausible, so many a branch of a rule is never taken there. Noise takes them all:
unknown facts everywhere, dates on both sides of every window and on its very edges, numbers around small
and large thresholds. It says nothing about speed; it is what two queries must agree on before they race.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON, Fact, Policy, Value
from hearthline.engine.rules.types import Kind
from hearthline.engine.snapshots.writer import SnapshotWriter

Draw = Callable[[random.Random], Value]
Rows = dict[str, list[Value]]

UNKNOWN_SHARES = (0.0, 0.0, 0.03, 0.3)
"""A household draws one of these: how often a fact of it is unknown. Half of them know everything."""

SOUND_SHARES = (0.97, 0.9, 0.5)
"""A household draws one of these: how often a yes-or-no fact of it is yes."""

AREAS = 30
ROWS = (0, 0, 1, 1, 2, 3, 4, 6)
"""How many rows of a table a household, or a person, has: one of these."""


def write_noise(
    folder: Path, policy: Policy, households: int, *, on: date, partitions: int, seed: int
) -> None:
    """Seal a snapshot of noise at ``folder``."""
    chance = random.Random(seed)
    with SnapshotWriter(folder, policy) as writer:
        source = _Noise(policy, on, chance)
        writer.write_areas(source.areas(writer.schema(AREA)))
        for number in range(partitions):
            first, last = (households * part // partitions + 1 for part in (number, number + 1))
            tables = source.partition(first, last - 1, households)
            writer.write_partition(
                {level: pa.table(rows, schema=writer.schema(level)) for level, rows in tables.items()}
            )
        writer.seal(created=datetime(on.year, on.month, on.day, tzinfo=UTC))


class _Noise:
    """Draws the rows of one snapshot; rows of a table are numbered through its partitions."""

    def __init__(self, policy: Policy, on: date, chance: random.Random) -> None:
        self.policy = policy
        self.chance = chance
        self.draws = {
            level: {name: _draw_of(fact, on) for name, fact in facts.items()}
            for level, facts in policy.facts.items()
        }
        self.counts = dict.fromkeys(self.draws, 0)

    def areas(self, schema: pa.Schema) -> pa.Table:
        """One county and its villages, some of whose facts are unknown."""
        rows: Rows = {name: [] for name in schema.names}
        for number in range(1, AREAS + 1):
            self._add(rows, AREA, 0.2, 0.5, area_id=number, parent_id=None if number == 1 else 1)
            rows["area_code"].append(f"{number:06d}")
            rows["area_name"].append(f"Village {number}")
            rows["depth"].append(int(number > 1))
        return pa.table(rows, schema=schema)

    def partition(self, first: int, last: int, households: int) -> dict[str, Rows]:
        """All tables of the households ``first`` to ``last`` of so many."""
        tables = {level: self._empty(level) for level in self._levels()}
        for number in range(first, last + 1):
            unknown, sound = self.chance.choice(UNKNOWN_SHARES), self.chance.choice(SOUND_SHARES)
            area = number * AREAS // households + 1
            place = area if area <= AREAS else None
            self._add(tables[HOUSEHOLD], HOUSEHOLD, unknown, sound, household_id=number, area_id=place)
            self._belongings(tables, HOUSEHOLD, unknown, sound, household_id=number)
        return tables

    def _levels(self) -> list[str]:
        return [HOUSEHOLD, *(level.name for level in self.policy.record_levels())]

    def _belongings(
        self, tables: dict[str, Rows], owner: str, unknown: float, sound: float, **keys: int
    ) -> None:
        """Rows of every table that belongs to this household or person."""
        for level in self.policy.record_levels():
            if level.belongs_to == owner:
                for _ in range(self.chance.choice(ROWS)):
                    self.counts[level.name] += 1
                    own = {f"{level.name}_id": self.counts[level.name], **keys}
                    self._add(tables[level.name], level.name, unknown, sound, **own)
                    if level.name == PERSON:
                        self._belongings(tables, PERSON, unknown, sound, **own)

    def _empty(self, level: str) -> Rows:
        keys = [f"{level}_id"]
        if level == HOUSEHOLD:
            keys.append("area_id")
        else:
            keys.append("household_id")
            keys += ["person_id"] if self.policy.levels[level].belongs_to == PERSON else []
        return {name: [] for name in [*keys, "source_file", "source_line", *self.draws.get(level, {})]}

    def _add(self, rows: Rows, level: str, unknown: float, sound: float, **keys: int | None) -> None:
        for name, key in keys.items():
            rows[name].append(key)
        for name in ("source_file", "source_line"):
            if name in rows:
                rows[name].append(None)
        for name, fact in self.policy.facts.get(level, {}).items():
            if not fact.required and self.chance.random() < unknown:
                rows[name].append(None)
            elif fact.type.kind is Kind.BOOLEAN:
                rows[name].append(self.chance.random() < sound)
            else:
                rows[name].append(self.draws[level][name](self.chance))


def _draw_of(fact: Fact, on: date) -> Draw:
    """How a known value of a fact is drawn."""
    if fact.type.codes:
        codes = sorted(fact.type.codes)
        return lambda chance: chance.choice(codes)
    if fact.type.kind is Kind.DATE:
        return _dates(fact, on)
    if fact.type.kind is Kind.NUMBER:
        return _numbers(fact)
    if fact.type.kind is Kind.DOUBLE:
        return lambda chance: chance.uniform(-1000.0, 1000.0)
    return lambda chance: chance.choice(("one", "two"))


def _dates(fact: Fact, on: date) -> Draw:
    """Near the screening date and on the edges of a year before it; births within ninety years."""
    low = fact.minimum if isinstance(fact.minimum, date) else date(1900, 1, 1)
    high = fact.maximum if isinstance(fact.maximum, date) else date(2099, 12, 31)
    span = 90 * 365 if on.year - low.year > 60 else 700
    edges = [on - timedelta(days) for days in (364, 365, 366)]
    edges += [on + timedelta(days) for days in (-1, 0, 1)]
    edges += [date(on.year - years, 9, day) for years in (6, 7, 16) for day in (1, 2)]

    def draw(chance: random.Random) -> Value:
        far = on + timedelta(chance.randint(-span, 60))
        return min(max(far if chance.random() < 0.8 else chance.choice(edges), low), high)

    return draw


def _stored(bound: Decimal | date, scale: int) -> int:
    """A bound of the dictionary as the scaled integer of a snapshot."""
    assert isinstance(bound, Decimal)  # narrows the type: only dates have dates as bounds
    return int(bound * scale)


def _numbers(fact: Fact) -> Draw:
    """Evenly over the sizes of numbers rather than the numbers, zero and the bounds among them."""
    scale = 10**fact.type.scale
    low = -(10**fact.type.digits - 1) if fact.minimum is None else _stored(fact.minimum, scale)
    high = 10**fact.type.digits - 1 if fact.maximum is None else _stored(fact.maximum, scale)

    def draw(chance: random.Random) -> Value:
        sign = -1 if low < 0 and chance.random() < 0.2 else 1
        size = int(10 ** chance.uniform(0, len(str(high)))) - 1
        whole = size - size % scale if chance.random() < 0.5 else size
        return min(max(sign * whole, low), high)

    return draw
