# SPDX-License-Identifier: Apache-2.0
"""Decides how the jobs answer: their list, one job with its progress and problem, cancel and retry."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from hearthline.accounts.queries import required_scope, scope_of
from hearthline.accounts.requests import OfficerRequest
from hearthline.accounts.rules import VIEW_JOBS
from hearthline.accounts.views.files import noted
from hearthline.jobs.models import Job, JobState
from hearthline.jobs.queries import find_problem, get_job, jobs_in
from hearthline.jobs.services import cancel_job, retry_job
from hearthline.registry.rules import VIEW_IMPORTS
from hearthline.releases.rules import VIEW_RELEASES
from hearthline.runs.rules import SIMULATE, VIEW_FIGURES
from hearthline.site.actions import JOBS, job_words
from hearthline.site.rules import STEER_JOBS, STEER_OWN_JOBS
from hearthline.ui import notices
from hearthline.ui.addresses import address_or_none
from hearthline.ui.badges import STATES, state
from hearthline.ui.problems import told
from hearthline.ui.tables import Choices, Column, Table

TABLE = Table(
    name="jobs",
    caption=_("Jobs"),
    columns=(
        Column(
            key="name",
            label=_("Job"),
            value=lambda row: job_words(row.name),  # type: ignore[attr-defined]  # a row is a Job
            link=lambda row: reverse("site:job", args=[row.pk]),  # type: ignore[attr-defined]  # a row is a Job
        ),
        Column(key="state", label=_("State"), show=lambda value: state(str(value))),
        Column(key="requested_at", label=_("Asked for"), show="moment"),
        Column(key="officer", label=_("By"), value="officer.name"),
        Column(key="ended_at", label=_("Ended"), show="moment"),
    ),
    filters=(
        Choices(
            name="state", label=_("State"), options=[(one, words) for one, (words, _tone) in STATES.items()]
        ),
        Choices(name="name", label=_("Job"), options=list(JOBS.items())),
    ),
    sort="-",
    empty=_("No job was asked for yet."),
)
_RESULTS = (
    ("release", "releases:release", VIEW_RELEASES),
    ("simulation", "runs:simulation", SIMULATE),
    ("run", "runs:run", VIEW_FIGURES),
    ("import", "registry:import", VIEW_IMPORTS),
)
"""What a job may have made, its page, and what that page asks of its reader."""


@require_safe
def jobs(request: OfficerRequest) -> HttpResponseBase:
    """The jobs of one's own area, the newest first."""
    scope = required_scope(by=request.user, permission=VIEW_JOBS, on=request.on)
    rows = jobs_in(scope.filter("area_path")).select_related("officer")
    if TABLE.wants_file(request):
        return TABLE.file(request, rows, audit=noted(request, "site"))
    return render(request, "site/jobs.html", {"table": TABLE.page(request, rows)})


@require_safe
def job(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """One job: how far it is, or why it stopped."""
    scope = required_scope(by=request.user, permission=VIEW_JOBS, on=request.on)
    found = get_job(pk, scope.filter("area_path"))
    problem = find_problem(found)
    own = found.officer_id == request.user.pk
    permission = STEER_OWN_JOBS if own else STEER_JOBS
    steers = scope_of(by=request.user, permission=permission, on=request.on).covers(found.area_path)
    context = {
        "job": found,
        "words": job_words(found.name),
        "problem": told(problem) if problem else None,
        "result_href": _result(request, found),
        "may_cancel": steers
        and found.state in (JobState.WAITING, JobState.RUNNING)
        and not found.cancel_asked,
        "may_retry": steers and found.state in (JobState.FAILED, JobState.CANCELLED),
    }
    return render(request, "site/job.html", context)


@require_POST
def cancel(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """Stop a job at its next step."""
    cancel_job(by=request.user, on=request.on, job_id=pk, where=_steered(request))
    notices.leave(request, gettext("The job will stop at its next step."))
    return redirect("site:job", pk=pk)


@require_POST
def retry(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """Start a job again where it stopped."""
    retry_job(by=request.user, on=request.on, job_id=pk, where=_steered(request))
    notices.leave(request, gettext("The job goes on where it stopped."))
    return redirect("site:job", pk=pk)


def _steered(request: OfficerRequest) -> Q:
    """The jobs that an officer may stop and restart: his own, or all of the area he administers."""
    own = required_scope(by=request.user, permission=STEER_OWN_JOBS, on=request.on)
    every = scope_of(by=request.user, permission=STEER_JOBS, on=request.on)
    if every.everywhere:
        return Q()  # which beside another condition would count for nothing
    return every.filter("area_path") | (own.filter("area_path") & Q(officer=request.user))


def _result(request: OfficerRequest, found: Job) -> str:
    """Where the result of a job opens, of its pages the first that its reader may see."""
    numbers = (found.payload or {}) | (found.result or {})
    for word, page, permission in _RESULTS:
        number = numbers.get(word)
        may = scope_of(by=request.user, permission=permission, on=request.on)
        if isinstance(number, int) and may.covers(found.area_path):
            return address_or_none(page, number)
    return ""
