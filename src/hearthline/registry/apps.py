# SPDX-License-Identifier: Apache-2.0
"""Decides the name of the app registry and what it registers when the service starts."""

from __future__ import annotations

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """The app ``registry``."""

    name = "hearthline.registry"
    label = "registry"
    default_auto_field = "django.db.models.BigAutoField"
