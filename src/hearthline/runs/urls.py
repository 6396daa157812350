# SPDX-License-Identifier: Apache-2.0
"""Decides the addresses of the app runs."""

from __future__ import annotations

from django.urls import path

from hearthline.runs.views import comparing, measures, runs, simulating

app_name = "runs"
urlpatterns = [
    path("", runs.runs, name="runs"),
    path("request/", runs.request_screening, name="request"),
    path("compare/", comparing.compare, name="compare"),
    path("compare/households/", comparing.households, name="compare-households"),
    path("simulations/", simulating.simulations, name="simulations"),
    path("simulations/<int:pk>/", simulating.simulation, name="simulation"),
    path("simulations/<int:pk>/households/", simulating.households, name="simulation-households"),
    path("<int:pk>/", runs.run, name="run"),
    path("<int:pk>/measures/", measures.measures, name="measures"),
    path("<int:pk>/simulate/", simulating.request_simulation, name="simulate"),
    path("<int:pk>/forget/", runs.forget, name="forget"),
]
