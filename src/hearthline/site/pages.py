# SPDX-License-Identifier: Apache-2.0
"""Decides the addresses of the pages that show several apps at once."""

from __future__ import annotations

from django.urls import path

from hearthline.site.views import areas, home, households, jobs, members, trail, writing

app_name = "site"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/", home.search, name="search"),
    path("areas/", areas.areas, name="areas"),
    path("areas/<int:pk>/", areas.area_page, name="area"),
    path("areas/<int:pk>/open-household/", members.open_household, name="open-household"),
    path("areas/<int:pk>/households/", areas.households, name="area-households"),
    path("households/<int:pk>/", households.household, name="household"),
    path("households/<int:pk>/reasons/", households.reasons, name="reasons"),
    path("households/<int:pk>/history/", households.history, name="history"),
    path("households/<int:pk>/visit/", writing.visit, name="visit"),
    path("households/<int:pk>/saved/<int:observation_pk>/", writing.saved, name="saved"),
    path(
        "households/<int:pk>/observations/<int:observation_pk>/correct/<slug:fact>/",
        writing.correct,
        name="correct",
    ),
    path("households/<int:pk>/add-member/", members.add_member, name="add-member"),
    path("households/<int:pk>/people/<int:person_pk>/visit/", writing.visit, name="visit-person"),
    path("households/<int:pk>/people/<int:person_pk>/leave/", members.leave, name="leave"),
    path("people/same-id/", members.same_ids, name="same-ids"),
    path("people/<int:pk>/right-id/", members.right_id, name="right-id"),
    path("households/<int:pk>/people/<int:person_pk>/<slug:field>/", households.sealed, name="sealed"),
    path("observations/<int:pk>/", households.observation, name="observation"),
    path("trail/", trail.trail, name="audit"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<int:pk>/", jobs.job, name="job"),
    path("jobs/<int:pk>/cancel/", jobs.cancel, name="cancel-job"),
    path("jobs/<int:pk>/retry/", jobs.retry, name="retry-job"),
]
