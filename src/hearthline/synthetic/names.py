# SPDX-License-Identifier: Apache-2.0
"""Decides the invented names of people and places, kept in a file of their own beside the snapshot."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from hearthline.engine.snapshots.identities import SCHEMA
from hearthline.synthetic import words
from hearthline.synthetic.draws import Draws
from hearthline.synthetic.families import CHILD_IN_LAW, MOTHER, SPOUSE, People
from hearthline.synthetic.places import AreaRows

_GIVEN = [
    (first, second)
    for firsts, seconds in (
        (words.MALE_FIRST, words.MALE_SECOND),
        (words.FEMALE_FIRST, words.FEMALE_SECOND),
    )
    for first in firsts
    for second in seconds
]
_PER_SEX = len(_GIVEN) // 2
_PEOPLE = [(surname, given) for surname in words.SURNAMES for given in _GIVEN]
_WRITTEN = pa.array([words.written((surname, *given)) for surname, given in _PEOPLE])
_SPELLED = pa.array([f"{words.spelled((surname,))} {words.spelled(given)}" for surname, given in _PEOPLE])


def people_names(draws: Draws, people: People, first_household: int, first_person: int) -> pa.Table:
    """Names of everyone of a county: children bear their father's surname, who married in has another."""
    count = people.count
    of = people.household
    family = draws.whole("surname", 0, len(words.SURNAMES) - 1, people.households)[of]
    other = draws.whole("other surname", 0, len(words.SURNAMES) - 1, count)
    married_in = np.isin(people.slot, (SPOUSE, MOTHER, CHILD_IN_LAW))
    surname = np.where(married_in, other, family)
    given = people.female * _PER_SEX + draws.whole("given name", 0, _PER_SEX - 1, count)
    index = pa.array((surname * len(_GIVEN) + given).astype(np.int32))
    return identity_rows(
        count,
        household_id=pa.array(of + first_household),
        person_id=pa.array(np.arange(count) + first_person),
        name=_WRITTEN.take(index),
        pinyin=_SPELLED.take(index),
    )


def place_names(areas: AreaRows) -> pa.Table:
    """Names of the areas, as they stand in the snapshot, with their readings."""
    return identity_rows(
        len(areas.rows),
        area_id=pa.array([row["area_id"] for row in areas.rows], pa.int64()),
        name=pa.array([row["area_name"] for row in areas.rows], pa.string()),
        pinyin=pa.array(areas.readings, pa.string()),
    )


def identity_rows(count: int, **columns: pa.Array) -> pa.Table:
    """Rows of the file of names; what is not given is unknown."""
    found = [columns.get(field.name, pa.nulls(count, field.type)) for field in SCHEMA]
    return pa.Table.from_arrays(
        [column.cast(field.type) for column, field in zip(found, SCHEMA, strict=True)], schema=SCHEMA
    )
