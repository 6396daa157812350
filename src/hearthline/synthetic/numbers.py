# SPDX-License-Identifier: Apache-2.0
"""Decides the invented numbers of households and people, none of which can be anyone's.

A national ID has the form and the check digit of a real one and begins with 99, which is no region. A
telephone number begins with 100, which no mobile telephone does; an account with six noughts.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthline.synthetic.draws import Ints
from hearthline.synthetic.families import HEAD, People
from hearthline.synthetic.names import identity_rows
from hearthline.synthetic.places import AreaValue

_NO_REGION = "99"
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECK = np.frombuffer(b"10X98765432", dtype=np.uint8)
_HAS_PHONE_FROM = 16


def with_numbers(
    named: pa.Table, people: People, county: int, codes: Mapping[AreaValue, AreaValue], villages: Ints
) -> pa.Table:
    """The rows of people with their numbers, and before them a row for every household.

    ``codes`` are the codes of the areas by number, ``villages`` the area of each household in order.
    """
    households = _household_numbers(codes, villages)
    first_household = pc.min(named.column("household_id")).as_py() - int(people.household.min())
    of_person = households.take(pa.array(people.household))
    place = np.arange(people.count) - people.first[people.household] + 1
    number = pc.binary_join_element_wise(of_person, _digits(place, 2), "-")
    serial = named.column("person_id").to_numpy()
    heads = people.slot == HEAD
    rows = identity_rows(
        people.count,
        household_id=named.column("household_id").combine_chunks(),
        person_id=named.column("person_id").combine_chunks(),
        name=named.column("name").combine_chunks(),
        pinyin=named.column("pinyin").combine_chunks(),
        person_number=number,
        national_id=_national_ids(people, county),
        phone=_given(people.age >= _HAS_PHONE_FROM, "100", _digits(serial, 8)),
        account=_given(heads, "000000", _digits(serial, 13)),
        is_head=pa.array(heads),
    )
    of_households = identity_rows(
        people.households,
        household_id=pa.array(np.arange(people.households) + first_household),
        household_number=households,
    )
    return pa.concat_tables([of_households, rows])


def _household_numbers(codes: Mapping[AreaValue, AreaValue], villages: Ints) -> pa.Array:
    """The code of the village and four digits; households stand in the order of their villages."""
    first = np.searchsorted(villages, villages, side="left")
    place = _digits(np.arange(len(villages)) - first + 1, 4)
    village = pa.array([codes[number] for number in villages.tolist()], pa.string())
    return pc.binary_join_element_wise(village, place, "")


def _national_ids(people: People, county: int) -> pa.Array:
    days = people.birth.astype("datetime64[D]")
    years = days.astype("datetime64[Y]").astype(np.int64) + 1970
    months = days.astype("datetime64[M]").astype(np.int64) % 12 + 1
    in_month = (days - days.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64) + 1
    order = _order_of_day(people) * 2 + ~people.female
    texts = [f"{_NO_REGION}{county % 10_000:04d}"]
    body = (years * 10_000 + months * 100 + in_month) * 1_000 + order % 1_000
    digits = np.empty((people.count, 18), dtype=np.uint8)
    digits[:, :6] = np.frombuffer(texts[0].encode(), dtype=np.uint8)
    for place in range(16, 5, -1):
        digits[:, place] = body % 10 + ord("0")
        body //= 10
    digits[:, 17] = _CHECK[((digits[:, :17] - ord("0")).astype(np.int64) @ _WEIGHTS) % 11]
    return pa.array(np.ascontiguousarray(digits).view("S18").ravel().astype("U18"))


def _order_of_day(people: People) -> Ints:
    """The place of each among those of the county born on the same day with the same sex, from 0."""
    key = people.birth * 2 + people.female
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    place = np.empty(people.count, dtype=np.int64)
    place[order] = np.arange(people.count) - np.searchsorted(ordered, ordered, side="left")
    return place


def _given(who: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], head: str, rest: pa.Array) -> pa.Array:
    whole = pc.binary_join_element_wise(pa.scalar(head), rest, "")
    return pc.if_else(pa.array(who), whole, pa.scalar(None, pa.string()))


def _digits(numbers: Ints, width: int) -> pa.Array:
    return pc.utf8_lpad(pa.array(numbers).cast(pa.string()), width, "0")
