# SPDX-License-Identifier: Apache-2.0
"""Decides what the processes of ``test_crowd`` do: some write traces, some seal, all at once.

``python -m tests.service.audit.crowd``: prepares the database, works, prints what verification says.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable
from datetime import UTC, date, datetime

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - after the set-up of Django
from django.db import connection, transaction  # noqa: E402 - after the set-up of Django

from hearthline.areas.models import Area  # noqa: E402 - after the set-up of Django
from hearthline.audit.models import AuditLink, AuditRow  # noqa: E402 - after the set-up of Django
from hearthline.audit.queries import PublishedHead  # noqa: E402 - after the set-up of Django
from hearthline.audit.services import record, seal  # noqa: E402 - after the set-up of Django
from hearthline.audit.verifying import verify  # noqa: E402 - after the set-up of Django

TODAY = date(2017, 12, 31)
NOON = datetime(2017, 12, 31, 4, tzinfo=UTC)
WRITERS, SEALERS, CHANGES = 4, 2, 40
COUNTIES = 3


def write(seed: int) -> None:
    """Changes of one to five rows each; some wait before they commit, some are rolled back."""
    chance = random.Random(seed)
    for number in range(CHANGES):
        with transaction.atomic():
            for _ in range(chance.randint(1, 5)):
                path = f"{chance.randint(1, COUNTIES):09}"
                record(by=None, on=TODAY, action="x.y", subject="s", subject_id=number, area_path=path)
            time.sleep(chance.random() / 200)
            transaction.set_rollback(chance.random() < 0.1)


def seal_on(seed: int) -> None:
    """Seal again and again while the others write."""
    while AuditRow.objects.count() < WRITERS * CHANGES * 2:
        seal(NOON)
        time.sleep(0.01)


def apart(act: Callable[[int], None], seed: int) -> int:
    """A process of its own, with a connection of its own."""
    number = os.fork()
    if number == 0:
        act(seed)
        os._exit(0)
    return number


def main() -> None:
    """Everybody at once, then the last sealing and the verification."""
    call_command("migrate", verbosity=0)
    for county in range(1, COUNTIES + 1):
        Area.objects.create(path=f"{county:09}", depth=1, level="county", code=str(county), name="县")
    connection.close()
    crowd = [apart(write, seed) for seed in range(WRITERS)] + [apart(seal_on, 0) for _ in range(SEALERS)]
    failed = [number for number in crowd if os.waitpid(number, 0)[1] != 0]
    at_once = AuditLink.objects.count()
    heads: list[PublishedHead] = list(seal(NOON).heads)
    verdict = verify(heads)
    said = {"rows": AuditRow.objects.count(), "at_once": at_once, "verified": verdict.rows}
    print(json.dumps({**said, "unsealed": verdict.unsealed, "whole": verdict.whole, "failed": len(failed)}))


if __name__ == "__main__":
    main()
