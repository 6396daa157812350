# SPDX-License-Identifier: Apache-2.0
"""Decides how an import is asked for, worked off and undone."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import NOT_FOUND, required_scope
from hearthline.areas.models import Area
from hearthline.audit.services import record
from hearthline.base.problems import Kind, declare
from hearthline.base.sealed_files import open_file_under, seal_file_under, seal_under
from hearthline.base.sealing import Keys, keys_of
from hearthline.engine.snapshots.identities import identity_path
from hearthline.intake.maps import ImportMap, parsed_map
from hearthline.intake.planning import planned
from hearthline.jobs.models import Job, JobState
from hearthline.jobs.services import Work, request_job
from hearthline.policy.models import PackageVersion
from hearthline.policy.unpacking import folder_of, policy_of
from hearthline.registry.dictionary import dictionary_of
from hearthline.registry.models import RegisterImport
from hearthline.registry.queries import get_import
from hearthline.registry.reading import read_files
from hearthline.registry.rules import IMPORT_REGISTER, safe_cell
from hearthline.registry.services.loading import UNDONE, Files, load_snapshot
from hearthline.registry.storing import (
    FILES,
    IDENTITY,
    MAP,
    PLAIN,
    SNAPSHOT,
    SOURCE_KEYS,
    Uploaded,
    opened_bytes,
    opened_files,
    plain_room,
    stored_upload,
    throw_away,
)

IMPORT, UNDO = "registry.import", "registry.undo_import"
FOLDER = "imports"
REFUSED_FILE, REJECTED = "refused.csv.sealed", "rejected.sealed"
_HEADINGS = ("file", "line", "column", "value", "reason", "remedy")

NO_IDENTITY = declare(
    "registry.map-without-identity",
    Kind.BAD_INPUT,
    "the map has no [identity] section with the column of the name.",
    "Add one: a register needs to know who is meant by its rows.",
)
NOT_FINISHED = declare(
    "registry.import-running",
    Kind.REFUSED,
    "the import {title} is still running.",
    "Cancel its job first, or wait until it has ended.",
)
ALREADY_UNDONE = declare(
    "registry.import-already-undone",
    Kind.REFUSED,
    "the import {title} was undone already.",
    "Nothing needs to be done.",
)


def request_import(
    *,
    by: Officer,
    on: date,
    area_id: int,
    title: str,
    map_text: str,
    files: Sequence[Uploaded],
    observed_on: date | None = None,
    source: str = "",
) -> RegisterImport:
    """Ask for files to be read by a map into the register of an area, as a job.

    Faults of the map are told at once, and an upload that is too large or has no [identity].
    """
    area = _area(by, on, area_id)
    version, policy = dictionary_of(area.path, on)
    import_map = parsed_map(map_text, MAP)
    planned(import_map, policy)
    if import_map.identity is None or import_map.identity.name is None:
        raise NO_IDENTITY.error()
    digest, folder = stored_upload(
        settings.HOME / FOLDER,
        map_text,
        files,
        limit=settings.UPLOAD_LIMIT,
        about=f"{area.pk} {version.version_hash}",
        keys=keys_of(settings.KEY_FILE),
    )
    return _requested(
        by=by,
        on=on,
        area=area,
        version=version,
        digest=digest,
        folder=folder,
        title=title or ", ".join(file.name for file in files)[:200],
        source=source or _source(import_map),
        observed_on=observed_on or _day(import_map) or on,
        payload={},
    )


def request_loading(
    *,
    by: Officer,
    on: date,
    area_id: int,
    title: str,
    snapshot: Path,
    identities: Path,
    content_hash: str,
    observed_on: date,
    source: str = "generated",
    version: PackageVersion | None = None,
) -> RegisterImport:
    """Ask for a snapshot that stands already, with the file of who is in it, to be loaded, as a job."""
    area = _area(by, on, area_id)
    return _requested(
        by=by,
        on=on,
        area=area,
        version=version or dictionary_of(area.path, on)[0],
        digest=content_hash,
        folder=snapshot.parent,
        title=title,
        source=source,
        observed_on=observed_on,
        payload={"snapshot": str(snapshot), "identities": str(identities)},
    )


def _area(by: Officer, on: date, area_id: int) -> Area:
    scope = required_scope(by=by, permission=IMPORT_REGISTER, on=on)
    area = Area.objects.filter(scope.filter("path"), pk=area_id, closed_on__isnull=True).first()
    if area is None:
        raise NOT_FOUND.error()
    return area


def _requested(
    *,
    by: Officer,
    on: date,
    area: Area,
    version: PackageVersion,
    digest: str,
    folder: Path,
    title: str,
    source: str,
    observed_on: date,
    payload: Mapping[str, object],
) -> RegisterImport:
    with transaction.atomic():
        imported = RegisterImport.objects.create(
            content_hash=digest,
            area=area,
            area_path=area.path,
            version=version,
            title=title[:200],
            folder=str(folder),
            source=source[:40],
            observed_on=observed_on,
            requested_at=timezone.now(),
            requested_by=by,
        )
        job = request_job(
            by=by,
            on=on,
            name=IMPORT,
            payload={"import": imported.pk, **payload},
            area_path=area.path,
            key=f"{IMPORT} {imported.pk}",
        )
        imported.job_id = job.pk
        imported.save(update_fields=["job_id"])
        _trace(imported, by, on, "registry.request_import", {"hash": digest, "source": source})
    return imported


def import_register(work: Work) -> dict[str, object]:
    """Work off an import: read the files, unless that is done, and load what they hold.

    What names people is readable in a plain room alone while this runs; once it is done the files are gone.
    """
    payload = work.job.payload
    imported = RegisterImport.objects.select_related("area", "version").get(pk=int(str(payload["import"])))
    if imported.undone_at is not None:  # its files are gone
        raise UNDONE.error(title=imported.title)
    folder = Path(imported.folder)
    if "snapshot" in payload:
        snapshot = Path(str(payload["snapshot"]))
        files = Files(snapshot, Path(str(payload["identities"])), None, settings.HOME / FOLDER / "work")
        report: dict[str, object] = {"register": load_snapshot(work, imported, files)}
        _write_refused(snapshot, imported, report)
    else:
        own = folder / f"import-{imported.pk}"
        for left in own.glob(f"{PLAIN}*"):  # of a worker that was killed
            shutil.rmtree(left, ignore_errors=True)
        with plain_room(own) as room:
            report = _worked(work, imported, own, room)
    with transaction.atomic():
        RegisterImport.objects.filter(pk=imported.pk).update(report=report, finished_at=timezone.now())
        _trace(imported, _officer(work), work.on, "registry.import", {"hash": imported.content_hash})
    if "snapshot" not in payload:
        throw_away(folder)
    return {"import": imported.pk}


def _worked(work: Work, imported: RegisterImport, own: Path, room: Path) -> dict[str, object]:
    """Read what was not read yet, and load it."""
    keys = keys_of(settings.KEY_FILE)
    kept = RegisterImport.objects.values_list("report", flat=True).get(pk=imported.pk)
    if not kept or not (own / IDENTITY).is_file():
        kept = _read(work, imported, own, room, keys)
    identities, source_keys = room / "identity", room / "keys"
    open_file_under(own / IDENTITY, identities, keys.seal_key)
    open_file_under(own / SOURCE_KEYS, source_keys, keys.seal_key)
    files = Files(own / SNAPSHOT, identities, source_keys, room / "work")
    report = dict(kept) | {"register": load_snapshot(work, imported, files)}
    _write_refused(own / SNAPSHOT, imported, report)
    return report


def _read(work: Work, imported: RegisterImport, own: Path, room: Path, keys: Keys) -> dict[str, object]:
    """Read the files into the snapshot in the folder of the import, and seal who is in it beside it."""
    policy_of(imported.version)

    def tell(share: float, rows: int) -> None:
        work.advance(done=rows, stage=gettext_noop("reading"), cursor=work.cursor)

    files = opened_files(own.parent / FILES, room / FILES, keys)
    out = room / SNAPSHOT
    read = read_files(folder_of(imported.version), own.parent / MAP, out, files, tell)
    for target in (own / IDENTITY, own / SOURCE_KEYS):
        target.unlink(missing_ok=True)
    shutil.rmtree(own / SNAPSHOT, ignore_errors=True)
    out.rename(own / SNAPSHOT)
    seal_file_under(room / f"{SNAPSHOT}.keys.parquet", own / SOURCE_KEYS, keys.seal_key)
    rejected = own / REJECTED
    rejected.unlink(missing_ok=True)
    if (room / f"{SNAPSHOT}.rejected.csv").is_file():
        seal_file_under(room / f"{SNAPSHOT}.rejected.csv", rejected, keys.seal_key)
    seal_file_under(identity_path(out), own / IDENTITY, keys.seal_key)
    RegisterImport.objects.filter(pk=imported.pk).update(report=read.report)
    return read.report


def _write_refused(snapshot: Path, imported: RegisterImport, report: Mapping[str, object]) -> None:
    """All refused rows in one sealed file: those of the files, and those that the register would not take."""
    keys = keys_of(settings.KEY_FILE)
    rejected = snapshot.with_name(REJECTED)
    text = io.StringIO()
    register = report.get("register")
    rows = register.get("refused", []) if isinstance(register, dict) else []
    writer = csv.DictWriter(text, _HEADINGS, extrasaction="ignore", lineterminator="\n")
    for row in rows:
        writer.writerow({name: safe_cell(row.get(name, "")) for name in _HEADINGS})
    head = ("\ufeff" + ",".join(_HEADINGS) + "\n").encode()
    if rejected.is_file():
        head = opened_bytes(rejected, keys)
    target = refused_file(imported)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    seal_under([head, text.getvalue().encode()], target, keys.seal_key)


def hand_out_refused(*, by: Officer, on: date, import_id: int) -> bytes:
    """The refused rows as CSV for who may see the import; that they were taken leaves a trace."""
    imported = get_import(by=by, on=on, import_id=import_id)
    path = refused_file(imported)
    if not path.is_file():
        raise NOT_FOUND.error()
    with transaction.atomic():
        _trace(imported, by, on, "registry.take_refused_rows", {})
    return opened_bytes(path, keys_of(settings.KEY_FILE))


def refused_file(imported: RegisterImport) -> Path:
    """Where the refused rows of an import are, sealed."""
    return Path(settings.HOME) / FOLDER / "reports" / f"{imported.pk}.{REFUSED_FILE}"


def undo_import(*, by: Officer, on: date, import_id: int) -> RegisterImport:
    """Undo an import: from now on nothing it brought counts; a job closes what it opened."""
    scope = required_scope(by=by, permission=IMPORT_REGISTER, on=on)
    with transaction.atomic():
        imported = RegisterImport.objects.select_for_update().filter(scope.filter(), pk=import_id).first()
        if imported is None:
            raise NOT_FOUND.error()
        if imported.undone_at is not None:
            raise ALREADY_UNDONE.error(title=imported.title)
        if imported.finished_at is None and _is_running(imported):
            raise NOT_FINISHED.error(title=imported.title)
        job = request_job(
            by=by,
            on=on,
            name=UNDO,
            payload={"import": imported.pk},
            area_path=imported.area_path,
            key=f"{UNDO} {imported.pk}",
        )
        imported.undone_at, imported.undone_by, imported.undo_job_id = timezone.now(), by, job.pk
        imported.save(update_fields=["undone_at", "undone_by", "undo_job_id"])
        _trace(imported, by, on, "registry.request_undo", {})
    return imported


def _is_running(imported: RegisterImport) -> bool:
    waiting = Job.objects.filter(state__in=(JobState.WAITING, JobState.RUNNING))
    return imported.job_id is not None and waiting.filter(pk=imported.job_id).exists()


def _officer(work: Work) -> Officer:
    return Officer.objects.get(pk=work.by.pk)


def _source(import_map: ImportMap) -> str:
    return next((rule.source for rule in import_map.file if rule.source), "import")


def _day(import_map: ImportMap) -> date | None:
    return next((rule.observed_on for rule in import_map.file if rule.observed_on), None)


def _trace(imported: RegisterImport, by: Officer, on: date, action: str, facts: Mapping[str, object]) -> None:
    record(
        by=by,
        on=on,
        action=action,
        subject="import",
        subject_id=imported.pk,
        area_path=imported.area_path,
        facts={"title": imported.title, **facts},
    )
