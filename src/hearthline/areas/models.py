# SPDX-License-Identifier: Apache-2.0
"""Decides how a place is stored: one row in the tree, and a dated row for every name and code it had."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from hearthline.areas.rules import PATH_LENGTH


class Area(models.Model):
    """One place. ``path`` is the numbers of the areas from the top down to it, nine digits each.

    All that lies within a place has a path from ``path`` up to, and without, the next path of the same
    length (``rules.range_of``); digits sort alike under every collation. Name and code are those of today.
    """

    # no index of its own: areas_children begins with the parent
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    path = models.CharField(max_length=PATH_LENGTH)
    depth = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=20)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = (
            # not unique=True, which would give PostgreSQL a second index for LIKE that nothing asks
            models.UniqueConstraint(fields=["path"], name="areas_one_area_per_path"),
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
        indexes = (
            models.Index(fields=["parent", "code"], name="areas_children"),
            models.Index(fields=["name"], name="areas_names"),  # a search by prefix is a range of it
        )

    def __str__(self) -> str:
        return self.name


class AreaName(models.Model):
    """A name and code that a place had from one day up to and without another.

    ``valid_from`` None: since before the records begin; ``valid_to`` None: until further notice.
    """

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gt=F("valid_from")),
                name="areas_name_period",
            ),
        )
        indexes = (models.Index(fields=["code"], name="areas_name_code"),)
