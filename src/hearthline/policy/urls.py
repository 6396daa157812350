# SPDX-License-Identifier: Apache-2.0
"""Decides the addresses of the app policy."""

from __future__ import annotations

from django.urls import path

from hearthline.policy.views import differences, figures, packages, versions

app_name = "policy"
urlpatterns = [
    path("", packages.packages, name="packages"),
    path("publish/", packages.publish, name="publish"),
    path("difference/", differences.difference, name="difference"),
    path("activate/", packages.activate, name="activate"),
    path("activations/<int:pk>/withdraw/", packages.withdraw, name="withdraw"),
    path("<int:pk>/", versions.version, name="version"),
    path("<int:pk>/parameters/", versions.parameters, name="parameters"),
    path("<int:pk>/facts/", versions.dictionary, name="facts"),
    path("<int:pk>/figures/", figures.figures, name="figures"),
    path("<int:pk>/scores/", versions.scores, name="scores"),
    path("<int:pk>/scenarios/", versions.scenarios, name="scenarios"),
]
