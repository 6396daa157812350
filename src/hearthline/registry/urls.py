# SPDX-License-Identifier: Apache-2.0
"""Decides the addresses of the app registry."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "registry"
urlpatterns: list[URLPattern] = []
