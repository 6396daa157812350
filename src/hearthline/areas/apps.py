# SPDX-License-Identifier: Apache-2.0
"""Decides the name of the app areas and what it registers when the service starts."""

from __future__ import annotations

from django.apps import AppConfig


class AreasConfig(AppConfig):
    """The app ``areas``."""

    name = "hearthline.areas"
    label = "areas"
    default_auto_field = "django.db.models.BigAutoField"
