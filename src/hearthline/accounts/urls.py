# SPDX-License-Identifier: Apache-2.0
"""Decides the addresses of the app accounts."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "accounts"
urlpatterns: list[URLPattern] = []
