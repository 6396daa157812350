# SPDX-License-Identifier: Apache-2.0
"""Decides the name of the app areas and what it registers when the service starts."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import import_string

from hearthline.audit.rules import chain_by


class AreasConfig(AppConfig):
    """The app ``areas``."""

    name = "hearthline.areas"
    label = "areas"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The audit lies below the places: it is told here which county a path belongs to."""
        chain_by(import_string("hearthline.areas.queries.chains_of"))
