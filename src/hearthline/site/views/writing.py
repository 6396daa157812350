# SPDX-License-Identifier: Apache-2.0
"""Decides how a visit is written down, what it changed, and how a value is corrected."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from hearthline.accounts.queries import NOT_FOUND
from hearthline.accounts.requests import OfficerRequest
from hearthline.base.problems import HearthlineError
from hearthline.engine.rules.policy import HOUSEHOLD, PERSON
from hearthline.registry.models import Household
from hearthline.registry.queries import FactView, HouseholdView, MemberView
from hearthline.registry.rules import LEAST_REASON, OBSERVE
from hearthline.registry.services import (
    correct_value,
    look_at_observation,
    write_visit,
)
from hearthline.site.effects import told_effects
from hearthline.site.fact_fields import NOT_TAKEN, FactField, is_choice
from hearthline.site.facts import said, source_title, source_words, value_words
from hearthline.site.members import Sent
from hearthline.site.visits import Subject, VisitForm, sources_of
from hearthline.site.writing import household_to_write, is_stale, member_of, new_token, tell


@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: OfficerRequest, pk: int, person_pk: int | None = None) -> HttpResponseBase:
    """Write down a visit to a household, or what was learned of one of its people."""
    view = household_to_write(by=request.user, on=request.on, household_id=pk, permission=OBSERVE)
    member = member_of(view, person_pk) if person_pk is not None else None
    subject = _subject(view, member)
    sources = sources_of(subject.policy, subject.level)
    asked = request.POST.get("source") or request.GET.get("source")
    source = asked if asked in sources else sources[0]
    status = 200
    if request.method == "POST" and not request.POST.get("more"):
        form = VisitForm(subject, source, request.on, _counts(request.POST), request.POST)
        if form.is_valid():
            try:
                return _written(request, form, pk, person_pk, source)
            except HearthlineError as error:
                tell(form, error)
                form = _seen_anew(form, request, subject, source, error)
        status = 400
    else:
        form = _offered(request, subject, source)
    context = {
        "form": form,
        "household": view.household,
        "member": member,
        "sources": [(name, source_title(subject.policy, name, subject.language)) for name in sources],
        "source": source,
        "back": reverse("site:household", args=[pk]),
    }
    return render(request, "site/visit.html", context, status=status)


def _subject(view: HouseholdView, member: MemberView | None) -> Subject:
    return Subject(
        policy=view.policy,
        level=HOUSEHOLD if member is None else PERSON,
        facts=view.facts if member is None else member.facts,
        records=view.records if member is None else member.records,
        sensitive=view.sensitive,
        version=view.household.version,
        language=get_language() or "",
    )


def _counts(sent: Mapping[str, str]) -> dict[str, int]:
    """How many empty records each level offers; one more where that was asked for."""
    found = {
        name.removeprefix("n-"): int(value)
        for name, value in sent.items()
        if name.startswith("n-") and value.isascii() and value.isdecimal() and len(value) < 4
    }
    more = sent.get("more", "")
    return found | ({more: found.get(more, 1) + 1} if more else {})


def _offered(request: OfficerRequest, subject: Subject, source: str) -> VisitForm:
    """A form to be filled in; with more empty records it keeps what was typed so far."""
    typed = {name: value for name, value in request.POST.items() if not name.startswith("n-")}
    first = {"observed_on": request.on, "token": new_token()}
    initial = first | typed | {"version": subject.version, "source": source}
    return VisitForm(subject, source, request.on, _counts(request.POST), initial=initial)


def _seen_anew(
    form: VisitForm, request: OfficerRequest, subject: Subject, source: str, error: HearthlineError
) -> VisitForm:
    """The form as it was typed; where the household was changed meanwhile, of the version shown now."""
    if is_stale(error):
        sent = request.POST.copy()
        assert isinstance(sent, QueryDict)
        sent["version"] = str(subject.version)
        form.data = sent
    return form


def _written(
    request: OfficerRequest, form: VisitForm, pk: int, person_pk: int | None, source: str
) -> HttpResponseBase:
    given = form.given()
    made = write_visit(
        by=request.user,
        on=request.on,
        household_id=pk,
        person_id=person_pk,
        source=source,
        facts=given.facts,
        lines=given.lines,
        observed_on=form.cleaned_data["observed_on"],
        evidence=form.cleaned_data["evidence"],
        version=form.cleaned_data["version"],
        token=form.cleaned_data["token"],
    )
    return redirect("site:saved", pk=pk, observation_pk=made)


@require_safe
def saved(request: OfficerRequest, pk: int, observation_pk: int) -> HttpResponseBase:
    """What an observation changed: value by value, before and after, and whether it counts."""
    look_at_observation(by=request.user, on=request.on, observation_id=observation_pk)
    told = told_effects(
        by=request.user,
        on=request.on,
        household_id=pk,
        observation_id=observation_pk,
        language=get_language() or "",
    )
    household = Household.objects.get(pk=pk)
    return render(request, "site/saved.html", {"told": told, "household": household})


class Correction(Sent):
    """The right value, and why the old one was wrong."""

    unknown = forms.BooleanField(label=_("It is not known"), required=False)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("What was wrong, and how you know. The old value and the reason stay in the history."),
        min_length=LEAST_REASON,
        max_length=300,
    )

    def clean(self) -> dict[str, object]:
        """One value, or that there is none."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("unknown"):
            cleaned["value"] = None
        elif cleaned.get("value") is NOT_TAKEN:
            self.add_error("value", gettext("Give the right value."))
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: OfficerRequest, pk: int, observation_pk: int, fact: str) -> HttpResponseBase:
    """Correct one value of the history, with a reason."""
    view = household_to_write(by=request.user, on=request.on, household_id=pk, permission=OBSERVE)
    seen = look_at_observation(by=request.user, on=request.on, observation_id=observation_pk)
    wrong = next((one for one in seen.facts if one.fact.name == fact and not one.hidden), None)
    if seen.household is None or seen.household.pk != pk or wrong is None:
        raise NOT_FOUND.error()
    form = _correction(request, view, wrong)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                return _corrected(request, form, pk, observation_pk, fact)
            except HearthlineError as error:
                tell(form, error)
    language = get_language() or ""
    context = {
        "form": form,
        "household": view.household,
        "person": seen.person,
        "label": said(wrong.fact.label, language),
        "was": value_words(wrong.fact, wrong.value, language),
        "source": source_words(view.policy, wrong, language),
        "back": reverse("site:history", args=[pk]),
    }
    return render(request, "site/correct.html", context, status=status)


def _correction(request: OfficerRequest, view: HouseholdView, wrong: FactView) -> Correction:
    sent = request.POST if request.method == "POST" else None
    form = Correction(sent, initial={"token": new_token(), "version": view.household.version})
    field = FactField(wrong.fact, get_language() or "", needed=is_choice(wrong.fact))
    field.label = gettext("Right value: %(label)s") % {"label": field.label}
    form.fields["value"] = field
    if is_choice(wrong.fact) or wrong.fact.required:
        del form.fields["unknown"]
    form.order_fields(["value", "unknown", "reason"])
    return form


def _corrected(
    request: OfficerRequest, form: Correction, pk: int, observation_pk: int, fact: str
) -> HttpResponseBase:
    done = correct_value(
        by=request.user,
        on=request.on,
        observation_id=observation_pk,
        fact=fact,
        value=form.cleaned_data["value"],
        reason=form.cleaned_data["reason"],
        version=form.cleaned_data["version"],
        token=form.cleaned_data["token"],
    )
    return redirect("site:saved", pk=pk, observation_pk=done)
