# SPDX-License-Identifier: Apache-2.0
"""Decides how a password is made, changed and reset, and what that ends."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from hearthline.accounts.models import Officer, SignIn
from hearthline.accounts.queries import get_officer_to_manage, place_of
from hearthline.accounts.rules import ONE_TIME_PASSWORD_LASTS
from hearthline.accounts.services.attempts import (
    count_attempt,
    forget_attempts,
    forget_attempts_at,
    lane_of_officer,
)
from hearthline.audit.services import record
from hearthline.base.problems import Kind, declare

WRONG_PASSWORD = declare(
    "accounts.wrong-password",
    Kind.BAD_INPUT,
    "the present password is not right.",
    "Type the password with which you signed in.",
)
WEAK_PASSWORD = declare(
    "accounts.weak-password",
    Kind.BAD_INPUT,
    "the new password cannot be taken: {reasons}",
    "Choose another, of twelve characters or more, that is neither common nor close to your name.",
)
SAME_PASSWORD = declare(
    "accounts.same-password",
    Kind.BAD_INPUT,
    "the new password is the present one.",
    "Choose another.",
)
OWN_ACCOUNT = declare(
    "accounts.own-account",
    Kind.REFUSED,
    "nobody administers the own account.",
    "Ask another administrator, or use the pages of your own account.",
)

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 4


@dataclass(frozen=True)
class NewPassword:
    """An account and the password to hand over; it is shown once and kept nowhere."""

    officer: Officer
    password: str


def random_password() -> str:
    """Four groups of four letters and digits that are not mistaken for one another: 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))


def give_one_time_password(officer: Officer, *, must_change: bool = True) -> str:
    """Set a random password on an officer that is not saved yet; it lasts until its first use or a week."""
    password = random_password()
    officer.set_password(password)
    officer.must_change_password = must_change
    officer.one_time_until = timezone.now() + ONE_TIME_PASSWORD_LASTS if must_change else None
    return password


def end_living(officer: Officer, at: datetime, *, but: SignIn | None = None) -> int:
    """End the sign-ins of an officer, all but one; how many they were."""
    open_ones = SignIn.objects.filter(officer=officer, ended_at__isnull=True)
    return (open_ones.exclude(pk=but.pk) if but else open_ones).update(ended_at=at)


def change_password(*, by: Officer, on: date, old: str, new: str, keep: SignIn | None = None) -> Officer:
    """Change the own password; every sign-in but ``keep`` ends. Returns the officer as he is now.

    Raises ``accounts.wait``, ``accounts.wrong-password``, ``accounts.same-password``,
    ``accounts.weak-password``.
    """
    at = timezone.now()
    lanes = lane_of_officer(by.pk, "password")
    count_attempt(lanes, at)
    if not by.check_password(old):
        raise WRONG_PASSWORD.error()
    forget_attempts(lanes)
    if old == new:
        raise SAME_PASSWORD.error()
    try:
        validate_password(new, by)
    except ValidationError as error:
        raise WEAK_PASSWORD.error(reasons=" ".join(error.messages)) from error
    with transaction.atomic():
        officer = Officer.objects.select_for_update().get(pk=by.pk)
        officer.set_password(new)
        officer.must_change_password = False
        officer.one_time_until = None
        officer.save(update_fields=["password", "must_change_password", "one_time_until"])
        ended = end_living(officer, at, but=keep)
        record(
            by=by,
            on=on,
            action="accounts.change_password",
            subject="officer",
            subject_id=officer.pk,
            area_path=place_of(by, on),
            facts={"sign_ins_ended": ended},
        )
    return officer


@transaction.atomic
def reset_password(*, by: Officer, on: date, officer_id: int) -> NewPassword:
    """Give an officer a one-time password that he must change; all his sign-ins end.

    Raises ``accounts.own-account`` and what :func:`get_officer_to_manage` raises.
    """
    found = get_officer_to_manage(by=by, on=on, officer_id=officer_id)
    if found.pk == by.pk:
        raise OWN_ACCOUNT.error()
    officer = Officer.objects.select_for_update().get(pk=found.pk)
    password = give_one_time_password(officer)
    officer.save(update_fields=["password", "must_change_password", "one_time_until"])
    ended = end_living(officer, timezone.now())
    forget_attempts_at(officer.username)
    record(
        by=by,
        on=on,
        action="accounts.reset_password",
        subject="officer",
        subject_id=officer.pk,
        area_path=place_of(officer, on),
        facts={"username": officer.username, "sign_ins_ended": ended},
    )
    return NewPassword(officer, password)
