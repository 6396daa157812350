# SPDX-License-Identifier: Apache-2.0
"""Decides how a stretch of the register becomes the tables of a snapshot: numbered, typed, in order.

A household for whom, or for one of whose members or records, a required fact is unknown is left out and
counted: nobody is judged on facts that the package says must be there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from hearthline.areas.rules import PATH_STEP
from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON, Policy
from hearthline.engine.snapshots.schema import snapshot_levels
from hearthline.registry.documents import record_levels
from hearthline.runs.encoding import (
    MACROS,
    given,
    kept,
    lacking,
    record_structure,
    structure,
    typed_columns,
)

# Names put into these statements are those of the package, which are identifiers, and of this module.
_TYPED_HOUSEHOLD = """
SELECT o, pk, area_id, {given} AS given_{columns}
FROM (SELECT o, pk, path, json_transform(facts, '{structure}') AS f FROM hh) JOIN place USING (path)"""
_WHO = """
SELECT o, people.pk, is_head, people.facts, people.records
FROM people JOIN hh ON hh.pk = people.household_pk
QUALIFY row_number() OVER (PARTITION BY people.pk ORDER BY since DESC, o) = 1"""
_TYPED_PERSON = """
SELECT o, pk, is_head, {given} AS given_{columns}
FROM (SELECT *, json_transform(facts, '{structure}') AS f FROM who)"""
_TAKEN = "SELECT o, pk, json_transform(records, '{structure}') AS r FROM {table}"
_TYPED_RECORD = """
SELECT o, pk, e.key AS k, {given} AS given_{columns}
FROM (SELECT o, pk, unnest(map_entries(r."{level}")) AS e FROM taken WHERE r IS NOT NULL)"""
_LACKING = "SELECT o FROM t_{level} WHERE {lacking}"
_NUMBERED = """
SELECT o, pk, {before} + row_number() OVER (ORDER BY o) AS household_id FROM hh WHERE o NOT IN ({bad})"""
_NUMBERED_PEOPLE = """
SELECT t.pk, {before} + row_number() OVER (ORDER BY t.o, t.is_head DESC, t.pk) AS person_id
FROM t_person t JOIN n_household USING (o)"""
_UNFIT = "SELECT coalesce(sum(given_ - ({kept})), 0) FROM t_{level} JOIN n_household USING (o)"
_OUT_HOUSEHOLD = """
SELECT household_id, area_id{names} FROM t_household t JOIN n_household n USING (o) ORDER BY household_id"""
_OUT_PERSON = """
SELECT person_id, household_id{names} FROM t_person t JOIN n_household n USING (o)
JOIN n_person m ON m.pk = t.pk ORDER BY person_id"""
_OUT_RECORD = """
SELECT {before} + row_number() OVER (ORDER BY {order}) AS {level}_id, {owners}{names}
FROM t_{level} t JOIN n_household n USING (o) {people} ORDER BY {order}"""
_KEYS = "SELECT '{level}' AS level, pk::VARCHAR AS source_key, {level}_id AS id FROM n_{level} ORDER BY id"
_AREAS = """
WITH a AS (SELECT r.*, row_number() OVER (ORDER BY r.path) AS area_id,
    json_transform(x.facts, '{structure}') AS f FROM area_row r LEFT JOIN area_fact x ON x.pk = r.pk),
t AS (SELECT area_id, pk, parent_pk, code AS area_code, name AS area_name,
    length(path) // {step} - 1 AS depth{columns} FROM a)
SELECT t.area_id, p.area_id AS parent_id, area_code, area_name, depth{names}
FROM t LEFT JOIN (SELECT area_id, pk FROM a) p ON p.pk = t.parent_pk ORDER BY t.area_id"""


@dataclass
class Counted:
    """What was seen on the way: rows by level, households left out, values that do not fit the dictionary."""

    rows: dict[str, int] = field(default_factory=dict)
    left_out: int = 0
    unfit: int = 0


class Chunks:
    """Makes the tables of one stretch after another; numbers count on from stretch to stretch."""

    def __init__(self, database: duckdb.DuckDBPyConnection, policy: Policy, places: pa.Table) -> None:
        self._database, self._policy = database, policy
        self.counted = Counted(dict.fromkeys(snapshot_levels(policy), 0))
        self._of_household = record_levels(policy, HOUSEHOLD)
        self._of_person = record_levels(policy, PERSON) if PERSON in policy.levels else []
        database.register("place", places)

    def tables(self, households: pa.Table, people: pa.Table) -> dict[str, pa.Table]:
        """The tables of the snapshot by level; ``whom`` then says whom the numbers mean."""
        numbered = households.append_column("o", pa.array(range(households.num_rows), pa.int64()))
        self._database.register("hh", numbered)
        self._database.register("people", people)
        self._make("t_household", self._typed(_TYPED_HOUSEHOLD, HOUSEHOLD, "f"))
        if PERSON in self._policy.levels:
            self._make("who", _WHO)
            self._make("t_person", self._typed(_TYPED_PERSON, PERSON, "f"))
        self._type_records(self._of_household, "hh")
        self._type_records(self._of_person, "who")
        self._number(households.num_rows)
        found = {level: self._out(level) for level in snapshot_levels(self._policy)}
        for level, table in found.items():
            self.counted.rows[level] += table.num_rows
        for view in ("hh", "people"):
            self._database.unregister(view)
        return found

    def whom(self) -> list[pa.Table]:
        """Whom the numbers of the last stretch mean: level, source_key, id, one table a level."""
        levels = [level for level in (HOUSEHOLD, PERSON) if level in self._policy.levels]
        return [self._database.sql(_KEYS.format(level=level)).to_arrow_table() for level in levels]

    def _typed(self, statement: str, level: str, source: str) -> str:
        facts = self._policy.facts.get(level, {})
        return statement.format(
            level=level,
            given=given(facts, source),
            columns=typed_columns(facts, source),
            structure=structure(self._policy, level),
        )

    def _type_records(self, levels: list[str], table: str) -> None:
        if levels:
            taken = record_structure(self._policy, levels)
            self._make("taken", _TAKEN.format(structure=taken, table=table))
        for level in levels:
            self._make(f"t_{level}", self._typed(_TYPED_RECORD, level, "e.value"))

    def _number(self, households: int) -> None:
        """Give the households that stay, and their people, the numbers of the snapshot."""
        levels = snapshot_levels(self._policy)
        bad = " UNION ALL ".join(
            _LACKING.format(level=level, lacking=lacking(self._policy.facts.get(level, {})))
            for level in levels
        )
        self._make("n_household", _NUMBERED.format(before=self.counted.rows[HOUSEHOLD], bad=bad))
        if PERSON in levels:
            self._make("n_person", _NUMBERED_PEOPLE.format(before=self.counted.rows[PERSON]))
        self.counted.left_out += households - self._number_of("SELECT count(*) FROM n_household")
        for level in levels:
            statement = _UNFIT.format(level=level, kept=kept(self._policy.facts.get(level, {})))
            self.counted.unfit += self._number_of(statement)

    def _out(self, level: str) -> pa.Table:
        names = "".join(f', t."{name}"' for name in self._policy.facts.get(level, {}))
        if level in (HOUSEHOLD, PERSON):
            query = (_OUT_HOUSEHOLD if level == HOUSEHOLD else _OUT_PERSON).format(names=names)
        else:
            owners = "household_id, person_id" if level in self._of_person else "household_id"
            query = _OUT_RECORD.format(
                before=self.counted.rows[level],
                level=level,
                owners=owners,
                order=f"{owners}, k",
                names=names,
                people="JOIN n_person m ON m.pk = t.pk" if level in self._of_person else "",
            )
        table: pa.Table = self._database.sql(query).to_arrow_table()
        return table

    def _make(self, name: str, query: str) -> None:
        self._database.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")

    def _number_of(self, query: str) -> int:
        ((number,),) = self._database.execute(query).fetchall()
        return int(number)


def workshop(memory: str, spill: Path) -> duckdb.DuckDBPyConnection:
    """A database in memory in which documents are taken apart; what does not fit goes to ``spill``, not where
    the process happens to stand: it is data of people.
    """
    database = duckdb.connect(":memory:", config={"memory_limit": memory, "temp_directory": str(spill)})
    for macro in MACROS:
        database.execute(macro)
    return database


def area_table(
    database: duckdb.DuckDBPyConnection, policy: Policy, rows: pa.Table, facts: pa.Table
) -> pa.Table:
    """The areas of a snapshot, numbered by path, with their facts."""
    known = policy.facts.get(AREA, {})
    database.register("area_row", rows)
    database.register("area_fact", facts)
    query = _AREAS.format(
        structure=structure(policy, AREA),
        columns=typed_columns(known, "f"),
        names="".join(f', "{name}"' for name in known),
        step=PATH_STEP,
    )
    table: pa.Table = database.sql(query).to_arrow_table()
    for view in ("area_row", "area_fact"):
        database.unregister(view)
    return table
