# SPDX-License-Identifier: Apache-2.0
"""Decides the numbers, the order and the partitions of the accepted rows, and hands them to the writer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON
from hearthline.engine.snapshots import KEYS_OF
from hearthline.engine.snapshots.sealing import HashedFile
from hearthline.engine.snapshots.writer import HOUSEHOLDS_PER_PARTITION, SnapshotWriter
from hearthline.intake.planning import EntryPlan
from hearthline.intake.staging import Staging, facts_table

ROWS_PER_BATCH = 50_000

_KEYS = r"""
select translate(replace(replace(_ukey, '\', '\\'), '|', '\|'), chr(31) || chr(30), '||') as source_key, id
from keyed where _ukey is not null
order by id
"""
"""The parts of a key joined by bars; a bar or a backslash within a part follows a backslash, so that no two
different keys are told alike."""

_AREAS = """
create table areas as
with used as (
    select distinct r.path
    from rows r join entries e on e.number = r.entry and e.lists and e.level in ('household', 'area')
    where r.path is not null and r._rid not in (select _rid from refused where _rid is not null)
), found as (
    select s.code, any_value(s.parent) as parent, any_value(s.name) as name, any_value(s.depth) as depth,
           any_value(s.way) as way
    from area_steps s join used u on u.path = s.path
    group by s.code
)
select row_number() over (order by way) as area_id, code, parent, name, depth from found
"""

_AREA_OF_PATH = """
create table area_of_path as
select s.path, arg_max(a.area_id, s.depth) as area_id
from area_steps s join areas a on a.code = s.code
group by s.path
"""

_AREA_ROWS = """
create table ids_of_area as
select a.area_id, parent.area_id as parent_id, a.code as area_code, a.name as area_name, a.depth, r._rid
from areas a left join areas parent on parent.code = a.parent
left join (
    select ap.area_id, min(r._rid) as _rid
    from rows r join entries e on e.number = r.entry and e.level = 'area'
    join area_of_path ap on ap.path = r.path
    where r._rid not in (select _rid from refused where _rid is not null)
    group by ap.area_id
) r on r.area_id = a.area_id
"""

_HOUSEHOLDS = """
create table ids_of_household as
select row_number() over (order by ap.area_id nulls last, r._rid) as household_id, ap.area_id,
       r.file as source_file, r.line as source_line, r._rid, r._hkey, r._ukey
from households h join rows r on r._rid = h._rid left join area_of_path ap on ap.path = r.path
where r._rid not in (select _rid from refused where _rid is not null)
"""

_PERSONS = """
create table ids_of_person as
select row_number() over (order by h.household_id, r._rid) as person_id, h.household_id,
       r.file as source_file, r.line as source_line, r._rid, r._hkey, r._ukey
from rows r join entries e on e.number = r.entry and e.lists and e.level = 'person'
join ids_of_household h on h._hkey = r._hkey
where r._rid not in (select _rid from refused where _rid is not null)
"""

_RECORDS = """
create table ids_of_record as
select row_number() over (order by h.household_id, r._rid) as id, h.household_id, p.person_id,
       r.file as source_file, r.line as source_line, r._rid, r._hkey, r._ukey
from rows r join entries e on e.number = r.entry and e.lists and e.level = $level
join ids_of_household h on h._hkey = r._hkey
left join ids_of_person p on r.pkey is not null and p._ukey = r.pkey
where r._rid not in (select _rid from refused where _rid is not null)
"""

_WITH_FACTS = """
select ids.*, facts.* exclude (_rid) from ids left join facts on facts._rid = ids._rid
"""

_WITH_JOINED = """
select ids.*, joined.* exclude (_rid, _ukey) from ids left join joined on joined._ukey = ids._ukey
"""

_JOINED = """
select r._ukey, facts.* from facts join rows r on r._rid = facts._rid
where r.entry = $entry and r._ukey is not null
  and r._rid not in (select _rid from refused where _rid is not null)
"""

_COUNTS = """
select coalesce(c.n, 0) as n
from ids_of_household h
left join (select household_id, count(*) as n from ids group by household_id) c using (household_id)
where h.household_id between $first and $last
order by h.household_id
"""


class Assembly:
    """The accepted rows in the order of the snapshot."""

    def __init__(self, staging: Staging) -> None:
        self._staging = staging
        self._connection = staging.connection
        self.rows: dict[str, int] = {}

    def number(self) -> None:
        """Number areas, households, persons and records, in their order."""
        run = self._connection.execute
        for statement in (_AREAS, _AREA_OF_PATH, _AREA_ROWS, _HOUSEHOLDS, _PERSONS):
            run(statement)
        self._attach(AREA)
        self._attach(HOUSEHOLD)
        for level in self._staging.plan.policy.record_levels():
            if level.name == PERSON:
                self._attach(PERSON)
                continue
            run(_RECORDS, {"level": level.name})
            columns = f"id as {level.name}_id, * exclude (id)"
            if level.belongs_to != PERSON:
                columns = f"id as {level.name}_id, * exclude (id, person_id)"
            self._connection.table("ids_of_record").project(columns).create(f"ids_of_{level.name}")
            run("drop table ids_of_record")
            self._attach(level.name)

    @property
    def households(self) -> int:
        """How many households were accepted."""
        return self.rows[HOUSEHOLD]

    @property
    def has_areas(self) -> bool:
        """Whether any accepted household lies in an area."""
        return self.rows[AREA] > 0

    def write(self, writer: SnapshotWriter, told: Callable[[int], None]) -> None:
        """Hand every accepted row to the writer; ``told`` hears how many rows went since."""
        for first in range(1, self.households + 1, HOUSEHOLDS_PER_PARTITION):
            last = min(first + HOUSEHOLDS_PER_PARTITION - 1, self.households)
            counts = self._counts(first, last)
            for level in writer.levels:
                for rows in self._batches(level, first, last):
                    at = rows.column("household_id")[0].as_py() - first if level == HOUSEHOLD else 0
                    for name, numbers in counts.items() if level == HOUSEHOLD else ():
                        rows = rows.append_column(name, numbers.slice(at, rows.num_rows))
                    writer.write(level, rows)
                    told(rows.num_rows)
            writer.end_partition()
        if self.has_areas:
            writer.write_areas(self._table(AREA))

    def write_keys(self, path: Path, snapshot: str) -> None:
        """Write the private file that says which key of the source each number stands for.

        It names the hash of its ``snapshot``: beside another one its numbers would be other households.
        """
        fields = [("level", pa.string()), ("source_key", pa.string()), ("id", pa.int64())]
        schema = pa.schema(fields, metadata={KEYS_OF: snapshot})
        with HashedFile(path) as file, pq.ParquetWriter(file, schema, compression="zstd") as writer:
            for level in self._staging.plan.policy.levels:
                if level == AREA:
                    continue
                self._connection.table(f"ids_of_{level}").project(f"_ukey, {level}_id as id").create_view(
                    "keyed", replace=True
                )
                reader: pa.RecordBatchReader = self._connection.sql(_KEYS).to_arrow_reader(ROWS_PER_BATCH)
                for batch in reader:
                    table = pa.Table.from_batches([batch])
                    levels = pa.repeat(pa.scalar(level), table.num_rows)
                    writer.write_table(table.add_column(0, "level", levels).cast(schema))

    def _attach(self, level: str) -> None:
        """Put the facts beside the numbers of a level, in order, as ``out_of_<level>``."""
        plan, connection = self._staging.plan, self._connection
        name = f"ids_of_{level}"
        self.rows[level] = connection.table(name).shape[0]
        used = []
        listing = plan.listing(level)
        if listing:
            used = [facts_table(listing[0]), f"with_{level}"]
            name = self._joined_with(name, used[0], _WITH_FACTS, used[1])
        for entry in plan.joining(level):
            joined, facts = self._joined(entry), name
            name = self._joined_with(facts, joined, _WITH_JOINED, f"with_{level}_{entry.number}")
            used += [facts_table(entry), joined, name]
        kept = [
            column for column in connection.table(name).columns if column not in ("_rid", "_hkey", "_ukey")
        ]
        order = "area_id" if level == AREA else f"{level}_id"
        quoted = ", ".join(f'"{column}"' for column in kept)  # a fact may be called order or group
        connection.table(name).project(quoted).order(order).create(f"out_of_{level}")
        for name in ("ids", "facts", "joined"):
            connection.execute(f"drop view if exists {name}")
        self._staging.drop(*used)

    def _joined_with(self, ids: str, facts: str, statement: str, name: str) -> str:
        connection = self._connection
        connection.table(ids).create_view("ids", replace=True)
        connection.table(facts).create_view("joined" if statement is _WITH_JOINED else "facts", replace=True)
        connection.sql(statement).create(name)
        return name

    def _joined(self, entry: EntryPlan) -> str:
        name = f"joined_{entry.number}"
        self._connection.table(facts_table(entry)).create_view("facts", replace=True)
        self._connection.sql(_JOINED, params={"entry": entry.number}).create(name)
        return name

    def _counts(self, first: int, last: int) -> dict[str, pa.Array]:
        counts = {}
        for fact, level in self._staging.plan.counted.items():
            self._connection.table(f"ids_of_{level}").create_view("ids", replace=True)
            found = self._connection.sql(_COUNTS, params={"first": first, "last": last})
            numbers: pa.Table = found.to_arrow_table()
            counts[fact] = numbers.column("n").combine_chunks()
        return counts

    def _batches(self, level: str, first: int, last: int) -> Iterator[pa.Table]:
        rows = self._connection.table(f"out_of_{level}").filter(f"household_id between {first} and {last}")
        reader: pa.RecordBatchReader = rows.order(f"{level}_id").to_arrow_reader(ROWS_PER_BATCH)
        for batch in reader:
            yield pa.Table.from_batches([batch])

    def _table(self, level: str) -> pa.Table:
        return self._connection.table(f"out_of_{level}").order(f"{level}_id").to_arrow_table()
