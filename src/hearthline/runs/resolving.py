# SPDX-License-Identifier: Apache-2.0
"""Decides which observed value counts as of a day, in DuckDB: the same answer as the registry's own.

Precedence of the source first, then the newest day, then the last recorded. Subjects with a correction are
few and are worked out one by one by the registry's rule, which follows chains of corrections.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

import duckdb
import pyarrow as pa

from hearthline.engine.rules.policy import Policy
from hearthline.registry.current import LOWEST, Seen, current_of
from hearthline.registry.documents import canonical

Sources = Mapping[int, Mapping[str, Mapping[str, list[str]]]]
"""Import to level to fact to source and day, where they are not those of the whole import."""

_TABLES = (
    "CREATE TABLE rank (level VARCHAR, fact VARCHAR, source VARCHAR, rank INT)",
    "CREATE TABLE origin (brought_by BIGINT, level VARCHAR, fact VARCHAR, source VARCHAR, day VARCHAR)",
)
_PLAIN = """
CREATE OR REPLACE TEMP TABLE plain AS SELECT * FROM seen
WHERE subject NOT IN (SELECT subject FROM seen WHERE corrects IS NOT NULL)"""
_FACTS = """
SELECT subject, json_group_object(fact, value) AS facts FROM (
  SELECT o.subject, o.id, o.e.key AS fact, o.e.value AS value, coalesce(w.source, o.source) AS source,
    coalesce(w.day, o.observed_on) AS day
  FROM (SELECT *, unnest(map_entries(json_transform(facts, '"MAP(VARCHAR, JSON)"'))) AS e FROM plain) o
  LEFT JOIN origin w ON w.brought_by = o.brought_by AND w.level = $level AND w.fact = o.e.key
  LEFT JOIN rank r ON r.level = $level AND r.fact = o.e.key AND r.source = coalesce(w.source, o.source)
  WHERE coalesce(w.day, o.observed_on) <= $as_of
  QUALIFY row_number() OVER (
    PARTITION BY o.subject, o.e.key
    ORDER BY coalesce(r.rank, {lowest}), coalesce(w.day, o.observed_on) DESC, o.id DESC
  ) = 1
) GROUP BY subject"""
_RECORDS = """
SELECT subject, json_group_object(level, value) AS records FROM (
  SELECT o.subject, o.e.key AS level, o.e.value AS value
  FROM (SELECT *, unnest(map_entries(json_transform(records, '"MAP(VARCHAR, JSON)"'))) AS e FROM plain) o
  WHERE o.observed_on <= $as_of
  QUALIFY row_number() OVER (
    PARTITION BY o.subject, o.e.key ORDER BY o.observed_on DESC, o.id DESC
  ) = 1
) GROUP BY subject"""
_BOTH = "SELECT subject AS pk, facts, records FROM ({facts}) FULL JOIN ({records}) USING (subject)"
RESOLVED = pa.schema([("pk", pa.int64()), ("facts", pa.string()), ("records", pa.string())])


class Resolver:
    """Works out the values of many subjects as of one day; holds the precedence of the package."""

    def __init__(
        self, database: duckdb.DuckDBPyConnection, policy: Policy, sources: Sources, as_of: date
    ) -> None:
        self._database, self._policy, self._sources, self._as_of = database, policy, sources, as_of
        ranks = [
            (level, name, source, rank)
            for level, facts in policy.facts.items()
            for name, fact in facts.items()
            for rank, source in enumerate(fact.sources)
        ]
        origins = [
            (number, level, name, where[0] or None, (where[1] if len(where) > 1 else None) or None)
            for number, levels in sources.items()
            for level, facts in levels.items()
            for name, where in facts.items()
        ]
        for table in _TABLES:
            database.execute(table)
        if ranks:
            database.executemany("INSERT INTO rank VALUES (?, ?, ?, ?)", ranks)
        if origins:
            database.executemany("INSERT INTO origin VALUES (?, ?, ?, ?, ?)", origins)

    def resolved(self, level: str, seen: pa.Table) -> pa.Table:
        """The documents of each subject of a level, as of the day; ``seen`` holds one level only."""
        self._database.register("seen", seen)
        self._database.execute(_PLAIN)
        statement = _BOTH.format(facts=_FACTS.format(lowest=LOWEST), records=_RECORDS)
        values = {"level": level, "as_of": self._as_of.isoformat()}
        plain: pa.Table = self._database.sql(statement, params=values).to_arrow_table()
        corrected: pa.Table = self._database.sql(
            "SELECT * FROM seen WHERE subject NOT IN (SELECT subject FROM plain) ORDER BY subject, id"
        ).to_arrow_table()
        self._database.unregister("seen")
        return pa.concat_tables([plain.cast(RESOLVED), self._one_by_one(level, corrected)])

    def _one_by_one(self, level: str, rows: pa.Table) -> pa.Table:
        found: dict[int, list[Seen]] = {}
        for row in rows.to_pylist():
            found.setdefault(row["subject"], []).append(self._seen(level, row))
        documents = []
        for subject, seen in found.items():
            current = current_of(self._policy, level, seen)
            if current is not None:
                documents.append((subject, canonical(current.facts), canonical(current.records)))
        columns = list(zip(*documents, strict=True)) or [(), (), ()]
        arrays = [pa.array(column, field.type) for column, field in zip(columns, RESOLVED, strict=True)]
        return pa.Table.from_arrays(arrays, schema=RESOLVED)

    def _seen(self, level: str, row: Mapping[str, object]) -> Seen:
        """One observation, without what speaks of a later day."""
        brought_by = row["brought_by"]
        whole = Seen(
            id=int(str(row["id"])),
            level=level,
            source=str(row["source"]),
            observed_on=date.fromisoformat(str(row["observed_on"])),
            facts=json.loads(str(row["facts"])),
            records=json.loads(str(row["records"])),
            corrects=None if row["corrects"] is None else int(str(row["corrects"])),
            origins=self._sources.get(brought_by, {}) if isinstance(brought_by, int) else {},
        )
        facts = {
            name: value for name, value in whole.facts.items() if whole.day_of(level, name) <= self._as_of
        }
        records = whole.records if whole.observed_on <= self._as_of else {}
        return Seen(
            whole.id, level, whole.source, whole.observed_on, facts, records, whole.corrects, whole.origins
        )
