# SPDX-License-Identifier: Apache-2.0
"""Decides that a published package never changes, and that an activation can only be withdrawn."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

KEPT = ("version_id", "area_id", "starts_on", "ends_on", "activated_at", "activated_by_id")
CHANGED = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in KEPT)
SQLITE = (
    "CREATE TRIGGER policy_version_kept BEFORE UPDATE ON policy_packageversion "
    "BEGIN SELECT RAISE(ABORT, 'a published package never changes'); END",
    "CREATE TRIGGER policy_version_stays BEFORE DELETE ON policy_packageversion "
    "BEGIN SELECT RAISE(ABORT, 'a published package never changes'); END",
    f"CREATE TRIGGER policy_activation_kept BEFORE UPDATE ON policy_activation "
    f"WHEN OLD.withdrawn_at IS NOT NULL OR {CHANGED} "
    "BEGIN SELECT RAISE(ABORT, 'an activation can only be withdrawn'); END",
    "CREATE TRIGGER policy_activation_stays BEFORE DELETE ON policy_activation "
    "BEGIN SELECT RAISE(ABORT, 'an activation can only be withdrawn'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION policy_never() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END $$",
    "CREATE TRIGGER policy_version_kept BEFORE UPDATE OR DELETE ON policy_packageversion FOR EACH ROW "
    "EXECUTE FUNCTION policy_never('a published package never changes')",
    f"CREATE TRIGGER policy_activation_kept BEFORE UPDATE ON policy_activation FOR EACH ROW "
    f"WHEN (OLD.withdrawn_at IS NOT NULL OR {CHANGED.replace('IS NOT', 'IS DISTINCT FROM')}) "
    "EXECUTE FUNCTION policy_never('an activation can only be withdrawn')",
    "CREATE TRIGGER policy_activation_stays BEFORE DELETE ON policy_activation FOR EACH ROW "
    "EXECUTE FUNCTION policy_never('an activation can only be withdrawn')",
)
BACK = {
    "sqlite": (
        "DROP TRIGGER policy_version_kept",
        "DROP TRIGGER policy_version_stays",
        "DROP TRIGGER policy_activation_kept",
        "DROP TRIGGER policy_activation_stays",
    ),
    "postgresql": (
        "DROP TRIGGER policy_version_kept ON policy_packageversion",
        "DROP TRIGGER policy_activation_kept ON policy_activation",
        "DROP TRIGGER policy_activation_stays ON policy_activation",
        "DROP FUNCTION policy_never()",
    ),
}


def lay(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Lay the triggers of the database at hand."""
    statements = SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL
    for statement in statements:
        schema_editor.execute(statement, params=None)


def lift(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away again."""
    for statement in BACK[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("policy", "0001_initial")]
    operations = [migrations.RunPython(lay, lift)]
