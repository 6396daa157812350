# SPDX-License-Identifier: Apache-2.0
"""Decides the name of the app registry and what it registers when the service starts."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import import_string


class RegistryConfig(AppConfig):
    """The app ``registry``."""

    name = "hearthline.registry"
    label = "registry"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name the handlers of jobs; models are loaded by now, which they need."""
        import_string("hearthline.registry.tasks.register_tasks")()
