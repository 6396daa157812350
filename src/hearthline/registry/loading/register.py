# SPDX-License-Identifier: Apache-2.0
"""Decides how a chunk enters the register: new households whole, known ones only where something changed.

Called by the services of the register within the transaction of a chunk. Current values of new subjects are
copied from their only observation by the database itself; those of known ones are computed.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from datetime import date, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthline.areas.rules import range_of
from hearthline.registry.identities import Sealer
from hearthline.registry.loading import known as knowledge
from hearthline.registry.loading.bringing import Bringing
from hearthline.registry.loading.changes import Changes
from hearthline.registry.loading.chunks import Chunk
from hearthline.registry.loading.known import Known, known_of
from hearthline.registry.loading.writing import first_number, run, write_rows
from hearthline.registry.rules import SEALED_FIELDS

_HOUSEHOLD_CACHES = """
insert into registry_householdfacts (household_id, facts, records, origins, observation_id)
select household_id, facts, records, '{}', id from registry_observation where id between %s and %s
"""
_PERSON_CACHES = """
insert into registry_personfacts (person_id, facts, records, origins, observation_id)
select person_id, facts, records, '{}', id from registry_observation where id between %s and %s
"""
_MOST_TOLD = 200


@dataclass
class Counts:
    """What has become of the households and people so far; saved with the cursor of the job."""

    new_households: int = 0
    new_people: int = 0
    changed_households: int = 0
    unchanged_households: int = 0
    unlisted_people: int = 0
    same_id: int = 0
    same_id_people: list[str] = field(default_factory=list)
    refused: list[list[object]] = field(default_factory=list)
    refused_households: int = 0
    refused_people: int = 0

    def stored(self) -> dict[str, object]:
        """As a cursor and a report keep it."""
        return asdict(self)


@dataclass(frozen=True)
class Written:
    """What a chunk wrote: the hash of its observations, the known households that were touched."""

    hash: str
    observations: int
    touched: tuple[int, ...]


class Register:
    """Writes chunks into the register."""

    def __init__(self, bringing: Bringing, sealer: Sealer) -> None:
        self._of = bringing
        self._sealer = sealer

    def write(self, chunk: Chunk, counts: Counts) -> Written:
        """Write a chunk; ``counts`` go on."""
        known = known_of(chunk)
        within = range_of(self._of.area_path)
        refused = knowledge.refusals(chunk, known, within.low, within.high)
        self._tell_refused(chunk, refused, counts)
        chunk = knowledge.without(chunk, refused.keys())
        if not known.households:
            return self._write_new(chunk, counts)
        numbers = chunk.households.column("number").to_pylist()
        new = pa.array([number not in known.households for number in numbers], pa.bool_())
        ids = chunk.households.column("household_id").filter(new)
        of_new = pc.is_in(
            chunk.people.column("household_id"), value_set=pa.array(ids.to_pylist(), pa.int64())
        )
        fresh = Chunk(chunk.first, chunk.last, chunk.households.filter(new), chunk.people.filter(of_new))
        old = Chunk(
            chunk.first,
            chunk.last,
            chunk.households.filter(pc.invert(new)),
            chunk.people.filter(pc.invert(of_new)),
        )
        first = self._write_new(fresh, counts)
        second = self._write_known(old, known, counts)
        digest = hashlib.sha256((first.hash + second.hash).encode()).hexdigest()
        return Written(digest, first.observations + second.observations, second.touched)

    def _tell_refused(self, chunk: Chunk, refused: dict[int, tuple[str, str]], counts: Counts) -> None:
        if not refused:
            return
        counts.refused_households += len(refused)
        counts.refused_people += sum(
            household in refused for household in chunk.people.column("household_id").to_pylist()
        )
        room = _MOST_TOLD - len(counts.refused)
        counts.refused += [[number, *reason] for number, reason in list(refused.items())[: max(room, 0)]]

    def _write_new(self, chunk: Chunk, counts: Counts) -> Written:
        households, people = chunk.households, chunk.people
        count = households.num_rows
        if not count:
            return Written(_hash_of(pa.nulls(0, pa.string()), pa.nulls(0, pa.string())), 0, ())
        first = first_number("registry_household", count)
        numbers = _run_of(first, count)
        write_rows(
            "registry_household",
            {
                "id": numbers,
                "number": households.column("number").combine_chunks(),
                "area_id": households.column("area_id").combine_chunks(),
                "area_path": households.column("area_path").combine_chunks(),
                "head_name": households.column("head_name").combine_chunks(),
                "members": households.column("members").combine_chunks(),
                "registered_on": _same(self._of.observed_on, count),
                "opened_by_id": _same(self._of.import_id, count),
                "version": _same(1, count),
            },
        )
        place = pc.index_in(
            people.column("household_id").combine_chunks(),
            value_set=households.column("household_id").combine_chunks(),
        )
        person_ids = self._write_people(
            people, numbers.take(place), households.column("area_path").take(place), counts
        )
        counts.new_households += count
        own = self._observe(numbers, None, households)
        run(_HOUSEHOLD_CACHES, own[0], own[0] + count - 1)
        of_people = self._observe(numbers.take(place), person_ids, people)
        if people.num_rows:
            run(_PERSON_CACHES, of_people[0], of_people[0] + people.num_rows - 1)
        return Written(_hash_of(own[1], of_people[1]), count + people.num_rows, ())

    def _write_people(
        self, people: pa.Table, households: pa.Array, paths: pa.Array, counts: Counts
    ) -> pa.Array:
        """Enter people with identity and membership; their numbers of rows."""
        count = people.num_rows
        if not count:
            return pa.array([], pa.int64())
        first = first_number("registry_person", count)
        numbers = _run_of(first, count)
        people = sealed_people(people, self._sealer)
        write_rows(
            "registry_person",
            {
                "id": numbers,
                "number": people.column("number").combine_chunks(),
                "household_id": households,
                "area_path": paths.combine_chunks() if isinstance(paths, pa.ChunkedArray) else paths,
                "name": people.column("name").combine_chunks(),
                "pinyin": people.column("pinyin").combine_chunks(),
                "initials": people.column("initials").combine_chunks(),
                "id_index": people.column("id_index").combine_chunks(),
                "is_head": pc.or_(people.column("is_head"), people.column("stands_first")).combine_chunks(),
                "opened_by_id": _same(self._of.import_id, count),
            },
        )
        write_rows(
            "registry_identity",
            {
                "person_id": numbers,
                "wrapped_key": people.column("wrapped_key").combine_chunks(),
                "sealed": people.column("sealed").combine_chunks(),
                "digest": people.column("identity").combine_chunks(),
            },
        )
        write_rows(
            "registry_membership",
            {
                "person_id": numbers,
                "household_id": households,
                "starts_on": _same(self._of.observed_on, count),
            },
        )
        counts.new_people += count
        self._tell_same_ids(first, first + count - 1, counts)
        return numbers

    def _tell_same_ids(self, first: int, last: int, counts: Counts) -> None:
        within = range_of(self._of.area_path)
        same = knowledge.others_with_id(first, last, within.low, within.high)
        counts.same_id += len(same)
        counts.same_id_people += same[: max(_MOST_TOLD - len(counts.same_id_people), 0)]

    def _observe(self, households: pa.Array, people: pa.Array | None, rows: pa.Table) -> tuple[int, pa.Array]:
        """Write one observation for each row; the number of the first, and what is hashed of all."""
        count = rows.num_rows
        if not count:
            return 0, pa.nulls(0, pa.string())
        first = first_number("registry_observation", count)
        columns = {
            "id": _run_of(first, count),
            "household_id": households,
            **({"person_id": people} if people is not None else {}),
            "facts": rows.column("facts").combine_chunks(),
            "records": rows.column("records").combine_chunks(),
            "source": _same(self._of.source, count),
            "observed_on": _same(self._of.observed_on, count),
            "recorded_at": _same(self._of.recorded_at, count),
            "officer_id": _same(self._of.officer_id, count),
            "brought_by_id": _same(self._of.import_id, count),
            "evidence": _same("", count),
            "file_number": rows.column("file_number").combine_chunks(),
            "line": rows.column("line").combine_chunks(),
            "digest": rows.column("digest").combine_chunks(),
        }
        write_rows("registry_observation", columns)
        numbers, digests = rows.column("number").combine_chunks(), columns["digest"]
        return first, pc.binary_join_element_wise(numbers, digests, " ")

    def _write_known(self, chunk: Chunk, known: Known, counts: Counts) -> Written:
        changes = Changes(self._of, self._sealer, known)
        for row in chunk.households.to_pylist():
            changes.see_household(row)
        for row in chunk.people.to_pylist():
            changes.see_person(row)
        counts.unlisted_people += changes.unlisted()
        new = changes.new_people
        paths = [changes.path_of[row["household_id"]] for row in new]
        households = [changes.id_of[row["household_id"]] for row in new]
        schema = chunk.people.schema
        ids = self._write_people(
            pa.Table.from_pylist(new, schema=schema),
            pa.array(households, pa.int64()),
            pa.array(paths, pa.string()),
            counts,
        )
        changes.write(ids.to_pylist())
        own = self._observe_known(changes.household_rows)
        of_people = self._observe_known(changes.person_rows)
        counts.changed_households += len(changes.touched)
        counts.unchanged_households += chunk.households.num_rows - len(changes.touched)
        return Written(
            _hash_of(own, of_people),
            len(changes.household_rows) + len(changes.person_rows),
            tuple(sorted(changes.touched)),
        )

    def _observe_known(self, rows: list[dict[str, object]]) -> pa.Array:
        names = ("number", "facts", "records", "digest")
        columns = {name: pa.array([row[name] for row in rows], pa.string()) for name in names}
        columns["file_number"] = pa.array([row["file_number"] for row in rows], pa.int16())
        columns["line"] = pa.array([row["line"] for row in rows], pa.int32())
        table = pa.table(columns)
        households = pa.array([row["household"] for row in rows], pa.int64())
        of_people = rows and rows[0].get("person") is not None
        people = pa.array([row["person"] for row in rows], pa.int64()) if of_people else None
        return self._observe(households, people, table)[1]


def _run_of(first: int, count: int) -> pa.Array:
    return pa.array(np.arange(first, first + count))


def _same(value: int | str | date | datetime, count: int) -> pa.Array:
    return pa.repeat(pa.scalar(value), count)


def _hash_of(*lines: pa.Array) -> str:
    """SHA-256 over the lines "number digest" of the observations, households before people."""
    digest = hashlib.sha256()
    for column in lines:
        digest.update("\n".join(column.to_pylist()).encode())
        digest.update(b"\n\n")
    return digest.hexdigest()


def sealed_people(people: pa.Table, sealer: Sealer) -> pa.Table:
    """People with what identifies them sealed; as they are if that is done."""
    if "sealed" in people.column_names:
        return people
    given = [people.column(name).to_pylist() for name in ("number", *SEALED_FIELDS)]
    found = [
        sealer.seal(
            number, {"national_id": national_id or "", "phone": phone or "", "account": account or ""}
        )
        for number, national_id, phone, account in zip(*given, strict=True)
    ]
    columns = {
        "wrapped_key": pa.array([one.wrapped_key for one in found], pa.binary()),
        "sealed": pa.array([one.sealed for one in found], pa.binary()),
        "identity": pa.array([one.digest for one in found], pa.string()),
        "id_index": pa.array([one.id_index for one in found], pa.string()),
    }
    for name, values in columns.items():
        people = people.append_column(name, values)
    return people
