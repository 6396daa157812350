# SPDX-License-Identifier: Apache-2.0
"""Decides how the import of a register is measured, beside a bare COPY of the same rows.

    python -m scripts.postgres -- python -m benchmarks.service.registry_import --people 100000
    python -m benchmarks.service.registry_import --people 10000          # SQLite

A generated county is brought in twice: new, and once more without any change. ``--people`` is about; the
generator counts households. ``--profile`` prints where the time of this process goes.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import resource
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from importlib import import_module
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string

from benchmarks.machine import load_in_words, machine_in_words
from benchmarks.service.areas import Cost, measured, say, server_process
from benchmarks.service.rate import cpu_seconds
from benchmarks.service.stages import Stages
from hearthline.engine.packages import load_policy, policy_files
from hearthline.engine.rules.policy import AREA, PERSON
from hearthline.engine.snapshots import open_snapshot
from hearthline.engine.snapshots.reading import rows_of
from hearthline.synthetic import generate

PACKAGE = "cn/2014-2020"
ON = date(2017, 12, 31)
AIM = 10_000
"""People a second on PostgreSQL."""
PEOPLE_PER_HOUSEHOLD = 3.4
TABLES = tuple(
    f"registry_{name}"
    for name in (
        "household",
        "person",
        "identity",
        "membership",
        "observation",
        "householdfacts",
        "personfacts",
    )
)
Report = Mapping[str, object]


@dataclass(frozen=True)
class Office:
    """The service that is measured: a county's place, the officer, the package in force."""

    area: int
    officer: int
    version: int


class Work:
    """What a worker would give the import, without the queue."""

    def __init__(self, officer: object, stages: Stages) -> None:
        self.by, self.on, self.cursor = officer, ON, None
        self._stages = stages

    def advance(self, *, done: int, total: int | None = None, stage: str = "", cursor: object = None) -> None:
        """A job would save the cursor here."""
        if total:
            self._stages.progress(done, total, "households")


def opened_office(snapshot: Path) -> Office:
    """Lay the tables, enter the places of a snapshot below one of our own, and an officer."""
    call_command("migrate", verbosity=0)
    import_string("hearthline.base.sealing.new_keys")(settings.KEY_FILE)
    officer = apps.get_model("accounts", "Officer")(username="bench", name="bench", created_at=timezone.now())
    officer.save()
    policy = load_policy(PACKAGE)
    version = apps.get_model("policy", "PackageVersion")(
        package_id=policy.id,
        version_hash=policy.version_hash,
        title=dict(policy.title),
        files={name: content.decode() for name, content in policy_files(PACKAGE).items()},
        published_at=timezone.now(),
        published_by=officer,
    )
    version.save()
    return Office(_places(snapshot), officer.pk, version.pk)


def _places(snapshot: Path) -> int:
    area, step_of = apps.get_model("areas", "Area"), import_string("hearthline.areas.rules.step_of")
    top = area(pk=1, path=step_of(1), depth=1, level="country", code="0", name="country")
    made = {None: top}
    columns = ["area_id", "parent_id", "area_code", "area_name"]
    for row in rows_of(open_snapshot(snapshot), AREA, columns).to_pylist():
        above, number = made[row["parent_id"]], row["area_id"] + 1
        made[row["area_id"]] = area(
            pk=number,
            parent_id=above.pk,
            path=above.path + step_of(number),
            depth=above.depth + 1,
            level="place",
            code=row["area_code"],
            name=row["area_name"],
        )
    area.objects.bulk_create(made.values(), batch_size=500)
    return int(top.pk)


def watched_stages() -> Stages:
    """The stages of an import, counted where its parts are called."""
    pid = server_process()
    stages = Stages(lambda: cpu_seconds([pid]) if pid else 0.0)
    loading = import_module("hearthline.registry.services.loading")
    register = import_module("hearthline.registry.loading.register")
    known = import_module("hearthline.registry.loading.known")
    stages.watch(import_module("hearthline.registry.loading.chunks").Reading, "__init__", "staging numbers")
    stages.watch(import_module("hearthline.registry.loading.chunks").Reading, "_read", "reading, ahead")
    stages.watch(register, "sealed_people", "sealing, ahead")
    stages.watch(register, "known_of", "what is known already")
    stages.watch(known, "others_with_id", "same national ID")
    stages.watch(register, "write_rows", lambda table, _: f"writing {table.removeprefix('registry_')}")
    stages.watch(register, "run", "current values")
    stages.watch(loading, "record", "trail")
    stages.watch(loading, "count_anew", "statistics of the tables")
    setattr(loading, "sealed_people", register.sealed_people)  # noqa: B010 - a module has what it imported
    return stages


def load(office: Office, snapshot: Path, work: Path, stages: Stages) -> Report:
    """Bring the snapshot in once."""
    models = apps.get_model
    officer = models("accounts", "Officer").objects.get(pk=office.officer)
    area = models("areas", "Area").objects.get(pk=office.area)
    imported = models("registry", "RegisterImport").objects.create(
        content_hash="",
        area=area,
        area_path=area.path,
        version_id=office.version,
        title="bench",
        folder=str(work),
        source="generated",
        observed_on=ON,
        requested_at=timezone.now(),
        requested_by=officer,
    )
    load_snapshot = import_string("hearthline.registry.services.loading.load_snapshot")
    files = import_string("hearthline.registry.services.loading.Files")
    names = snapshot.with_name(f"{snapshot.name}.names.parquet")
    report: Report = load_snapshot(Work(officer, stages), imported, files(snapshot, names, None, work))
    return report


def bare(folder: Path) -> Cost:
    """The same rows by COPY into tables without index, key or check."""
    with connection.cursor() as cursor:
        for table in TABLES:
            with (folder / table).open("wb") as file, cursor.copy(f"COPY {table} TO STDOUT") as copy:
                for block in copy:
                    file.write(block)
            cursor.execute(f"CREATE TABLE bare_{table} AS TABLE {table} WITH NO DATA")

        def act() -> None:
            for table in TABLES:
                with (
                    (folder / table).open("rb") as file,
                    cursor.copy(f"COPY bare_{table} FROM STDIN") as copy,
                ):
                    while block := file.read(2**20):
                        copy.write(block)

        return measured(act)


def main(words: Sequence[str]) -> int:
    """Generate, bring in, bring in again; print people a second and what it cost."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.service.registry_import", description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--told", type=Path, help="write the figures as JSON")
    options = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hearthline.site.settings")
        os.environ.setdefault("HEARTHLINE_DATABASE", f"sqlite:///{folder}/bench.sqlite3")
        os.environ.setdefault("HEARTHLINE_HOME", name)
        snapshot = folder / "county"
        start = time.perf_counter()
        made = generate(
            load_policy(PACKAGE), out=snapshot, households=round(options.people / PEOPLE_PER_HOUSEHOLD)
        )
        people = made.rows[PERSON]
        say(f"{people:,} people made in {time.perf_counter() - start:.1f} s")
        django.setup()
        office = opened_office(snapshot)
        stages = watched_stages()
        profile = cProfile.Profile()

        def bring() -> None:
            stages.begin()
            if options.profile:
                profile.enable()
            load(office, snapshot, folder / "work", stages)
            profile.disable()

        say(f"{connection.vendor}: {machine_in_words()}; load {load_in_words()}")
        first = measured(bring)
        stages.told(people)
        again = measured(bring)
        stages.told(people)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        say(f"{people:,} people, new:  {first}: {people / first.wall:,.0f} people/s")
        say(f"  aim on PostgreSQL: {AIM:,} people/s")
        each = (first.client / people * 1e6, first.server / people * 1e6)
        say(
            f"  microseconds a person: {each[0]:.0f} here, {each[1]:.0f} in the server; peak {memory:,.0f} MB"
        )
        say(f"the same again:          {again}: {people / again.wall:,.0f} people/s")
        cost = Cost(0, 0, 0)
        if connection.vendor == "postgresql":
            cost = bare(folder)
            say(f"bare COPY of the rows:   {cost}: {people / cost.wall:,.0f} people/s")
        if options.profile:
            pstats.Stats(profile).sort_stats("cumulative").print_stats(30)
        say(f"load of the machine at the end: {load_in_words()}")
        if options.told:
            told = {"people": people, **asdict(first), "again": again.wall, "bare": cost.wall}
            options.told.write_text(json.dumps(told), encoding="utf-8")
        connection.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
