# SPDX-License-Identifier: Apache-2.0
"""Decides that the database itself refuses to change or remove a trace, its link or a head of a chain.

SQLite fires no delete trigger for a row that INSERT OR REPLACE pushes out, so the insert is refused too.
"""

from collections.abc import Iterator

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLES = {
    "audit_auditrow": "id = NEW.id",
    "audit_auditlink": "row_id = NEW.row_id OR (chain = NEW.chain AND number = NEW.number)",
    "audit_audithead": "id = NEW.id OR (chain = NEW.chain AND number = NEW.number)",
}
"""Each table, and when a row that comes would push out one that stands."""
WORDS = "audit.append-only: a trace is never changed and never removed"


def sqlite_triggers(table: str, same: str) -> Iterator[str]:
    """The statements for one table of SQLite."""
    refused = f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
    yield f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refused}"
    yield f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refused}"
    stands = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - names of our own tables
    yield f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {stands} {refused}"


def postgres_triggers(table: str) -> Iterator[str]:
    """The statements for one table of PostgreSQL."""
    yield (
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION audit_append_only()"
    )
    yield (
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()"
    )


def forbid(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers of the database at hand."""
    if schema_editor.connection.vendor == "sqlite":
        for table, same in TABLES.items():
            for statement in sqlite_triggers(table, same):
                schema_editor.execute(statement, None)
        return
    schema_editor.execute(
        "CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'restrict_violation'; END $$",
        None,
    )
    for table in TABLES:
        for statement in postgres_triggers(table):
            schema_editor.execute(statement, None)


def allow(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop them again."""
    for table in TABLES:
        if schema_editor.connection.vendor == "sqlite":
            for name in ("no_update", "no_delete", "no_replace"):
                schema_editor.execute(f"DROP TRIGGER {table}_{name}", None)
        else:
            for name in ("append_only", "no_truncate"):
                schema_editor.execute(f"DROP TRIGGER {table}_{name} ON {table}", None)
    if schema_editor.connection.vendor != "sqlite":
        schema_editor.execute("DROP FUNCTION audit_append_only()", None)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunPython(forbid, allow)]
