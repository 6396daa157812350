# SPDX-License-Identifier: Apache-2.0
"""Decides how sealing and verifying the trail are measured, beside the bare hashing of the same lines.

    python -m benchmarks.service.audit --rows 200000
    python -m scripts.postgres -- python -m benchmarks.service.audit --rows 200000

The database is the one of ``HEARTHLINE_DATABASE``, an empty SQLite file where that is not set. It is filled.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta

import django
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.utils.module_loading import import_string

from benchmarks.machine import load_in_words, machine_in_words
from benchmarks.service.areas import Cost, measured, say

ON = date(2017, 12, 31)
NOON = datetime(2017, 12, 31, 4, tzinfo=UTC)
COUNTIES = 50


def fill(rows: int) -> None:
    """Traces of looks in fifty counties, as a busy province leaves them."""
    area, row = apps.get_model("areas", "Area"), apps.get_model("audit", "AuditRow")
    for number in range(1, COUNTIES + 1):
        area.objects.create(path=f"{number:09}", depth=1, level="county", code=str(number), name="县")
    row.objects.bulk_create(
        (
            row(
                at=NOON + timedelta(milliseconds=number),
                on=ON,
                officer_name="yang.fang",
                action="registry.look",
                subject="household",
                subject_id=str(number),
                area_path=f"{number % COUNTIES + 1:09}",
                facts={"page": "household", "facts": number},
            )
            for number in range(rows)
        ),
        batch_size=2000,
    )


def bare_hashing(rows: int) -> None:
    """SHA-256 over as many lines of that length: what no sealing can undercut."""
    line = b"x" * 320
    for _ in range(rows):
        hashlib.sha256(line).hexdigest()


def told(what: str, rows: int, cost: Cost) -> None:
    """One figure with its rate."""
    say(f"{what:<22}{cost}; {rows / cost.wall:,.0f} rows/s")


def main(words: list[str]) -> int:
    """Fill, seal, verify; print each figure beside the bare one."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.service.audit", description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    options = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hearthline.site.settings")
        os.environ.setdefault("HEARTHLINE_DATABASE", f"sqlite:///{folder}/bench.sqlite3")
        os.environ.setdefault("HEARTHLINE_HOME", folder)
        django.setup()
        call_command("migrate", verbosity=0)
        seal = import_string("hearthline.audit.services.seal")
        verify = import_string("hearthline.audit.verifying.verify")
        say(f"{connection.vendor}: {machine_in_words()}; load {load_in_words()}")
        told("filled in bulk", options.rows, measured(lambda: fill(options.rows)))
        told("sealed", options.rows, measured(lambda: seal(NOON)))
        told("nothing new to seal", options.rows, measured(lambda: seal(NOON + timedelta(days=2))))
        told("verified", options.rows, measured(verify))
        told("bare SHA-256", options.rows, measured(lambda: bare_hashing(options.rows)))
        say(f"load of the machine at the end: {load_in_words()}")
        connection.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
