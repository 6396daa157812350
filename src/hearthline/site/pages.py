# SPDX-License-Identifier: Apache-2.0
"""Decides the addresses of the pages that show several apps at once."""

from __future__ import annotations

from django.urls import path

from hearthline.site.package_gap import told_without_package
from hearthline.site.views import areas, home, households, jobs, members, trail, writing

app_name = "site"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/", home.search, name="search"),
    path("areas/", areas.areas, name="areas"),
    path("areas/<int:pk>/", areas.area_page, name="area"),
    path(
        "areas/<int:pk>/open-household/", told_without_package(members.open_household), name="open-household"
    ),
    path("areas/<int:pk>/households/", areas.households, name="area-households"),
    path("households/<int:pk>/", told_without_package(households.household), name="household"),
    path("households/<int:pk>/reasons/", told_without_package(households.reasons), name="reasons"),
    path("households/<int:pk>/history/", told_without_package(households.history), name="history"),
    path("households/<int:pk>/visit/", told_without_package(writing.visit), name="visit"),
    path(
        "households/<int:pk>/saved/<int:observation_pk>/", told_without_package(writing.saved), name="saved"
    ),
    path(
        "households/<int:pk>/observations/<int:observation_pk>/correct/<slug:fact>/",
        told_without_package(writing.correct),
        name="correct",
    ),
    path("households/<int:pk>/add-member/", told_without_package(members.add_member), name="add-member"),
    path(
        "households/<int:pk>/people/<int:person_pk>/visit/",
        told_without_package(writing.visit),
        name="visit-person",
    ),
    path(
        "households/<int:pk>/people/<int:person_pk>/leave/", told_without_package(members.leave), name="leave"
    ),
    path("people/same-id/", members.same_ids, name="same-ids"),
    path("people/<int:pk>/right-id/", told_without_package(members.right_id), name="right-id"),
    path(
        "households/<int:pk>/people/<int:person_pk>/<slug:field>/",
        told_without_package(households.sealed),
        name="sealed",
    ),
    path("observations/<int:pk>/", told_without_package(households.observation), name="observation"),
    path("trail/", trail.trail, name="audit"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<int:pk>/", jobs.job, name="job"),
    path("jobs/<int:pk>/cancel/", jobs.cancel, name="cancel-job"),
    path("jobs/<int:pk>/retry/", jobs.retry, name="retry-job"),
]
