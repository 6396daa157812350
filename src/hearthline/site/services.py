# SPDX-License-Identifier: Apache-2.0
"""Decides which traces the pages of several apps leave: a list that somebody takes away as a file."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from hearthline.accounts.models import Officer
from hearthline.areas.models import Area
from hearthline.audit.services import record
from hearthline.ui.tables import FileAsked


def trace_file(*, by: Officer, on: date, asked: FileAsked, area: Area | None = None) -> None:
    """That a list was taken as a file: which, how many rows, which columns and filters."""
    with transaction.atomic():
        record(
            by=by,
            on=on,
            action="site.take_file",
            subject="area" if area else "list",
            subject_id=area.pk if area else asked.table,
            area_path=area.path if area else "",
            facts={
                "list": asked.table,
                "format": asked.format,
                "rows": asked.rows,
                "columns": list(asked.columns),
                "filters": sorted(asked.filters),
            },
        )
