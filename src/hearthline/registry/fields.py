# SPDX-License-Identifier: Apache-2.0
"""Decides how a document is kept in a column: as its one canonical text, on both databases.

A text keeps its bytes, so that a cache can be compared to the byte and a hash of rows can be verified years
later; and writing it costs a third of what PostgreSQL takes to build ``jsonb``. Values are searched for in
snapshots, not here.
"""

from __future__ import annotations

import json

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from hearthline.registry.documents import canonical


class DocumentField(models.JSONField):
    """A JSON document in canonical text."""

    def get_internal_type(self) -> str:
        """The kind of column: a text."""
        return "TextField"

    def from_db_value(self, value: str | None, expression: object, connection: BaseDatabaseWrapper) -> object:
        """The document of a stored text."""
        return None if value is None else json.loads(value)

    def get_db_prep_value(
        self, value: object, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> str:
        """The text of a document."""
        return canonical(value)

    def get_db_prep_save(self, value: object, connection: BaseDatabaseWrapper) -> str:
        """The text of a document, to be stored."""
        return canonical(value)
