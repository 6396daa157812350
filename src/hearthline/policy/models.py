# SPDX-License-Identifier: Apache-2.0
"""Decides how a published policy package is stored, and where and when it is in force."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from hearthline.areas.models import Area


class PackageVersion(models.Model):
    """One published package: its files word for word, named by the hash of them. It never changes."""

    package_id = models.CharField(max_length=120)
    version_hash = models.CharField(max_length=64, unique=True)
    title = models.JSONField()
    files = models.JSONField()
    note = models.TextField(default="")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")


class Activation(models.Model):
    """A version in force in an area and all within it, from one screening date to another."""

    version = models.ForeignKey(PackageVersion, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=108)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    activated_at = models.DateTimeField()
    activated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="policy_activation_period",
            ),
        )
        indexes = (models.Index(fields=["area_path", "starts_on"], name="policy_activation_of_area"),)
