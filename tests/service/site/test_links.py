# SPDX-License-Identifier: Apache-2.0
"""Decides that no page leads to a dead end: what it links to is there for the officer who reads it."""

from __future__ import annotations

import re
from collections import deque
from html import unescape

import pytest

from hearthline.accounts.rules import Role
from tests.service.conftest import Visitor
from tests.service.county import County

pytestmark = pytest.mark.django_db
_LINK = re.compile(r'<a [^>]*href="(/[^"#]*)"')
MOST = 90


def kind(address: str) -> str:
    """Addresses that differ only in numbers lead to pages of one kind."""
    path, _, query = address.partition("?")
    names = sorted({word.partition("=")[0] for word in query.split("&")})
    return re.sub(r"\d+", "N", path) + "?" + ",".join(names)


@pytest.mark.parametrize("role", list(Role))
def test_every_link_of_every_page_leads_somewhere(county: County, role: Role) -> None:
    visitor = Visitor()
    visitor.force_login(county.officer(role))
    todo, dead = deque([("/", "")]), []
    seen: set[str] = set()
    while todo and len(seen) < MOST:
        address, whence = todo.popleft()
        if kind(address) in seen:
            continue
        seen.add(kind(address))
        answer = visitor.get(address)
        if answer.status_code not in (200, 302):
            dead.append(f"{whence} leads to {address}: {answer.status_code}")
        elif not answer.streaming and answer.get("Content-Type", "").startswith("text/html"):
            todo += [(unescape(link), address) for link in _LINK.findall(answer.content.decode())]
    assert not dead, "\n".join(dead)
    assert len(seen) > 12
