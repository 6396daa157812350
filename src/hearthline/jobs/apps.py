# SPDX-License-Identifier: Apache-2.0
"""Decides the name of the app jobs and what it registers when the service starts."""

from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """The app ``jobs``."""

    name = "hearthline.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
