# SPDX-License-Identifier: Apache-2.0
"""Decides that a one-time code is that of RFC 6238, is accepted once, and that its secret is sealed."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.conf import LazySettings

from hearthline.accounts import services
from hearthline.accounts.codes import address_of, code_of, find_step, picture_of, step_at
from hearthline.accounts.models import FailedSignIn, Officer
from hearthline.accounts.queries import needs_codes
from hearthline.accounts.rules import Role
from hearthline.accounts.services.attempts import Device
from hearthline.accounts.services.codes import Offer
from hearthline.areas.models import Area
from hearthline.audit.models import AuditRow
from hearthline.base.problems import HearthlineError

from ..conftest import TODAY, Hire

NOON = datetime(2017, 12, 31, 4, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
PHONE = Device("d" * 64, "Chrome, Android", returned=True)


def secret_in(offer: Offer) -> bytes:
    """The secret that a phone reads."""
    return base64.b32decode(offer.typed.replace(" ", ""))


def set_up(officer: Officer) -> bytes:
    """One-time codes for an officer; their secret."""
    secret = secret_in(services.begin_totp(by=officer, on=TODAY))
    services.confirm_totp(by=officer, on=TODAY, code=code_of(secret, step_at(NOON)), at=NOON)
    return secret


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    secret = b"12345678901234567890"  # RFC 6238, appendix B, the last six digits
    assert code_of(secret, seconds // 30) == code
    at = datetime.fromtimestamp(seconds, UTC)
    assert find_step(secret, code, at, after=0) == step_at(at)
    assert find_step(secret, f" {code[:3]} {code[3:]}", at, after=0)
    assert find_step(secret, code, at + timedelta(seconds=30), after=0)
    assert not find_step(secret, code, at + timedelta(seconds=90), after=0)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "一二三四五六", "000000\x00"])
def test_what_is_no_code_is_wrong(code: str) -> None:
    assert find_step(b"12345678901234567890", code, NOON, after=0) is None


def test_a_secret_is_sealed_and_confirmed_by_its_first_code(hire: Hire) -> None:
    officer = hire(Role.ADMINISTRATOR)
    secret = secret_in(services.begin_totp(by=officer, on=TODAY))
    offered = Officer.objects.get(pk=officer.pk)
    assert offered.sealed_totp is None
    assert offered.offered_totp is not None
    assert secret not in bytes(offered.offered_totp)
    with pytest.raises(HearthlineError, match="code is wrong"):
        services.confirm_totp(by=officer, on=TODAY, code="000000", at=NOON)
    later = NOON + timedelta(seconds=5)
    services.confirm_totp(by=officer, on=TODAY, code=code_of(secret, step_at(later)), at=later)
    assert Officer.objects.get(pk=officer.pk).sealed_totp is not None
    actions = list(AuditRow.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["accounts.begin_totp", "accounts.confirm_totp"]
    with pytest.raises(HearthlineError, match="set up already"):
        services.begin_totp(by=officer, on=TODAY)


def test_a_code_is_accepted_once(hire: Hire) -> None:
    officer = hire(Role.ADMINISTRATOR)
    secret = set_up(officer)
    with pytest.raises(HearthlineError, match="used before"):
        services.accept_code(officer_id=officer.pk, code=code_of(secret, step_at(NOON)), at=NOON)
    later = NOON + timedelta(seconds=30)
    services.accept_code(officer_id=officer.pk, code=code_of(secret, step_at(later)), at=later)
    for step in (step_at(later), step_at(NOON)):
        with pytest.raises(HearthlineError, match="used before"):
            services.accept_code(officer_id=officer.pk, code=code_of(secret, step), at=later)


def test_a_right_password_does_not_make_the_code_wait_and_wrong_codes_do(hire: Hire) -> None:
    officer = hire(Role.ADMINISTRATOR, None, "chen.wei")
    secret = set_up(officer)
    at = NOON + timedelta(minutes=1)
    found = services.try_password(username="chen.wei", password=PASSWORD, device=PHONE, at=at)
    with pytest.raises(HearthlineError, match="code is wrong"):
        services.try_code(officer=found.officer, code="000000", device=PHONE, at=at)
    with pytest.raises(HearthlineError, match="too many attempts"):
        services.try_code(officer=found.officer, code=code_of(secret, step_at(at)), device=PHONE, at=at)
    at += timedelta(seconds=2)
    services.try_code(officer=found.officer, code=code_of(secret, step_at(at)), device=PHONE, at=at)


def test_the_password_typed_again_does_not_wipe_out_wrong_codes(hire: Hire) -> None:
    officer = hire(Role.ADMINISTRATOR, None, "chen.wei")
    set_up(officer)
    at = NOON
    for _ in range(6):
        found = services.try_password(username="chen.wei", password=PASSWORD, device=PHONE, at=at)
        with pytest.raises(HearthlineError, match="code is wrong"):
            services.try_code(officer=found.officer, code="000000", device=PHONE, at=at)
        at += timedelta(minutes=15)
    assert max(FailedSignIn.objects.values_list("failures", flat=True)) == 6


def test_one_takes_ones_own_codes_off_with_the_password(hire: Hire) -> None:
    officer = hire(Role.ADMINISTRATOR)
    set_up(officer)
    with pytest.raises(HearthlineError, match="present password"):
        services.remove_totp(by=officer, on=TODAY, officer_id=officer.pk, password="wrong")
    FailedSignIn.objects.all().delete()
    services.remove_totp(by=officer, on=TODAY, officer_id=officer.pk, password=PASSWORD)
    assert Officer.objects.get(pk=officer.pk).sealed_totp is None


def test_who_lost_the_phone_asks_an_administrator_of_the_area(places: dict[str, Area], hire: Hire) -> None:
    officer = hire(Role.POLICY_DESIGNER, places["510101001"])
    set_up(officer)
    with pytest.raises(HearthlineError, match="nothing here"):
        services.remove_totp(by=hire(Role.ADMINISTRATOR, places["510102"]), on=TODAY, officer_id=officer.pk)
    services.remove_totp(by=hire(Role.ADMINISTRATOR, places["510101"]), on=TODAY, officer_id=officer.pk)
    assert Officer.objects.get(pk=officer.pk).sealed_totp is None


@pytest.mark.parametrize("role", list(Role))
def test_roles_that_can_do_harm_need_codes_outside_the_demonstration(
    hire: Hire, settings: LazySettings, role: Role
) -> None:
    officer = hire(role)
    assert not needs_codes(officer, TODAY)
    settings.REQUIRE_TOTP = True
    owed = role in {Role.ADMINISTRATOR, Role.AUDITOR, Role.POLICY_DESIGNER}
    assert needs_codes(officer, TODAY) is owed
    if owed:
        set_up(officer)
        assert not needs_codes(Officer.objects.get(pk=officer.pk), TODAY)


def test_the_picture_needs_no_style_and_fetches_nothing() -> None:
    address = address_of(b"12345678901234567890", "李娜")
    assert address.startswith("otpauth://totp/Hearthline%3A%E6%9D%8E%E5%A8%9C?secret=GEZDGNBVGY3TQOJQ")
    for element in ElementTree.fromstring(picture_of(address)).iter():
        assert not {"style", "href", "onload"} & set(element.attrib)
        assert element.tag.split("}")[-1] in {"svg", "g", "path"}
