# SPDX-License-Identifier: Apache-2.0
"""Decides the commands of the service; ``hearthline.cli.service`` adds them to the command line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import required_scope
from hearthline.accounts.rules import IMPORT_AREAS
from hearthline.accounts.services import first_administrator
from hearthline.areas.loading import import_areas
from hearthline.audit.queries import published_heads
from hearthline.audit.services import seal_and_publish
from hearthline.audit.verifying import verify
from hearthline.base.problems import Kind, declare
from hearthline.base.sealing import keys_of
from hearthline.jobs.handlers import repeat
from hearthline.jobs.worker import run_worker, serve_worker
from hearthline.registry.clearing import clear_leftovers
from hearthline.releases.verifying import verify_releases
from hearthline.site.demonstration import DemonstrationAccount, made_before, make_demonstration
from hearthline.site.doctor import look_at_all
from hearthline.site.home import prepare_home
from hearthline.site.saving import restore, save
from hearthline.site.serving import serve_pages

NO_PASSPHRASE = declare(
    "backup.no-passphrase",
    Kind.BAD_INPUT,
    "the passphrase file {file} is empty or cannot be read.",
    "Write the passphrase into its first line, and keep the file apart from the backup.",
)
CHECK_FAILED = declare(
    "check.failed",
    Kind.REFUSED,
    "the settings are not fit for this use.",
    "Mend what is listed above; docs/how-to/run-a-service.md goes through it.",
)

NO_OFFICER = declare(
    "command.no-officer",
    Kind.NOT_FOUND,
    "there is no open account {username}.",
    "Name by --by the officer who answers for this; `hearthline officers` opens the first account.",
)
NOT_IN_ORDER = declare(
    "doctor.not-in-order",
    Kind.REFUSED,
    "{complaints} things are not as they should be.",
    "Each line above says what to do.",
)

service_app = typer.Typer(rich_markup_mode=None)
areas_app = typer.Typer(no_args_is_help=True, help="Places: load the tree of a country.")
audit_app = typer.Typer(no_args_is_help=True, help="The trail: seal it, verify it.")
officers_app = typer.Typer(no_args_is_help=True, help="Accounts: open that of the first administrator.")
service_app.add_typer(areas_app, name="areas")
service_app.add_typer(audit_app, name="audit")
service_app.add_typer(officers_app, name="officers")
console = Console(soft_wrap=True)


def migrate() -> None:
    """Bring the tables to what this version needs."""
    call_command("migrate", interactive=False, verbosity=0)


@service_app.command()
def prepare() -> None:
    """Make the home folder, the keys and the tables; what is there stays.

    Run it once before the first start and after every update.
    """
    for sentence in prepare_home():
        console.print(sentence)
    migrate()
    console.print("The tables are as this version needs them.")
    cleared = clear_leftovers(Path(settings.HOME) / "imports", keys_of(Path(settings.KEY_FILE)))
    if cleared:
        console.print(f"Sealed or threw away what imports had left: {len(cleared)} files or folders.")


@service_app.command()
def check(
    deploy: Annotated[
        bool, typer.Option("--deploy", help="Also what only matters where others can reach the service.")
    ] = False,
) -> None:
    """Check the settings of the service."""
    arguments = ["--deploy", "--fail-level", "WARNING"] if deploy else []
    try:
        call_command("check", *arguments)
    except SystemCheckError as error:
        console.print(str(error).strip(), highlight=False)
        raise CHECK_FAILED.error() from error


@service_app.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(help="Processes that answer requests.")] = 2,
    threads: Annotated[int, typer.Option(help="Threads of each process.")] = 1,
    demo: Annotated[
        bool,
        typer.Option("--demo", help="An invented county with an officer of every role; for a look around."),
    ] = False,
    households: Annotated[int, typer.Option(help="Households of the invented county.")] = 5000,
) -> None:
    """Serve the pages. Beside it belong a worker (hearthline worker) and a proxy that speaks HTTPS."""
    prepare_home()
    if not demo:
        serve_pages(host=host, port=port, workers=workers, threads=threads)
        return
    migrate()
    accounts = made_before() or make_demonstration(households=households, say=console.print)
    _welcome(accounts, f"http://{host}:{port}/")
    settings.JOBS_IN_PROCESS, settings.REQUIRE_TOTP = True, False
    # one process, since the jobs are done in it; threads let pages go on while a job works
    serve_pages(host=host, port=port, workers=1, threads=8)


def _welcome(accounts: Sequence[DemonstrationAccount], address: str) -> None:
    table = Table(title=None, box=None, pad_edge=False)
    for heading in ("user name", "password", "role", "place", "name"):
        table.add_column(heading)
    for account in accounts:
        place = account.place or "everywhere"
        table.add_row(account.username, account.password, account.role, place, account.name)
    console.print(f"\nAn invented county, only on this machine: {address}\n", highlight=False)
    console.print(table)
    console.print("\nStop with Ctrl-C. The next start takes seconds; nothing is lost.")


@service_app.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="A folder that does not exist yet.")],
    passphrase_file: Annotated[
        Path | None, typer.Option(help="Seal the backup under the passphrase in the first line of this file.")
    ] = None,
) -> None:
    """Save database, packages, snapshots, runs and imports into one folder, while the service goes on.

    The key file is not in it: keep a copy of it elsewhere, or nothing sealed can be opened again.
    """
    manifest = save(folder, passphrase=_passphrase(passphrase_file))
    sealed = "sealed" if manifest["sealed"] else "NOT sealed: whoever has it reads the register"
    console.print(f"Saved to {folder} ({sealed}). The key file {settings.KEY_FILE} is not in it.")


@service_app.command("restore")
def restore_backup(
    folder: Annotated[Path, typer.Argument(help="A folder that `hearthline backup` wrote.")],
    passphrase_file: Annotated[
        Path | None, typer.Option(help="A file whose first line is the passphrase of the backup.")
    ] = None,
) -> None:
    """Put a backup back into an empty home and database; nothing is written unless all of it is whole."""
    manifest = restore(folder, passphrase=_passphrase(passphrase_file))
    migrate()
    console.print(f"Restored what was saved at {manifest['saved_at']}. Next: hearthline doctor")


def _passphrase(file: Path | None) -> str | None:
    if file is None:
        return None
    try:
        line = file.read_text(encoding="utf-8").splitlines()[0].strip()
    except (OSError, UnicodeDecodeError, IndexError) as error:
        raise NO_PASSPHRASE.error(file=file) from error
    if not line:
        raise NO_PASSPHRASE.error(file=file)
    return line


@service_app.command()
def worker(
    once: Annotated[bool, typer.Option("--once", help="Do what waits now, then end.")] = False,
) -> None:
    """Do the jobs that wait, and seal the trail every minute, until the process is told to stop."""
    repeat("clear-sessions", timedelta(days=1), lambda now: call_command("clearsessions"))
    done = run_worker(once=True) if once else serve_worker()
    console.print(f"{done} jobs were worked on.")


@service_app.command()
def doctor() -> None:
    """Look at keys, tables, trail, files, jobs and room, and say what is not in order and what to do."""
    complaints = 0
    for finding in look_at_all():
        console.print(f"{'not in order' if finding.complaints else 'in order':<14}{finding.looked_at}")
        for complaint in finding.complaints:
            complaints += 1
            console.print(f"              {complaint.sentence} {complaint.remedy}")
    if complaints:
        raise NOT_IN_ORDER.error(complaints=complaints)


@audit_app.command("seal")
def seal_trail() -> None:
    """Chain all rows that have no link yet, and publish the heads into the home folder.

    The worker does so every minute.
    """
    sealing = seal_and_publish(timezone.now(), whole=True)
    console.print(f"{sealing.rows} rows sealed in {len(sealing.heads)} chains.")
    for head in sealing.heads:
        console.print(f"{head.chain or 'the whole'} {head.number} {head.hash}")


@audit_app.command("verify")
def verify_trail(
    heads: Annotated[
        Path | None,
        typer.Option(help="Published heads that were kept elsewhere: a file or a folder of them."),
    ] = None,
) -> None:
    """Compute every chain of the trail anew, and that of releases, and compare with the published heads.

    Without --heads those of the home folder are taken; only heads kept elsewhere prove that nobody who can
    write to this machine cut a chain or built it anew.
    """
    own = Path(settings.HOME) / "audit-heads"
    place = heads or (own if own.is_dir() and any(own.iterdir()) else None)
    verdict = verify(published_heads(place) if place else ())
    for finding in verdict.findings:
        console.print(finding.sentence)
    since = f" (since {verdict.unsealed_since:%Y-%m-%d %H:%M})" if verdict.unsealed_since else ""
    console.print(
        f"{verdict.rows} rows in {verdict.chains} chains, {verdict.heads} published heads; "
        f"{verdict.unsealed} rows not yet sealed{since}."
    )
    releases = verify_releases()
    console.print(f"{releases.releases} releases. {releases.sentence}".strip())
    verdict.demand_whole()
    releases.demand_whole()
    console.print("The trail and the chain of releases are whole.")


@officers_app.command("first-administrator")
def open_first_administrator(
    username: Annotated[str, typer.Option(help="What the officer types to sign in.")],
    name: Annotated[str, typer.Option(help="The officer's name, as it is shown.")],
    language: Annotated[str, typer.Option(help="zh-hans or en.")] = "zh-hans",
) -> None:
    """Open the account from which all others come; refused where an administrator of the whole exists."""
    opened = first_administrator(username=username, name=name, on=timezone.localdate(), language=language)
    console.print(f"Opened the account {opened.officer.username}. Password for the first sign-in:")
    console.print(opened.password, highlight=False)


@areas_app.command("import")
def import_tree(
    file: Annotated[Path, typer.Argument(help="Parquet or CSV with code, name, level, parent_code.")],
    by: Annotated[str, typer.Option(help="The user name of the administrator who answers for it.")],
) -> None:
    """Load the tree of places: all of the file or nothing. Places that are there already are compared."""
    today = timezone.localdate()
    officer = Officer.objects.filter(username=by, is_active=True).first()
    if officer is None:
        raise NO_OFFICER.error(username=by)
    where = required_scope(by=officer, permission=IMPORT_AREAS, on=today).filter("path")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(file.name, total=None)
        loaded = import_areas(
            by=officer,
            on=today,
            source=file,
            where=where,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    console.print(
        f"{loaded.rows:,} places read: {loaded.opened:,} opened, {loaded.renamed:,} renamed, "
        f"{loaded.moved:,} moved, {loaded.unchanged:,} as they were."
    )
