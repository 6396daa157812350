# SPDX-License-Identifier: Apache-2.0
"""Decides how a place is stored: one row in the tree, and a dated row for every name and code it had."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from hearthline.areas.rules import PATH_LENGTH


class Area(models.Model):
    """One place. ``path`` is the numbers of the areas from the top down to it, nine digits each.

    All that lies within a place has a path from ``path`` up to, and without, the next path of the same
    length (``rules.range_of``); digits sort alike under every collation.
    """

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    path = models.CharField(max_length=PATH_LENGTH, unique=True)
    depth = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=20)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["code"], condition=Q(closed_on__isnull=True), name="areas_one_open_area_per_code"
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True)
                | Q(opened_on__isnull=True)
                | Q(closed_on__gte=F("opened_on")),
                name="areas_closed_after_opened",
            ),
        )
        indexes = (models.Index(fields=["parent", "code"], name="areas_children"),)

    def __str__(self) -> str:
        return self.name


class AreaName(models.Model):
    """A name and code that a place had from one day to another (None: until further notice)."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=200)

    class Meta:
        indexes = (models.Index(fields=["code"], name="areas_name_code"),)
