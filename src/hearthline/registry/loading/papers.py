# SPDX-License-Identifier: Apache-2.0
"""Decides how the rows of a snapshot become the documents of observations: in DuckDB, whole columns at once.

The texts are those of :mod:`hearthline.registry.documents`; a fact that is not known is left out, a table of
records that the snapshot fills is named even where a household has none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hearthline.engine.rules.policy import Fact, Policy
from hearthline.engine.rules.types import Kind
from hearthline.engine.snapshots import Snapshot
from hearthline.engine.snapshots.schema import BIGINT_DIGITS
from hearthline.registry.documents import record_levels

Numbers = NDArray[np.int64]
_LAST_PADDED = 999
_PLAIN_CODE = re.compile(r"[^\"\\\x00-\x1f]*")


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
        """Households or people in order: ``owner``, ``facts``, ``records``, ``digest``, ``file_number``,
        ``line``."""
        columns = f"{level}_id as owner, {facts_text(self._facts[level])} as facts"
        columns += ", source_file::smallint as file_number, source_line::integer as line"
        rows = _in_order(self._rows(level, first, last).project(columns).to_arrow_table(), "owner")
        records = self._records(level, rows.column("owner").to_numpy(), first, last)
        rows = rows.append_column("records", records)
        hashed = self._connection.from_arrow(rows).project(
            "owner, md5(facts || chr(10) || records) as digest"
        )
        digests = _in_order(hashed.to_arrow_table(), "owner").column("digest")
        return rows.append_column("digest", digests)

    def filled(self, owner: str) -> list[str]:
        """The tables of records of an owner that the snapshot fills: with rows, or by a file of them."""
        manifest = self._snapshot.manifest
        return [
            level
            for level in record_levels(self._policy, owner)
            if level in manifest.tables and (manifest.tables[level].rows or manifest.sources.get(level))
        ]

    def _records(self, level: str, owners: Numbers, first: int, last: int) -> pa.Array:
        """The records of each owner, those of a table that the snapshot fills even where there are none."""
        parts: list[str | pa.Array] = []
        for name in sorted(self.filled(level)):
            parts += [
                f'{"," if parts else "{"}"{name}":{{',
                self._lines(level, name, owners, first, last),
                "}",
            ]
        if not parts:
            return pa.repeat("{}", len(owners))
        return pc.binary_join_element_wise(*parts, "}", "")

    def _lines(self, level: str, name: str, owners: Numbers, first: int, last: int) -> pa.Array:
        """For each owner its records of one table: ``"001":{...},"002":{...}``."""
        columns = f"{level}_id as owner, {name}_id as id, {facts_text(self._facts[name])} as doc"
        lines = _in_order(self._rows(name, first, last).project(columns).to_arrow_table(), "owner", "id")
        starts = np.searchsorted(lines.column("owner").to_numpy(), owners).astype(np.int32)
        offsets = np.append(starts, np.int32(lines.num_rows))
        counts = np.diff(offsets)
        most = int(counts.max(initial=0))
        places = np.arange(lines.num_rows) - np.repeat(starts, counts)
        keys = pa.array([f'"{place:03d}":' for place in range(1, most + 1)], pa.string()).take(places)
        texts = pc.binary_join_element_wise(keys, lines.column("doc").combine_chunks(), "")
        if most > _LAST_PADDED:  # keys sort as texts: "1000" before "101"
            texts = texts.take(
                np.lexsort((keys.to_numpy(zero_copy_only=False), lines.column("owner").to_numpy()))
            )
        return pc.binary_join(pa.ListArray.from_arrays(offsets, texts), ",")

    def _rows(self, level: str, first: int, last: int) -> duckdb.DuckDBPyRelation:
        partitions = range(self._snapshot.partition_of(first), self._snapshot.partition_of(last) + 1)
        paths = [str(self._snapshot.path(level, number)) for number in partitions]
        return self._connection.read_parquet(paths).filter(f"household_id between {first} and {last}")


def _in_order(rows: pa.Table, *keys: str) -> pa.Table:
    """The rows in the order of the keys, each column in one piece; a snapshot nearly always has it."""
    rows = rows.combine_chunks()
    *before, last = (rows.column(key).to_numpy() for key in keys)
    later = np.diff(last) > 0
    for key in reversed(before):
        step = np.diff(key)
        later = (step > 0) | ((step == 0) & later)
    if later.all():
        return rows
    return rows.sort_by([(key, "ascending") for key in keys]).combine_chunks()
