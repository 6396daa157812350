# SPDX-License-Identifier: Apache-2.0
"""Decides the name of the app runs and what it registers when the service starts."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import import_string


class RunsConfig(AppConfig):
    """The app ``runs``."""

    name = "hearthline.runs"
    label = "runs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A worker does screenings; paths of runs and their rows follow a place that moves."""
        register = import_string("hearthline.jobs.handlers.register")
        register("runs.screen", import_string("hearthline.runs.services.screen_register"))
        register("runs.simulate", import_string("hearthline.runs.services.simulate_register"))
        rows = ("Snapshot", "Run", "Result", "AreaFigures", "Simulation", "SimulatedHousehold")
        paths_follow = import_string("hearthline.areas.services.paths_follow")
        paths_follow("runs", *(self.get_model(name) for name in rows))
