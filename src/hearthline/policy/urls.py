# SPDX-License-Identifier: Apache-2.0
"""Decides the addresses of the app policy."""

from __future__ import annotations

from django.urls import path

from hearthline.policy import views

app_name = "policy"
urlpatterns = [
    path("", views.packages, name="packages"),
    path("publish/", views.publish, name="publish"),
    path("difference/", views.difference, name="difference"),
    path("activate/", views.activate, name="activate"),
    path("activations/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:pk>/", views.version, name="version"),
    path("<int:pk>/parameters/", views.parameters, name="parameters"),
    path("<int:pk>/facts/", views.dictionary, name="facts"),
    path("<int:pk>/figures/", views.figures, name="figures"),
    path("<int:pk>/scores/", views.scores, name="scores"),
    path("<int:pk>/scenarios/", views.scenarios, name="scenarios"),
]
