# SPDX-License-Identifier: Apache-2.0
"""Decides what every row of an import says of where it came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Bringing:
    """The import that brings the rows: who, when, of which day, from which source, into which place."""

    import_id: int
    officer_id: int
    recorded_at: datetime
    observed_on: date
    source: str
    area_path: str
