# SPDX-License-Identifier: Apache-2.0
"""Decides what the processes of ``test_crowd`` do: all publish another table at the same moment.

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
from hearthline.base.problems import HearthlineError  # noqa: E402 - after the set-up of Django
from hearthline.releases.models import Release  # noqa: E402 - after the set-up of Django
from hearthline.releases.proposing import check_chain, proposal_of  # noqa: E402 - after the set-up of Django
from hearthline.releases.services import publish_table  # noqa: E402 - after the set-up of Django
from hearthline.statistics.gate import Method  # noqa: E402 - after the set-up of Django
from hearthline.statistics.place_tables import Subject  # noqa: E402 - after the set-up of Django
from tests.service.conftest import grow  # noqa: E402 - after the set-up of Django
from tests.service.county import hired  # noqa: E402 - after the set-up of Django
from tests.service.releases.little import run_of  # noqa: E402 - after the set-up of Django

TODAY = date(2018, 1, 15)
AT_ONCE = 4
TREE = (
    ("51", "青山省", None), ("5101", "青山市", "51"), ("510101", "云岭县", "5101"),
    ("510101001", "石桥镇", "510101"), ("510101001001", "杏花村", "510101001"),
    ("510101001002", "柳树村", "510101001"), ("510101002", "白水乡", "510101"),
    ("510101002001", "梨园村", "510101002"), ("510101002002", "松坡村", "510101002"),
)  # fmt: skip


def main() -> None:
    """Prepare, publish twice in turn (the first release has no last one to lock), print."""
    call_command("migrate", verbosity=0)
    places: dict[str, Area] = {}
    for code, name, parent in TREE:
        places[code] = grow(code, name, places[parent] if parent else None)
    officer = hired(Role.ADMINISTRATOR, None, "chief")
    run, county = run_of(places, officer), places["510101"]
    rounds = []
    for number in range(2):
        wanted = [("township",), ("village",), ("township", "village"), ()]
        proposals = [
            proposal_of(run=run, area=county, subject=Subject.STATUS, method=Method.ROUND, levels=levels)
            for levels in wanted
        ]
        connection.close()
        ready, go = os.pipe()
        children = []
        for each in proposals:
            child = os.fork()
            if child == 0:
                os.close(go)
                os.read(ready, 1)  # until all are there
                try:
                    publish_table(
                        by=officer, on=TODAY, run_id=run.pk, area_id=county.pk, subject=each.subject,
                        method=each.method, levels=each.levels, seen=each.seen,
                    )  # fmt: skip
                except HearthlineError as error:
                    os._exit(10 if error.code == "releases.other-than-seen" else 20)
                os._exit(0)
            children.append(child)
        os.close(go)
        ends = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        rounds.append({"round": number, "ends": ends, "releases": Release.objects.count()})
    head = check_chain()
    json.dump({"rounds": rounds, "head": head.number, "rows": Release.objects.count()}, sys.stdout)


if __name__ == "__main__":
    main()
