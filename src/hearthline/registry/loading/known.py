# SPDX-License-Identifier: Apache-2.0
"""Decides what of a chunk the register knows already, and what is new, changed, unchanged or refused."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from hearthline.registry.documents import Document, canonical, digest_of
from hearthline.registry.loading.checking import ELSEWHERE, HOUSEHOLD_CLOSED
from hearthline.registry.loading.chunks import Chunk
from hearthline.registry.loading.writing import fetched, found_among

_HOUSEHOLDS = """
select h.number, h.id, h.area_path, h.closed_on, i.undone_at from registry_household h
left join registry_registerimport i on i.id = h.opened_by_id
where h.number {among}
"""
_PEOPLE = """
select p.number, p.id, p.household_id, p.name, p.closed_on, coalesce(d.digest, ''),
       d.erased_at from registry_person p
left join registry_identity d on d.person_id = p.id where p.number {among}
"""
_OBSERVED = """
select o.household_id, o.person_id, o.digest, o.facts, o.records from registry_observation o
where o.id in (
    select max(s.id) from registry_observation s
    join registry_registerimport i on i.id = s.brought_by_id and i.undone_at is null
    where s.household_id {among} group by s.household_id, s.person_id
)
"""
_ANY_BETWEEN = """
select exists (select 1 from registry_household where number between %s and %s)
    or exists (select 1 from registry_person where number between %s and %s)
"""
_SAME_ID = """
select p.number from registry_person p where p.id between %s and %s and not (p.id_index = '') and (
    select o.id from registry_person o
    where o.id_index = p.id_index and not (o.id_index = '') and o.id <> p.id
        and o.closed_on is null and o.area_path || '' >= %s and o.area_path || '' < %s limit 1
) is not null order by p.number
"""
_AREAS = """
select o.area_id, o.digest from registry_observation o
where o.id in (
    select max(s.id) from registry_observation s
    join registry_registerimport i on i.id = s.brought_by_id and i.undone_at is null
    where s.area_id {among} group by s.area_id
)
"""


def _for_both(statement: str) -> dict[str, str]:
    """The statement with a list of values as each database takes it."""
    return {
        "postgresql": statement.format(among="= any(%s)"),
        "sqlite": statement.format(among="in (select value from json_each(%s))"),
    }


HOUSEHOLDS, PEOPLE, OBSERVED = _for_both(_HOUSEHOLDS), _for_both(_PEOPLE), _for_both(_OBSERVED)
AREAS = _for_both(_AREAS)


@dataclass(frozen=True)
class KnownHousehold:
    """A household that is in the register already."""

    id: int
    area_path: str
    closed: bool
    undone: bool


@dataclass(frozen=True)
class KnownPerson:
    """A person who is in the register already."""

    id: int
    household: int
    name: str
    closed: bool
    identity: str
    erased: bool


@dataclass
class Known:
    """What the register knows of the households and people of a chunk, by their numbers."""

    households: dict[str, KnownHousehold] = field(default_factory=dict)
    people: dict[str, KnownPerson] = field(default_factory=dict)
    digests: dict[tuple[int, int | None], tuple[str, Document, object]] = field(default_factory=dict)

    def same(self, subject: tuple[int, int | None], digest: str) -> bool:
        """Whether the last import said the same of a household (None) or of one of its people."""
        last = self.digests.get(subject)
        return last is not None and last[0] == digest

    def completed(self, subject: tuple[int, int | None], facts: str, records: str) -> tuple[str, str]:
        """The facts, with a null for each that the last import knew and this one does not; and the digest."""
        last = self.digests.get(subject)
        document: Document = json.loads(facts)
        for name in last[1] if last else ():
            document.setdefault(name, None)
        text = canonical(document)
        return text, digest_of(text, records)


def known_of(chunk: Chunk) -> Known:
    """What the register knows of a chunk."""
    known = Known()
    if not _any_between(chunk):
        return known
    numbers = chunk.households.column("number").to_pylist()
    for number, pk, path, closed_on, undone_at in found_among(HOUSEHOLDS, numbers):
        known.households[number] = KnownHousehold(pk, path, closed_on is not None, undone_at is not None)
    for number, pk, household, name, closed_on, identity, erased_at in found_among(
        PEOPLE, chunk.people.column("number").to_pylist()
    ):
        known.people[number] = KnownPerson(
            pk, household, name, closed_on is not None, identity, erased_at is not None
        )
    ids = [household.id for household in known.households.values()]
    for household, person, digest, facts, records in found_among(OBSERVED, ids):
        known.digests[household, person] = (digest, json.loads(facts), records)
    return known


def _any_between(chunk: Chunk) -> bool:
    """Whether any number lies between the first and the last of the chunk: two looks instead of thousands.

    An import in the order of its villages, into places that are new, needs no more.
    """
    bounds: list[str | None] = []
    for rows in (chunk.households, chunk.people):
        extremes = pc.min_max(rows.column("number"))
        bounds += [extremes["min"].as_py(), extremes["max"].as_py()]
    return bool(fetched(_ANY_BETWEEN, *bounds)[0][0])


def refusals(chunk: Chunk, known: Known, low: str, high: str) -> dict[int, tuple[str, str]]:
    """Households of a chunk that may not enter for what the register holds: code of the reason and value.

    What lies outside the place of the import is told as "elsewhere", whatever it is.
    """
    found: dict[int, tuple[str, str]] = {}
    if not known.households and not known.people:
        return found
    inside: dict[int, int] = {}
    rows = zip(
        chunk.households.column("household_id").to_pylist(),
        chunk.households.column("number").to_pylist(),
        strict=True,
    )
    for household, number in rows:
        one = known.households.get(number)
        if one is None:
            continue
        inside[household] = one.id
        if not low <= one.area_path < high:
            found[household] = (ELSEWHERE.code, number)
        elif one.closed and not one.undone:
            found[household] = (HOUSEHOLD_CLOSED.code, number)
    people = zip(
        chunk.people.column("household_id").to_pylist(),
        chunk.people.column("number").to_pylist(),
        strict=True,
    )
    for household, number in people:
        person = known.people.get(number)
        if person is not None and person.household != inside.get(household):
            found.setdefault(household, (ELSEWHERE.code, number))
    return found


def without(chunk: Chunk, refused: Collection[int]) -> Chunk:
    """The chunk without some of its households."""
    if not refused:
        return chunk
    tables = []
    for table in (chunk.households, chunk.people):
        keep = [household not in refused for household in table.column("household_id").to_pylist()]
        tables.append(table.filter(pa.array(keep, pa.bool_())))
    return Chunk(chunk.first, chunk.last, tables[0], tables[1])


def others_with_id(first: int, last: int, low: str, high: str) -> list[str]:
    """Numbers of people, of rows ``first`` to ``last``, whose national ID, by index, another person in the
    imported place has.

    Whether a number is registered elsewhere is not told: whoever imports could try any number (decision 23).
    The other one is looked for row by row by the index alone: a planner that has no statistics yet would
    read all people (hence the limit), or all of the place (hence the path as an expression).
    """
    return [number for (number,) in fetched(_SAME_ID, first, last, low, high)]
