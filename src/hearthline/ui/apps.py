# SPDX-License-Identifier: Apache-2.0
"""Decides the name of the app ui and what it registers when the service starts."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The app ``ui``."""

    name = "hearthline.ui"
    label = "ui"
    default_auto_field = "django.db.models.BigAutoField"
