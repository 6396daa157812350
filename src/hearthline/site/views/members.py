# SPDX-License-Identifier: Apache-2.0
"""Decides how a household is opened, people join and leave it, and a shared national ID is settled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_safe

from hearthline.accounts.queries import NOT_FOUND, required_scope
from hearthline.accounts.requests import OfficerRequest
from hearthline.areas.models import Area
from hearthline.base.problems import HearthlineError
from hearthline.registry.dictionary import dictionary_of
from hearthline.registry.rules import OPEN_HOUSEHOLD
from hearthline.registry.services import correct_identity, enter_household, enter_member, record_leaving
from hearthline.registry.sharing import person_to_settle, shared_ids, shares_id
from hearthline.site.members import HouseholdForm, LeavingForm, PersonForm, RightId, next_number
from hearthline.site.writing import household_to_write, member_of, new_token, tell
from hearthline.ui import notices

FORM = "site/entry.html"


@dataclass(frozen=True)
class _Page:
    """The words round a form, where its way back leads, and what is said once it was written."""

    heading: str
    submit: str
    back: str
    said: str
    note: str = ""


@dataclass(frozen=True)
class _Written:
    """Where one is led after writing, and who now has a national ID that somebody else may have."""

    address: str
    person: int | None = None


def _asked(
    request: OfficerRequest, form: forms.Form, page: _Page, write: Callable[[], _Written]
) -> HttpResponseBase:
    """The form, or what follows on writing what was sent; a refusal stands on top of the form."""
    if form.is_bound and form.is_valid():
        try:
            written = write()
        except HearthlineError as error:
            tell(form, error)
        else:
            notices.leave(request, page.said)
            if written.person is not None:
                _warn_of_shared_id(request, written.person)
            return redirect(written.address)
    status = 400 if form.is_bound else 200
    return render(request, FORM, {"form": form, "page": page}, status=status)


def _warn_of_shared_id(request: OfficerRequest, person_id: int) -> None:
    """Say at once that somebody in the officer's places has the same national ID; nothing is told of whom."""
    if shares_id(by=request.user, on=request.on, person_id=person_id):
        words = gettext("Another person of your places has the same national ID. Settle which is right.")
        notices.leave(request, words, tone="warning")


def _sent(request: OfficerRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


@require_http_methods(["GET", "HEAD", "POST"])
def open_household(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """Open a household in a place, with its head."""
    scope = required_scope(by=request.user, permission=OPEN_HOUSEHOLD, on=request.on)
    area = Area.objects.filter(scope.filter("path"), pk=pk, closed_on=None).first()
    if area is None:
        raise NOT_FOUND.error()
    policy = dictionary_of(area.path, request.on)[1]
    initial = {"token": new_token(), "number": next_number(area), "starts_on": request.on}
    form = HouseholdForm(policy, get_language() or "", request.on, _sent(request), initial=initial)
    page = _Page(
        heading=gettext("Open a household in %(place)s") % {"place": area.name},
        submit=gettext("Open the household"),
        back=reverse("site:area", args=[pk]),
        said=gettext("The household was opened. Add its other members, then write a visit."),
    )

    def write() -> _Written:
        made = enter_household(
            by=request.user,
            on=request.on,
            area_id=pk,
            number=form.cleaned_data["number"],
            registered_on=form.cleaned_data["starts_on"],
            head=form.person(),
            source=form.source,
            token=form.cleaned_data["token"],
        )
        return _Written(reverse("site:household", args=[made["household"]]), made["person"])

    return _asked(request, form, page, write)


@require_http_methods(["GET", "HEAD", "POST"])
def add_member(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """Enter a person into a household."""
    view = household_to_write(by=request.user, on=request.on, household_id=pk, permission=OPEN_HOUSEHOLD)
    initial = {"token": new_token(), "version": view.household.version, "starts_on": request.on}
    form = PersonForm(view.policy, get_language() or "", request.on, _sent(request), initial=initial)
    name = view.household.head_name or view.household.number
    page = _Page(
        heading=gettext("Add a member: %(name)s") % {"name": name},
        submit=gettext("Add the member"),
        back=reverse("site:household", args=[pk]),
        said=gettext("The person was entered."),
    )

    def write() -> _Written:
        made = enter_member(
            by=request.user,
            on=request.on,
            household_id=pk,
            person=form.person(),
            source=form.source,
            starts_on=form.cleaned_data["starts_on"],
            version=form.cleaned_data["version"],
            token=form.cleaned_data["token"],
        )
        return _Written(page.back, made["person"])

    return _asked(request, form, page, write)


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: OfficerRequest, pk: int, person_pk: int) -> HttpResponseBase:
    """Write down that a person left a household."""
    view = household_to_write(by=request.user, on=request.on, household_id=pk, permission=OPEN_HOUSEHOLD)
    member = member_of(view, person_pk, left_too=request.method == "POST")
    initial = {"token": new_token(), "version": view.household.version, "ends_on": request.on}
    form = LeavingForm(view.policy, get_language() or "", request.on, _sent(request), initial=initial)
    page = _Page(
        heading=gettext("%(name)s leaves the household") % {"name": member.person.name},
        submit=gettext("Write down the leaving"),
        back=reverse("site:household", args=[pk]),
        said=gettext("The leaving was written down."),
        note=gettext(
            "A death, a marriage or a moving away. What is known of the person stays in the register."
        ),
    )

    def write() -> _Written:
        record_leaving(
            by=request.user,
            on=request.on,
            household_id=pk,
            person_id=person_pk,
            ends_on=form.cleaned_data["ends_on"],
            facts=form.given_facts(),
            source=form.source,
            version=form.cleaned_data["version"],
            token=form.cleaned_data["token"],
        )
        return _Written(page.back)

    return _asked(request, form, page, write)


@require_safe
def same_ids(request: OfficerRequest) -> HttpResponseBase:
    """The people of one's places who share a national ID."""
    return render(request, "site/same_ids.html", {"shared": shared_ids(by=request.user, on=request.on)})


@require_http_methods(["GET", "HEAD", "POST"])
def right_id(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """Correct the national ID of a person, with a reason."""
    person = person_to_settle(by=request.user, on=request.on, person_id=pk)
    policy = dictionary_of(person.area_path, request.on)[1]
    form = RightId(policy, request.on, _sent(request), initial={"token": new_token()})
    page = _Page(
        heading=gettext("Correct the national ID of %(name)s") % {"name": person.name or person.number},
        submit=gettext("Correct the number"),
        back=reverse("site:same-ids"),
        said=gettext("The national ID was corrected."),
        note=gettext(
            "The number that stands there now is replaced; who did it and why stays in the audit trail."
        ),
    )

    def write() -> _Written:
        correct_identity(
            by=request.user,
            on=request.on,
            person_id=pk,
            national_id=form.cleaned_data["national_id"],
            reason=form.cleaned_data["reason"],
            token=form.cleaned_data["token"],
        )
        return _Written(page.back, pk)

    return _asked(request, form, page, write)
