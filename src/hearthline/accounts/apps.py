# SPDX-License-Identifier: Apache-2.0
"""Decides the name of the app accounts and what it registers when the service starts."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The app ``accounts``."""

    name = "hearthline.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
