# SPDX-License-Identifier: Apache-2.0
"""Decides the addresses of the app runs."""

from __future__ import annotations

from django.urls import path

from hearthline.runs.views import comparing, measures, runs

app_name = "runs"
urlpatterns = [
    path("", runs.runs, name="runs"),
    path("request/", runs.request_screening, name="request"),
    path("compare/", comparing.compare, name="compare"),
    path("compare/households/", comparing.households, name="compare-households"),
    path("<int:pk>/", runs.run, name="run"),
    path("<int:pk>/measures/", measures.measures, name="measures"),
    path("<int:pk>/forget/", runs.forget, name="forget"),
]
