# SPDX-License-Identifier: Apache-2.0
"""Decides what an import must have done after its workers were killed at random moments, again and again.

``campaign`` starts real processes on a database of their own and kills them; the functions named in
``PROGRAMS`` run in those processes.
"""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from signal import SIGKILL

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from hearthline.accounts.models import Grant, Officer
from hearthline.areas.models import Area
from hearthline.areas.rules import step_of
from hearthline.audit.models import AuditRow
from hearthline.base.sealing import keys_of
from hearthline.engine.packages import load_policy, policy_files
from hearthline.engine.rules.policy import AREA
from hearthline.engine.snapshots import open_snapshot
from hearthline.engine.snapshots.reading import rows_of
from hearthline.jobs.models import Job
from hearthline.jobs.worker import run_worker
from hearthline.policy.models import Activation, PackageVersion
from hearthline.registry.identities import opened
from hearthline.registry.loading.register import Counts
from hearthline.registry.models import (
    Household,
    HouseholdFacts,
    Identity,
    Membership,
    Observation,
    Person,
    PersonFacts,
)
from hearthline.registry.services import loading, request_loading
from hearthline.synthetic import generate
from tests.service.processes import Service, looked_into, service_of_its_own

PACKAGE = "cn/2014-2020"
TODAY = date(2017, 12, 31)
HOUSEHOLDS, AT_ONCE, MOST_CHUNKS = 600, 30, 8
MODULE = "from tests.service.registry import killing\n"


@dataclass(frozen=True)
class Outcome:
    """What stands in the register after a campaign; kills by how much of the import was done at each."""

    killed: int
    resumed: int
    imports: int
    phases: dict[str, int]
    found: dict[str, int]
    expected: dict[str, int]


@dataclass(frozen=True)
class Told:
    """How far the job is, and what stands in the register."""

    state: str
    done: int
    found: dict[str, int]


def prepare(folder: str) -> None:
    """A county to be loaded, its places, an officer, and the job that waits."""
    policy = load_policy(PACKAGE)
    made = generate(policy, out=Path(folder) / "county", households=HOUSEHOLDS)
    officer = Officer.objects.create(username="killer", name="杨芳", created_at=timezone.now())
    Grant.objects.create(officer=officer, role="administrator", starts_on=date(2013, 1, 1))
    version = PackageVersion.objects.create(
        package_id=policy.id,
        version_hash=policy.version_hash,
        title=dict(policy.title),
        files={name: content.decode() for name, content in policy_files(PACKAGE).items()},
        published_at=timezone.now(),
        published_by=officer,
    )
    tops: dict[int | None, Area] = {}
    columns = ["area_id", "parent_id", "area_code", "area_name"]
    for row in rows_of(open_snapshot(made.folder), AREA, columns).to_pylist():
        above = tops.get(row["parent_id"])
        area = Area.objects.create(
            parent=above,
            path=f"new {row['area_id']}",
            depth=above.depth + 1 if above else 1,
            level="place",
            code=row["area_code"],
            name=row["area_name"],
        )
        area.path = (above.path if above else "") + step_of(area.pk)
        area.save()
        tops[row["area_id"]] = area
    top = tops[1]
    Activation.objects.create(
        version=version,
        area=top,
        area_path=top.path,
        starts_on=date(2014, 1, 1),
        activated_at=timezone.now(),
        activated_by=officer,
    )
    request_loading(
        by=officer,
        on=TODAY,
        area_id=top.pk,
        title="to be killed",
        snapshot=made.folder,
        identities=made.names,
        content_hash=made.hash,
        observed_on=TODAY,
    )


def work() -> None:
    """A worker that takes the job up at once: the one before is known to be dead."""
    past = timezone.now() - timedelta(days=1)
    Job.objects.filter(state="running").update(lease_until=past, attempts=0)
    loading.HOUSEHOLDS_AT_ONCE = {"sqlite": AT_ONCE, "postgresql": AT_ONCE}
    save = loading._Loading._save

    def told_save(self: loading._Loading, done: int, total: int, counts: Counts) -> None:
        """Whoever may kill this process hears of every chunk just before it is committed."""
        save(self, done, total, counts)
        print("saving", flush=True)

    loading._Loading._save = told_save  # type: ignore[method-assign]  # this process alone
    print("begun", flush=True)
    run_worker(once=True)


def told() -> None:
    """How far the job is, and everything that must be there once and once only."""
    job = Job.objects.get(name="registry.import")
    batches = AuditRow.objects.filter(action="registry.import_batch")
    person = Person.objects.order_by("?").first()
    sealed = Identity.objects.filter(person=person).first()
    if person and sealed:
        opened(keys_of(settings.KEY_FILE), person.number, bytes(sealed.wrapped_key), bytes(sealed.sealed))
    found = {
        "households": Household.objects.count(),
        "people": Person.objects.count(),
        "identities": Identity.objects.count(),
        "memberships": Membership.objects.count(),
        "of households": Observation.objects.filter(household__isnull=False, person__isnull=True).count(),
        "of people": Observation.objects.filter(person__isnull=False).count(),
        "current of households": HouseholdFacts.objects.count(),
        "current of people": PersonFacts.objects.count(),
        "households in the trail": sum(row.facts["households"] for row in batches),
        "people in the trail": sum(row.facts["people"] for row in batches),
        "batches twice": batches.values("facts__first").annotate(n=Count("pk")).filter(n__gt=1).count(),
    }
    print(json.dumps({"state": job.state, "done": job.done, "found": found}), flush=True)


def expected(folder: Path) -> dict[str, int]:
    """What a whole import leaves."""
    snapshot = open_snapshot(folder / "county")
    households, people = snapshot.households, snapshot.rows("person")
    return {
        "households": households,
        "people": people,
        "identities": people,
        "memberships": people,
        "of households": households,
        "of people": people,
        "current of households": households,
        "current of people": people,
        "households in the trail": households,
        "people in the trail": people,
        "batches twice": 0,
    }


def campaign(folder: Path, kills: int, seed: int = 1) -> Outcome:
    """Import a county while killing its worker ``kills`` times; begin a new import whenever one has ended."""
    chance, resumed, imports = random.Random(seed), 0, 0
    phases: Counter[str] = Counter()
    while True:
        imports += 1
        own = folder / f"round-{imports}"
        own.mkdir()
        with service_of_its_own(own) as service, looked_into(service.database) as look:
            _run(service, f"killing.prepare({str(own)!r})")
            state, done = "waiting", 0
            while state != "done":
                killed = _worked(service, chance, kill=phases.total() < kills)
                [(state, done)] = look("SELECT state, done FROM jobs_job WHERE name = 'registry.import'")
                if killed:
                    resumed += state != "done"
                    phases[_phase(state, done)] += 1
                assert state != "failed", done
            report, wanted = Told(**json.loads(_run(service, "killing.told()"))), expected(own)
            if report.found != wanted or phases.total() >= kills:
                return Outcome(phases.total(), resumed, imports, dict(phases), report.found, wanted)


def _worked(service: Service, chance: random.Random, *, kill: bool) -> bool:
    """Let a worker work, and kill it after some chunks; whether it had not ended before."""
    process = service.python(f"{MODULE}killing.work()")
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "begun", process.communicate()
    if kill:
        for _ in range(chance.randint(0, MOST_CHUNKS)):
            process.stdout.readline()
        time.sleep(chance.uniform(0.0, 0.2))
        process.kill()
    _, errors = process.communicate()
    assert process.returncode in (0, -SIGKILL), errors
    return process.returncode == -SIGKILL


def _phase(state: str, done: int) -> str:
    """How far an import was when its worker died."""
    if state == "done":
        return "at its end"
    if not done:
        return "before the first chunk"
    return f"in quarter {4 * done // (HOUSEHOLDS + 1) + 1}"


def _run(service: Service, statement: str) -> str:
    process = service.python(MODULE + statement)
    out, err = process.communicate()
    assert process.returncode == 0, err
    return out.splitlines()[-1] if out.strip() else ""
