# SPDX-License-Identifier: Apache-2.0
"""Decides how one request of the matrix is made, what it wrote, and when two refusals are the same."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.http import HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.service.conftest import Visitor

_TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value="|X-CSRFToken[^A-Za-z0-9]+)[A-Za-z0-9]{64}')
_NUMBERS = re.compile(rb"(\d+)")
_WRITES = re.compile(r'\s*(?:INSERT(?: OR IGNORE)? INTO|UPDATE|DELETE FROM|COPY)\s+"?(\w+)', re.IGNORECASE)
OF_THE_DOOR = frozenset({"django_session", "accounts_signin", "accounts_failedsignin"})
TRAIL = frozenset({"audit_auditrow"})


@dataclass(frozen=True)
class Answer:
    """What came back: the status, every byte, and the tables that were written meanwhile."""

    status: int
    content: bytes
    location: str
    wrote: frozenset[str]
    asked: str = field(compare=False, default="")

    def same_as(self, other: Answer, asked_there: Mapping[str, object], asked: Mapping[str, object]) -> bool:
        """Whether both say the same, byte for byte, but for the token of forms and the numbers asked for."""
        mine, theirs = ({str(value).encode() for value in each.values()} for each in (asked, asked_there))
        here, there = (_NUMBERS.split(_TOKEN.sub(b"", each.content)) for each in (self, other))
        return (
            self.status == other.status
            and len(here) == len(there)
            and all(
                one == two or (one in mine and two in theirs) for one, two in zip(here, there, strict=True)
            )
        )


class Writes:
    """Notes the tables that statements write."""

    def __init__(self) -> None:
        self.tables: set[str] = set()

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = _WRITES.match(sql)
        if found:
            self.tables.add(found[1])
        return execute(sql, params, many, context)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written in it is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def body_of(answer: HttpResponseBase) -> bytes:
    """Every byte of an answer."""
    found = b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]  # either kind
    return bytes(found)


def ask(
    visitor: Visitor,
    method: str,
    address: str,
    *,
    query: Mapping[str, object] | None = None,
    body: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """One request; what it writes is taken back, and the browser keeps the cookies it had."""
    cookies, writes = copy.deepcopy(visitor.cookies), Writes()
    with undone(), connection.execute_wrapper(writes):
        given: dict[str, Any] = {"headers": dict(headers or {}), "query_params": dict(query or {})}
        if method == "POST":
            given["data"] = dict(body or {})
        response = getattr(visitor, method.lower())(address, **given)
        content = body_of(response)
    visitor.cookies = cookies
    location = str(response.headers.get("Location", response.headers.get("HX-Redirect", "")))
    wrote = frozenset(writes.tables - OF_THE_DOOR)
    return Answer(response.status_code, content, location, wrote, f"{method} {address} {dict(query or {})}")


def routes() -> dict[str, dict[str, object]]:
    """Every address of the service by name, with the arguments that are fixed in it."""
    return dict(_walk(get_resolver(), ""))


def _walk(resolver: URLResolver, space: str) -> Iterator[tuple[str, dict[str, object]]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, str(pattern.namespace or space))
        elif isinstance(pattern, URLPattern):
            yield f"{space}:{pattern.name}", dict(pattern.default_args or {})


def address_of(name: str, arguments: Mapping[str, object]) -> str:
    """The address of a route."""
    return reverse(name, kwargs=dict(arguments))
