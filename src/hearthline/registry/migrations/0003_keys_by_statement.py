# SPDX-License-Identifier: Apache-2.0
"""Decides how PostgreSQL keeps the keys of the register: once a statement, and by removing nothing.

PostgreSQL checks a foreign key row by row, and locks the row it points at: half the time of an import of
millions. Here the rows of a statement are checked together, by the same index, and refused with the same error.
What makes the lock needless: a household and a person are closed and never removed, which is now refused too.
SQLite keeps its foreign keys, which cost it nothing.
"""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

KEYS = {
    "registry_person": {"household_id": "registry_household"},
    "registry_identity": {"person_id": "registry_person"},
    "registry_membership": {"person_id": "registry_person", "household_id": "registry_household"},
    "registry_observation": {"household_id": "registry_household", "person_id": "registry_person"},
}
STAYS = {
    "registry_household": "a household is never removed; close it",
    "registry_person": "a person is never removed; end the membership, or erase the identity",
}
_KNOWN = """
CREATE FUNCTION registry_keys_known() RETURNS trigger LANGUAGE plpgsql
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE missing bigint; place integer := 0;
BEGIN
  WHILE place < TG_NARGS LOOP
    EXECUTE format('SELECT n.%1$I FROM new_rows n WHERE n.%1$I IS NOT NULL AND NOT EXISTS '
                   '(SELECT 1 FROM %2$I t WHERE t.id = n.%1$I) LIMIT 1', TG_ARGV[place], TG_ARGV[place + 1])
      INTO missing;
    IF missing IS NOT NULL THEN
      RAISE foreign_key_violation USING MESSAGE = format(
        'Key (%s)=(%s) of %s is not present in table "%s".', TG_ARGV[place], missing, TG_TABLE_NAME,
        TG_ARGV[place + 1]);
    END IF;
    place := place + 2;
  END LOOP;
  RETURN NULL;
END $$
"""
_FOUND = """
SELECT conrelid::regclass, conname FROM pg_constraint
WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s) AND confrelid::regclass::text = ANY(%s)
"""


def lay(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the checks by statement in the place of the foreign keys."""
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(_FOUND, [list(KEYS), list(STAYS)])
        found = cursor.fetchall()
    for table, name in found:
        schema_editor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    schema_editor.execute(_KNOWN, params=None)
    for table, keys in KEYS.items():
        words = ", ".join(f"'{word}'" for pair in keys.items() for word in pair)
        for event in ("INSERT", "UPDATE"):
            schema_editor.execute(
                f"CREATE TRIGGER {table}_keys_{event.lower()} AFTER {event} ON {table} REFERENCING NEW TABLE "
                f"AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION registry_keys_known({words})",
                params=None,
            )
    for table, says in STAYS.items():
        for event, each in (("DELETE", "ROW"), ("TRUNCATE", "STATEMENT"), ("UPDATE OF id", "ROW")):
            schema_editor.execute(
                f"CREATE TRIGGER {table}_stays_{event[:3].lower()} BEFORE {event} ON {table} "
                f"FOR EACH {each} EXECUTE FUNCTION registry_never('{says}')",
                params=None,
            )


def lift(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the foreign keys back."""
    if schema_editor.connection.vendor != "postgresql":
        return
    for table, keys in KEYS.items():
        for event in ("insert", "update"):
            schema_editor.execute(f"DROP TRIGGER {table}_keys_{event} ON {table}")
        for column, other in keys.items():
            schema_editor.execute(
                f"ALTER TABLE {table} ADD FOREIGN KEY ({column}) REFERENCES {other} (id) "
                "DEFERRABLE INITIALLY DEFERRED"
            )
    for table in STAYS:
        for event in ("del", "tru", "upd"):
            schema_editor.execute(f"DROP TRIGGER {table}_stays_{event} ON {table}")
    schema_editor.execute("DROP FUNCTION registry_keys_known()")


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_append_only")]
    operations = [migrations.RunPython(lay, lift)]
