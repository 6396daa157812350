# SPDX-License-Identifier: Apache-2.0
"""Decides the name of the app jobs and what it registers when the service starts."""

from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig
from django.utils.module_loading import import_string


class JobsConfig(AppConfig):
    """The app ``jobs``."""

    name = "hearthline.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A worker seals the trail every minute; paths of jobs follow a place that moves."""
        repeat = import_string("hearthline.jobs.handlers.repeat")
        repeat(
            "audit.seal", timedelta(minutes=1), import_string("hearthline.audit.services.seal_and_publish")
        )
        paths_follow = import_string("hearthline.areas.services.paths_follow")
        paths_follow("jobs", self.get_model("Job"))
