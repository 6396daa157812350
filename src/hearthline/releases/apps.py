# SPDX-License-Identifier: Apache-2.0
"""Decides the name of the app releases and what it registers when the service starts."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import import_string


class ReleasesConfig(AppConfig):
    """The app ``releases``."""

    name = "hearthline.releases"
    label = "releases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A worker publishes; paths of releases follow a place that moves."""
        register = import_string("hearthline.jobs.handlers.register")
        register("releases.publish", import_string("hearthline.releases.services.publish_release"))
        paths_follow = import_string("hearthline.areas.services.paths_follow")
        paths_follow("releases", self.get_model("Release"))
