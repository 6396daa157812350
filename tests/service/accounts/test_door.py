# SPDX-License-Identifier: Apache-2.0
"""Decides that nothing but the door is open to strangers, and that many at once gain nothing there."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from hearthline.accounts import services
from hearthline.accounts.models import FailedSignIn
from hearthline.accounts.queries import hash_of
from hearthline.accounts.rules import Role
from hearthline.accounts.services.attempts import Device
from hearthline.areas.models import Area
from hearthline.base.problems import HearthlineError

from ..conftest import Hire

NOON = datetime(2017, 12, 31, 4, 0, tzinfo=UTC)
STRANGERS = 12
OPEN = {
    "accounts:sign-in": "waits by account, by device, and for all strangers together",
    "accounts:sign-in-code": "waits as the password before it",
    "accounts:signed-out": "takes no form",
    "ui:language": "keeps a choice in a cookie; there is nothing to guess",
}
"""Every address that answers who is not signed in, and what holds it."""


def addresses(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address below a resolver, by its full name."""
    for found in resolver.url_patterns:
        if isinstance(found, URLPattern):
            yield f"{namespace}{found.name}", found
        else:
            deeper = f"{namespace}{found.namespace}:" if found.namespace else namespace
            yield from addresses(found, deeper)


def test_every_address_open_to_strangers_says_what_holds_it() -> None:
    found = dict(addresses(get_resolver("hearthline.site.urls")))
    is_open = {name for name, each in found.items() if not getattr(each.callback, "login_required", True)}
    assert is_open == set(OPEN), "Name what throttles it, or ask for a sign-in."
    assert len(found) > 25


@pytest.mark.django_db(transaction=True)
def test_strangers_who_try_at_the_same_moment_are_let_through_one_by_one(
    places: dict[str, Area], hire: Hire
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time, and its test database one thread.")
    hire(Role.VILLAGE_OFFICER, places["510101001001"], "li.na")

    def attempt(number: int) -> str:
        device = Device(hash_of(f"stranger {number}"), "", returned=False)
        try:
            services.try_password(username="li.na", password=f"guess {number}", device=device, at=NOON)
        except HearthlineError as error:
            return error.code
        finally:
            connection.close()
        return "in"

    with ThreadPoolExecutor(STRANGERS) as together:
        answers = list(together.map(attempt, range(STRANGERS)))
    assert sorted(answers) == ["accounts.wait"] * (STRANGERS - 1) + ["accounts.wrong-sign-in"]
    assert set(FailedSignIn.objects.values_list("failures", flat=True)) == {1}
