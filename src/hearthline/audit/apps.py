# SPDX-License-Identifier: Apache-2.0
"""Decides the name of the app audit and what it registers when the service starts."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The app ``audit``."""

    name = "hearthline.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
