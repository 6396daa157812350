# SPDX-License-Identifier: Apache-2.0
"""Decides the name of the app accounts and what it registers when the service starts."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from hearthline.ui.menu import Entry, offer


class AccountsConfig(AppConfig):
    """The app ``accounts``."""

    name = "hearthline.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The list of officers stands in the menu of those who may see it."""
        offer(
            Entry(
                _("Officers"),
                "accounts:officers",
                word="accounts.view_officers",
                also=("accounts:officer", "accounts:open-account", "accounts:grant-role"),
            )
        )
