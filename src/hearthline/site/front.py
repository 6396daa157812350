# SPDX-License-Identifier: Apache-2.0
"""Decides what the first page says: the five questions in one's own places, and what changed this week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import given_scope, scope_of
from hearthline.accounts.rules import VIEW_AREAS, VIEW_JOBS
from hearthline.areas.models import Area
from hearthline.areas.queries import level_title, top_areas_at
from hearthline.asking import Asked
from hearthline.jobs.models import Job, JobState
from hearthline.jobs.queries import jobs_in
from hearthline.registry.models import RegisterImport
from hearthline.registry.queries import imports_since
from hearthline.registry.rules import VIEW_IMPORTS
from hearthline.runs.models import Run
from hearthline.runs.queries import runs_since
from hearthline.runs.rules import VIEW_FIGURES
from hearthline.site.actions import job_words
from hearthline.site.places import Place, place_of

WEEK = timedelta(days=7)
_MOST = 5


@dataclass(frozen=True)
class Front:
    """The first page of an officer; ``place`` is his own area, or the first of several."""

    place: Place | None
    others: Sequence[tuple[Area, str]]
    imports: Sequence[RegisterImport]
    screenings: Sequence[Run]
    jobs: Sequence[tuple[Job, str]]
    since: datetime


def front_of(*, by: Officer, on: date, language: str) -> Front:
    """What an officer sees first."""
    since = timezone.now() - WEEK
    tops = top_areas_at(scope_of(by=by, permission=VIEW_AREAS, on=on).lows)
    place = (
        place_of(by=by, on=on, area_id=tops[0].pk, language=language, with_children=False) if tops else None
    )
    return Front(
        place=place,
        others=[(area, level_title(area.level)) for area in tops[1:]],
        imports=_imports(by, on, since),
        screenings=_screenings(by, on, since),
        jobs=_jobs(by, on),
        since=since,
    )


def _imports(by: Officer, on: date, since: datetime) -> list[RegisterImport]:
    if scope_of(by=by, permission=VIEW_IMPORTS, on=on).empty:
        return []
    return imports_since(by=by, on=on, since=since)[:_MOST]


def _screenings(by: Officer, on: date, since: datetime) -> list[Run]:
    if scope_of(by=by, permission=VIEW_FIGURES, on=on).empty:
        return []
    return runs_since(by=by, on=on, since=since)[:_MOST]


def _jobs(by: Officer, on: date) -> list[tuple[Job, str]]:
    scope = scope_of(by=by, permission=VIEW_JOBS, on=on)
    if scope.empty:
        return []
    found = _UNDER_WAY.rows(scope.shape, **scope.bounds)
    return [(job, job_words(job.name)) for job in found]


_UNDER_WAY = Asked(
    lambda shape: jobs_in(given_scope(shape), states=[JobState.WAITING, JobState.RUNNING])[:_MOST]
)
