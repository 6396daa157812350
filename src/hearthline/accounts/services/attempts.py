# SPDX-License-Identifier: Apache-2.0
"""Decides how an attempt to sign in is counted: before the password is looked at, and by whom it is made.

An attempt counts as failed until it has succeeded, so that many at once gain nothing. Who comes with a
device that this account has used before is counted by himself: what strangers try never makes him wait.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from django.conf import settings
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils.crypto import salted_hmac

from hearthline.accounts.models import FailedSignIn
from hearthline.accounts.rules import (
    FORGOTTEN_AFTER,
    Attempts,
    name_of_account,
    with_another,
    with_another_of_all,
)
from hearthline.base.problems import Kind, declare

WAIT = declare(
    "accounts.wait",
    Kind.REFUSED,
    "there were too many attempts; the next is possible in {seconds} seconds.",
    "Wait that long and try again; nothing has been locked.",
)
_ALL = "g:"
_OF_ACCOUNT = ("a:", "k:", "o:")


@dataclass(frozen=True)
class Device:
    """The browser that asks: the hash of its cookie, its name for people, whether it brought the cookie."""

    hash: str
    name: str
    returned: bool


def lanes_of(username: str, device: Device, *, known: bool) -> tuple[str, ...]:
    """The keys under which an attempt counts."""
    account = name_of_account(username)
    if known:
        return (_key("k", account, device.hash),)
    lanes = [_key("a", account), _ALL]
    return (*lanes, _key("d", device.hash)) if device.returned else tuple(lanes)


def lane_of_officer(officer_id: int, purpose: str) -> tuple[str, ...]:
    """The key for what a signed-in officer may guess at, such as his present password."""
    return (_key("o", str(officer_id), purpose),)


def _key(kind: str, *words: str) -> str:
    return f"{kind}:{salted_hmac('accounts.attempts', chr(0).join(words), algorithm='sha256').hexdigest()}"


@transaction.atomic
def count_attempt(lanes: Iterable[str], at: datetime) -> None:
    """Count one more attempt in every lane, or in none. Raises ``accounts.wait``."""
    keys = sorted(lanes)
    fresh = [FailedSignIn(key=key, failures=0, last_at=at, wait_until=at) for key in keys]
    FailedSignIn.objects.bulk_create(fresh, ignore_conflicts=True)
    rows = list(FailedSignIn.objects.select_for_update().filter(key__in=keys).order_by("key"))
    until = max((row.wait_until for row in rows), default=at)
    if until > at:
        raise WAIT.error(seconds=ceil((until - at).total_seconds()))
    for row in rows:
        now = Attempts(row.failures, row.last_at, row.wait_until)
        then = (
            with_another_of_all(now, at, settings.SIGN_IN_RATE) if row.key == _ALL else with_another(now, at)
        )
        row.failures, row.last_at, row.wait_until = then.count, then.last_at, then.wait_until
    FailedSignIn.objects.bulk_update(rows, ["failures", "last_at", "wait_until"])


def take_back(lanes: Iterable[str], at: datetime) -> None:
    """The attempt was right as far as it went: it counts no more, earlier ones still do."""
    own = FailedSignIn.objects.filter(key__in=[key for key in lanes if key != _ALL])
    own.update(failures=Greatest(F("failures") - 1, Value(0)), wait_until=at)


def failures_before(lanes: Iterable[str]) -> int:
    """How many attempts failed in a row before the present one."""
    counts = FailedSignIn.objects.filter(key__in=[key for key in lanes if key[:2] in _OF_ACCOUNT])
    return max(max(counts.values_list("failures", flat=True), default=0) - 1, 0)


def forget_attempts(lanes: Iterable[str]) -> None:
    """The officer is in: his account waits no more. What a device tried at other accounts stays counted."""
    _forget([key for key in lanes if key[:2] in _OF_ACCOUNT])


def forget_attempts_at(username: str) -> None:
    """An administrator opens the account again: strangers' failures no longer make its owner wait."""
    _forget([_key("a", name_of_account(username))])


def drop_old_attempts(at: datetime) -> None:
    """Attempts that are forgotten anyway need no row."""
    FailedSignIn.objects.filter(last_at__lt=at - FORGOTTEN_AFTER).delete()


def _forget(keys: list[str]) -> None:
    # set to nothing, not deleted: who waits for the lock of the row must still find it
    FailedSignIn.objects.filter(key__in=keys).update(failures=0, wait_until=F("last_at"))
