# SPDX-License-Identifier: Apache-2.0
"""Decides that no page leads to a dead end: what it links to is there for the officer who reads it.

Every kind of page is walked, to its end; of pages of one kind the first few that are met.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from html import unescape
from urllib.parse import urljoin

import pytest

from hearthline.accounts.rules import Role
from tests.service.conftest import Visitor
from tests.service.county import County

pytestmark = pytest.mark.django_db
_LINK = re.compile(r'<a\b[^>]*?\shref="([^"#]+)')
OF_A_KIND = 3
"""Pages of one kind differ in what stands on them: a household with a run and one without."""
KINDS = 400
"""More kinds than the service has: beyond it, addresses grow out of one another."""


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
    walked: Counter[str] = Counter()
    while todo:
        address, whence = todo.popleft()
        if address in seen or walked[kind(address)] >= OF_A_KIND:
            continue
        seen.add(address)
        walked[kind(address)] += 1
        assert len(walked) <= KINDS, f"{whence} leads to {address}: pages without end?"
        answer = visitor.get(address)
        if answer.status_code == 302:
            todo.append((urljoin(address, answer["Location"]), address))
        elif answer.status_code != 200:
            dead.append(f"{whence} leads to {address}: {answer.status_code}")
        elif answer.streaming:
            b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # at its end the file is closed
        elif answer.get("Content-Type", "").startswith("text/html"):
            links = [unescape(link) for link in _LINK.findall(answer.content.decode())]
            inside = [urljoin(address, link) for link in links]
            todo += [(link, address) for link in inside if link.startswith("/")]
    assert not dead, "\n".join(dead)
    assert len(walked) > 12
