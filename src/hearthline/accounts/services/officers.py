# SPDX-License-Identifier: Apache-2.0
"""Decides how an account is opened, closed and opened again, and how the first one comes to be."""

from __future__ import annotations

import re
from datetime import date

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from hearthline.accounts.models import Grant, Officer
from hearthline.accounts.queries import get_officer_to_manage, holding, place_of
from hearthline.accounts.rules import Role, name_of_account
from hearthline.accounts.services.grants import add_grant, check_place
from hearthline.accounts.services.passwords import (
    OWN_ACCOUNT,
    NewPassword,
    end_living,
    give_one_time_password,
)
from hearthline.areas.models import Area
from hearthline.audit.services import record
from hearthline.base.problems import Kind, declare

BAD_NAME = declare(
    "accounts.bad-username",
    Kind.BAD_INPUT,
    "{username} cannot be the name of an account.",
    "Use 2 to 60 letters, digits, points, hyphens or underscores.",
)
NO_NAME = declare(
    "accounts.no-name",
    Kind.BAD_INPUT,
    "the officer has no name.",
    "Write the name under which colleagues know the officer, at most 80 characters.",
)
NAME_TAKEN = declare(
    "accounts.username-taken",
    Kind.REFUSED,
    "there is already an account {username}.",
    "Choose another name; closed accounts keep theirs.",
)
ADMINISTRATOR_EXISTS = declare(
    "accounts.administrator-exists",
    Kind.REFUSED,
    "there is already an administrator of the whole country: {username}.",
    "Sign in with that account, and open further ones on the page Officers.",
)
UNKNOWN_LANGUAGE = declare(
    "accounts.unknown-language",
    Kind.BAD_INPUT,
    "the service does not speak {language}.",
    "Choose one of {languages}.",
)
NOTHING_TO_CHANGE = declare(
    "accounts.nothing-to-change",
    Kind.REFUSED,
    "the account {username} is already so.",
    "Nothing is left to do.",
)
_USERNAME = re.compile(r"[\w.-]{2,60}")
_NAME_LENGTH = 80


@transaction.atomic
def open_account(
    *,
    by: Officer,
    on: date,
    username: str,
    name: str,
    role: Role,
    area: Area | None,
    language: str = "zh-hans",
    starts_on: date | None = None,
    ends_on: date | None = None,
    must_change: bool = True,
) -> NewPassword:
    """Open an account with its first role, and a one-time password to hand over.

    Raises what :func:`grant_role` raises, and ``accounts.bad-username``, ``accounts.no-name``,
    ``accounts.username-taken``, ``accounts.unknown-language``.
    """
    check_place(by=by, on=on, area=area)
    opened = _new_account(by, on, username, name, language, area.path if area else "", must_change)
    add_grant(
        by=by, on=on, officer=opened.officer, role=role, area=area, starts_on=starts_on, ends_on=ends_on
    )
    return opened


@transaction.atomic
def first_administrator(
    *, username: str, name: str, on: date, language: str = "zh-hans", must_change: bool = True
) -> NewPassword:
    """Open the account from which all others come; for a command on the server only.

    Raises ``accounts.administrator-exists`` and what :func:`open_account` raises of names.
    """
    there = Grant.objects.filter(
        holding(on), role=Role.ADMINISTRATOR, area__isnull=True, officer__is_active=True
    )
    if grant := there.select_related("officer").first():
        raise ADMINISTRATOR_EXISTS.error(username=grant.officer.username)
    opened = _new_account(None, on, username, name, language, "", must_change)
    add_grant(by=None, on=on, officer=opened.officer, role=Role.ADMINISTRATOR, area=None)
    return opened


def _new_account(
    by: Officer | None, on: date, username: str, name: str, language: str, path: str, must_change: bool
) -> NewPassword:
    account, shown = name_of_account(username), name.strip()
    if not _USERNAME.fullmatch(account):
        raise BAD_NAME.error(username=username or '""')
    if not 0 < len(shown) <= _NAME_LENGTH:
        raise NO_NAME.error()
    officer = Officer(
        username=account, name=shown, language=known_language(language), created_at=timezone.now()
    )
    password = give_one_time_password(officer, must_change=must_change)
    try:
        with transaction.atomic():
            officer.save(force_insert=True)
    except IntegrityError as error:
        raise NAME_TAKEN.error(username=account) from error
    record(
        by=by,
        on=on,
        action="accounts.open_account",
        subject="officer",
        subject_id=officer.pk,
        area_path=path,
        facts={"username": account},
    )
    return NewPassword(officer, password)


@transaction.atomic
def close_account(*, by: Officer, on: date, officer_id: int) -> Officer:
    """Close an account: its sign-ins end, nobody signs in with it, its roles reach nothing.

    Raises ``accounts.own-account``, ``accounts.nothing-to-change`` and what
    :func:`get_officer_to_manage` raises.
    """
    return _set_open(by, on, officer_id, is_open=False)


@transaction.atomic
def reopen_account(*, by: Officer, on: date, officer_id: int) -> Officer:
    """Open a closed account again; what roles it has left hold again. Raises as :func:`close_account`."""
    return _set_open(by, on, officer_id, is_open=True)


def _set_open(by: Officer, on: date, officer_id: int, *, is_open: bool) -> Officer:
    found = get_officer_to_manage(by=by, on=on, officer_id=officer_id)
    if found.pk == by.pk:
        raise OWN_ACCOUNT.error()
    officer = Officer.objects.select_for_update().get(pk=found.pk)
    if officer.is_active == is_open:
        raise NOTHING_TO_CHANGE.error(username=officer.username)
    path = place_of(officer, on)
    officer.is_active = is_open
    officer.save(update_fields=["is_active"])
    ended = 0 if is_open else end_living(officer, timezone.now())
    record(
        by=by,
        on=on,
        action="accounts.reopen_account" if is_open else "accounts.close_account",
        subject="officer",
        subject_id=officer.pk,
        area_path=path or place_of(officer, on),
        facts={"username": officer.username, "sign_ins_ended": ended},
    )
    return officer


def known_language(language: str) -> str:
    """The language, if the service speaks it. Raises ``accounts.unknown-language``."""
    spoken = [code for code, _ in settings.LANGUAGES]
    if language not in spoken:
        raise UNKNOWN_LANGUAGE.error(language=language, languages=", ".join(spoken))
    return language


@transaction.atomic
def choose_language(*, by: Officer, on: date, language: str) -> None:
    """Keep the language in which an officer reads. Raises ``accounts.unknown-language``."""
    Officer.objects.filter(pk=by.pk).update(language=known_language(language))
    record(
        by=by,
        on=on,
        action="accounts.choose_language",
        subject="officer",
        subject_id=by.pk,
        area_path=place_of(by, on),
        facts={"language": language},
    )
