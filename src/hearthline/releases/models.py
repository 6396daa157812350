# SPDX-License-Identifier: Apache-2.0
"""Decides how releases are stored: what each told, chained by hashes; never changed, never removed."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from hearthline.areas.models import Area
from hearthline.runs.models import Run


class Release(models.Model):
    """A table that was published: the memory of the gate, one chain for the whole service.

    ``told`` is what the gate remembers, as ``statistics.release.Release`` writes it; ``table`` what readers
    see: heads, and a row for each place with the figures told (null: hidden). Triggers refuse any change but
    that of the path of a place that moved.
    """

    number = models.PositiveBigIntegerField(unique=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=108)
    subject = models.CharField(max_length=16)
    method = models.CharField(max_length=16)
    levels = models.JSONField(default=list)
    told = models.JSONField()
    table = models.JSONField()
    published_on = models.DateField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = (models.Index(fields=["area_path", "number"], name="releases_of_area"),)


class Withdrawal(models.Model):
    """A release that is no longer offered. The gate goes on remembering it: what is out is out."""

    release = models.OneToOneField(Release, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.CharField(max_length=500)
    withdrawn_on = models.DateField()
    withdrawn_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
