# SPDX-License-Identifier: Apache-2.0
"""Decides what changes in households that the register knows already, person by person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hearthline.registry.identities import Sealer
from hearthline.registry.loading.bringing import Bringing
from hearthline.registry.loading.known import Known
from hearthline.registry.loading.writing import run_many
from hearthline.registry.rules import SEALED_FIELDS

_REOPEN = """
update registry_household set closed_on = null, opened_by_id = %s, version = version + 1 where id = %s
"""
_MOVE = "update registry_household set area_id = %s, area_path = %s where id = %s"
_MOVE_PEOPLE = "update registry_person set area_path = %s where household_id = %s"
_TOUCH = """
update registry_household set version = version + 1, head_name = %s,
    members = (select count(*) from registry_membership m
               where m.household_id = registry_household.id and m.ends_on is null)
where id = %s
"""
_KEEP_HOUSEHOLD = """
insert into registry_replaced (brought_by_id, household_id, area_id, name, pinyin, initials, id_index, digest)
select %s, id, area_id, head_name, '', '', '', '' from registry_household
where id = %s and (head_name <> %s or area_id <> %s)
"""
_KEEP_PERSON = """
insert into registry_replaced (brought_by_id, household_id, person_id, name, pinyin, initials, id_index,
    wrapped_key, sealed, digest)
select %s, p.household_id, p.id, p.name, p.pinyin, p.initials, p.id_index, i.wrapped_key, i.sealed, i.digest
from registry_person p join registry_identity i on i.person_id = p.id where p.id = %s
"""
_REOPEN_PERSON = "update registry_person set closed_on = null, opened_by_id = %s where id = %s"
_REJOIN = """
insert into registry_membership (person_id, household_id, starts_on)
select %s, %s, %s where not exists (
    select 1 from registry_membership where person_id = %s and ends_on is null)
"""
_RENAME = "update registry_person set name = %s, pinyin = %s, initials = %s, id_index = %s where id = %s"
_RESEAL = """
update registry_identity set wrapped_key = %s, sealed = %s, digest = %s where person_id = %s
"""
Row = Mapping[str, Any]  # Any: a row of an Arrow table

_OBSERVED = ("number", "facts", "records", "digest", "file_number", "line")


@dataclass
class Changes:
    """What is to be written of the known households of one chunk."""

    bringing: Bringing
    sealer: Sealer
    known: Known
    id_of: dict[int, int] = field(default_factory=dict)
    path_of: dict[int, str] = field(default_factory=dict)
    heads: dict[int, str] = field(default_factory=dict)
    areas: dict[int, int] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)
    household_rows: list[dict[str, object]] = field(default_factory=list)
    person_rows: list[dict[str, object]] = field(default_factory=list)
    new_people: list[Row] = field(default_factory=list)
    seen: set[tuple[int, int | None]] = field(default_factory=set)
    _reopened: list[Sequence[object]] = field(default_factory=list)
    _moved: list[Sequence[object]] = field(default_factory=list)
    _moved_people: list[Sequence[object]] = field(default_factory=list)
    _people_reopened: list[Sequence[object]] = field(default_factory=list)
    _rejoined: list[Sequence[object]] = field(default_factory=list)
    _renamed: list[Sequence[object]] = field(default_factory=list)
    _resealed: list[Sequence[object]] = field(default_factory=list)

    def see_household(self, row: Row) -> None:
        """Compare a household with what is known of it."""
        known = self.known.households[row["number"]]
        self.id_of[row["household_id"]] = known.id
        self.path_of[row["household_id"]] = row["area_path"]
        self.heads[known.id] = row["head_name"]
        self.areas[known.id] = row["area_id"]
        if known.closed:
            self._reopened.append((self.bringing.import_id, known.id))
            self.touched.add(known.id)
        if known.area_path != row["area_path"]:
            self._moved.append((row["area_id"], row["area_path"], known.id))
            self._moved_people.append((row["area_path"], known.id))
            self.touched.add(known.id)
        self._compare(known.id, None, row, self.household_rows)

    def see_person(self, row: Row) -> None:
        """Compare a person with what is known; one who is new waits for a number."""
        household = self.id_of[row["household_id"]]
        known = self.known.people.get(row["number"])
        if known is None:
            self.new_people.append(row)
            self.touched.add(household)
            return
        if known.closed:
            self._people_reopened.append((self.bringing.import_id, known.id))
            self._rejoined.append((known.id, household, self.bringing.observed_on, known.id))
            self.touched.add(household)
        fields = {name: row[name] or "" for name in SEALED_FIELDS}
        differs = known.name != row["name"] or known.identity != self.sealer.digest(fields)
        if differs and not known.erased:
            sealed = self.sealer.seal(row["number"], fields)
            names = (row["name"], row["pinyin"], row["initials"])
            self._renamed.append((*names, sealed.id_index, known.id))
            self._resealed.append((sealed.wrapped_key, sealed.sealed, sealed.digest, known.id))
            self.touched.add(household)
        self._compare(household, known.id, row, self.person_rows)

    def _compare(self, household: int, person: int | None, row: Row, rows: list[dict[str, object]]) -> None:
        subject = (household, person)
        self.seen.add(subject)
        if self.known.same(subject, row["digest"]):
            return
        facts, digest = self.known.completed(subject, row["facts"], row["records"])
        if self.known.same(subject, digest):
            return
        self.touched.add(household)
        rows.append(
            {
                "household": household,
                "person": person,
                "number": row["number"],
                "facts": facts,
                "records": row["records"],
                "digest": digest,
                "file_number": row["file_number"],
                "line": row["line"],
            }
        )

    def unlisted(self) -> int:
        """How many people an earlier import listed in these households and this one does not."""
        return sum(person is not None for _, person in self.known.digests.keys() - self.seen)

    def write(self, numbers: Sequence[int]) -> None:
        """Write all but observations; ``numbers`` are those that the new people were given."""
        for row, number in zip(self.new_people, numbers, strict=True):
            subject = (self.id_of[row["household_id"]], number)
            self.person_rows.append(
                {
                    "household": subject[0],
                    "person": number,
                    **{name: row[name] for name in _OBSERVED},
                }
            )
        bringing = self.bringing.import_id
        touched = sorted(self.touched)
        run_many(_KEEP_HOUSEHOLD, [(bringing, one, self.heads[one], self.areas[one]) for one in touched])
        # who only comes back is kept as well: there is no observation by which an undoing would find him
        kept = sorted({int(str(row[-1])) for row in (*self._renamed, *self._people_reopened)})
        run_many(_KEEP_PERSON, [(bringing, person) for person in kept])
        run_many(_REOPEN, self._reopened)
        run_many(_MOVE, self._moved)
        run_many(_MOVE_PEOPLE, self._moved_people)
        run_many(_REOPEN_PERSON, self._people_reopened)
        run_many(_REJOIN, self._rejoined)
        run_many(_RENAME, self._renamed)
        run_many(_RESEAL, self._resealed)
        run_many(_TOUCH, [(self.heads[household], household) for household in touched])
