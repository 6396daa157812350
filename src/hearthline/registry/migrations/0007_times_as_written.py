# SPDX-License-Identifier: Apache-2.0
"""Decides that the times of imported observations compare with all others in SQLite, which keeps them as texts.

Imports wrote ``2017-12-31T08:00:00+00:00`` where everything else writes ``2017-12-31 08:00:00``: as texts, the
first is later than any time of its day. What an observation says is not touched.
"""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_REWRITTEN = (
    "DROP TRIGGER registry_observation_kept",
    "UPDATE registry_observation SET recorded_at = replace(replace(recorded_at, 'T', ' '), '+00:00', '') "
    "WHERE recorded_at LIKE '%T%'",
    "CREATE TRIGGER registry_observation_kept BEFORE UPDATE ON registry_observation "
    "BEGIN SELECT RAISE(ABORT, 'an observation is never changed; correct it by another one'); END",
)


def rewrite(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write the times anew, while the trigger that keeps observations is lifted."""
    if schema_editor.connection.vendor == "sqlite":
        for statement in _REWRITTEN:
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("registry", "0006_people_of_area")]
    operations = [migrations.RunPython(rewrite, migrations.RunPython.noop)]
