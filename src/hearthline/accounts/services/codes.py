# SPDX-License-Identifier: Apache-2.0
"""Decides how one-time codes are set up, accepted once, and taken off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from hearthline.accounts.codes import address_of, find_step, new_secret, picture_of, typed_secret
from hearthline.accounts.models import Officer, SignIn
from hearthline.accounts.queries import get_officer_to_manage, place_of
from hearthline.accounts.services.attempts import count_attempt, forget_attempts, lane_of_officer
from hearthline.accounts.services.passwords import WRONG_PASSWORD, end_living
from hearthline.audit.services import record
from hearthline.base.problems import Kind, declare
from hearthline.base.sealing import keys_of

WRONG_CODE = declare(
    "accounts.wrong-code",
    Kind.BAD_INPUT,
    "the one-time code is wrong, or it was used before.",
    "Wait for the next code and type it; check that the clock of the phone is right.",
)
NOTHING_OFFERED = declare(
    "accounts.no-totp-offered",
    Kind.REFUSED,
    "no one-time codes are being set up.",
    "Begin again on the page One-time codes.",
)
ALREADY_ON = declare(
    "accounts.totp-already-on",
    Kind.REFUSED,
    "one-time codes are set up already.",
    "Take them off first, or go on using them.",
)


@dataclass(frozen=True)
class Offer:
    """A secret for a phone, as a picture to scan and as letters to type. Shown, never logged."""

    picture: str
    typed: str


@transaction.atomic
def begin_totp(*, by: Officer, on: date) -> Offer:
    """Offer a fresh secret; it holds once :func:`confirm_totp` has seen a code of it.

    Raises ``accounts.totp-already-on``.
    """
    officer = Officer.objects.select_for_update().get(pk=by.pk)
    if officer.sealed_totp is not None:
        raise ALREADY_ON.error()
    secret = new_secret()
    officer.offered_totp = keys_of(settings.KEY_FILE).seal(secret, _context(officer))
    officer.save(update_fields=["offered_totp"])
    _record(by, on, officer, "accounts.begin_totp")
    return _offer(secret, officer)


def offer_again(*, by: Officer) -> Offer:
    """The secret offered before, for a form that is shown again. Raises ``accounts.no-totp-offered``."""
    officer = Officer.objects.get(pk=by.pk)
    if officer.offered_totp is None:
        raise NOTHING_OFFERED.error()
    return _offer(_opened(officer.offered_totp, officer), officer)


def confirm_totp(*, by: Officer, on: date, code: str, at: datetime) -> None:
    """From now on a sign-in asks for a code; the code that confirms is used up.

    Raises ``accounts.wait``, ``accounts.no-totp-offered``, ``accounts.wrong-code``.
    """
    lanes = lane_of_officer(by.pk, "confirm")
    count_attempt(lanes, at)
    with transaction.atomic():
        officer = Officer.objects.select_for_update().get(pk=by.pk)
        if officer.offered_totp is None:
            raise NOTHING_OFFERED.error()
        step = find_step(_opened(officer.offered_totp, officer), code, at, after=0)
        if step is None:
            raise WRONG_CODE.error()
        officer.sealed_totp, officer.offered_totp, officer.totp_step = officer.offered_totp, None, step
        officer.save(update_fields=["sealed_totp", "offered_totp", "totp_step"])
        _record(by, on, officer, "accounts.confirm_totp")
    forget_attempts(lanes)


@transaction.atomic
def accept_code(*, officer_id: int, code: str, at: datetime) -> None:
    """Use up a code of an officer who is signing in. Count the attempt before (``try_code``).

    Raises ``accounts.wrong-code``.
    """
    officer = Officer.objects.select_for_update().get(pk=officer_id)
    if officer.sealed_totp is None:
        raise WRONG_CODE.error()
    step = find_step(_opened(officer.sealed_totp, officer), code, at, after=officer.totp_step)
    if step is None:
        raise WRONG_CODE.error()
    officer.totp_step = step
    officer.save(update_fields=["totp_step"])


def remove_totp(
    *, by: Officer, on: date, officer_id: int, password: str = "", keep: SignIn | None = None
) -> None:
    """Take one-time codes off: of oneself with the password, or of an officer who has lost the phone.

    All sign-ins of the officer but ``keep`` end. Raises ``accounts.wait``, ``accounts.wrong-password``
    and what :func:`get_officer_to_manage` raises.
    """
    at = timezone.now()
    if officer_id == by.pk:
        lanes = lane_of_officer(by.pk, "password")
        count_attempt(lanes, at)
        if not by.check_password(password):
            raise WRONG_PASSWORD.error()
        forget_attempts(lanes)
    else:
        get_officer_to_manage(by=by, on=on, officer_id=officer_id)
    with transaction.atomic():
        officer = Officer.objects.select_for_update().get(pk=officer_id)
        officer.sealed_totp, officer.offered_totp = None, None
        officer.save(update_fields=["sealed_totp", "offered_totp"])
        end_living(officer, at, but=keep if officer_id == by.pk else None)
        _record(by, on, officer, "accounts.remove_totp")


def _record(by: Officer, on: date, officer: Officer, action: str) -> None:
    record(
        by=by,
        on=on,
        action=action,
        subject="officer",
        subject_id=officer.pk,
        area_path=place_of(officer, on),
        facts={"username": officer.username},
    )


def _context(officer: Officer) -> bytes:
    return b"totp:%d" % officer.pk


def _opened(sealed: bytes | memoryview, officer: Officer) -> bytes:
    return keys_of(settings.KEY_FILE).open(bytes(sealed), _context(officer))


def _offer(secret: bytes, officer: Officer) -> Offer:
    return Offer(picture_of(address_of(secret, officer.username)), typed_secret(secret))
