# SPDX-License-Identifier: Apache-2.0
"""Decides where the tests of the service wing keep keys and files, and who works in the test county.

They run on the database that ``HEARTHLINE_DATABASE`` names, SQLite by default; ``make check`` runs them
once on SQLite and once on PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection
from django.test import Client
from django.utils import timezone

from hearthline.accounts.models import Grant, Officer
from hearthline.accounts.queries import hash_of
from hearthline.accounts.rules import Role
from hearthline.accounts.services.attempts import Device
from hearthline.accounts.services.sign_ins import enter_sign_in
from hearthline.areas.models import Area
from hearthline.areas.rules import step_of
from hearthline.base.sealing import new_keys

TODAY = date(2017, 12, 31)
LEVELS = ("province", "prefecture", "county", "township", "village")


@contextmanager
def lifted_triggers() -> Iterator[None]:
    """The audit tables without their triggers: what only a superuser can do."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            yield
            cursor.execute("SET session_replication_role = origin")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for _, statement in triggers:
            cursor.execute(statement)


@pytest.fixture(autouse=True, scope="session")
def flush_of_tests() -> Iterator[None]:
    """A test with ``transactional_db`` or ``live_server`` empties all tables at its end, the audit too.

    For the whole session, since the tables are emptied after the fixtures of the test are gone.
    """
    flush = connection.ops.execute_sql_flush

    def flushed(statements: Sequence[str]) -> None:
        with lifted_triggers():
            flush(statements)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection.ops, "execute_sql_flush", flushed)
        yield


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: LazySettings) -> Path:
    """A home folder of its own for every test, with a key file."""
    folder = tmp_path / "home"
    folder.mkdir()
    settings.HOME = folder
    settings.KEY_FILE = folder / "keys.json"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick, tests only
    settings.REQUIRE_TOTP = False
    new_keys(folder / "keys.json")
    return folder


class Visitor(Client):
    """A browser whose officer is signed in as the service wants it: with the row of the sign-in."""

    def force_login(self, user: AbstractBaseUser, backend: str | None = None) -> None:
        """Sign an officer in without his password."""
        assert isinstance(user, Officer)
        super().force_login(user, backend)
        enter_sign_in(
            officer=user,
            on=timezone.localdate(),
            at=timezone.now(),
            session_key=self.session.session_key or "",
            device=Device(hash_of(user.username), "Firefox, Linux", returned=True),
        )


@pytest.fixture
def client() -> Visitor:
    """A browser; in place of Django's own, whose sessions the service does not trust."""
    return Visitor()


def grow(code: str, name: str, parent: Area | None) -> Area:
    """One place of the test county, below another."""
    depth = parent.depth + 1 if parent else 1
    area = Area.objects.create(
        parent=parent, path=f"new {code}", depth=depth, level=LEVELS[depth - 1], code=code, name=name
    )
    area.path = (parent.path if parent else "") + step_of(area.pk)
    area.save()
    return area


@pytest.fixture
def places(db: None) -> dict[str, Area]:
    """Two provinces; a county with two townships of two villages each, and a county next to it."""
    found: dict[str, Area] = {}

    def add(code: str, name: str, parent: str | None) -> None:
        found[code] = grow(code, name, found[parent] if parent else None)

    add("51", "青山省", None)
    add("5101", "青山市", "51")
    add("510101", "云岭县", "5101")
    add("510101001", "石桥镇", "510101")
    add("510101001001", "杏花村", "510101001")
    add("510101001002", "柳树村", "510101001")
    add("510101002", "白水乡", "510101")
    add("510101002001", "梨园村", "510101002")
    add("510101002002", "松坡村", "510101002")
    add("510102", "平川县", "5101")
    add("510102001", "河口镇", "510102")
    add("510102001001", "渡头村", "510102001")
    add("52", "长河省", None)
    return found


Hire = Callable[..., Officer]


@pytest.fixture
def hire(db: None) -> Hire:
    """Opens an account with one grant: ``hire(Role.ANALYST, area)``; without an area it holds everywhere."""

    def hired(role: Role, area: Area | None = None, username: str = "") -> Officer:
        officer = Officer(
            username=username or f"{role}-{area.code if area else 'all'}",
            name="杨芳",
            created_at=timezone.now(),
        )
        officer.language = "en"
        officer.set_password("correct horse battery")
        officer.save()
        Grant.objects.create(officer=officer, role=role, area=area, starts_on=date(2013, 1, 1))
        return officer

    return hired
