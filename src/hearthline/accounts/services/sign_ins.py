# SPDX-License-Identifier: Apache-2.0
"""Decides how an officer signs in, how long that lasts, and who ends it.

An unknown name costs the same work, waits the same time and reads the same sentence as a wrong password.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from hearthline.accounts.models import Officer, SignIn
from hearthline.accounts.queries import (
    NOT_FOUND,
    get_officer_to_manage,
    hash_of,
    place_of,
    required_scope,
)
from hearthline.accounts.rules import GRANT_ROLES, RENEWED_EVERY, name_of_account
from hearthline.accounts.services.attempts import (
    Device,
    count_attempt,
    drop_old_attempts,
    failures_before,
    forget_attempts,
    lanes_of,
    take_back,
)
from hearthline.accounts.services.codes import accept_code
from hearthline.accounts.services.passwords import end_living
from hearthline.audit.services import record
from hearthline.base.problems import Kind, declare

WRONG_SIGN_IN = declare(
    "accounts.wrong-sign-in",
    Kind.BAD_INPUT,
    "the name or the password is wrong.",
    "Type both again. If you have forgotten the password, ask an administrator of your area.",
)
_DEVICE_NAME_LENGTH = 120


@dataclass(frozen=True)
class Attempt:
    """A password that was right: whose, and under which keys the attempt counts until he is in."""

    officer: Officer
    lanes: tuple[str, ...]


def lanes_for(username: str, device: Device) -> tuple[str, ...]:
    """The keys of an attempt; the questions asked of the database are the same for every name."""
    before = SignIn.objects.filter(officer__username=name_of_account(username), device_hash=device.hash)
    return lanes_of(username, device, known=before.exists())


def try_password(*, username: str, password: str, device: Device, at: datetime) -> Attempt:
    """The officer whose name and password these are. He is not signed in yet (:func:`open_sign_in`).

    Raises ``accounts.wait``, ``accounts.wrong-sign-in``.
    """
    lanes = lanes_for(username, device)
    count_attempt(lanes, at)
    officer = Officer.objects.filter(username=name_of_account(username)).first()
    if officer is None:
        Officer().set_password(password)  # the work that a check of the password is
        raise WRONG_SIGN_IN.error()
    right = officer.check_password(password)
    late = officer.one_time_until is not None and officer.one_time_until < at
    if not right or late or not officer.is_active:
        raise WRONG_SIGN_IN.error()
    if officer.sealed_totp is not None:
        take_back(lanes, at)
    return Attempt(officer, lanes)


def try_code(*, officer: Officer, code: str, device: Device, at: datetime) -> Attempt:
    """The second step of an officer with one-time codes, after :func:`try_password`.

    Raises ``accounts.wait``, ``accounts.wrong-code``.
    """
    lanes = lanes_for(officer.username, device)
    count_attempt(lanes, at)
    accept_code(officer_id=officer.pk, code=code, at=at)
    return Attempt(officer, lanes)


@transaction.atomic
def open_sign_in(
    *, attempt: Attempt, on: date, at: datetime, session_key: str, device: Device
) -> tuple[SignIn, int]:
    """Enter the sign-in of a session, and how many attempts had failed before it."""
    failures = failures_before(attempt.lanes)
    forget_attempts(attempt.lanes)
    drop_old_attempts(at)
    sign_in = enter_sign_in(
        officer=attempt.officer, on=on, at=at, session_key=session_key, device=device, failures=failures
    )
    return sign_in, failures


def enter_sign_in(
    *, officer: Officer, on: date, at: datetime, session_key: str, device: Device, failures: int = 0
) -> SignIn:
    """Write the row of a session without which it does not live, with its trace."""
    sign_in = SignIn.objects.create(
        officer=officer,
        session_hash=hash_of(session_key),
        device_hash=device.hash,
        device_name=device.name[:_DEVICE_NAME_LENGTH],
        started_at=at,
        seen_at=at,
    )
    record(
        by=officer,
        on=on,
        action="accounts.sign_in",
        subject="sign_in",
        subject_id=sign_in.pk,
        area_path=place_of(officer, on),
        facts={"device": sign_in.device_name, "failures_before": failures},
    )
    return sign_in


def renew_sign_in(sign_in: SignIn, at: datetime) -> None:
    """The sign-in was used; written once a minute at most."""
    if at - sign_in.seen_at >= RENEWED_EVERY:
        SignIn.objects.filter(pk=sign_in.pk, ended_at__isnull=True).update(seen_at=at)


def move_sign_in(sign_in: SignIn, session_key: str) -> None:
    """The session has a new key, as after a change of password."""
    SignIn.objects.filter(pk=sign_in.pk).update(session_hash=hash_of(session_key))


@transaction.atomic
def end_sign_in(*, by: Officer, on: date, sign_in_id: int) -> SignIn:
    """End one sign-in: one's own, or that of an officer whose roles all lie in one's area.

    Raises ``accounts.not-found`` and what :func:`get_officer_to_manage` raises.
    """
    sign_in = SignIn.objects.select_related("officer").filter(pk=sign_in_id).first()
    is_own = sign_in is not None and sign_in.officer_id == by.pk
    if not is_own:
        # Asked first, so that a refusal does not say whether there is such a sign-in.
        required_scope(by=by, permission=GRANT_ROLES, on=on)
    if sign_in is None or sign_in.ended_at is not None:
        raise NOT_FOUND.error()
    if not is_own:
        get_officer_to_manage(by=by, on=on, officer_id=sign_in.officer_id)
    SignIn.objects.filter(pk=sign_in.pk).update(ended_at=timezone.now())
    _record_end(by, on, sign_in.officer, {"sign_in": sign_in.pk})
    return sign_in


@transaction.atomic
def end_own_sign_ins(*, by: Officer, on: date, keep: SignIn | None = None) -> int:
    """End all sign-ins of one's own but ``keep``; how many they were."""
    ended = end_living(by, timezone.now(), but=keep)
    _record_end(by, on, by, {"sign_ins_ended": ended})
    return ended


@transaction.atomic
def end_sign_ins_of(*, by: Officer, on: date, officer_id: int) -> int:
    """End all sign-ins of an officer whose roles all lie in one's area; how many they were.

    Raises what :func:`get_officer_to_manage` raises.
    """
    officer = get_officer_to_manage(by=by, on=on, officer_id=officer_id)
    ended = end_living(officer, timezone.now())
    _record_end(by, on, officer, {"sign_ins_ended": ended})
    return ended


def _record_end(by: Officer, on: date, officer: Officer, facts: dict[str, object]) -> None:
    record(
        by=by,
        on=on,
        action="accounts.end_sign_in",
        subject="officer",
        subject_id=officer.pk,
        area_path=place_of(officer, on),
        facts={"username": officer.username, **facts},
    )
