# SPDX-License-Identifier: Apache-2.0
"""Decides the name of the app policy and what it registers when the service starts."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import import_string


class PolicyConfig(AppConfig):
    """The app ``policy``."""

    name = "hearthline.policy"
    label = "policy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Paths of activations follow a place that moves."""
        paths_follow = import_string("hearthline.areas.services.paths_follow")
        paths_follow("policy", self.get_model("Activation"))
