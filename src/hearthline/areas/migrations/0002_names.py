# SPDX-License-Identifier: Apache-2.0
"""Decides that names of places sort by code point on both databases, so that an index serves a prefix.

SQLite does so by itself, PostgreSQL by the collation "C". Paths and codes need none: they are compared with
columns of other apps, which must then have the same.
"""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

CHANGE = "ALTER TABLE areas_area ALTER COLUMN name TYPE varchar(120)"


def by_code_point(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give the names of PostgreSQL the collation "C"."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f'{CHANGE} COLLATE "C"', params=None)


def by_language(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give them the collation of the database again."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f'{CHANGE} COLLATE "default"', params=None)


class Migration(migrations.Migration):
    dependencies = [("areas", "0001_initial")]

    operations = [migrations.RunPython(by_code_point, by_language)]
