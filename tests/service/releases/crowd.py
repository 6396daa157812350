# SPDX-License-Identifier: Apache-2.0
"""Decides what the workers of ``test_crowd`` do: all publish another table at the same moment.

``python -m tests.service.releases.crowd``: prepares the database, publishes, prints what stands there.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import date

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - after the set-up of Django
from django.db import connection  # noqa: E402 - after the set-up of Django

from hearthline.accounts.rules import Role  # noqa: E402 - after the set-up of Django
from hearthline.areas.models import Area  # noqa: E402 - after the set-up of Django
from hearthline.jobs.models import Job  # noqa: E402 - after the set-up of Django
from hearthline.jobs.queries import find_problem  # noqa: E402 - after the set-up of Django
from hearthline.jobs.worker import run_worker  # noqa: E402 - after the set-up of Django
from hearthline.releases import services  # noqa: E402 - after the set-up of Django
from hearthline.releases.models import Release  # noqa: E402 - after the set-up of Django
from hearthline.releases.proposing import check_chain, proposal_of  # noqa: E402 - after the set-up of Django
from hearthline.releases.tallies import table_for  # noqa: E402 - after the set-up of Django
from hearthline.runs.models import Run  # noqa: E402 - after the set-up of Django
from hearthline.statistics.gate import Method  # noqa: E402 - after the set-up of Django
from hearthline.statistics.place_tables import Subject  # noqa: E402 - after the set-up of Django
from hearthline.statistics.release import release_of  # noqa: E402 - after the set-up of Django
from tests.service.conftest import grow  # noqa: E402 - after the set-up of Django
from tests.service.county import hired  # noqa: E402 - after the set-up of Django
from tests.service.releases.little import run_of  # noqa: E402 - after the set-up of Django
from tests.statistics.release_attack import Attacker, sensitive  # noqa: E402 - after the set-up of Django

TODAY = date(2018, 1, 15)
AT_ONCE = 4
TREE = (
    ("51", "青山省", None), ("5101", "青山市", "51"), ("510101", "云岭县", "5101"),
    ("510101001", "石桥镇", "510101"), ("510101001001", "杏花村", "510101001"),
    ("510101001002", "柳树村", "510101001"), ("510101002", "白水乡", "510101"),
    ("510101002001", "梨园村", "510101002"), ("510101002002", "松坡村", "510101002"),
)  # fmt: skip


Told = dict[str, object]


def grown() -> dict[str, Area]:
    """The places of the tree, by code."""
    places: dict[str, Area] = {}
    for code, name, parent in TREE:
        places[code] = grow(code, name, places[parent] if parent else None)
    return places


def main() -> None:
    """Prepare; publish twice in turn (the first release has no last one before it); print."""
    call_command("migrate", verbosity=0)
    places = grown()
    officer = hired(Role.ADMINISTRATOR, None, "chief")
    run, county = run_of(places, officer), places["510101"]
    vars(services)["MOST_COUNTS"] = 0  # so that tables are asked for that nobody has looked at
    rounds: list[Told] = []
    for number in range(2):
        seen = [
            proposal_of(run=run, area=county, subject=Subject.STATUS, method=Method.ROUND, levels=levels)
            for levels in (("township",), ("village",))
        ]
        wanted = [(one.method, one.levels, one.seen) for one in seen]
        wanted += [(Method.SUPPRESS, ("township", "village"), ""), (Method.SUPPRESS, (), "")]
        asked = [
            services.request_release(
                by=officer, on=TODAY, run_id=run.pk, area_id=county.pk, subject=Subject.STATUS,
                method=method, levels=levels, seen=saw,
            )
            for method, levels, saw in wanted
        ]  # fmt: skip
        ends = workers(AT_ONCE)
        jobs = Job.objects.filter(pk__in=[job.pk for job in asked]).order_by("pk")
        rounds.append(
            {
                "round": number,
                "ends": ends,
                "states": [job.state for job in jobs],
                "codes": [problem.code for job in jobs if (problem := find_problem(job))],
                "releases": Release.objects.count(),
            }
        )
    head = check_chain()
    json.dump(
        {"rounds": rounds, "head": head.number, "rows": Release.objects.count(), "pinned": pinned(run)},
        sys.stdout,
    )


def workers(count: int) -> list[int]:
    """So many processes work at once, each on what it gets; how each ended."""
    connection.close()
    ready, go = os.pipe()
    children = []
    for _ in range(count):
        child = os.fork()
        if child == 0:
            os.close(go)
            os.read(ready, 1)  # until all are there
            run_worker(once=True)
            os._exit(0)
        children.append(child)
    os.close(go)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def pinned(run: Run) -> list[str]:
    """The sensitive counts of the county that the second attacker works out from all that was published."""
    levels = ["township", "village"]
    counts = table_for(run, run.area, levels, Subject.STATUS).counts
    memory = [release_of(row.told) for row in Release.objects.order_by("number")]
    told = {name for release in memory for name in release.told} - counts.aids
    truth = {name: count for name, count in counts.counts.items() if name in told}
    return Attacker(memory).pins(sensitive(truth, memory[:1]))


if __name__ == "__main__":
    main()
