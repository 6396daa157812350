# SPDX-License-Identifier: Apache-2.0
"""Decides the addresses of the app policy."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "policy"
urlpatterns: list[URLPattern] = []
