# SPDX-License-Identifier: Apache-2.0
"""Decides how a screening is done as one job: snapshot, run, rows, figures, and only then the switch.

Every stage leaves something whole or nothing: folders are renamed into place, rows are written in the
transaction that moves the cursor. A job that was killed goes on at the stage, or the chunk, it had reached.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from hearthline.accounts.models import Officer
from hearthline.areas.models import Area
from hearthline.areas.rules import range_of
from hearthline.audit.services import record
from hearthline.engine.backends import Run as EngineRun
from hearthline.engine.backends import open_run, screen
from hearthline.engine.rules.policy import PERSON
from hearthline.engine.snapshots import Snapshot as EngineSnapshot
from hearthline.engine.snapshots import open_snapshot
from hearthline.engine.snapshots.sealing import PARTIAL, clear_leftovers
from hearthline.jobs.handlers import Work
from hearthline.policy.models import PackageVersion
from hearthline.policy.queries import folder_of, policy_of
from hearthline.runs.loading import Results
from hearthline.runs.measuring import measures_of
from hearthline.runs.models import AreaFigures, Result, Run, Snapshot
from hearthline.runs.problems import NOT_ALL_LOADED
from hearthline.runs.taking import take_snapshot
from hearthline.runs.words import names_of

SNAPSHOTS, RUNS = "snapshots", "runs"


@dataclass(frozen=True)
class Reached:
    """How far a job is: its snapshot, its run, the last household loaded, whether the figures stand."""

    snapshot: int | None = None
    run: int | None = None
    loaded: int = 0
    figures: bool = False


def screen_register(work: Work) -> Mapping[str, object]:
    """The handler of ``runs.screen``; what it returns is the result of the job."""
    return _Screening(work).done()


class _Screening:
    """One attempt at one screening."""

    def __init__(self, work: Work) -> None:
        asked = work.job.payload
        self._work = work
        self._by = Officer.objects.get(pk=work.by.pk)
        self._area = Area.objects.get(pk=asked["area"])
        self._version = PackageVersion.objects.get(pk=asked["version"])
        self._on = date.fromisoformat(asked["screening_date"])
        self._as_of = date.fromisoformat(asked["as_of"])
        self._asked_on = date.fromisoformat(asked["asked_on"])
        self._activate = bool(asked.get("activate", True))
        cursor = work.cursor
        self._reached = Reached(**cursor) if isinstance(cursor, dict) else Reached()

    def done(self) -> Mapping[str, object]:
        """Go through the stages that are still to do."""
        _sweep()
        snapshot = Snapshot.objects.get(pk=self._reached.snapshot or self._take())
        run = Run.objects.get(pk=self._reached.run or self._screen(snapshot))
        self._load(run, snapshot)
        self._switch(run)
        return {"run": run.pk, "snapshot": snapshot.pk, "households": snapshot.households}

    def _advance(self, stage: str, done: int, total: int, reached: Reached | None = None) -> None:
        """Say how far it is; with ``reached``, in the transaction of what was reached."""
        cursor = asdict(reached) if reached else None
        self._work.advance(done=done, total=total, stage=stage, cursor=cursor)
        self._reached = reached or self._reached

    def _take(self) -> int:
        folder = _home() / SNAPSHOTS / self._name
        current = self._as_of >= timezone.localdate()
        known_at = timezone.now()
        if not folder.is_dir():  # else it was sealed just before a kill
            take_snapshot(
                policy_of(self._version),
                folder,
                area=self._area,
                as_of=self._as_of,
                known_at=known_at,
                current=current,
                progress=lambda done: self._advance(gettext_noop("snapshot"), done, 0),
            )
        found = open_snapshot(folder, verify=False)
        with transaction.atomic():
            row = self._snapshot_row(found)
            self._advance(
                gettext_noop("snapshot"), found.households, found.households, Reached(snapshot=row.pk)
            )
        return row.pk

    def _snapshot_row(self, found: EngineSnapshot) -> Snapshot:
        row = Snapshot.objects.create(
            area=self._area,
            area_path=self._area.path,
            version=self._version,
            as_of=self._as_of,
            known_at=found.manifest.created_at,
            folder=f"{SNAPSHOTS}/{self._name}",
            hash=found.hash,
            households=found.households,
            people=found.rows(PERSON),
            taken_at=timezone.now(),
            taken_by=self._by,
            job_id=self._work.job.pk,
        )
        record(
            by=self._by,
            on=self._asked_on,
            action="runs.take_snapshot",
            subject="snapshot",
            subject_id=row.pk,
            area_path=self._area.path,
            facts={"hash": found.hash, "households": found.households, "as_of": self._as_of.isoformat()},
        )
        return row

    def _screen(self, snapshot: Snapshot) -> int:
        folder = _home() / RUNS / self._name
        if not folder.is_dir():
            screen(
                folder_of(self._version),
                _home() / snapshot.folder,
                on=self._on,
                out=folder,
                progress=lambda done, total: self._advance(gettext_noop("screening"), done, total),
                resume=True,  # a worker that was killed has left what it finished
            )
        found = open_run(folder)
        measures = measures_of(found, _home() / snapshot.folder)
        with transaction.atomic():
            row = self._run_row(found, snapshot, measures)
            reached = Reached(snapshot=snapshot.pk, run=row.pk)
            self._advance(gettext_noop("screening"), snapshot.households, snapshot.households, reached)
        return row.pk

    def _run_row(self, found: EngineRun, snapshot: Snapshot, measures: dict[str, object]) -> Run:
        run = Run.objects.create(
            snapshot=snapshot,
            version=self._version,
            area=self._area,
            area_path=self._area.path,
            on=self._on,
            folder=f"{RUNS}/{self._name}",
            record={
                **found.record.model_dump(mode="json"),
                "measures": measures,
                "left": open_snapshot(_home() / snapshot.folder, verify=False).manifest.counts,
            },
            names=names_of(policy_of(self._version)),
            screened_at=timezone.now(),
            screened_by=self._by,
            job_id=self._work.job.pk,
        )
        record(
            by=self._by,
            on=self._asked_on,
            action="runs.screen",
            subject="run",
            subject_id=run.pk,
            area_path=self._area.path,
            facts={
                "version": self._version.version_hash,
                "snapshot": snapshot.hash,
                "on": self._on.isoformat(),
            },
        )
        return run

    def _load(self, run: Run, snapshot: Snapshot) -> None:
        if self._reached.loaded >= snapshot.households and self._reached.figures:
            return
        engine_run = open_run(_home() / run.folder)
        data = open_snapshot(_home() / snapshot.folder, verify=False)
        with Results(engine_run, data, policy_of(self._version), run.pk, self._area.path) as results:
            total = results.households
            while self._reached.loaded < total:
                with transaction.atomic():
                    last = results.load(self._reached.loaded)
                    self._advance(gettext_noop("loading"), last, total, Reached(snapshot.pk, run.pk, last))
            if not self._reached.figures:
                # Before the transaction: it takes long, and meanwhile others write, be it to stop this job.
                figures = results.figures(
                    lambda done, most: self._advance(gettext_noop("protecting"), done, most)
                )
                with transaction.atomic():
                    results.load_figures(figures)
                    self._advance(
                        gettext_noop("figures"),
                        total,
                        total,
                        Reached(snapshot.pk, run.pk, total, figures=True),
                    )

    def _switch(self, run: Run) -> None:
        """Make the run hold in its area and all within it, in one transaction."""
        with transaction.atomic():
            Area.objects.select_for_update().get(pk=self._area.pk)
            screened, loaded = run.record["counts"]["households"], Result.objects.filter(run=run).count()
            if screened != loaded or not AreaFigures.objects.filter(run=run).exists():
                raise NOT_ALL_LOADED.error(run=run.pk, screened=screened, loaded=loaded)
            if self._activate:
                part = range_of(self._area.path)
                within = Run.objects.filter(area_path__gte=part.low, area_path__lt=part.high, active=True)
                within.exclude(pk=run.pk).update(active=False)
            run.loaded, run.active = True, self._activate
            run.save(update_fields=["loaded", "active"])
            if self._activate:
                record(
                    by=self._by,
                    on=self._asked_on,
                    action="runs.activate",
                    subject="run",
                    subject_id=run.pk,
                    area_path=self._area.path,
                    facts={"households": loaded},
                )
            self._advance("done", loaded, loaded, self._reached)

    @property
    def _name(self) -> str:
        return f"job-{self._work.job.pk}"


def _home() -> Path:
    home: Path = settings.HOME
    return home


def _sweep() -> None:
    """Remove what attempts that died left under temporary names; a folder at work is locked and stays."""
    for folder in (_home() / SNAPSHOTS, _home() / RUNS):
        targets = {path.name.split(PARTIAL)[0] for path in folder.glob(f"*{PARTIAL}*")}
        for target in targets:
            clear_leftovers(folder / target, PARTIAL)
