# SPDX-License-Identifier: Apache-2.0
"""Decides how a file of places is imported from the command line of the machine itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.contrib.auth.base_user import AbstractBaseUser

from hearthline.areas.loading import Loaded, import_areas
from hearthline.areas.queries import EVERYWHERE


def import_areas_command(
    file: Path,
    *,
    on: date,
    say: Callable[[str], object],
    by: AbstractBaseUser | None = None,
    since: date | None = None,
) -> Loaded:
    """Import a file of places and say in sentences what happened. Raises ``areas.*``."""
    loaded = import_areas(
        by=by,
        on=on,
        source=file,
        where=EVERYWHERE,
        since=since,
        progress=lambda done, total: say(f"{done:,} of {total:,} changes."),
    )
    say(
        f"{file.name}: {loaded.rows:,} places; {loaded.opened:,} new, {loaded.renamed:,} renamed, "
        f"{loaded.moved:,} moved, {loaded.level_changed:,} of another level, the others as they were."
    )
    return loaded
