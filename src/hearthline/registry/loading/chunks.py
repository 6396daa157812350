# SPDX-License-Identifier: Apache-2.0
"""Decides what one chunk of whole households holds, ready to be written: documents, names, places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import duckdb
import numpy as np
import pyarrow as pa

from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON, Policy
from hearthline.engine.snapshots import Snapshot
from hearthline.engine.snapshots.schema import id_column
from hearthline.registry.loading.checking import Place, stage_numbers, stage_places
from hearthline.registry.loading.numbering import demand_numbers_of_their_own
from hearthline.registry.loading.papers import Papers, facts_text
from hearthline.registry.names import spelled

READ_AT_ONCE = 10_000
"""Households whose documents are written at once: the fewer, the more of a file is read in vain."""

_HOUSEHOLDS = """
select n.household_id, n.number, p.id as area_id, p.path as area_path,
       coalesce(h.name, '') as head_name, coalesce(h.members, 0) as members
from numbered n join places p on p.area_id = n.area_id
left join (
    select household_id, count(*) as members,
           coalesce(arg_min(name, person_id) filter (is_head), arg_min(name, person_id)) as name
    from chunk_people group by household_id
) h using (household_id)
where n.household_id between $first and $last
  and n.household_id not in (select household_id from refused)
order by n.household_id
"""
_CHUNK_PEOPLE = """
create or replace temp table chunk_people as
select n.person_id, n.household_id, n.number, n.name, n.national_id, i.phone, i.account,
       coalesce(i.is_head, false) as is_head
from people_numbered n left join identities i on i.person_id = n.person_id
where n.household_id between $first and $last
  and n.household_id not in (select household_id from refused)
"""
_PEOPLE = """
select *, person_id = min(person_id) over family and not bool_or(is_head) over family as stands_first
from chunk_people window family as (partition by household_id) order by person_id
"""
_COUNTS = "select count(*) from people_numbered where household_id <= $last"
_AREAS = """
select p.id, p.path, d.facts, md5(d.facts || chr(10) || '{}') as digest
from area_documents d join places p using (area_id) where p.id is not null and d.facts <> '{}' order by p.id
"""
_REFUSED = """
select r.household_id, r.code, r.value, n.source_file, n.source_line
from refused r join numbered n using (household_id) order by r.household_id limit $most
"""
_SAME_ID = "select number from same_id order by person_id limit $most"
_REFUSED_COUNTS = """
select r.code, count(*) as households, sum(p.n)::bigint as people
from refused r left join (select household_id, count(*) as n from people_numbered group by household_id) p
using (household_id) group by r.code order by r.code
"""


@dataclass(frozen=True)
class Chunk:
    """Households from ``first`` to ``last`` of the snapshot that may enter, and their people."""

    first: int
    last: int
    households: pa.Table
    people: pa.Table


class Reading:
    """A snapshot being read for the register; a context, for it holds memory and files."""

    def __init__(
        self,
        snapshot: Snapshot,
        identities: Path,
        keys: Path | None,
        policy: Policy,
        *,
        work: Path,
        places: Mapping[str, Place],
        own: Place,
        prefix: str,
    ) -> None:
        self.snapshot = snapshot
        work.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._policy = policy
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": "1GB",
            "threads": 2,
            "temp_directory": str(work),
        }
        self._connection = duckdb.connect(":memory:", config=settings)
        self._ready: Chunk | None = None
        self._papers = Papers(self._connection, snapshot, policy)
        stage_places(self._connection, snapshot, places, own)
        stage_numbers(self._connection, snapshot, identities, keys, prefix)
        demand_numbers_of_their_own(self._connection, policy.jurisdiction)

    def __enter__(self) -> Reading:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def chunk(self, first: int, size: int) -> Chunk:
        """The next households from ``first`` on, at most ``size`` of them."""
        last = min(first + size - 1, self.snapshot.households)
        if self._ready is None or first < self._ready.first or last > self._ready.last:
            end = min(first + max(size, READ_AT_ONCE) - 1, self.snapshot.households)
            self._ready = self._read(first, end)
        return Chunk(
            first,
            last,
            _between(self._ready.households, first, last),
            _between(self._ready.people, first, last),
        )

    def _read(self, first: int, last: int) -> Chunk:
        within = {"first": first, "last": last}
        self._connection.execute(_CHUNK_PEOPLE, within)
        people = self._connection.sql(_PEOPLE).to_arrow_table()
        households = self._connection.sql(_HOUSEHOLDS, params=within).to_arrow_table()
        return Chunk(
            first,
            last,
            self._with_papers(HOUSEHOLD, households, first, last),
            self._with_papers(PERSON, with_readings(people), first, last),
        )

    def _with_papers(self, level: str, rows: pa.Table, first: int, last: int) -> pa.Table:
        """The households or people, in order, with the documents of those of them that may enter."""
        papers = self._papers.of(level, first, last)
        if rows.num_rows != papers.num_rows:
            wanted = rows.column(id_column(level)).to_numpy()
            papers = papers.take(np.searchsorted(papers.column("owner").to_numpy(), wanted))
        for name in ("facts", "records", "digest", "file_number", "line"):
            rows = rows.append_column(name, papers.column(name))
        return rows.combine_chunks()

    def areas(self) -> list[tuple[int, str, str, str]]:
        """Number and path of each place of which something is said, the document and its digest."""
        if not self.snapshot.has_areas:
            return []
        columns = self.snapshot.manifest.tables[AREA].columns
        facts = [fact for name, fact in self._policy.facts.get(AREA, {}).items() if name in columns]
        paths = [str(path) for path in self.snapshot.paths(AREA)]
        rows = self._connection.read_parquet(paths).project(f"area_id, {facts_text(facts)} as facts")
        rows.create_view("area_documents", replace=True)
        return self._connection.sql(_AREAS).fetchall()

    def people_before(self, household: int) -> int:
        """How many people the households up to and with this one have."""
        row = self._connection.execute(_COUNTS, {"last": household}).fetchone()
        return int(row[0]) if row else 0

    def refused(self, most: int) -> list[tuple[int, str, str, int | None, int | None]]:
        """The households that may not enter: number, code of the reason, value, file and line."""
        return self._connection.execute(_REFUSED, {"most": most}).fetchall()

    def refused_counts(self) -> list[tuple[str, int, int | None]]:
        """For each reason how many households and people it keeps out."""
        return self._connection.execute(_REFUSED_COUNTS).fetchall()

    def same_ids(self, most: int) -> list[str]:
        """Numbers of people who share their national ID with another one of the files."""
        return [row[0] for row in self._connection.execute(_SAME_ID, {"most": most}).fetchall()]


def _between(rows: pa.Table, first: int, last: int) -> pa.Table:
    """The rows of some households; they stand in the order of the households."""
    numbers = rows.column("household_id").to_numpy()
    start, end = np.searchsorted(numbers, [first, last + 1])
    return rows.slice(int(start), int(end - start)).combine_chunks()


def with_readings(people: pa.Table) -> pa.Table:
    """The people with the pinyin and the initials of their names; each name is read once."""
    coded = people.column("name").combine_chunks().dictionary_encode()
    readings = [spelled(name) for name in coded.dictionary.to_pylist()]
    for place, column in enumerate(("pinyin", "initials")):
        read = pa.array([reading[place] for reading in readings], pa.string())
        people = people.append_column(column, read.take(coded.indices))
    return people
