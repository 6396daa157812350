# SPDX-License-Identifier: Apache-2.0
"""Decides that the times of imported observations compare with all others in SQLite, which keeps them as texts.

Imports wrote ``2017-12-31T08:00:00+00:00`` where everything else writes ``2017-12-31 08:00:00``: as texts, the
first is later than any time of its day. What an observation says is not touched.
"""

from __future__ import annotations

from importlib import import_module

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_APPEND_ONLY = import_module("hearthline.registry.migrations.0002_append_only")
_KEPT = _APPEND_ONLY.SQLITE[0]
_REWRITTEN = """
UPDATE registry_observation SET recorded_at = replace(replace(recorded_at, 'T', ' '), '+00:00', '')
WHERE recorded_at LIKE '%T%'
"""


def rewrite(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write the times anew, while the trigger that keeps observations is lifted."""
    if schema_editor.connection.vendor == "sqlite":
        for statement in (_APPEND_ONLY.BACK["sqlite"][0], _REWRITTEN, _KEPT):
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("registry", "0006_people_of_area")]
    operations = [migrations.RunPython(rewrite, migrations.RunPython.noop)]
