# SPDX-License-Identifier: Apache-2.0
"""Decides what trace a list leaves that an officer takes away as a file."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import place_of
from hearthline.areas.models import Area
from hearthline.audit.services import record
from hearthline.ui.tables import FileAsked


def note_file(*, by: Officer, on: date, app: str, asked: FileAsked, area: Area | None = None) -> None:
    """Leave a trace of which list was taken, how many rows, and which columns and filters were chosen.

    What the filters looked for is not kept. The trace stands in the ``area`` that the list is about, else in
    the place where the officer works.
    """
    with transaction.atomic():
        record(
            by=by,
            on=on,
            action=f"{app}.take_file",
            subject="area" if area else "list",
            subject_id=area.pk if area else asked.table,
            area_path=area.path if area else place_of(by, on),
            facts={
                "list": asked.table,
                "format": asked.format,
                "rows": asked.rows,
                "columns": list(asked.columns),
                "filters": sorted(asked.filters),
            },
        )
