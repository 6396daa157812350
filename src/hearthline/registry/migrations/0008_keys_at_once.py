# SPDX-License-Identifier: Apache-2.0
"""Decides that PostgreSQL looks for the keys of a statement's rows all at once, in the order of the index.

Row by row it took a fifth of the time that an import spends on observations.
"""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_AT_ONCE = """
CREATE OR REPLACE FUNCTION registry_keys_known() RETURNS trigger LANGUAGE plpgsql
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE wanted bigint[]; held bigint; missing bigint;
BEGIN
  FOR place IN 0 .. TG_NARGS - 2 BY 2 LOOP
    EXECUTE format('SELECT array_agg(DISTINCT n.%1$I) FROM new_rows n WHERE n.%1$I IS NOT NULL',
                   TG_ARGV[place]) INTO wanted;
    EXECUTE format('SELECT count(*) FROM %1$I WHERE id = ANY($1)', TG_ARGV[place + 1]) INTO held USING wanted;
    CONTINUE WHEN wanted IS NULL OR held = cardinality(wanted);
    EXECUTE format('SELECT w.id FROM unnest($1) AS w (id) WHERE NOT EXISTS '
                   '(SELECT 1 FROM %1$I t WHERE t.id = w.id) LIMIT 1', TG_ARGV[place + 1])
      INTO missing USING wanted;
    RAISE foreign_key_violation USING MESSAGE = format('Key (%s)=(%s) of %s is not present in table "%s".',
      TG_ARGV[place], missing, TG_TABLE_NAME, TG_ARGV[place + 1]);
  END LOOP;
  RETURN NULL;
END $$
"""
_ROW_BY_ROW = """
CREATE OR REPLACE FUNCTION registry_keys_known() RETURNS trigger LANGUAGE plpgsql
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE missing bigint;
BEGIN
  FOR place IN 0 .. TG_NARGS - 2 BY 2 LOOP
    EXECUTE format('SELECT n.%1$I FROM new_rows n WHERE n.%1$I IS NOT NULL AND NOT EXISTS '
                   '(SELECT 1 FROM %2$I t WHERE t.id = n.%1$I) LIMIT 1', TG_ARGV[place], TG_ARGV[place + 1])
      INTO missing;
    CONTINUE WHEN missing IS NULL;
    RAISE foreign_key_violation USING MESSAGE = format('Key (%s)=(%s) of %s is not present in table "%s".',
      TG_ARGV[place], missing, TG_TABLE_NAME, TG_ARGV[place + 1]);
  END LOOP;
  RETURN NULL;
END $$
"""


def lay(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Look for all keys at once."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_AT_ONCE, params=None)


def lift(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Look for them row by row, as before."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_ROW_BY_ROW, params=None)


class Migration(migrations.Migration):
    dependencies = [("registry", "0007_times_as_written")]
    operations = [migrations.RunPython(lay, lift)]
