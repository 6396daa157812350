# SPDX-License-Identifier: Apache-2.0
"""Decides what is looked at to say whether a service is in order: keys, tables, trail, files, jobs, room."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from hearthline.accounts.models import Grant, Officer
from hearthline.accounts.queries import holding
from hearthline.accounts.rules import Role
from hearthline.audit.models import AuditHead, AuditLink, AuditRow
from hearthline.audit.queries import published_heads
from hearthline.audit.verifying import verify
from hearthline.base.problems import HearthlineError
from hearthline.base.sealing import keys_of
from hearthline.engine.backends import open_run
from hearthline.engine.snapshots import open_snapshot
from hearthline.jobs.models import Job, JobState
from hearthline.policy.models import Activation, PackageVersion
from hearthline.registry.clearing import left_over
from hearthline.registry.identities import opened
from hearthline.registry.models import Identity, Observation
from hearthline.releases.models import Release
from hearthline.releases.verifying import REMEDY, verify_releases
from hearthline.runs.models import Run, Snapshot

OLD_WORK = timedelta(hours=1)
LEAST_FREE = 0.1
APPEND_ONLY = (AuditRow, AuditLink, AuditHead, Observation, PackageVersion, Release)


@dataclass(frozen=True)
class Complaint:
    """One thing that is not in order, and what to do."""

    sentence: str
    remedy: str


@dataclass(frozen=True)
class Finding:
    """What one look found: nothing, or complaints."""

    looked_at: str
    complaints: tuple[Complaint, ...]


def look_at_all() -> Iterator[Finding]:
    """Each look in turn; where the tables are not there yet, the looks that need them are left out."""
    yield _found("The home folder and the keys", _home)
    tables = _found("The tables", _tables)
    yield tables
    if tables.complaints:
        return
    for name, look in LOOKS.items():
        yield _found(name, look)


def _found(name: str, look: Callable[[], Iterator[Complaint]]) -> Finding:
    try:
        return Finding(name, tuple(look()))
    except HearthlineError as error:
        return Finding(name, (Complaint(error.message, error.remedy),))


def _home() -> Iterator[Complaint]:
    home, key_file = Path(settings.HOME), Path(settings.KEY_FILE)
    if not home.is_dir():
        yield Complaint(f"There is no home folder {home}.", "hearthline prepare")
        return
    for path in (home, key_file, home / "secret"):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield Complaint(f"Others on this machine may read {path}.", f"chmod go= {path}")
    keys_of(key_file)


def _tables() -> Iterator[Complaint]:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        yield Complaint(f"{len(waiting)} steps of the tables are missing.", "hearthline prepare")


def _database() -> Iterator[Complaint]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            wanted = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"}
            for name, value in wanted.items():
                found = cursor.execute(f"PRAGMA {name}").fetchone()[0]
                if str(found).lower() != value:
                    yield Complaint(f"SQLite runs with {name} = {found}, not {value}.", "Start anew.")
        else:
            for name in ("fsync", "synchronous_commit", "full_page_writes"):
                cursor.execute(f"SHOW {name}")
                found = cursor.fetchone()[0]
                if found == "off":
                    remedy = f"ALTER SYSTEM SET {name} = on, then reload PostgreSQL."
                    yield Complaint(f"PostgreSQL runs with {name} = off: a power cut loses data.", remedy)
        triggers = _tables_with_triggers()
    for model in APPEND_ONLY:
        if model._meta.db_table not in triggers:
            sentence = f"Nothing in the database keeps {model._meta.db_table} append-only."
            yield Complaint(
                sentence, "Restore the newest backup that verifies; someone removed the triggers."
            )


def _tables_with_triggers() -> set[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute(
                "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger "
                "WHERE NOT tgisinternal AND tgenabled <> 'D'"
            )
        return {name for (name,) in cursor.fetchall()}


def _identities() -> Iterator[Complaint]:
    keys = keys_of(Path(settings.KEY_FILE))
    newest = Identity.objects.select_related("person").filter(erased_at=None).order_by("-person_id").first()
    if newest is not None:
        opened(keys, newest.person.number, bytes(newest.wrapped_key), bytes(newest.sealed))
    return iter(())


def _officers() -> Iterator[Complaint]:
    today = timezone.localdate()
    administrators = Officer.objects.filter(
        is_active=True,
        pk__in=Grant.objects.filter(holding(today), role=Role.ADMINISTRATOR).values("officer"),
    )
    if not administrators.exists():
        yield Complaint("Nobody is administrator.", "hearthline officers first-administrator")
    if settings.REQUIRE_TOTP:
        for officer in administrators.filter(sealed_totp=None):
            sentence = f"The administrator {officer.username} signs in without one-time codes."
            yield Complaint(sentence, "Let that officer sign in and set them up.")


def _trail() -> Iterator[Complaint]:
    folder = Path(settings.HOME) / "audit-heads"
    kept = list(published_heads(folder)) if folder.is_dir() and any(folder.iterdir()) else []
    verdict = verify(kept)
    for finding in verdict.findings[:10]:
        yield Complaint(finding.sentence, "Keep this database as it is and compare it with a backup.")
    since = verdict.unsealed_since
    if since is not None and timezone.now() - since > OLD_WORK:
        yield Complaint(
            f"The trail has not been sealed since {since:%Y-%m-%d %H:%M}.", "Start: hearthline worker"
        )


def _releases() -> Iterator[Complaint]:
    verdict = verify_releases()
    if verdict.broken is not None:
        yield Complaint(verdict.sentence, REMEDY)


def _policy() -> Iterator[Complaint]:
    if not Activation.objects.filter(withdrawn_at=None).exists():
        yield Complaint("No policy package is in force anywhere.", "Publish and activate one under Policy.")


def _files() -> Iterator[Complaint]:
    home = Path(settings.HOME)
    for snapshot in Snapshot.objects.order_by("pk").iterator():
        yield from _opened("snapshot", home / snapshot.folder, snapshot.hash)
    for run in Run.objects.filter(loaded=True).order_by("pk").iterator():
        folder = home / run.folder
        try:
            open_run(folder).paths("households")
        except HearthlineError as error:
            yield Complaint(error.message, error.remedy)


def _opened(kind: str, folder: Path, digest: str) -> Iterator[Complaint]:
    remedy = "Put it back from a backup; what was computed from it stands in the database."
    try:
        found = open_snapshot(folder).hash
    except HearthlineError as error:
        yield Complaint(error.message, remedy)
        return
    if found != digest:
        yield Complaint(f"The {kind} {folder.name} is not the one that the database names.", remedy)


def _imports() -> Iterator[Complaint]:
    found = left_over(Path(settings.HOME) / "imports")
    if found:
        yield Complaint(
            f"{len(found)} files or folders of imports lie readable or are no longer needed, "
            f"such as {found[0].relative_to(settings.HOME)}.",
            "hearthline prepare",
        )


def _jobs() -> Iterator[Complaint]:
    now = timezone.now()
    late = Job.objects.filter(state=JobState.WAITING, run_after__lt=now - OLD_WORK).count()
    if late:
        yield Complaint(f"{late} jobs have waited for over an hour.", "Start a worker: hearthline worker")
    silent = Job.objects.filter(state=JobState.RUNNING, lease_until__lt=now - OLD_WORK).count()
    if silent:
        yield Complaint(
            f"{silent} jobs are called running, and nobody runs them.", "Start: hearthline worker"
        )
    failed = Job.objects.filter(state=JobState.FAILED, ended_at__gt=now - timedelta(days=7)).count()
    if failed:
        yield Complaint(f"{failed} jobs failed within a week.", "Look at them under Jobs: each says why.")


def _room() -> Iterator[Complaint]:
    usage = shutil.disk_usage(settings.HOME)
    if usage.free < LEAST_FREE * usage.total:
        yield Complaint(f"Only {usage.free // 2**20:,} MB are free.", "Make room, or move the home folder.")


LOOKS: dict[str, Callable[[], Iterator[Complaint]]] = {
    "The database": _database,
    "What identifies people": _identities,
    "The officers": _officers,
    "The trail": _trail,
    "The chain of releases": _releases,
    "The policy in force": _policy,
    "Snapshots and runs": _files,
    "The files of imports": _imports,
    "The jobs": _jobs,
    "Room on the disk": _room,
}
