# SPDX-License-Identifier: Apache-2.0
"""Decides how the rows of a snapshot become the documents of observations: in DuckDB, whole columns at once.

The texts are those of :mod:`hearthline.registry.documents`; a fact that is not known is left out, a table of
records that the snapshot fills is named even where a household has none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import duckdb
import pyarrow as pa

from hearthline.engine.rules.policy import HOUSEHOLD, PERSON, Fact, Policy
from hearthline.engine.rules.types import Kind
from hearthline.engine.snapshots import Snapshot
from hearthline.engine.snapshots.schema import BIGINT_DIGITS
from hearthline.registry.documents import record_levels

_PLAIN_CODE = re.compile(r"[^\"\\\x00-\x1f]*")

_TABLES = """
create or replace temp table line_docs (owner bigint, level varchar, key varchar, doc varchar);
create or replace temp table owners (owner bigint);
"""
_RECORDS = """
with lines as (
    select owner, level, string_agg('"' || key || '":' || doc, ',' order by key) as text
    from line_docs group by owner, level
)
select o.owner,
       '{' || string_agg('"' || l.level || '":{' || coalesce(r.text, '') || '}', ',' order by l.level) || '}'
           as records
from owners o cross join filled l left join lines r on r.owner = o.owner and r.level = l.level
group by o.owner
"""
_WITH_RECORDS = """
select f.*, coalesce(r.records, '{}') as records,
       md5(f.facts || chr(10) || coalesce(r.records, '{}')) as digest
from fact_docs f left join record_docs r on r.owner = f.owner order by f.owner
"""


def facts_text(facts: Sequence[Fact]) -> str:
    """The expression that writes the known ones of ``facts`` as a document."""
    if not facts:
        return "'{}'"
    parts = ", ".join(_member(fact) for fact in sorted(facts, key=lambda fact: fact.name))
    return f"'{{' || concat_ws(',', {parts}) || '}}'"


def _member(fact: Fact) -> str:
    """``"name":value`` where the value is known, else null."""
    name, column = f'"{fact.name}":', f'"{fact.name}"'
    if fact.type.kind is Kind.BOOLEAN:
        return f"case when {column} then '{name}true' when not {column} then '{name}false' end"
    if fact.type.kind is Kind.NUMBER:
        return _number(fact, name, column)
    if fact.type.kind is Kind.DATE:
        return f"'{name}\"' || {column}::varchar || '\"'"
    if fact.type.codes is not None and all(_PLAIN_CODE.fullmatch(code) for code in fact.type.codes):
        return f"'{name}\"' || {column} || '\"'"
    return f"'{name}' || to_json({column})::varchar"


def _number(fact: Fact, name: str, column: str) -> str:
    if fact.declared == "integer":
        return f"'{name}' || {column}::varchar"
    scale = fact.type.scale
    if scale == 0:
        return f"'{name}\"' || {column}::varchar || '\"'"
    if fact.type.digits <= BIGINT_DIGITS:
        unit = f"{10**-scale:.{scale}f}"
        exact = f"({column}::decimal(19, 0) * {unit}::decimal({scale + 1}, {scale}))"
        return f"'{name}\"' || {exact}::varchar || '\"'"
    digits = f"lpad(abs({column})::varchar, {scale + 1}, '0')"
    whole = f"case when {column} < 0 then '-' else '' end || left({digits}, -{scale})"
    return f"'{name}\"' || {whole} || '.' || right({digits}, {scale}) || '\"'"


class Papers:
    """Writes the documents of a range of households of one snapshot."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, snapshot: Snapshot, policy: Policy) -> None:
        self._connection = connection
        self._snapshot = snapshot
        self._policy = policy
        self._facts = {
            level: [fact for name, fact in policy.facts.get(level, {}).items() if name in table.columns]
            for level, table in snapshot.manifest.tables.items()
        }

    def of(self, level: str, first: int, last: int) -> pa.Table:
        """Households or people in order: ``owner``, ``household_id``, ``facts``, ``records``, ``digest``,
        ``file_number``, ``line``."""
        self._lines(level, first, last)
        place = ", area_id" if level == HOUSEHOLD and self._snapshot.has_areas else ""
        columns = f"{level}_id as owner, household_id{place}, {facts_text(self._facts[level])} as facts"
        columns += ", source_file::smallint as file_number, source_line::integer as line"
        rows = self._rows(level, first, last).project(columns)
        rows.create_view("fact_docs", replace=True)
        found: pa.Table = self._connection.sql(_WITH_RECORDS).to_arrow_table()
        return found.combine_chunks()

    def filled(self, owner: str) -> list[str]:
        """The tables of records of an owner that the snapshot fills: with rows, or by a file of them."""
        manifest = self._snapshot.manifest
        return [
            level
            for level in record_levels(self._policy, owner)
            if level in manifest.tables and (manifest.tables[level].rows or manifest.sources.get(level))
        ]

    def _lines(self, level: str, first: int, last: int) -> None:
        connection = self._connection
        connection.execute(_TABLES)
        filled = self.filled(level)
        connection.from_arrow(pa.table({"level": pa.array(filled, pa.string())})).create_view(
            "filled", replace=True
        )
        if filled:
            self._rows(level, first, last).project(f"{level}_id").insert_into("owners")
        owner = f"{level if level == PERSON else HOUSEHOLD}_id"
        for name in filled:
            place = f"row_number() over (partition by {owner} order by {name}_id)"
            key = f"case when {place} < 1000 then lpad({place}::varchar, 3, '0') else {place}::varchar end"
            rows = self._rows(name, first, last)
            rows.project(f"{owner}, '{name}', {key}, {facts_text(self._facts[name])}").insert_into(
                "line_docs"
            )
        connection.sql(_RECORDS).create_view("record_docs", replace=True)

    def _rows(self, level: str, first: int, last: int) -> duckdb.DuckDBPyRelation:
        partitions = range(self._snapshot.partition_of(first), self._snapshot.partition_of(last) + 1)
        paths = [str(self._snapshot.path(level, number)) for number in partitions]
        return self._connection.read_parquet(paths).filter(f"household_id between {first} and {last}")
