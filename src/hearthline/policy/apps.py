# SPDX-License-Identifier: Apache-2.0
"""Decides the name of the app policy and what it registers when the service starts."""

from __future__ import annotations

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    """The app ``policy``."""

    name = "hearthline.policy"
    label = "policy"
    default_auto_field = "django.db.models.BigAutoField"
