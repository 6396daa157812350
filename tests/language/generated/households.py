# SPDX-License-Identifier: Apache-2.0
"""Decides random households for a generated package: none to five members, none to four records each."""

from __future__ import annotations

from random import Random

from hearthline.engine.rules.evaluator import OWNER_KEY, Record
from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON, Value
from tests.language.generated.ground import Ground, random_value

MOST_MEMBERS = 5
MOST_RECORDS = 4


def random_household(random: Random, ground: Ground) -> Record:
    """One household with its people, their records, and perhaps an area."""
    record = Record(household=_row(random, ground, HOUSEHOLD))
    if ground.has(AREA) and random.random() < 0.9:
        record.area = _row(random, ground, AREA)
    if ground.has(PERSON):
        members = random.randint(0, MOST_MEMBERS)
        record.tables[PERSON] = [_row(random, ground, PERSON) for _ in range(members)]
    for table in ground.levels:
        if table.belongs_to == HOUSEHOLD and table.name != PERSON:
            count = random.randint(0, MOST_RECORDS)
            record.tables[table.name] = [_row(random, ground, table.name) for _ in range(count)]
        elif table.belongs_to == PERSON:
            record.tables[table.name] = [
                {**_row(random, ground, table.name), OWNER_KEY: owner}
                for owner in range(len(record.tables[PERSON]))
                for _ in range(random.choice((0, 0, 1, 2)))
            ]
    return record


def _row(random: Random, ground: Ground, level: str) -> dict[str, Value]:
    return {entry.name: random_value(random, entry) for entry in ground.of_level[level]}
