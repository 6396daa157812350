# SPDX-License-Identifier: Apache-2.0
"""Decides the name of the app site and what it registers when the service starts."""

from __future__ import annotations

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The app ``site``."""

    name = "hearthline.site"
    label = "site"
    default_auto_field = "django.db.models.BigAutoField"
