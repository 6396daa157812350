# SPDX-License-Identifier: Apache-2.0
"""Decides the addresses of the app releases."""

from __future__ import annotations

from django.urls import path

from hearthline.releases import views

app_name = "releases"
urlpatterns = [
    path("", views.releases, name="releases"),
    path("new/", views.choose, name="choose"),
    path("new/<int:run_pk>/<int:pk>/", views.preview, name="preview"),
    path("new/<int:run_pk>/<int:pk>/publish/", views.publish, name="publish"),
    path("<int:pk>/", views.release, name="release"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
]
