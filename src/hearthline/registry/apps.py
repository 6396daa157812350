# SPDX-License-Identifier: Apache-2.0
"""Decides the name of the app registry and what it registers when the service starts."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """The app ``registry``."""

    name = "hearthline.registry"
    label = "registry"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name the handlers of jobs; models are loaded by now, which they need."""
        import_module("hearthline.registry.tasks").register_tasks()
