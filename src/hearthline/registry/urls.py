# SPDX-License-Identifier: Apache-2.0
"""Decides the addresses of the app registry."""

from __future__ import annotations

from django.urls import path

from hearthline.registry import views

app_name = "registry"
urlpatterns = [
    path("", views.imports, name="imports"),
    path("new/", views.new_import, name="new-import"),
    path("new/<slug:token>/", views.choose_map, name="choose-map"),
    path("<int:pk>/", views.import_report, name="import"),
    path("<int:pk>/households/", views.import_households, name="import-households"),
    path("<int:pk>/refused.csv", views.refused_rows, name="refused-rows"),
    path("<int:pk>/undo/", views.undo, name="undo-import"),
]
