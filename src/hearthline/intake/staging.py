# SPDX-License-Identifier: Apache-2.0
"""Decides where rows wait between reading and writing: in bounded memory, the rest in a private folder."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa

from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON
from hearthline.intake.planning import EntryPlan, Plan
from hearthline.intake.rows import FRAME, REFUSED, Kinds, StagedRows, fact_schema

LEAST_MEMORY, MOST_MEMORY = 96, 768
"""Megabytes that the waiting rows may take; beyond that they spill to the folder, which goes at the end."""
SMALL = 16 * 2**20
MEMORY_PER_BYTE = 8
"""A small file has no claim on much memory, whatever is in it."""

_CREATE = """
create table entries (number smallint, level varchar, owner varchar, lists boolean, repeated boolean,
                      finds_by_person boolean, required boolean, files varchar);
create table files (file smallint, name varchar);
"""


class Staging:
    """The rows of an import by entry, their facts apart, and what has been refused so far."""

    def __init__(self, folder: Path, plan: Plan, files: list[str], size: int) -> None:
        self.plan = plan
        megabytes = min(max(size * MEMORY_PER_BYTE // 2**20, LEAST_MEMORY), MOST_MEMORY)
        self.connection = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": f"{megabytes}MB",
                "temp_directory": str(folder / "spill"),
                "threads": 2 if size > SMALL else 1,
            },
        )
        self.kinds = Kinds()
        self._columns: dict[str, list[str]] = {}
        self.connection.execute(_CREATE)
        self._create("rows", FRAME)
        self._create("refused", REFUSED)
        self.connection.executemany(
            "insert into files values (?, ?)", [[n, name] for n, name in enumerate(files)]
        )
        for entry in plan.entries:
            self.connection.execute(
                "insert into entries values (?, ?, ?, ?, ?, ?, ?, ?)", _entry_row(entry, plan)
            )
            if facts_table(entry) not in self._columns:
                self._create(facts_table(entry), self._facts_schema(entry))

    def add(self, entry: EntryPlan, rows: StagedRows) -> None:
        """Stage a run of rows."""
        self._insert("rows", rows.frame)
        self._insert("refused", rows.refused)
        name = facts_table(entry)
        absent = [column for column in self._columns[name] if column not in rows.facts.column_names]
        facts = rows.facts
        for column in absent:
            facts = facts.append_column(column, pa.nulls(facts.num_rows))
        self._insert(name, facts.select(self._columns[name]))

    def insert(self, name: str, table: pa.Table) -> None:
        """Create a table of the staging database from rows in memory."""
        self.connection.from_arrow(table).create(name)

    def drop(self, *names: str) -> None:
        """Forget tables that are no longer needed."""
        for name in names:
            self.connection.execute(f"drop table {name}")

    def close(self) -> None:
        """Let go of the rows."""
        self.connection.close()

    def _create(self, name: str, schema: pa.Schema) -> None:
        self.connection.from_arrow(schema.empty_table()).create(name)
        self._columns[name] = list(schema.names)

    def _insert(self, name: str, table: pa.Table) -> None:
        if table.num_rows:
            self.connection.from_arrow(table).insert_into(name)

    def _facts_schema(self, entry: EntryPlan) -> pa.Schema:
        """The columns of all entries that list the level: each brings some, the others are unknown there."""
        fields = {field.name: field for field in fact_schema(entry)}
        if entry.lists:
            for other in self.plan.listing(entry.level):
                for field in fact_schema(other):
                    fields.setdefault(field.name, field)
        return pa.schema(list(fields.values()))


def facts_table(entry: EntryPlan) -> str:
    """Where the facts of an entry are staged: by level, or apart for one that adds facts to others' rows."""
    return f"facts_of_{entry.level}" if entry.lists else f"facts_joined_{entry.number}"


def _entry_row(entry: EntryPlan, plan: Plan) -> list[object]:
    level = plan.policy.levels.get(entry.level)
    owner = None if entry.level in (HOUSEHOLD, AREA) or level is None else level.belongs_to
    rule = entry.rule
    finds_by_person = entry.level not in (HOUSEHOLD, AREA) and not rule.household
    required = rule.joins and any(fact.fact.required for fact in entry.facts)
    owner = PERSON if entry.level == PERSON and rule.joins else owner
    return [
        entry.number,
        entry.level,
        owner,
        entry.lists,
        rule.repeated,
        finds_by_person,
        required,
        rule.named,
    ]
