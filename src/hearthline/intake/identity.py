# SPDX-License-Identifier: Apache-2.0
"""Decides who is meant by the rows of a snapshot: names and numbers, in a private file beside it.

The cells are read a second time, once the snapshot stands, and found by file and line: so that no name, ID
number, phone or account ever passes through what becomes the snapshot or the file of refused rows.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from hearthline.engine.rules.policy import HOUSEHOLD, PERSON
from hearthline.engine.snapshots import KEYS_OF, Snapshot
from hearthline.engine.snapshots.identities import SCHEMA, identity_path
from hearthline.engine.snapshots.sealing import HashedFile, fsync_folder
from hearthline.intake.columns import cleaned
from hearthline.intake.maps import FileRule, IdentityRules, ImportMap
from hearthline.intake.readers import opened
from hearthline.intake.readers.chunks import places_of

OF_PERSON = ("person_number", "name", "national_id", "phone", "account")
OF_HOUSEHOLD = ("household_number",)
ROWS_PER_BATCH = 100_000

_PEOPLE = """
select null::bigint as area_id, s.household_id, s.person_id, null::varchar as household_number,
       c.person_number, c.name, null::varchar as pinyin,
       c.national_id, c.phone, c.account, c.is_head
from read_parquet($files) s
left join cells c on c.file = s.source_file and c.line = s.source_line
order by s.person_id
"""
_HOUSEHOLDS = """
select null::bigint as area_id, s.household_id, null::bigint as person_id,
       c.household_number, null::varchar as person_number,
       null::varchar as name, null::varchar as pinyin, null::varchar as national_id, null::varchar as phone,
       null::varchar as account, null::boolean as is_head
from read_parquet($files) s
left join cells c on c.file = s.source_file and c.line = s.source_line
order by s.household_id
"""


def write_identities(import_map: ImportMap, files: Sequence[Path], snapshot: Snapshot) -> Path | None:
    """Write who is in ``snapshot`` beside it, for its owner's eyes alone; None if the map does not ask."""
    rules = import_map.identity
    if rules is None:
        return None
    target = identity_path(snapshot.folder)
    partial = target.with_name(f"{target.name}.partial-{secrets.token_hex(6)}")
    schema = SCHEMA.with_metadata({KEYS_OF: snapshot.hash})
    try:
        with (
            HashedFile(partial) as file,
            pq.ParquetWriter(file, schema, compression="zstd") as writer,
            duckdb.connect(":memory:") as connection,
        ):
            levels = ((HOUSEHOLD, OF_HOUSEHOLD, _HOUSEHOLDS), (PERSON, OF_PERSON, _PEOPLE))
            for level, fields, statement in levels:
                if level in snapshot.levels:
                    _stage(connection, import_map, files, level, fields)
                    for batch in _joined(connection, statement, snapshot.paths(level)):
                        writer.write_table(pa.Table.from_batches([batch]).cast(schema))
        os.replace(partial, target)
        fsync_folder(target.parent)
    finally:
        partial.unlink(missing_ok=True)
    return target


def identity_columns(rules: IdentityRules, level: str) -> dict[str, str]:
    """The fields of a level that the map names, and their columns."""
    fields = OF_HOUSEHOLD if level == HOUSEHOLD else OF_PERSON
    named = {field: getattr(rules, field) for field in fields}
    return {field: column for field, column in named.items() if column is not None}


def _stage(
    connection: duckdb.DuckDBPyConnection,
    import_map: ImportMap,
    files: Sequence[Path],
    level: str,
    fields: Sequence[str],
) -> None:
    """Read the cells of every file that lists units of ``level`` into the table ``cells``."""
    types = [("file", pa.int16()), ("line", pa.int32()), *((field, pa.string()) for field in fields)]
    schema = pa.schema([*types, ("is_head", pa.bool_())])
    connection.execute("drop table if exists cells")
    connection.from_arrow(schema.empty_table()).create("cells")
    for rule in import_map.file:
        if rule.level != level or rule.joins:
            continue
        for number, path in enumerate(files):
            if any(fnmatchcase(path.name, pattern) for pattern in rule.files):
                for rows in _cells(import_map, rule, path, number, schema):
                    connection.from_arrow(rows).insert_into("cells")


def _cells(
    import_map: ImportMap, rule: FileRule, path: Path, number: int, schema: pa.Schema
) -> Iterator[pa.Table]:
    wanted = identity_columns(import_map.identity or IdentityRules(), rule.level)
    needed = [*wanted.values(), *([rule.head.column] if rule.head else [])]
    if not needed:
        return
    reader = opened(path, rule, import_map.limits)
    places_of(path, reader.headings(), needed)
    for chunk in reader.chunks(list(dict.fromkeys(needed)), set()):
        count = len(chunk.lines)
        columns: dict[str, pa.Array] = {"file": pa.repeat(pa.scalar(number, pa.int16()), count)}
        columns["line"] = chunk.lines
        for field, column in wanted.items():
            columns[field] = cleaned(chunk.columns[column], rule.missing, {})
        if rule.head:
            told = cleaned(chunk.columns[rule.head.column], rule.missing, {})
            heads = [cell == rule.head.value.strip() for cell in told.to_pylist()]
            columns["is_head"] = pa.array(heads, pa.bool_())
        found = [columns.get(name, pa.nulls(count, schema.field(name).type)) for name in schema.names]
        yield pa.Table.from_arrays(
            [column.cast(schema.field(place).type) for place, column in enumerate(found)], schema=schema
        )


def _joined(
    connection: duckdb.DuckDBPyConnection, statement: str, paths: Sequence[Path]
) -> Iterator[pa.RecordBatch]:
    values = {"files": [str(path) for path in paths]}
    reader: pa.RecordBatchReader = connection.sql(statement, params=values).to_arrow_reader(ROWS_PER_BATCH)
    yield from reader
