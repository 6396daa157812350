# SPDX-License-Identifier: Apache-2.0
"""Decides that the database itself refuses to change or remove a trace, a link or a head."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from hearthline.accounts.rules import Role
from hearthline.areas.models import Area
from hearthline.audit.models import AuditHead, AuditLink, AuditRow
from hearthline.audit.services import record, seal

from ..conftest import TODAY, Hire

NOON = datetime(2017, 12, 31, 4, tzinfo=UTC)
TABLES = ("audit_auditrow", "audit_auditlink", "audit_audithead")


@pytest.fixture
def sealed(places: dict[str, Area], hire: Hire) -> None:
    """One trace with its link and head."""
    record(
        by=hire(Role.AUDITOR),
        on=TODAY,
        action="registry.look",
        subject="household",
        subject_id=1,
        area_path=places["510101001001"].path,
    )
    seal(NOON)


def refused(statement: str) -> None:
    """The statement fails in the words of the trigger."""
    words = pytest.raises(DatabaseError, match=r"audit\.append-only")
    with words, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize("table", TABLES)
def test_the_database_refuses_to_remove_a_trace(table: str) -> None:
    refused(f"DELETE FROM {table}")


@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("audit_auditrow", "action = 'other'"),
        ("audit_auditrow", "action = action"),
        ("audit_auditlink", "number = number + 1"),
        ("audit_audithead", "hash = hash"),
    ],
)
def test_the_database_refuses_to_change_a_trace(table: str, change: str) -> None:
    refused(f"UPDATE {table} SET {change}")


@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize("table", TABLES)
def test_postgresql_refuses_to_empty_the_tables(table: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE.")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what the rows of this transaction still owe
    refused(f"TRUNCATE {table} CASCADE")


@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize("table", TABLES)
def test_sqlite_refuses_to_push_a_trace_out_by_a_new_one(table: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no INSERT OR REPLACE.")
    refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


@pytest.mark.usefixtures("sealed")
def test_a_trace_can_still_be_added() -> None:
    record(by=None, on=TODAY, action="registry.look", subject="household", subject_id=2)
    assert seal(NOON).rows == 1
    assert (AuditRow.objects.count(), AuditLink.objects.count(), AuditHead.objects.count()) == (2, 2, 2)
