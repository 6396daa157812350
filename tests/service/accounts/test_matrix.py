# SPDX-License-Identifier: Apache-2.0
"""Decides who may do what where: every service and page of accounts x every role x every place.

The target is an officer of the township Shiqiao. One who asks stands in the township itself, above it, in a
village of it, in the township beside it, or in another county. A service or page without an entry fails.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from hearthline.accounts import queries, services
from hearthline.accounts.models import Grant, Officer, SignIn
from hearthline.accounts.rules import Role
from hearthline.accounts.services.attempts import Device
from hearthline.accounts.services.sign_ins import enter_sign_in
from hearthline.accounts.urls import urlpatterns
from hearthline.areas.models import Area
from hearthline.base.problems import HearthlineError

from ..conftest import Hire, Visitor

TOWNSHIP = "510101001"
CANARY = "liu.canary"
"""The account name of the target, looked for in what others are shown."""
PLACES = {
    "own": TOWNSHIP,
    "parent": "510101",
    "everywhere": None,
    "child": "510101001001",
    "sibling": "510101002",
    "other": "510102",
}
REACHES = {"own", "parent", "everywhere"}
MANAGERS = {Role.ADMINISTRATOR}
READERS = {Role.ADMINISTRATOR, Role.AUDITOR}
ANYONE = set(Role)


@dataclass(frozen=True)
class Target:
    """The officer of the township, a role and a sign-in of his."""

    officer: Officer
    grant: Grant
    sign_in: SignIn
    area: Area


Call = Callable[[Officer, Target], object]
TODAY = timezone.localdate


def _of(service: Callable[..., object], **more: object) -> Call:
    return lambda by, to: service(by=by, on=TODAY(), officer_id=to.officer.pk, **more)


SERVICES: Mapping[str, tuple[set[Role], Call]] = {
    "open_account": (
        MANAGERS,
        lambda by, to: services.open_account(
            by=by, on=TODAY(), username="sun.li", name="孙丽", role=Role.VIEWER, area=to.area
        ),
    ),
    "grant_role": (
        MANAGERS, lambda by, to: _of(services.grant_role, role=Role.ANALYST, area=to.area)(by, to)
    ),
    "withdraw_grant": (
        MANAGERS, lambda by, to: services.withdraw_grant(by=by, on=TODAY(), grant_id=to.grant.pk)
    ),
    "close_account": (MANAGERS, _of(services.close_account)),
    "reset_password": (MANAGERS, _of(services.reset_password)),
    "remove_totp": (MANAGERS, _of(services.remove_totp)),
    "end_sign_ins_of": (MANAGERS, _of(services.end_sign_ins_of)),
    "end_sign_in": (
        MANAGERS, lambda by, to: services.end_sign_in(by=by, on=TODAY(), sign_in_id=to.sign_in.pk)
    ),
}  # fmt: skip
QUERIES: Mapping[str, tuple[set[Role], Call]] = {
    "get_officer": (READERS, _of(queries.get_officer)),
    "get_officer_to_manage": (MANAGERS, _of(queries.get_officer_to_manage)),
    "get_grant": (MANAGERS, lambda by, to: queries.get_grant(by=by, on=TODAY(), grant_id=to.grant.pk)),
    "sign_ins_of": (
        READERS,
        lambda by, to: list(
            queries.sign_ins_of(by=by, on=TODAY(), officer=to.officer, at=timezone.now())
        ),
    ),
}  # fmt: skip
LISTS: Mapping[str, tuple[set[Role], Callable[[Officer, Target], bool]]] = {
    "officers_in": (READERS, lambda by, to: to.officer in queries.officers_in(by=by, on=TODAY())),
    "grants_in": (READERS, lambda by, to: to.grant in queries.grants_in(by=by, on=TODAY())),
    "grants_of": (
        READERS,
        lambda by, to: to.grant in queries.grants_of(by=by, on=TODAY(), officer=to.officer),
    ),
    "areas_to_grant": (MANAGERS, lambda by, to: to.area in queries.areas_to_grant(by=by, on=TODAY())),
}
OWN_SERVICES = {
    "accept_code", "begin_totp", "change_password", "choose_language", "confirm_totp", "end_own_sign_ins",
    "first_administrator", "move_sign_in", "note_file", "offer_again",
    "open_sign_in", "renew_sign_in", "try_code", "try_password",
}  # fmt: skip
"""Of oneself alone, of who is signing in, or of a command on the server: no officer of another is named."""
CLOSED_FIRST = {"reopen_account"}
"""Like closing, of an account that is closed."""

Page = tuple[set[Role], Callable[[Target], list[int]]]
PAGES: Mapping[str, Page] = {
    "officer": (READERS, lambda to: [to.officer.pk]),
    "grant-role": (MANAGERS, lambda to: [to.officer.pk]),
    "reset-password-of": (MANAGERS, lambda to: [to.officer.pk]),
    "close-of": (MANAGERS, lambda to: [to.officer.pk]),
    "remove-codes-of": (MANAGERS, lambda to: [to.officer.pk]),
    "end-sign-ins-of": (MANAGERS, lambda to: [to.officer.pk]),
    "withdraw-grant": (MANAGERS, lambda to: [to.grant.pk]),
    "end-sign-in": (MANAGERS, lambda to: [to.sign_in.pk]),
}
PAGES_WITHOUT_TARGET: Mapping[str, set[Role]] = {
    "officers": READERS, "open-account": MANAGERS, "account": ANYONE, "sign-in": ANYONE,
    "sign-in-code": ANYONE, "signed-out": ANYONE, "password": ANYONE, "codes": ANYONE, "begin-codes": ANYONE,
    "confirm-codes": ANYONE, "remove-codes": ANYONE, "sign-ins": ANYONE, "end-other-sign-ins": ANYONE,
    "language": ANYONE, "sign-out": ANYONE,
}  # fmt: skip
NOT_MATCHED = {"reopen-of"}
"""Refused to everybody unless the account is closed; see the test of it."""


@pytest.fixture
def target(places: dict[str, Area], hire: Hire) -> Target:
    """The officer of the township."""
    officer = hire(Role.VIEWER, places[TOWNSHIP], CANARY)
    device = Device("d" * 64, "Edge, Windows", returned=True)
    sign_in = enter_sign_in(
        officer=officer, on=TODAY(), at=timezone.now(), session_key="target", device=device
    )
    return Target(officer, Grant.objects.get(officer=officer), sign_in, places[TOWNSHIP])


@pytest.fixture
def asker(places: dict[str, Area], hire: Hire) -> Callable[[Role, str], Officer]:
    """An officer in a role at a place seen from the target."""

    def found(role: Role, place: str) -> Officer:
        code = PLACES[place]
        return hire(role, places[code] if code else None)

    return found


def outcome(call: Callable[[], object]) -> str:
    """What came of it, as the code of the refusal or "done"; nothing of it stays."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                call()
            said = "done"
        except HearthlineError as error:
            said = error.code
        transaction.set_rollback(True)
    return said


def expected(roles: set[Role], role: Role, place: str) -> str:
    """The rule: the role decides whether at all, the place decides whether it is there."""
    if role not in roles:
        return "accounts.not-permitted"
    return "done" if place in REACHES else "accounts.not-found"


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("role", list(Role))
def test_every_service_and_query_by_role_and_place(
    target: Target, asker: Callable[[Role, str], Officer], role: Role, place: str
) -> None:
    by = asker(role, place)
    wrong = []
    for name, (roles, call) in {**SERVICES, **QUERIES}.items():
        said = outcome(lambda call=call: call(by, target))  # type: ignore[misc]  # a default binds the name
        if said != expected(roles, role, place):
            wrong.append(f"{name}: {said}, not {expected(roles, role, place)}")
    for name, (roles, holds) in LISTS.items():
        found: list[bool] = []
        said = outcome(lambda holds=holds, found=found: found.append(holds(by, target)))  # type: ignore[misc]  # the same
        rule = expected(roles, role, place)
        if said != ("accounts.not-permitted" if role not in roles else "done"):
            wrong.append(f"{name}: {said}")
        elif found and found[0] is not (rule == "done"):
            wrong.append(f"{name}: lists the target: {found[0]}")
    assert not wrong, f"{role} in {place}: {'; '.join(wrong)}"


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("role", list(Role))
def test_every_page_by_role_and_place(
    target: Target, asker: Callable[[Role, str], Officer], client: Visitor, role: Role, place: str
) -> None:
    client.force_login(asker(role, place))
    wrong = []
    for name, (roles, arguments) in PAGES.items():
        address = reverse(f"accounts:{name}", args=arguments(target))
        rule = expected(roles, role, place)
        allowed = {"done": {200, 302, 400, 405}, "accounts.not-permitted": {403, 405}}.get(rule, {404, 405})
        for method in ("get", "post", "put", "delete"):
            with transaction.atomic():
                status = getattr(client, method)(address).status_code
                transaction.set_rollback(True)
            if status not in (allowed if method in ("get", "post") else {405}):
                wrong.append(f"{method} {address}: {status}")
    for name, roles in PAGES_WITHOUT_TARGET.items():
        address = reverse(f"accounts:{name}")
        for query in ("", "?format=csv", "?format=xlsx", "?format=json"):
            with transaction.atomic():
                answer = client.get(address + query)
                transaction.set_rollback(True)
            right = answer.status_code != 403 if role in roles else answer.status_code == 403
            if not right:
                wrong.append(f"get {address}{query}: {answer.status_code}")
            seen = CANARY.encode() in (b"".join(answer) if answer.streaming else answer.content)
            if name == "officers" and seen and (role not in roles or place not in REACHES):
                wrong.append(f"{address}{query} shows the target")
    assert not wrong, f"{role} in {place}: {'; '.join(wrong)}"


def test_a_closed_account_is_reopened_where_it_could_be_closed(
    target: Target, asker: Callable[[Role, str], Officer]
) -> None:
    Officer.objects.filter(pk=target.officer.pk).update(is_active=False)
    for role in Role:
        for place in PLACES:
            by = asker(role, place)
            said = outcome(lambda by=by: _of(services.reopen_account)(by, target))  # type: ignore[misc]  # the same
            assert said == expected(MANAGERS, role, place), (role, place)


def test_who_is_not_signed_in_reaches_the_door_only(target: Target, client: Visitor) -> None:
    door = {"sign-in", "sign-in-code", "signed-out"}
    for name in {str(found.name) for found in urlpatterns}:
        arguments = PAGES[name][1](target) if name in PAGES else []
        if name in NOT_MATCHED:
            arguments = [target.officer.pk]
        for method in (client.get, client.post):
            answer = method(reverse(f"accounts:{name}", args=arguments))
            if name not in door:
                assert answer.status_code == 302, name
                assert answer.headers["Location"].startswith("/account/sign-in/?next="), name


def test_every_service_query_and_page_has_its_entry() -> None:
    assert set(services.__all__) - {"NewPassword"} == set(SERVICES) | OWN_SERVICES | CLOSED_FIRST
    scoped = {
        name
        for name, found in inspect.getmembers(queries, inspect.isfunction)
        if found.__module__ == queries.__name__ and "by" in inspect.signature(found).parameters
    }
    answers = {"scope_of", "required_scope", "permissions_of", "needs_codes", "roles_held", "reach_of"}
    assert scoped - answers == set(QUERIES) | set(LISTS)
    named = {str(found.name) for found in urlpatterns}
    assert named == set(PAGES) | set(PAGES_WITHOUT_TARGET) | NOT_MATCHED
    calls = len(SERVICES) + len(QUERIES) + len(LISTS) + 1
    cells = len(Role) * len(PLACES) * (calls + 4 * len(PAGES) + 4 * len(PAGES_WITHOUT_TARGET))
    print(f"accounts: {cells} cells of action x role x place")
    assert cells > 3000
