# SPDX-License-Identifier: Apache-2.0
"""Decides how the results of a run come into the database: narrow rows by COPY, figures of every area.

Only services call this. DuckDB reads the run's files, joins the private keys of the snapshot and the places,
and hands over finished rows; memory holds one chunk.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from django.db import connection

from hearthline.areas.models import Area
from hearthline.areas.rules import PATH_STEP, paths_above, range_of
from hearthline.engine.backends import Run as EngineRun
from hearthline.engine.rules.policy import HOUSEHOLD, PERSON, Combine, Policy
from hearthline.engine.snapshots import KEYS_OF, Snapshot
from hearthline.runs.models import AreaFigures, Result
from hearthline.runs.problems import KEYS_MISSING
from hearthline.runs.taking import MEMORY, keys_path, spill_beside
from hearthline.runs.words import STATUS_OF, names_of
from hearthline.statistics.disclosure_cells import PlaceCounts
from hearthline.statistics.disclosure_tree import Progress, protect

HOUSEHOLDS_AT_ONCE = 20_000
RESULT_COLUMNS = (
    "run_id",
    "household_id",
    "number",
    "area_path",
    "people",
    "status",
    "not_met",
    "unknown",
    "causes",
)
FIGURE_COLUMNS = (
    "run_id",
    "area_id",
    "area_path",
    "households",
    "people",
    "poor_households",
    "poor_people",
    "unknown_households",
    "unknown_people",
    "criteria",
    "causes",
    "protected",
)
# Names put into these statements are those of the package, which are identifiers, and of this module.
_ROWS = """
SELECT {run} AS run_id, k.source_key::BIGINT AS household_id, r.household_id AS number, p.path AS area_path,
  {people} AS people, CASE r.status {status} END AS status, {not_met} AS not_met, {unknown} AS unknown,
  {causes} AS causes
FROM result r
JOIN household h ON h.household_id = r.household_id
JOIN key k ON k.level = 'household' AND k.id = r.household_id
JOIN place p ON p.area_id = h.area_id
{joined}
WHERE r.household_id BETWEEN {first} AND {last} ORDER BY r.household_id"""
_PEOPLE = """
LEFT JOIN (SELECT household_id, count(*) AS n FROM person WHERE household_id BETWEEN {first} AND {last}
  GROUP BY household_id) c ON c.household_id = r.household_id"""
_PLACES = """
SELECT k.id AS area_id, a.path FROM key k JOIN area a ON a.pk::VARCHAR = k.source_key
WHERE k.level = 'area'"""
_VILLAGES = """
SELECT area_path, count(*) AS households, sum(people) AS people, {sums} FROM ({rows}) GROUP BY area_path"""
_AREAS = """
SELECT area_path[1:{step} * d] AS path, {sums}
FROM village, range(1, 13) t(d) WHERE {step} * d <= length(area_path) GROUP BY path ORDER BY path"""


FigureRow = tuple[int | str, ...]


class Results:
    """The results of one run as rows of the database; use as a context manager."""

    def __init__(
        self, run: EngineRun, snapshot: Snapshot, policy: Policy, run_id: int, area_path: str
    ) -> None:
        self._run, self._snapshot, self._policy, self._run_id = run, snapshot, policy, run_id
        self._names = names_of(policy)
        spill = str(spill_beside(snapshot.folder))
        self._database = duckdb.connect(":memory:", config={"memory_limit": MEMORY, "temp_directory": spill})
        self._places = _places(area_path)
        self._database.register("area", self._places)
        keys = keys_path(snapshot.folder)
        stated = pq.ParquetFile(keys).metadata.metadata if keys.is_file() else {}
        if stated.get(KEYS_OF, b"").decode() != snapshot.hash:
            raise KEYS_MISSING.error(file=keys.name)
        self._show("key", [keys])
        self._database.execute(f"CREATE TABLE place AS {_PLACES}")
        for table in (HOUSEHOLD, PERSON):
            if table in snapshot.levels:
                self._show(table, snapshot.paths(table))
        self._show("result", run.paths("households"))

    def __enter__(self) -> Results:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    @property
    def households(self) -> int:
        """How many rows there are."""
        return self._snapshot.households

    def load(self, after: int) -> int:
        """Write the rows of the next households after a number; returns the last number written."""
        last = min(after + HOUSEHOLDS_AT_ONCE, self.households)
        rows: pa.Table = self._database.sql(self._query(after + 1, last)).to_arrow_table()
        insert(Result._meta.db_table, RESULT_COLUMNS, rows)
        return last

    def figures(self, progress: Progress | None = None) -> list[FigureRow]:
        """The figures of every area as rows; most of the time goes into what to hide of them."""
        sums = self._sums()
        villages = _VILLAGES.format(rows=self._query(1, self.households), sums=_aliased(sums))
        self._database.execute(f"CREATE OR REPLACE TEMP TABLE village AS {villages}")
        names = ["households", "people", *sums]
        summed = _aliased({name: f"sum({name})" for name in names})
        table = self._database.sql(_AREAS.format(step=PATH_STEP, sums=summed)).to_arrow_table()
        return list(self._figures(table.to_pylist(), progress))

    def load_figures(self, rows: Sequence[FigureRow]) -> None:
        """Write the figures of every area."""
        columns = list(zip(*rows, strict=True))
        insert(
            AreaFigures._meta.db_table,
            FIGURE_COLUMNS,
            pa.table(dict(zip(FIGURE_COLUMNS, map(list, columns), strict=True))),
        )

    def _query(self, first: int, last: int) -> str:
        people = PERSON in self._snapshot.levels
        bits = {
            "not_met": [f"r.\"{name}\" = 'not met'" for name in self._names["criteria"]],
            "unknown": [f"r.\"{name}\" = 'unknown'" for name in self._names["criteria"]],
            "causes": [f'r."{self._policy.causes[name].evidence}"' for name in self._names["causes"]],
        }
        return _ROWS.format(
            run=self._run_id,
            people="coalesce(c.n, 0)" if people else "round(r.weight)::BIGINT",
            status=" ".join(f"WHEN '{word}' THEN {int(status)}" for word, status in STATUS_OF.items()),
            joined=_PEOPLE.format(first=first, last=last) if people else "",
            first=first,
            last=last,
            **{column: _bits(conditions) for column, conditions in bits.items()},
        )

    def _sums(self) -> dict[str, str]:
        """What is summed of the rows of a village, by column."""
        sums = {}
        for word, code in (("poor", 1), ("unknown", 2)):
            sums[f"{word}_households"] = f"count(*) FILTER (status = {code})"
            sums[f"{word}_people"] = f"sum(people) FILTER (status = {code})"
        for index in range(len(self._names["criteria"])):
            for column in ("not_met", "unknown"):
                where = f"({column} >> {index}) & 1 = 1"
                sums[f"{column}_{index}_households"] = f"count(*) FILTER ({where})"
                sums[f"{column}_{index}_people"] = f"sum(people) FILTER ({where})"
        for index in range(len(self._names["causes"])):
            where = f"status = 1 AND (causes >> {index}) & 1 = 1"
            sums[f"cause_{index}_households"] = f"count(*) FILTER ({where})"
            sums[f"cause_{index}_people"] = f"sum(people) FILTER ({where})"
        return {name: f"coalesce({sum_}, 0)" for name, sum_ in sums.items()}

    def _figures(self, rows: list[dict[str, int | str]], progress: Progress | None) -> Iterator[FigureRow]:
        counted = [_Counted(row, self._names) for row in rows]
        numbers = dict(zip(self._places["path"].to_pylist(), self._places["pk"].to_pylist(), strict=True))
        standard = self._policy.default_standard
        deciding = frozenset(standard.criteria) if standard.combine is Combine.ALL else frozenset[str]()
        keys = {one.path: numbers[one.path] for one in counted}
        hidden = protect([one.place(keys) for one in counted], standard=deciding, progress=progress)
        for one in counted:
            documents = (one.criteria, one.causes, hidden[keys[one.path]].stored())
            texts = (json.dumps(document, ensure_ascii=False) for document in documents)
            yield (self._run_id, keys[one.path], one.path, *one.counts, *texts)

    def _show(self, table: str, files: Sequence[Path]) -> None:
        self._database.read_parquet([str(file) for file in files]).create_view(table)


class _Counted:
    """The counts of one area as its row holds them."""

    def __init__(self, row: Mapping[str, int | str], names: Mapping[str, Sequence[str]]) -> None:
        self.path = str(row["path"])
        columns = [f"{kind}{what}" for kind in ("", "poor_", "unknown_") for what in ("households", "people")]
        self.counts = [int(row[column]) for column in columns]
        self.criteria = {
            name: [
                int(row[f"{column}_{index}_{what}"])
                for column in ("not_met", "unknown")
                for what in ("households", "people")
            ]
            for index, name in enumerate(names["criteria"])
        }
        self.causes = {
            name: [int(row[f"cause_{index}_{what}"]) for what in ("households", "people")]
            for index, name in enumerate(names["causes"])
        }

    def place(self, keys: Mapping[str, int]) -> PlaceCounts:
        """The same for the protection of small groups."""
        return PlaceCounts(
            key=keys[self.path],
            parent=keys.get(self.path[:-PATH_STEP]),
            households=self.counts[0],
            poor=self.counts[2],
            unknown=self.counts[4],
            criteria={name: (counts[0], counts[2]) for name, counts in self.criteria.items()},
            causes={name: counts[0] for name, counts in self.causes.items()},
        )


def insert(table: str, columns: Sequence[str], rows: pa.Table) -> None:
    """Write rows in the transaction at hand: by COPY on PostgreSQL, by many at once on SQLite."""
    rows = rows.select(list(columns))
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sink = pa.BufferOutputStream()
            pyarrow.csv.write_csv(rows, sink, pyarrow.csv.WriteOptions(include_header=False))
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT csv)") as copy:
                copy.write(sink.getvalue().to_pybytes())
        else:
            marks = ", ".join("%s" for _ in columns)
            values = zip(*(rows[name].to_pylist() for name in columns), strict=True)
            statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608  # names of our own
            cursor.executemany(statement, list(values))


def _places(area_path: str) -> pa.Table:
    """Every place of the run with its present path, and those above it."""
    part = range_of(area_path)
    within = Area.objects.filter(path__gte=part.low, path__lt=part.high)
    above = Area.objects.filter(path__in=paths_above(area_path)[:-1])
    rows = [*above.values_list("pk", "path"), *within.values_list("pk", "path")]
    return pa.table({"pk": [pk for pk, _ in rows], "path": [path for _, path in rows]})


def _bits(conditions: Sequence[str]) -> str:
    parts = [
        f"CASE WHEN {condition} THEN {1 << index} ELSE 0 END" for index, condition in enumerate(conditions)
    ]
    return f"({' + '.join(parts) or '0'})::BIGINT"


def _aliased(columns: Mapping[str, str]) -> str:
    return ", ".join(f"{expression} AS {name}" for name, expression in columns.items())
