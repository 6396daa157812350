# SPDX-License-Identifier: Apache-2.0
"""Decides how work to do later is stored: what, for whom, how far it is, and how it ended."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    """The states of a job; waiting and running are the only ones that change by themselves."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class Job(models.Model):
    """One piece of work. ``cursor`` is where it goes on after an interruption; a lease names its worker.

    ``attempts`` counts those in a row that left no new cursor behind: a job that gets on is never given up.
    """

    name = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    key = models.CharField(max_length=120, null=True, unique=True)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.WAITING)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    area_path = models.CharField(max_length=108)
    requested_at = models.DateTimeField()
    run_after = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    attempts_allowed = models.PositiveSmallIntegerField(default=3)
    worker = models.CharField(max_length=80, default="")
    lease_until = models.DateTimeField(null=True)
    cancel_asked = models.BooleanField(default=False)
    stage = models.CharField(max_length=60, default="")
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    cursor = models.JSONField(null=True)
    result = models.JSONField(null=True)
    problem = models.JSONField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="jobs_known_state"),
        )
        indexes = (
            models.Index(fields=["state", "run_after"], name="jobs_waiting"),
            models.Index(fields=["area_path", "id"], name="jobs_of_area"),
        )
