# SPDX-License-Identifier: Apache-2.0
"""Decides how a role is granted and withdrawn: within the own area, to others only."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from hearthline.accounts.models import Grant, Officer
from hearthline.accounts.queries import (
    NOT_FOUND,
    get_grant,
    get_officer,
    not_over,
    required_scope,
)
from hearthline.accounts.rules import GRANT_ROLES, Role
from hearthline.areas.models import Area
from hearthline.audit.services import record
from hearthline.base.problems import Kind, declare

OWN_GRANT = declare(
    "accounts.own-grant",
    Kind.REFUSED,
    "nobody grants a role to himself or takes one from himself.",
    "Ask another administrator of your area.",
)
WHOLE_COUNTRY = declare(
    "accounts.whole-country",
    Kind.REFUSED,
    "a role without a place holds everywhere, and you administer a part.",
    "Name the place in which the role is to hold.",
)
BAD_PERIOD = declare(
    "accounts.bad-period",
    Kind.BAD_INPUT,
    "a role from {starts_on} to {ends_on} begins in the past or ends before it begins.",
    "Begin today or later; a last day may be left out.",
)
ALREADY_GRANTED = declare(
    "accounts.already-granted",
    Kind.REFUSED,
    "{username} already holds this role in this place in that time.",
    "Withdraw the present one first, or begin the new one after it ends.",
)
ACCOUNT_CLOSED = declare(
    "accounts.account-closed",
    Kind.REFUSED,
    "the account {username} is closed.",
    "Open it again first.",
)
GRANT_IS_OVER = declare(
    "accounts.grant-is-over",
    Kind.REFUSED,
    "this role has ended or was withdrawn.",
    "Nothing is left to do.",
)


@transaction.atomic
def grant_role(
    *,
    by: Officer,
    on: date,
    officer_id: int,
    role: Role,
    area: Area | None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Grant:
    """Let an officer of one's area hold a role in a place of it, from a day (today) to another.

    Raises ``accounts.not-permitted``, ``accounts.not-found``, ``accounts.own-grant``,
    ``accounts.whole-country``, ``accounts.bad-period``, ``accounts.already-granted``,
    ``accounts.account-closed``.
    """
    check_place(by=by, on=on, area=area)
    officer = get_officer(by=by, on=on, officer_id=officer_id)
    if officer.pk == by.pk:
        raise OWN_GRANT.error()
    officer = Officer.objects.select_for_update().get(pk=officer.pk)
    if not officer.is_active:
        raise ACCOUNT_CLOSED.error(username=officer.username)
    return add_grant(
        by=by, on=on, officer=officer, role=role, area=area, starts_on=starts_on, ends_on=ends_on
    )


def check_place(*, by: Officer, on: date, area: Area | None) -> None:
    """Whether ``by`` may grant roles in a place; None is the whole country."""
    scope = required_scope(by=by, permission=GRANT_ROLES, on=on)
    if area is None and not scope.everywhere:
        raise WHOLE_COUNTRY.error()
    if not scope.covers_area(area):
        raise NOT_FOUND.error()


def add_grant(
    *,
    by: Officer | None,
    on: date,
    officer: Officer,
    role: Role,
    area: Area | None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Grant:
    """Write a grant that has been checked, with its trace. Call it in the transaction."""
    first = starts_on or on
    if first < on or (ends_on is not None and ends_on < first):
        raise BAD_PERIOD.error(starts_on=first, ends_on=ends_on or "...")
    same = Grant.objects.filter(not_over(first), officer=officer, role=role, area=area)
    if ends_on is not None:
        same = same.filter(starts_on__lte=ends_on)
    if same.exists():
        raise ALREADY_GRANTED.error(username=officer.username)
    grant = Grant.objects.create(
        officer=officer, role=role, area=area, starts_on=first, ends_on=ends_on, granted_by=by
    )
    record(
        by=by,
        on=on,
        action="accounts.grant_role",
        subject="officer",
        subject_id=officer.pk,
        area_path=area.path if area else "",
        facts={
            "grant": grant.pk,
            "username": officer.username,
            "role": str(role),
            "area": area.code if area else None,
            "starts_on": first.isoformat(),
            "ends_on": ends_on.isoformat() if ends_on else None,
        },
    )
    return grant


@transaction.atomic
def withdraw_grant(*, by: Officer, on: date, grant_id: int) -> Grant:
    """End a role at once, in a place of the own area. The grant stays on record.

    Raises ``accounts.not-permitted``, ``accounts.not-found``, ``accounts.own-grant``,
    ``accounts.grant-is-over``.
    """
    found = get_grant(by=by, on=on, grant_id=grant_id)
    if found.officer_id == by.pk:
        raise OWN_GRANT.error()
    grant = Grant.objects.select_for_update().get(pk=found.pk)
    if grant.withdrawn_on is not None or (grant.ends_on is not None and grant.ends_on < on):
        raise GRANT_IS_OVER.error()
    grant.withdrawn_on = on
    grant.save(update_fields=["withdrawn_on"])
    record(
        by=by,
        on=on,
        action="accounts.withdraw_grant",
        subject="officer",
        subject_id=grant.officer_id,
        area_path=found.area.path if found.area else "",
        facts={"grant": grant.pk, "username": found.officer.username, "role": grant.role},
    )
    return grant
