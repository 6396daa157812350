# SPDX-License-Identifier: Apache-2.0
"""Decides that a release never changes but for the path of a place that moves, and a withdrawal never."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

KEPT = (
    "id",
    "number",
    "previous",
    "hash",
    "run_id",
    "area_id",
    "subject",
    "method",
    "levels",
    "told",
    "table",
    "published_on",
    "published_at",
    "published_by_id",
)
WORDS = "what was published never changes and is never forgotten"
SAME = {
    "releases_release": "id = NEW.id OR number = NEW.number OR hash = NEW.hash",
    "releases_withdrawal": "id = NEW.id OR release_id = NEW.release_id",
}
"""Each table, and when a row that comes would push out one that stands (INSERT OR REPLACE)."""


def _sqlite() -> list[str]:
    refused = f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
    changed = " OR ".join(f'NEW."{name}" IS NOT OLD."{name}"' for name in KEPT)
    statements = [
        f"CREATE TRIGGER releases_release_kept BEFORE UPDATE ON releases_release WHEN {changed} {refused}",
        f"CREATE TRIGGER releases_withdrawal_kept BEFORE UPDATE ON releases_withdrawal {refused}",
    ]
    for table, same in SAME.items():
        stands = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - names of our own tables
        statements += [
            f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} {refused}",
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {stands} {refused}",
        ]
    return statements


def _postgresql() -> list[str]:
    never = "EXECUTE FUNCTION releases_never()"
    # jsonb has an equality, and rows are compared as what they hold
    changed = " OR ".join(f'NEW."{name}" IS DISTINCT FROM OLD."{name}"' for name in KEPT)
    statements = [
        "CREATE FUNCTION releases_never() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'restrict_violation'; END $$",
        "CREATE TRIGGER releases_release_kept BEFORE UPDATE ON releases_release FOR EACH ROW "
        f"WHEN ({changed}) {never}",
        f"CREATE TRIGGER releases_withdrawal_kept BEFORE UPDATE ON releases_withdrawal FOR EACH ROW {never}",
    ]
    for table in SAME:
        statements += [
            f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} FOR EACH ROW {never}",
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {never}",
        ]
    return statements


def lay(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Lay the triggers of the database at hand."""
    for statement in _sqlite() if schema_editor.connection.vendor == "sqlite" else _postgresql():
        schema_editor.execute(statement, params=None)


def lift(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away again."""
    sqlite = schema_editor.connection.vendor == "sqlite"
    for table in SAME:
        for name in ("kept", "stays", "no_replace" if sqlite else "no_truncate"):
            on = "" if sqlite else f" ON {table}"
            schema_editor.execute(f"DROP TRIGGER {table}_{name}{on}", params=None)
    if not sqlite:
        schema_editor.execute("DROP FUNCTION releases_never()", params=None)


class Migration(migrations.Migration):
    dependencies = [("releases", "0001_initial")]
    operations = [migrations.RunPython(lay, lift)]
