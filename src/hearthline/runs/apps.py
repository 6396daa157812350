# SPDX-License-Identifier: Apache-2.0
"""Decides the name of the app runs and what it registers when the service starts."""

from __future__ import annotations

from django.apps import AppConfig


class RunsConfig(AppConfig):
    """The app ``runs``."""

    name = "hearthline.runs"
    label = "runs"
    default_auto_field = "django.db.models.BigAutoField"
