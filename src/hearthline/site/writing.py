# SPDX-License-Identifier: Apache-2.0
"""Decides what a page that writes begins with: the household as one may change it, and a new token."""

from __future__ import annotations

import secrets
from datetime import date

from django import forms

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import NOT_FOUND, required_scope
from hearthline.accounts.rules import Permission
from hearthline.base.problems import HearthlineError
from hearthline.registry.problems import CLOSED, NO_MEMBER, STALE
from hearthline.registry.queries import HouseholdView, MemberView
from hearthline.registry.services import look_at_household
from hearthline.ui.problems import told_each


def household_to_write(*, by: Officer, on: date, household_id: int, permission: Permission) -> HouseholdView:
    """An open household that the officer may change, the look at it traced. Raises ``registry.closed``."""
    scope = required_scope(by=by, permission=permission, on=on)
    view = look_at_household(by=by, on=on, household_id=household_id)
    if not scope.covers(view.household.area_path):
        raise NOT_FOUND.error()
    if view.household.closed_on is not None:
        raise CLOSED.error(number=view.household.number, on=view.household.closed_on)
    return view


def member_of(view: HouseholdView, person_id: int, *, left_too: bool = False) -> MemberView:
    """One of the people who belong to a household now, or did. Raises ``registry.no-member``.

    With ``left_too`` a form that is sent twice finds whom it sent away the first time.
    """
    people = (*view.members, *view.former_members) if left_too else view.members
    found = next((one for one in people if one.person.pk == person_id), None)
    if found is None:
        raise NO_MEMBER.error()
    return found


def new_token() -> str:
    """What tells the sendings of one form from those of another."""
    return secrets.token_hex(16)


def tell(form: forms.Form, error: HearthlineError) -> None:
    """Put a failure of a service on top of the form; what was typed stays."""
    for line in told_each(error):
        form.add_error(None, line.sentence)


def is_stale(error: HearthlineError) -> bool:
    """Whether somebody else changed the household meanwhile."""
    return error.code == STALE.code
