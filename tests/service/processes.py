# SPDX-License-Identifier: Apache-2.0
"""Decides how a test gets a database and a home of its own, for processes that are started and killed."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # Any: what a database answers
from urllib.parse import urlsplit

import psycopg

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(sys.executable).parent / "hearthline"


@dataclass(frozen=True)
class Service:
    """A service of its own: where its home and its database are."""

    home: Path
    database: str

    @property
    def environment(self) -> dict[str, str]:
        """What its processes see."""
        own = {
            "HEARTHLINE_HOME": str(self.home),
            "HEARTHLINE_DATABASE": self.database,
            "DJANGO_SETTINGS_MODULE": "hearthline.site.settings",
        }
        return {name: value for name, value in os.environ.items() if name != "HEARTHLINE_SECRET"} | own

    def command(self, *words: str, status: int = 0) -> str:
        """Run ``hearthline`` with these words; what it printed. The exit status must be ``status``."""
        done = subprocess.run(
            [PROGRAM, *words], env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == status, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    def module(self, name: str, *words: str) -> str:
        """Run a module of the tests in a process of its own; what it printed. It must end well."""
        done = subprocess.run(
            [sys.executable, "-m", name, *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def python(self, program: str, *words: str) -> subprocess.Popen[str]:
        """Start a Python program in a process of its own, with Django set up by its first line."""
        return subprocess.Popen(
            [sys.executable, "-c", f"import hearthline.site.starting\n{program}", *words],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@contextmanager
def looked_into(database: str) -> Iterator[Callable[[str], list[Any]]]:
    """Asks a database from outside while processes work on it; each question sees what is committed."""
    if database.startswith("postgres"):
        with psycopg.connect(database, autocommit=True) as server:
            yield lambda statement: server.execute(statement.encode()).fetchall()
        return
    with closing(
        sqlite3.connect(database.removeprefix("sqlite:///"), timeout=20, isolation_level=None)
    ) as file:
        yield lambda statement: file.execute(statement).fetchall()


@contextmanager
def service_of_its_own(folder: Path) -> Iterator[Service]:
    """A prepared service under ``folder``, on the kind of database the tests run on."""
    with empty_database(folder) as database:
        service = Service(folder / "home", database)
        service.command("prepare")
        yield service


@contextmanager
def empty_database(folder: Path) -> Iterator[str]:
    """The address of an empty database; on PostgreSQL it is dropped afterwards."""
    server = os.environ.get("HEARTHLINE_DATABASE", "")
    if not server.startswith("postgres"):
        yield f"sqlite:///{folder / f'{uuid.uuid4().hex}.sqlite3'}"
        return
    name = f"own_{uuid.uuid4().hex}"
    address = urlsplit(server)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield address._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
