# SPDX-License-Identifier: Apache-2.0
"""Decides how an officer is stored: account, grants, one-time codes, sessions, failed attempts."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from hearthline.areas.models import Area


class Officer(AbstractBaseUser):
    """A person who works with the register. What he may do, and where, stands in his grants.

    ``one_time_until``: until when a one-time password opens the account; None for a password of his own.
    ``offered_totp``: a sealed secret shown to him that no code has confirmed yet. ``totp_step``: the last
    accepted code's time step; a code is accepted once.
    """

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    language = models.CharField(max_length=10, default="zh-hans")
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    one_time_until = models.DateTimeField(null=True)
    sealed_totp = models.BinaryField(null=True)
    offered_totp = models.BinaryField(null=True)
    totp_step = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()

    remembers: dict[date, list[tuple[str, str | None]]] | None = None
    """Roles and paths by day, kept for the length of one request; None elsewhere, where grants may change."""

    USERNAME_FIELD = "username"
    objects = BaseUserManager["Officer"]()

    class Meta:
        constraints = (models.CheckConstraint(condition=~Q(username=""), name="accounts_username_not_empty"),)


class Grant(models.Model):
    """A role in an area and all within it, from one day to another (None: until further notice).

    A grant is never removed; ``withdrawn_on`` is the first day on which it no longer holds.
    """

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=30)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    withdrawn_on = models.DateField(null=True)
    granted_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="accounts_grant_period",
            ),
        )
        indexes = (models.Index(fields=["officer", "role"], name="accounts_grants_of_officer"),)

    def valid_on(self, on: date) -> bool:
        """Whether the grant holds on a day."""
        begun = self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)
        return begun and (self.withdrawn_on is None or on < self.withdrawn_on)


class SignIn(models.Model):
    """One signed-in browser or phone; an administrator or the officer can revoke it."""

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    session_hash = models.CharField(max_length=64, unique=True)
    device_hash = models.CharField(max_length=64)
    device_name = models.CharField(max_length=120)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["officer", "device_hash"], name="accounts_known_devices"),)


class FailedSignIn(models.Model):
    """Attempts in a row that did not succeed, and until when the next must wait.

    ``key`` is a keyed hash of an account's name, of a device, of both, or the whole service's.
    """

    key = models.CharField(max_length=70, unique=True)
    failures = models.PositiveIntegerField()
    last_at = models.DateTimeField()
    wait_until = models.DateTimeField()
