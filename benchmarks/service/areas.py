# SPDX-License-Identifier: Apache-2.0
"""Decides how the loading of places is measured, beside the bare loading of the same rows.

    python -m benchmarks.service.areas --file areas.parquet
    python -m scripts.postgres -- python -m benchmarks.service.areas --file areas.parquet

The database is the one of ``HEARTHLINE_DATABASE``, an empty SQLite file where that is not set. It is filled.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from pathlib import Path

import django
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.utils.module_loading import import_string
from rich.console import Console

from benchmarks.machine import load_in_words, machine_in_words
from benchmarks.service.rate import cpu_seconds

AIM_SECONDS = 60
AIM_COUNT_MS = 5
ON = date(2017, 12, 31)
say = partial(Console(soft_wrap=True).print, markup=False, highlight=False)


@dataclass(frozen=True)
class Cost:
    """Seconds on the wall, of this process, and of the server's process for this connection."""

    wall: float
    client: float
    server: float

    def __str__(self) -> str:
        server = f" + {self.server:.1f} s of the server" if self.server else ""
        return f"{self.wall:.1f} s ({self.client:.1f} s CPU{server})"


def server_process() -> int:
    """The PostgreSQL process behind the connection; 0 for SQLite."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def server_cpu() -> float:
    """CPU seconds of the PostgreSQL process behind the connection, where it runs on this machine."""
    process = server_process()
    return cpu_seconds([process]) if process else 0.0


def measured(act: Callable[[], object]) -> Cost:
    """What an act costs."""
    before, used, start = server_cpu(), resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    act()
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF)
    client = after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime
    return Cost(wall, client, server_cpu() - before)


def bare_load(rows: list[tuple[int | str | None, ...]], columns: str, width: int) -> None:
    """The same rows into a table without index, key or check: the least that this database can take."""
    kinds = ", ".join(f"{name} {kind}" for name, kind in zip(columns.split(", "), KINDS, strict=True))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bare ({kinds})")
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY bare ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * width)
            cursor.executemany(f"INSERT INTO bare ({columns}) VALUES ({marks})", rows)  # noqa: S608 - names of our own


KINDS = ("bigint", "bigint", "varchar(108)", "smallint", "varchar(20)", "varchar(40)", "varchar(120)")


def count_times(rounds: int) -> tuple[int, float]:
    """The county with most places, and the median milliseconds to count what lies within it."""
    area = apps.get_model("areas", "Area")
    count_within = import_string("hearthline.areas.queries.count_within")
    counties = list(area.objects.filter(level="county").order_by("code").values_list("path", flat=True))
    largest = max(counties, key=count_within)
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        count_within(largest)
        times.append((time.perf_counter() - start) * 1000)
    return count_within(largest), statistics.median(times)


def main(words: list[str]) -> int:
    """Load, load again, count; print each figure beside the bare one."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.service.areas", description=__doc__)
    parser.add_argument("--file", type=Path, required=True, help="Parquet or CSV of places")
    parser.add_argument("--told", type=Path, help="write the figures as JSON")
    options = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hearthline.site.settings")
        os.environ.setdefault("HEARTHLINE_DATABASE", f"sqlite:///{folder}/bench.sqlite3")
        os.environ.setdefault("HEARTHLINE_HOME", folder)
        django.setup()
        call_command("migrate", verbosity=0)
        import_areas = import_string("hearthline.areas.loading.import_areas")
        everywhere = import_string("hearthline.areas.queries.EVERYWHERE")

        def load() -> None:
            done = import_areas(by=None, on=ON, source=options.file, where=everywhere)
            say(f"  {done.rows:,} rows: {done.opened:,} opened, {done.unchanged:,} unchanged")

        say(f"{connection.vendor}: {machine_in_words()}; load {load_in_words()}")
        first = measured(load)
        say(f"  {first}")
        again = measured(load)
        say(f"  {again}")
        fields = ("id", "parent_id", "path", "depth", "level", "code", "name")
        area = apps.get_model("areas", "Area")
        rows = list(area.objects.order_by("path").values_list(*fields))
        bare = measured(lambda: bare_load(rows, ", ".join(fields), len(fields)))
        within, median = count_times(200)
        say(f"import through the service: {first}; aim at most {AIM_SECONDS} s")
        say(f"the same file again:        {again}")
        say(f"the same rows, bare table:  {bare}")
        say(f"count within the largest county ({within:,} places): {median:.2f} ms; aim {AIM_COUNT_MS} ms")
        say(f"load of the machine at the end: {load_in_words()}")
        if options.told:
            told = {
                "rows": len(rows),
                **asdict(first),
                "again": again.wall,
                "bare": bare.wall,
                "count": median,
            }
            options.told.write_text(json.dumps(told), encoding="utf-8")
        connection.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
