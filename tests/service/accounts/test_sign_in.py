# SPDX-License-Identifier: Apache-2.0
"""Decides that a password is tried slowly, alike for every name, and that strangers lock nobody out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import LazySettings
from django.contrib.auth.hashers import Argon2PasswordHasher

from hearthline.accounts import services
from hearthline.accounts.models import FailedSignIn, Officer, SignIn
from hearthline.accounts.queries import find_living_sign_in, hash_of, sign_ins_of
from hearthline.accounts.rules import LONGEST_WAIT, Attempts, Role, wait_after, with_another
from hearthline.accounts.services.attempts import Device
from hearthline.accounts.services.sign_ins import Attempt, enter_sign_in
from hearthline.areas.models import Area
from hearthline.audit.models import AuditRow
from hearthline.base.problems import HearthlineError

from ..conftest import TODAY, Hire

NOON = datetime(2017, 12, 31, 4, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
OFFICE = Device(hash_of("office"), "Edge, Windows", returned=True)
STRANGER = Device(hash_of("stranger"), "", returned=False)


@pytest.fixture
def officer(places: dict[str, Area], hire: Hire) -> Officer:
    """A village officer who has signed in from the office before."""
    found = hire(Role.VILLAGE_OFFICER, places["510101001001"], "li.na")
    enter_sign_in(officer=found, on=TODAY, at=NOON - timedelta(days=3), session_key="old", device=OFFICE)
    return found


def attempt(password: str, at: datetime, device: Device = STRANGER, username: str = "li.na") -> Attempt:
    """One try at the door."""
    return services.try_password(username=username, password=password, device=device, at=at)


def refusal(password: str, at: datetime, device: Device = STRANGER, username: str = "li.na") -> str:
    """The code and sentence of a try that fails."""
    with pytest.raises(HearthlineError) as caught:
        attempt(password, at, device, username)
    return f"{caught.value.code} {caught.value.sentence}"


def test_the_wait_doubles_up_to_a_quarter_of_an_hour() -> None:
    assert [wait_after(count).total_seconds() for count in (0, 1, 2, 3, 4, 10, 11, 10**6)] == [
        0, 1, 2, 4, 8, 512, 900, 900,
    ]  # fmt: skip


def test_attempts_are_forgotten_after_a_day() -> None:
    tired = Attempts(40, NOON, NOON + LONGEST_WAIT)
    assert with_another(tired, NOON + timedelta(hours=23)).count == 41
    assert with_another(tired, NOON + timedelta(hours=25)).count == 1


def test_the_right_password_opens_and_the_name_is_read_in_any_letters(officer: Officer) -> None:
    assert attempt(PASSWORD, NOON, OFFICE, " Li.Na ").officer == officer


@pytest.mark.parametrize("username", ["li.na", "nobody.known"])
def test_known_and_unknown_names_wait_alike_and_read_the_same(officer: Officer, username: str) -> None:
    answers, at = [], NOON
    for _ in range(6):
        answers.append(refusal("wrong", at, username=username).split(" ")[0])
        answers.append(refusal("wrong", at, username=username))
        at += timedelta(minutes=20)
    assert answers[0] == "accounts.wrong-sign-in"
    assert answers[1].startswith("accounts.wait There were too many attempts; the next is possible in 1 sec")
    assert "in 32 seconds" in answers[-1]


def test_the_wait_hides_whether_the_password_was_right(officer: Officer) -> None:
    refusal("wrong", NOON)
    assert refusal(PASSWORD, NOON) == refusal("wrong", NOON)
    assert attempt(PASSWORD, NOON + timedelta(seconds=1)).officer == officer


def test_attempts_while_waiting_do_not_lengthen_the_wait(officer: Officer) -> None:
    refusal("wrong", NOON)
    for _ in range(50):
        assert "accounts.wait" in refusal("wrong", NOON)
    assert attempt(PASSWORD, NOON + timedelta(seconds=1)).officer == officer


def test_a_stranger_who_fails_for_ever_does_not_make_the_known_device_wait(officer: Officer) -> None:
    at = NOON
    for _ in range(30):
        assert "accounts.wrong-sign-in" in refusal("wrong", at)
        at += LONGEST_WAIT
    assert "accounts.wait" in refusal("wrong", at - timedelta(seconds=1))
    assert attempt(PASSWORD, at - timedelta(seconds=1), OFFICE).officer == officer


def test_failures_on_the_known_device_do_not_make_another_known_device_wait(officer: Officer) -> None:
    phone = Device(hash_of("phone"), "Chrome, Android", returned=True)
    enter_sign_in(officer=officer, on=TODAY, at=NOON, session_key="phone", device=phone)
    for _ in range(4):
        refusal("wrong", NOON, OFFICE)
    assert "accounts.wait" in refusal(PASSWORD, NOON, OFFICE)
    assert attempt(PASSWORD, NOON, phone).officer == officer


def test_a_device_known_to_one_officer_is_a_stranger_to_another(officer: Officer, hire: Hire) -> None:
    hire(Role.VIEWER, None, "wang.fang")
    refusal("wrong", NOON, STRANGER, "wang.fang")
    assert "accounts.wait" in refusal(PASSWORD, NOON, OFFICE, "wang.fang")


def test_one_device_that_tries_many_names_waits_as_a_device(officer: Officer) -> None:
    prober = Device(hash_of("prober"), "", returned=True)
    refusal("wrong", NOON, prober, "name1")
    assert "accounts.wait" in refusal("wrong", NOON, prober, "name2")


def test_a_way_in_does_not_wipe_out_what_the_device_tried_elsewhere(officer: Officer, hire: Hire) -> None:
    hire(Role.VIEWER, None, "insider")
    prober, at = Device(hash_of("prober"), "", returned=True), NOON
    for number in range(8):
        refusal("wrong", at, prober, f"victim{number}")
        at += timedelta(minutes=5)
    entered = attempt(PASSWORD, at, prober, "insider")
    services.open_sign_in(attempt=entered, on=TODAY, at=at, session_key="in", device=prober)
    assert "accounts.wait" in refusal("wrong", at, prober, "victim9")


def test_strangers_together_are_held_to_a_rate_and_known_devices_are_not(
    officer: Officer, settings: LazySettings
) -> None:
    settings.SIGN_IN_RATE = 5
    for number in range(5):
        assert "wrong-sign-in" in refusal("wrong", NOON, STRANGER, f"name{number}")
    assert "accounts.wait" in refusal("wrong", NOON, STRANGER, "name6")
    assert attempt(PASSWORD, NOON, OFFICE).officer == officer
    assert "wrong-sign-in" in refusal("wrong", NOON + timedelta(seconds=61), STRANGER, "name6")


def test_a_way_in_forgets_the_failures_and_tells_how_many_there_were(officer: Officer) -> None:
    refusal("wrong", NOON)
    refusal("wrong", NOON + timedelta(seconds=2))
    at = NOON + timedelta(seconds=10)
    _, failures = services.open_sign_in(
        attempt=attempt(PASSWORD, at), on=TODAY, at=at, session_key="new", device=STRANGER
    )
    assert failures == 2
    assert attempt(PASSWORD, at, STRANGER).officer == officer
    row = AuditRow.objects.filter(action="accounts.sign_in").latest("pk")
    assert row.facts == {"device": "", "failures_before": 2}


def test_what_was_forgotten_anyway_is_dropped(officer: Officer) -> None:
    refusal("wrong", NOON, STRANGER, "nobody")
    at = NOON + timedelta(days=2)
    services.open_sign_in(
        attempt=attempt(PASSWORD, at, OFFICE), on=TODAY, at=at, session_key="n", device=OFFICE
    )
    assert FailedSignIn.objects.count() == 1


def test_no_name_that_was_tried_is_kept_readably(officer: Officer) -> None:
    refusal("wrong", NOON, STRANGER, "my-secret-typed-in-the-wrong-field")
    assert all("secret" not in key for key in FailedSignIn.objects.values_list("key", flat=True))


def test_a_closed_account_reads_as_a_wrong_password(officer: Officer) -> None:
    Officer.objects.filter(pk=officer.pk).update(is_active=False)
    assert "accounts.wrong-sign-in" in refusal(PASSWORD, NOON)


def test_a_one_time_password_opens_for_a_week(officer: Officer, hire: Hire) -> None:
    given = services.reset_password(by=hire(Role.ADMINISTRATOR), on=TODAY, officer_id=officer.pk)
    until = given.officer.one_time_until
    assert until is not None
    assert attempt(given.password, until - timedelta(minutes=1)).officer.must_change_password
    assert "accounts.wrong-sign-in" in refusal(given.password, until + timedelta(hours=1))


class CountingHasher(Argon2PasswordHasher):
    """Argon2id that counts its work and does it quickly."""

    time_cost, memory_cost, parallelism = 1, 8, 1
    works = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.works += 1
        return str(super().encode(password, salt))

    def verify(self, password: str, encoded: str) -> bool:
        CountingHasher.works += 1
        return bool(super().verify(password, encoded))


@pytest.fixture
def counting(settings: LazySettings) -> Iterator[None]:
    """Passwords are kept with the hasher that counts."""
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    CountingHasher.works = 0
    yield
    CountingHasher.works = 0


@pytest.mark.usefixtures("counting")
def test_an_unknown_name_costs_as_much_work_as_a_wrong_password(places: dict[str, Area], hire: Hire) -> None:
    officer = hire(Role.VIEWER, None, "li.na")
    closed = hire(Role.VIEWER, None, "closed")
    Officer.objects.filter(pk=closed.pk).update(is_active=False)
    works = {}
    for username, password in (
        (officer.username, "wrong"), ("unknown", "wrong"), (closed.username, PASSWORD),
    ):  # fmt: skip
        CountingHasher.works = 0
        refusal(password, NOON, STRANGER, username)
        works[username] = CountingHasher.works
    assert works == {"li.na": 1, "unknown": 1, "closed": 1}


def test_passwords_are_kept_with_argon2id(settings: LazySettings) -> None:
    assert settings.PASSWORD_HASHERS  # of the test; the service's own stand in its settings
    assert Argon2PasswordHasher().encode("x", "saltsaltsalt").startswith("argon2$argon2id$")


def test_a_sign_in_ends_when_idle_too_long_or_after_twelve_hours(
    officer: Officer, settings: LazySettings
) -> None:
    settings.IDLE_MINUTES = 30
    enter_sign_in(officer=officer, on=TODAY, at=NOON, session_key="key", device=OFFICE)
    assert find_living_sign_in(session_key="key", at=NOON + timedelta(minutes=29))
    assert not find_living_sign_in(session_key="key", at=NOON + timedelta(minutes=31))
    SignIn.objects.update(seen_at=NOON + timedelta(hours=12))
    assert find_living_sign_in(session_key="key", at=NOON + timedelta(hours=11, minutes=59))
    assert not find_living_sign_in(session_key="key", at=NOON + timedelta(hours=12, minutes=1))


def test_a_sign_in_is_renewed_once_a_minute(officer: Officer) -> None:
    sign_in = enter_sign_in(officer=officer, on=TODAY, at=NOON, session_key="key", device=OFFICE)
    services.renew_sign_in(sign_in, NOON + timedelta(seconds=59))
    assert SignIn.objects.get(pk=sign_in.pk).seen_at == NOON
    services.renew_sign_in(sign_in, NOON + timedelta(seconds=60))
    assert SignIn.objects.get(pk=sign_in.pk).seen_at == NOON + timedelta(seconds=60)


def test_an_officer_ends_one_sign_in_or_all_others(officer: Officer, hire: Hire) -> None:
    kept, lost, left = (
        enter_sign_in(officer=officer, on=TODAY, at=NOON, session_key=key, device=OFFICE)
        for key in ("kept", "lost", "left")
    )
    assert len(sign_ins_of(by=officer, on=TODAY, officer=officer, at=NOON)) == 3
    services.end_sign_in(by=officer, on=TODAY, sign_in_id=lost.pk)
    assert set(sign_ins_of(by=officer, on=TODAY, officer=officer, at=NOON)) == {kept, left}
    services.end_own_sign_ins(by=officer, on=TODAY, keep=kept)
    assert set(sign_ins_of(by=officer, on=TODAY, officer=officer, at=NOON)) == {kept}
    with pytest.raises(HearthlineError, match="nothing here"):
        services.end_sign_in(by=officer, on=TODAY, sign_in_id=lost.pk)


def test_an_administrator_ends_the_sign_ins_of_an_officer_of_his_area_only(
    officer: Officer, places: dict[str, Area], hire: Hire
) -> None:
    sign_in = enter_sign_in(officer=officer, on=TODAY, at=NOON, session_key="k", device=OFFICE)
    neighbour = hire(Role.ADMINISTRATOR, places["510102"])
    with pytest.raises(HearthlineError, match="nothing here"):
        services.end_sign_in(by=neighbour, on=TODAY, sign_in_id=sign_in.pk)
    viewer = hire(Role.VIEWER)
    for number in (sign_in.pk, 10**9):
        with pytest.raises(HearthlineError, match="no role"):
            services.end_sign_in(by=viewer, on=TODAY, sign_in_id=number)
    services.end_sign_ins_of(by=hire(Role.ADMINISTRATOR, places["510101"]), on=TODAY, officer_id=officer.pk)
    assert not SignIn.objects.filter(officer=officer, ended_at=None).exists()
