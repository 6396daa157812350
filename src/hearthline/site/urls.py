# SPDX-License-Identifier: Apache-2.0
"""Decides the root of all addresses; every app keeps its own below it."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("ui/", include("hearthline.ui.urls", namespace="ui")),
    path("", include("hearthline.site.pages", namespace="site")),
    path("account/", include("hearthline.accounts.urls", namespace="accounts")),
    path("imports/", include("hearthline.registry.urls", namespace="registry")),
    path("policy/", include("hearthline.policy.urls", namespace="policy")),
    path("releases/", include("hearthline.releases.urls", namespace="releases")),
    path("runs/", include("hearthline.runs.urls", namespace="runs")),
]

handler400 = "hearthline.ui.views.bad_request"
handler403 = "hearthline.ui.views.refused"
handler404 = "hearthline.ui.views.missing"
handler500 = "hearthline.ui.views.broken"
