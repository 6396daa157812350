# SPDX-License-Identifier: Apache-2.0
"""Decides the addresses of the pages that show several apps at once."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "site"
urlpatterns: list[URLPattern] = []
