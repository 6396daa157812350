# SPDX-License-Identifier: Apache-2.0
"""Decides the name of the app site and what it registers when the service starts."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from hearthline.ui.menu import Entry, offer


class SiteConfig(AppConfig):
    """The app ``site``."""

    name = "hearthline.site"
    label = "site"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer the pages of this app to the menu, in the order of an office's day."""
        offer(
            Entry(_("Home"), "site:home"),
            Entry(
                _("Places"),
                "site:areas",
                "areas.view",
                also=(
                    "site:area",
                    "site:area-households",
                    "site:household",
                    "site:reasons",
                    "site:history",
                    "site:visit",
                    "site:saved",
                    "site:correct",
                    "site:open-household",
                    "site:add-member",
                    "site:leave",
                ),
            ),
            Entry(_("Imports"), "registry:imports", "registry.view_imports", also=("registry:",)),
            Entry(_("Screenings"), "runs:runs", "runs.view_figures", also=("runs:",)),
            Entry(_("Releases"), "releases:releases", "releases.view", also=("releases:",)),
            Entry(_("Policy"), "policy:packages", "areas.view", also=("policy:",)),
            Entry(_("Jobs"), "site:jobs", "jobs.view", also=("site:job",)),
            Entry(_("Officers"), "accounts:officers", "accounts.view_officers", also=("accounts:officer",)),
            Entry(_("Audit trail"), "site:audit", "audit.view"),
        )
