# SPDX-License-Identifier: Apache-2.0
"""Decides the addresses of the app ui."""

from __future__ import annotations

from django.urls import path

from hearthline.ui import views

app_name = "ui"
urlpatterns = [path("language/", views.language, name="language")]
