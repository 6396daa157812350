# SPDX-License-Identifier: Apache-2.0
"""Decides that a password is changed by who knows it, is a good one, and ends other sign-ins."""

from __future__ import annotations

import pytest
from django.utils import timezone

from hearthline.accounts import services
from hearthline.accounts.models import FailedSignIn, Officer, SignIn
from hearthline.accounts.queries import hash_of
from hearthline.accounts.rules import Role
from hearthline.accounts.services.attempts import Device
from hearthline.accounts.services.passwords import random_password
from hearthline.accounts.services.sign_ins import enter_sign_in
from hearthline.areas.models import Area
from hearthline.audit.models import AuditRow
from hearthline.base.problems import HearthlineError

from ..conftest import TODAY, Hire

PASSWORD, NEW = "correct horse battery", "seven green mountains"
DEVICE = Device(hash_of("office"), "Edge, Windows", returned=True)


def signed_in(officer: Officer, key: str) -> SignIn:
    """A sign-in of an officer."""
    return enter_sign_in(officer=officer, on=TODAY, at=timezone.now(), session_key=key, device=DEVICE)


def test_a_changed_password_ends_the_other_sign_ins(hire: Hire) -> None:
    officer = hire(Role.VIEWER)
    here, elsewhere = signed_in(officer, "here"), signed_in(officer, "elsewhere")
    services.change_password(by=officer, on=TODAY, old=PASSWORD, new=NEW, keep=here)
    assert Officer.objects.get(pk=officer.pk).check_password(NEW)
    assert set(SignIn.objects.filter(ended_at=None)) == {here}
    assert SignIn.objects.get(pk=elsewhere.pk).ended_at
    row = AuditRow.objects.get(action="accounts.change_password")
    assert row.facts == {"sign_ins_ended": 1}


def test_the_present_password_is_asked_for_and_guessed_slowly(hire: Hire) -> None:
    officer = hire(Role.VIEWER)
    with pytest.raises(HearthlineError, match="present password is not right"):
        services.change_password(by=officer, on=TODAY, old="wrong", new=NEW)
    with pytest.raises(HearthlineError, match="too many attempts"):
        services.change_password(by=officer, on=TODAY, old=PASSWORD, new=NEW)
    FailedSignIn.objects.all().delete()
    services.change_password(by=officer, on=TODAY, old=PASSWORD, new=NEW)


@pytest.mark.parametrize("new", ["short", "password1234", "village-officer1", "123456789012"])
def test_a_weak_password_is_refused_with_reasons(hire: Hire, new: str) -> None:
    officer = hire(Role.VIEWER, None, "village-officer")
    with pytest.raises(HearthlineError, match=r"cannot be taken: \w+"):
        services.change_password(by=officer, on=TODAY, old=PASSWORD, new=new)
    assert Officer.objects.get(pk=officer.pk).check_password(PASSWORD)


def test_the_present_password_is_not_a_new_one(hire: Hire) -> None:
    with pytest.raises(HearthlineError, match="is the present one"):
        services.change_password(by=hire(Role.VIEWER), on=TODAY, old=PASSWORD, new=PASSWORD)


def test_a_reset_password_is_for_once_and_ends_every_sign_in(places: dict[str, Area], hire: Hire) -> None:
    officer = hire(Role.VIEWER, places["510101001001"])
    signed_in(officer, "phone")
    given = services.reset_password(
        by=hire(Role.ADMINISTRATOR, places["510101"]), on=TODAY, officer_id=officer.pk
    )
    now = Officer.objects.get(pk=officer.pk)
    assert now.check_password(given.password)
    assert now.must_change_password
    assert not SignIn.objects.filter(ended_at=None).exists()
    assert given.password not in str(AuditRow.objects.values_list("facts", flat=True))
    services.change_password(by=now, on=TODAY, old=given.password, new=NEW)
    assert not Officer.objects.get(pk=officer.pk).must_change_password
    assert Officer.objects.get(pk=officer.pk).one_time_until is None


def test_a_one_time_password_is_read_out_without_mistakes() -> None:
    found = random_password()
    assert [len(group) for group in found.split("-")] == [4, 4, 4, 4]
    assert not set(found) & set("01ilo")
