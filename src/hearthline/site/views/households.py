# SPDX-License-Identifier: Apache-2.0
"""Decides how a household answers: its page, its reasons, its history, and the opening of a sealed value."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from hearthline.accounts.queries import NOT_FOUND, scope_of
from hearthline.accounts.requests import OfficerRequest
from hearthline.accounts.rules import Permission
from hearthline.registry.models import Household
from hearthline.registry.queries import MemberView
from hearthline.registry.rules import (
    LEAST_REASON,
    OBSERVE,
    OPEN_HOUSEHOLD,
    OPEN_SENSITIVE,
    SEALED_FIELDS,
    VIEW_SENSITIVE,
)
from hearthline.registry.services import look_at_household, open_sensitive
from hearthline.runs.explaining import explanation_of
from hearthline.runs.queries import find_active_run
from hearthline.site.facts import said, with_links
from hearthline.site.households import SEALED_WORDS, histories, look
from hearthline.site.observations import look_at_observation


class Reason(forms.Form):
    """Why somebody opens what his role does not show."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("It is kept with your name. Whoever checks the trail reads it."),
        min_length=LEAST_REASON,
        max_length=300,
    )


@require_safe
def household(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """One household on one screen."""
    shown = look(by=request.user, on=request.on, household_id=pk, language=get_language() or "")
    context = {
        "shown": shown,
        "household": shown.view.household,
        "trail": shown.trail,
        "reasons_href": reverse("site:reasons", args=[pk]),
        "history_href": reverse("site:history", args=[pk]),
        "may_visit": _may(request, OBSERVE, shown.view.household),
        "may_add": _may(request, OPEN_HOUSEHOLD, shown.view.household),
    }
    return render(request, "site/household.html", context)


@require_safe
def reasons(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """Why a household has its status, as a page or as the part of one that htmx asks for."""
    view = look_at_household(by=request.user, on=request.on, household_id=pk)
    run = find_active_run(view.household.area_path)
    if run is None:
        raise NOT_FOUND.error()
    language = get_language() or ""
    part = _is_part(request)
    found = explanation_of(
        by=request.user, on=request.on, run=run, household_id=pk, language=language, whole=not part
    )
    context = {
        "household": view.household,
        "explanation": found,
        "run": run,
        "part": part,
        "criteria": [with_links(each) for each in found.criteria],
        "values": [with_links(each) for each in found.values],
        "whole_href": reverse("site:reasons", args=[pk]),
    }
    return render(request, "site/reasons_part.html" if part else "site/reasons.html", context)


@require_safe
def history(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """Every value that the facts of a household and of its people had."""
    view = look_at_household(by=request.user, on=request.on, household_id=pk)
    past = histories(
        by=request.user,
        on=request.on,
        view=view,
        language=get_language() or "",
        hidden_words=gettext("hidden from your role"),
    )
    return render(request, "site/history.html", {"household": view.household, "past": past})


@require_safe
def observation(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """Where a value came from: the visit, declaration, record or file, with all it said."""
    shown = look_at_observation(by=request.user, on=request.on, pk=pk, language=get_language() or "")
    return render(request, "site/observation.html", {"shown": shown, "observation": shown.observation})


@require_http_methods(["GET", "POST"])
def sealed(request: OfficerRequest, pk: int, person_pk: int, field: str) -> HttpResponseBase:
    """Open one sealed or sensitive value of a person, with a reason; the opening leaves a trace."""
    view = look_at_household(by=request.user, on=request.on, household_id=pk)
    member = next((one for one in view.members if one.person.pk == person_pk), None)
    words = _words_of(member, field)
    scope = scope_of(by=request.user, permission=OPEN_SENSITIVE, on=request.on)
    if member is None or not words or not scope.covers(view.household.area_path):
        raise NOT_FOUND.error()
    form = Reason(request.POST if request.method == "POST" else None)
    on_duty = scope_of(by=request.user, permission=VIEW_SENSITIVE, on=request.on).covers(
        view.household.area_path
    )
    context = {
        "household": view.household,
        "person": member.person,
        "words": words,
        "form": form,
        "back": reverse("site:household", args=[pk]),
        "on_duty": on_duty,
    }
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        context["value"] = open_sensitive(
            by=request.user, on=request.on, person_id=person_pk, field=field, reason=reason
        )
        context["opened"] = True
    return render(request, "site/sealed.html", context)


def _may(request: OfficerRequest, permission: Permission, household: Household) -> bool:
    """Whether the officer may change an open household so."""
    scope = scope_of(by=request.user, permission=permission, on=request.on)
    return household.closed_on is None and scope.covers(household.area_path)


def _words_of(member: MemberView | None, field: str) -> str:
    if field in SEALED_FIELDS:
        return str(SEALED_WORDS[field])
    facts = member.facts if member else ()
    return next((said(one.fact.label, get_language() or "") for one in facts if one.fact.name == field), "")


def _is_part(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request"))
