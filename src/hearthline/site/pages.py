# SPDX-License-Identifier: Apache-2.0
"""Decides the addresses of the pages that show several apps at once."""

from __future__ import annotations

from django.urls import path

from hearthline.site.views import areas, home, households, jobs, trail

app_name = "site"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/", home.search, name="search"),
    path("areas/", areas.areas, name="areas"),
    path("areas/<int:pk>/", areas.area_page, name="area"),
    path("areas/<int:pk>/households/", areas.households, name="area-households"),
    path("households/<int:pk>/", households.household, name="household"),
    path("households/<int:pk>/reasons/", households.reasons, name="reasons"),
    path("households/<int:pk>/history/", households.history, name="history"),
    path("households/<int:pk>/people/<int:person_pk>/<slug:field>/", households.sealed, name="sealed"),
    path("observations/<int:pk>/", households.observation, name="observation"),
    path("trail/", trail.trail, name="audit"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<int:pk>/", jobs.job, name="job"),
    path("jobs/<int:pk>/cancel/", jobs.cancel, name="cancel-job"),
    path("jobs/<int:pk>/retry/", jobs.retry, name="retry-job"),
]
