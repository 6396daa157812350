# SPDX-License-Identifier: Apache-2.0
"""Decides how a trace is stored: rows that are never changed, links that chain them, heads to publish."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class AuditRow(models.Model):
    """One thing that was done or seen: who, what, to which subject, where, on which day, and the facts.

    Written in the transaction of the change. Triggers refuse to change or remove a row.
    """

    at = models.DateTimeField()
    on = models.DateField()
    # no index of its own: audit_of_officer begins with the officer
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    officer_name = models.CharField(max_length=80)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=64)
    area_path = models.CharField(max_length=108)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = (
            models.Index(fields=["subject", "subject_id", "id"], name="audit_of_subject"),
            models.Index(fields=["area_path", "id"], name="audit_of_area"),
            models.Index(fields=["officer", "id"], name="audit_of_officer"),
            models.Index(fields=["action", "id"], name="audit_of_action"),
        )


class AuditLink(models.Model):
    """The place of a row in the chain of its county: a hash over the row and the link before it."""

    row = models.OneToOneField(AuditRow, on_delete=models.PROTECT, primary_key=True, related_name="+")
    chain = models.CharField(max_length=108)
    number = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["chain", "number"], name="audit_one_link_per_number"),)


class AuditHead(models.Model):
    """The end of a chain at the time of a sealing, to be published outside the database.

    ``last_row`` is the highest number of a row that the sealing linked, in any chain.
    """

    chain = models.CharField(max_length=108)
    number = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()
    last_row = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["chain", "number"], name="audit_one_head_per_number"),)
        indexes = (models.Index(fields=["sealed_at"], name="audit_head_time"),)
