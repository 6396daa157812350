# SPDX-License-Identifier: Apache-2.0
"""Decides how a simulation is asked for and done as one job: no status and no run is changed by it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import islice
from pathlib import Path

import pyarrow.parquet as pq
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import required_scope
from hearthline.audit.services import record
from hearthline.engine.backends import open_run
from hearthline.engine.rules.policy import AREA
from hearthline.engine.snapshots import Snapshot as EngineSnapshot
from hearthline.engine.snapshots import open_snapshot
from hearthline.engine.snapshots.reading import rows_of
from hearthline.engine.snapshots.sealing import PARTIAL, PartialFolder, clear_leftovers
from hearthline.jobs.handlers import Work
from hearthline.jobs.models import Job
from hearthline.jobs.services import request_job
from hearthline.policy.models import PackageVersion
from hearthline.policy.queries import folder_of
from hearthline.runs.models import Result, Run, SimulatedHousehold, Simulation
from hearthline.runs.problems import NO_RUN
from hearthline.runs.rules import SIMULATE
from hearthline.simulation.benefits import read_benefits
from hearthline.simulation.curve import read_curve
from hearthline.simulation.documents import document
from hearthline.simulation.package import changed_package
from hearthline.simulation.problems import NOTHING_SET
from hearthline.simulation.warning import read_thresholds
from hearthline.simulation.what_if import Question, simulate
from hearthline.statistics.differences import CHANGES

SIMULATING = "runs.simulate"
"""The name of the job."""
SIMULATIONS = "simulations"
STAGES = (
    gettext_noop("read packages"),
    gettext_noop("make plan"),
    gettext_noop("work out"),
    gettext_noop("pair"),
    gettext_noop("count"),
    gettext_noop("curve"),
    gettext_noop("households"),
)
ROWS_AT_ONCE = 2_000


@dataclass(frozen=True)
class Asked:
    """What a form asks: the texts that the command line takes as ``--set``, ``--benefit`` and the like."""

    settings: tuple[str, ...] = ()
    benefits: tuple[str, ...] = ()
    warn: tuple[str, ...] = ()
    by: str = ""
    reference: str = ""
    curve: str = ""


def request_simulation(
    *, by: Officer, on: date, run_id: int, version: PackageVersion | None = None, asked: Asked
) -> Job:
    """Ask what a changed package would say of the households of a run.

    Without a ``version`` it is that of the run. What can be refused is refused here, before the job waits.
    Raises ``runs.no-run``, and the problems of settings, benefits, thresholds, curve and package.
    """
    scope = required_scope(by=by, permission=SIMULATE, on=on)
    run = Run.objects.filter(scope.filter(), pk=run_id, loaded=True).select_related("version").first()
    if run is None:
        raise NO_RUN.error(run=run_id)
    chosen = version or run.version
    changed = changed_package(folder_of(chosen), asked.settings, run.on)
    read_benefits(asked.benefits, changed.policy)
    read_thresholds(asked.warn)
    if asked.curve:
        read_curve(asked.curve, changed.policy, run.on)
    same = changed.policy.version_hash == run.version.version_hash
    if same and not asked.curve and not asked.benefits:
        raise NOTHING_SET.error()
    payload = {"run": run.pk, "version": chosen.pk, "asked_on": on.isoformat(), **asdict(asked)}
    return request_job(by=by, on=on, name=SIMULATING, payload=payload, area_path=run.area_path)


def simulate_register(work: Work) -> Mapping[str, object]:
    """The handler of ``runs.simulate``; what it returns is the result of the job."""
    asked = work.job.payload
    run = Run.objects.select_related("version", "snapshot").get(pk=asked["run"])
    version = PackageVersion.objects.get(pk=asked["version"])
    found = Simulation.objects.filter(job_id=work.job.pk).first()
    if found is None:
        folder = _home() / SIMULATIONS / f"job-{work.job.pk}"
        if not folder.is_dir():  # else it was made just before a kill
            _make(work, run, version, folder)
        found = _stored(work, run, version, folder)
    return {"simulation": found.pk}


def _make(work: Work, run: Run, version: PackageVersion, folder: Path) -> None:
    """Leave the folder of the answer, whole or not at all; each stage asks whether the job is to stop."""
    clear_leftovers(folder, PARTIAL)
    asked = work.job.payload
    snapshot = open_snapshot(_home() / run.snapshot.folder, verify=False)

    def begin(stage: str) -> None:
        work.advance(done=STAGES.index(stage), total=len(STAGES), stage=stage)

    folder.parent.mkdir(parents=True, exist_ok=True)
    with PartialFolder(folder, replace=False) as partial:
        question = Question(
            package=folder_of(version),
            settings=asked["settings"],
            by=[*_places_below(snapshot), *([asked["by"]] if asked["by"] else [])],
            benefits=asked["benefits"],
            reference=asked["reference"] or None,
            curve=asked["curve"] or None,
            warn=asked.get("warn", ()),
            listed=0,
            list_to=partial.path / "households.parquet",
        )
        answer = simulate(question, open_run(_home() / run.folder), data=snapshot.folder, progress=begin)
        answer.changed.write(partial.path / "package")
        told = {**document(answer), "area_names": dict(answer.difference.area_names)}
        (partial.path / "simulation.json").write_text(json.dumps(told), encoding="utf-8")
        partial.publish()


def _places_below(snapshot: EngineSnapshot) -> list[str]:
    """The breakdown by the places directly below that of the run, where there are any."""
    if not snapshot.has_areas:
        return []
    depths = rows_of(snapshot, AREA, ["depth"])["depth"].to_pylist()
    single = [depth for depth in sorted(set(depths)) if depths.count(depth) == 1]
    below = [depth for depth in sorted(set(depths)) if depth not in single]
    return [f"area:{below[0]}"] if below else []


def _stored(work: Work, run: Run, version: PackageVersion, folder: Path) -> Simulation:
    """The answer and its households as rows, in one transaction with the trace."""
    asked = work.job.payload
    answer = json.loads((folder / "simulation.json").read_text(encoding="utf-8"))
    by = Officer.objects.get(pk=work.by.pk)
    with transaction.atomic():
        work.advance(done=len(STAGES) - 1, total=len(STAGES), stage="households")
        row = Simulation.objects.create(
            run=run,
            version=version,
            area_id=run.area_id,
            area_path=run.area_path,
            asked={name: asked.get(name) for name in Asked.__dataclass_fields__},
            answer={key: value for key, value in answer.items() if key != "households"},
            folder=f"{SIMULATIONS}/{folder.name}",
            made_at=timezone.now(),
            asked_by=by,
            job_id=work.job.pk,
        )
        for changes in _chunks(folder / "households.parquet"):
            _load(row, run, changes)
        record(
            by=by,
            on=date.fromisoformat(asked["asked_on"]),
            action="runs.simulate",
            subject="simulation",
            subject_id=row.pk,
            area_path=run.area_path,
            facts={"version": str(answer["later"]["version_hash"]), "run": run.pk},
        )
        work.advance(done=len(STAGES), total=len(STAGES), stage="done")
    return row


def _chunks(file: Path) -> Iterator[Sequence[Mapping[str, object]]]:
    words = {change.value for change in CHANGES}
    rows = (
        row
        for batch in pq.ParquetFile(file).iter_batches(columns=["later_id", "change", "rules"])
        for row in batch.to_pylist()
        if row["change"] in words
    )
    while chunk := list(islice(rows, ROWS_AT_ONCE)):
        yield chunk


def _load(simulation: Simulation, run: Run, changes: Sequence[Mapping[str, object]]) -> None:
    """Rows of a stretch of the list; the household of an opaque number is that of the run's result."""
    by_number = {row["later_id"]: row for row in changes}
    results = Result.objects.filter(run=run, number__in=list(by_number))
    SimulatedHousehold.objects.bulk_create(
        SimulatedHousehold(
            simulation=simulation,
            household_id=household,
            area_path=path,
            change=str(by_number[number]["change"]),
            rules=str(by_number[number]["rules"]),
        )
        for household, number, path in results.values_list("household_id", "number", "area_path")
    )


def _home() -> Path:
    home: Path = settings.HOME
    return home
