# SPDX-License-Identifier: Apache-2.0
"""Decides how pages are asked and what they cost: signed in, at a fixed rate, beside a bare page.

The register, PostgreSQL, the server and who measures share the machine. An answer that is no success counts
as a failure, and its time as none.
"""

from __future__ import annotations

import http.cookies
import json
import random
import re
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection
from pathlib import Path

from rich.console import Console

from benchmarks.service.rate import Answers, ask, cpu_seconds, descendants, together, until

BIN = Path(sys.executable).parent
HOST = "127.0.0.1"
say = partial(Console(soft_wrap=True).print, markup=False, highlight=False)
BARE = "bare page"
SURNAMES = ("li", "yuan", "teng", "xi", "nian", "zao", "ma", "qiao")


@dataclass(frozen=True)
class Measured:
    """One kind of page under load."""

    page: str
    answers: Answers
    server_ms: float
    database_ms: float
    queries: int


@contextmanager
def served(port: int, command: list[str], environment: dict[str, str]) -> Iterator[int]:
    """A server that answers on ``port``; its process."""
    process = subprocess.Popen(command, env=environment)
    try:
        until(lambda: _answers(port), seconds=60)
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)


def _answers(port: int) -> bool:
    try:
        connection = HTTPConnection(HOST, port, timeout=2)
        connection.request("GET", "/account/sign-in/")
        return connection.getresponse().status in (200, 404)  # the bare page has no sign-in
    except OSError:
        return False


def session(port: int, username: str, password: str) -> dict[str, str]:
    """The headers of a signed-in officer, by the sign-in page."""
    connection = HTTPConnection(HOST, port, timeout=30)
    connection.request("GET", "/account/sign-in/")
    response = connection.getresponse()
    jar = http.cookies.SimpleCookie()
    for value in response.headers.get_all("Set-Cookie", []):
        jar.load(value)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', response.read().decode())
    body = {"username": username, "password": password, "csrfmiddlewaretoken": token[1] if token else ""}
    headers = {"Cookie": _cookies(jar), "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/account/sign-in/", urllib.parse.urlencode(body), headers)
    response = connection.getresponse()
    response.read()
    for value in response.headers.get_all("Set-Cookie", []):
        jar.load(value)
    if response.status != 302:
        raise SystemExit(f"Signing in answered {response.status}.")
    return {"Cookie": _cookies(jar), "Accept-Language": "zh-CN"}


def _cookies(jar: http.cookies.SimpleCookie) -> str:
    return "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items())


def addresses(environment: dict[str, str], place: str, number: int) -> dict[str, list[str]]:
    """Addresses of each kind of page, drawn at random within the place of the officer."""
    program = (
        "import sys, json, random, hearthline.site.starting\n"
        "from hearthline.areas.models import Area\n"
        "from hearthline.areas.rules import range_of\n"
        "from hearthline.registry.models import Household\n"
        "r = range_of(sys.argv[1])\n"
        "inside = dict(area_path__gte=r.low, area_path__lt=r.high)\n"
        "ids = list(Household.objects.filter(**inside).values_list('pk', flat=True)[:200000])\n"
        "areas = list(Area.objects.filter(path__gte=r.low, path__lt=r.high).values_list('pk', flat=True))\n"
        "print(json.dumps([ids, areas]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, place], env=environment, capture_output=True, text=True, check=True
    )
    households, areas = json.loads(done.stdout)
    draw = random.Random(1)
    return {
        "home": ["/"] * number,
        "household": [f"/households/{draw.choice(households)}/" for _ in range(number)],
        "area": [f"/areas/{draw.choice(areas)}/" for _ in range(number)],
        "search": [f"/search/?text={draw.choice(SURNAMES)}" for _ in range(number)],
        "list": [f"/areas/{draw.choice(areas)}/households/" for _ in range(number)],
    }


def spent_by(server: int) -> dict[int, float]:
    """Processor seconds so far of a process and of all that it started."""
    return {process: cpu_seconds([process]) for process in descendants(server)}


def _since(before: dict[int, float], server: int) -> float:
    """The seconds since; what a process had spent that has ended meanwhile is not taken back."""
    return sum(spent - before.get(process, 0.0) for process, spent in spent_by(server).items())


@dataclass(frozen=True)
class Asking:
    """How pages are asked: at which port, how often a second, and the first process of the database."""

    port: int
    rate: float
    database: int


WARM_UP = 4.0
"""Seconds in which a page is asked before it is measured: both processes have its templates, its queries in
SQL and their plans by then, as those have that run day and night."""


@dataclass(frozen=True)
class Reader:
    """Who asks: the headers of his session, and of each kind of page its addresses and number of queries."""

    whose: str
    headers: dict[str, str]
    paths: dict[str, list[str]]
    queries: dict[str, int]


@dataclass
class _Spent:
    """What the turns of one reader have cost so far, in seconds, and the answers he got."""

    server: float = 0.0
    database: float = 0.0
    answers: list[Answers] = field(default_factory=list)


def measure(page: str, how: Asking, server: int, readers: list[Reader]) -> dict[str, Measured]:
    """Ask for one kind of page; what each answer cost the server and the database, by reader.

    Each reader is warmed up, then all are measured in turns, there and back: none is always the first, and
    what the machine does besides falls on all of them.
    """
    for reader in readers:
        warming = reader.paths[page][: int(how.rate * WARM_UP)]
        ask(HOST, how.port, warming, rate=how.rate, headers=reader.headers)
    spent = {reader.whose: _Spent() for reader in readers}
    for turn, reader in [*((0, one) for one in readers), *((1, one) for one in reversed(readers))]:
        drawn, so_far = reader.paths[page][turn::2], spent[reader.whose]
        web, database = spent_by(server), spent_by(how.database)
        so_far.answers.append(ask(HOST, how.port, drawn, rate=how.rate, headers=reader.headers))
        so_far.server += _since(web, server)
        so_far.database += _since(database, how.database)
    return {reader.whose: _measured(page, reader, spent[reader.whose]) for reader in readers}


def _measured(page: str, reader: Reader, spent: _Spent) -> Measured:
    each = 1000 / len(reader.paths[page])
    answers = together(spent.answers)
    server, database = spent.server * each, spent.database * each
    say(
        f"  {page}, {reader.whose}: {server:.1f} ms of the server, {database:.1f} ms of PostgreSQL, "
        f"p95 {answers.percentile(0.95):.0f} ms, {answers.failed} failures, in {answers.seconds:.0f} s"
    )
    return Measured(page, answers, server, database, reader.queries[page])


def queries_of(environment: dict[str, str], username: str, paths: dict[str, list[str]]) -> dict[str, int]:
    """How many queries each kind of page sends, counted in a process of its own."""
    program = (
        "import sys, json, hearthline.site.starting\n"
        "from django.test import Client\n"
        "from django.test.utils import CaptureQueriesContext, setup_test_environment\n"
        "from django.db import connection\n"
        "from benchmarks.service.visitor import signed_in\n"
        "client = signed_in(sys.argv[1])\n"
        "found = {}\n"
        "for page, path in json.loads(sys.argv[2]).items():\n"
        "    client.get(path)\n"
        "    with CaptureQueriesContext(connection) as queries:\n"
        "        client.get(path)\n"
        "    found[page] = len(queries)\n"
        "print(json.dumps(found))"
    )
    first = {page: found[0] for page, found in paths.items()}
    words = [sys.executable, "-c", program, username, json.dumps(first)]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    return dict(json.loads(done.stdout)) if done.returncode == 0 else dict.fromkeys(paths, 0)


def measure_pages(
    how: Asking, environment: dict[str, str], passwords: dict[str, str], readers: list[Reader]
) -> dict[str, list[Measured]]:
    """Every kind of page, asked of two processes as gunicorn starts them in production; by reader."""
    serve = [str(BIN / "hearthline"), "serve", "--port", str(how.port), "--workers", "2"]
    found: dict[str, list[Measured]] = {reader.whose: [] for reader in readers}
    with served(how.port, serve, environment) as server:
        for reader in readers:
            reader.headers.update(session(how.port, reader.whose, passwords[reader.whose]))
        for page in readers[0].paths:
            for whose, one in measure(page, how, server, readers).items():
                found[whose].append(one)
    return found


def measure_bare(how: Asking, environment: dict[str, str], readers: list[Reader]) -> dict[str, Measured]:
    """The bare page with as many queries as the household page, under the same server settings; by reader."""
    own = environment | {"HEARTHLINE_BARE_QUERIES": str(readers[0].queries["household"] or 10)}
    serve = [str(BIN / "gunicorn"), "benchmarks.service.bare:application", "--workers", "2"]
    serve += ["--bind", f"{HOST}:{how.port}", "--log-level", "warning"]
    bare = [
        Reader(
            reader.whose,
            {},
            {BARE: [path.replace("/households/", "/bare/") for path in reader.paths["household"]]},
            {BARE: reader.queries["household"]},
        )
        for reader in readers
    ]
    with served(how.port, serve, own) as server:
        return measure(BARE, how, server, bare)
