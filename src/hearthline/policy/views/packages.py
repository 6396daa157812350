# SPDX-License-Identifier: Apache-2.0
"""Decides the pages on which packages are listed, published, put in force and withdrawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from hearthline.accounts.queries import required_scope, scope_of
from hearthline.accounts.requests import OfficerRequest
from hearthline.accounts.views.files import noted
from hearthline.areas.queries import top_areas_at
from hearthline.engine.rules.wording import said
from hearthline.policy import queries, reading, services
from hearthline.policy.forms import ActivateForm, PublishForm, WithdrawForm
from hearthline.policy.models import Activation, PackageVersion
from hearthline.policy.rules import ACTIVATE_POLICY, PUBLISH_POLICY, VIEW_POLICY
from hearthline.policy.views.shown import hash_of, language_here, number_in, title_of
from hearthline.ui import notices
from hearthline.ui.parts import Step
from hearthline.ui.tables import Column, Table


def _version_link(row: object) -> str | None:
    if isinstance(row, PackageVersion):
        return reverse("policy:version", args=[row.pk])
    return reverse("policy:version", args=[row.version_id]) if isinstance(row, Activation) else None


def _withdraw_link(row: object) -> str | None:
    return reverse("policy:withdraw", args=[row.pk]) if isinstance(row, Activation) else None


VERSIONS = Table(
    name="versions",
    prefix="v_",
    caption=gettext_lazy("Published versions"),
    show_caption=True,
    columns=(
        Column(key="title", label=gettext_lazy("Package"), value=title_of, link=_version_link),
        Column(key="package_id", label=gettext_lazy("Identifier"), sort="package_id"),
        Column(key="hash", label=gettext_lazy("Version"), value=hash_of),
        Column(
            key="published_at",
            label=gettext_lazy("Published"),
            sort="published_at",
            show="moment",
            first_down=True,
        ),
        Column(key="by", label=pgettext_lazy("publisher", "By"), value="published_by.name"),
        Column(key="note", label=gettext_lazy("Note")),
    ),
    sort="-published_at",
    empty=gettext_lazy("No package has been published yet."),
)
ACTIVATIONS = Table(
    name="activations",
    prefix="a_",
    caption=gettext_lazy("Activations in your places"),
    show_caption=True,
    columns=(
        Column(key="place", label=gettext_lazy("Place"), value="area.name", sort="area_path"),
        Column(key="title", label=gettext_lazy("Package"), value=title_of, link=_version_link),
        Column(key="hash", label=gettext_lazy("Version"), value=hash_of),
        Column(key="starts_on", label=gettext_lazy("First screening date"), sort="starts_on", show="day"),
        Column(key="ends_on", label=gettext_lazy("Last screening date"), show="day"),
    ),
    empty=gettext_lazy("Your places have no activation of their own."),
)
WITHDRAW = Column(
    key="withdraw",
    label=gettext_lazy("Change"),
    value=lambda row: _("Withdraw"),
    link=_withdraw_link,
    in_files=False,
)
CHANGEABLE = replace(ACTIVATIONS, columns=(*ACTIVATIONS.columns, WITHDRAW))
"""The same list for those who may take an activation back."""


@require_safe
def packages(request: OfficerRequest) -> HttpResponseBase:
    """What is in force where one works, and every published version."""
    versions = queries.published_versions(by=request.user, on=request.on)
    activations = queries.activations_in(by=request.user, on=request.on)
    for table, rows in ((VERSIONS, versions), (ACTIVATIONS, activations)):
        if table.wants_file(request):
            return table.file(request, rows, audit=noted(request, "policy"))
    scope = scope_of(by=request.user, permission=VIEW_POLICY, on=request.on)
    here = [
        (area, queries.find_activation_in_force(area.path, request.on), _last_before(area.path, request.on))
        for area in top_areas_at(scope.lows)[:20]
    ]
    may_activate = ACTIVATE_POLICY.word in request.may
    values = {
        "here": [
            (area, found, last, title_of(found or last) if found or last else "")
            for area, found, last in here
        ],
        "versions": VERSIONS.page(request, versions),
        "activations": (CHANGEABLE if may_activate else ACTIVATIONS).page(request, activations),
        "may_publish": PUBLISH_POLICY.word in request.may,
        "may_activate": may_activate and versions.exists(),
    }
    return render(request, "policy/packages.html", values)


def _last_before(area_path: str, on: date) -> Activation | None:
    """The activation that held last in an area before a day."""
    ended = [one for one in queries.activations_over(area_path) if one.ends_on and one.ends_on < on]
    return max(ended, key=lambda one: one.ends_on or on, default=None)


@require_http_methods(["GET", "POST"])
def publish(request: OfficerRequest) -> HttpResponse:
    """Publish one of the packages that come with Hearthline."""
    required_scope(by=request.user, permission=PUBLISH_POLICY, on=request.on)
    language = reading.package_language(language_here())
    shipped = [(each.id, f"{said(each.title, language)} ({each.id})") for each in queries.shipped_packages()]
    form = PublishForm(shipped, request.POST if request.method == "POST" else None)
    if form.is_valid():
        made = services.publish(
            by=request.user,
            on=request.on,
            folder=form.cleaned_data["package"],
            note=form.cleaned_data["note"],
        )
        notices.leave(request, _("Published. It is in force nowhere until it is activated."))
        return redirect("policy:version", made.pk)
    trail = [Step(_("Policy"), reverse("policy:packages")), Step(_("Publish"))]
    return render(request, "policy/publish.html", {"form": form, "trail": trail})


@require_http_methods(["GET", "POST"])
def activate(request: OfficerRequest) -> HttpResponse:
    """Put a version in force in a place for a period."""
    scope = required_scope(by=request.user, permission=ACTIVATE_POLICY, on=request.on)
    chosen = number_in(request.POST.get("version") or request.GET.get("version", ""))
    found = queries.get_version(by=request.user, on=request.on, version_id=chosen)
    tops = top_areas_at(scope.lows)
    initial = {"place": tops[0].code} if tops else {}
    form = ActivateForm(scope, request.POST if request.method == "POST" else None, initial)
    if form.is_valid():
        services.activate(
            by=request.user,
            on=request.on,
            version=found,
            area=form.cleaned_data["place"],
            starts_on=form.cleaned_data["starts_on"],
            ends_on=form.cleaned_data["ends_on"],
        )
        notices.leave(request, _("The package is in force there now."))
        return redirect("policy:packages")
    trail = [Step(_("Policy"), reverse("policy:packages")), Step(_("Activate"))]
    values = {"form": form, "version": found, "title": title_of(found), "trail": trail}
    return render(request, "policy/activate.html", values)


@require_http_methods(["GET", "POST"])
def withdraw(request: OfficerRequest, pk: int) -> HttpResponse:
    """Take an activation back, with a reason."""
    found = queries.get_activation(by=request.user, on=request.on, activation_id=pk)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        services.withdraw_activation(by=request.user, on=request.on, activation_id=pk, reason=reason)
        notices.leave(request, _("Withdrawn. It stays on record."))
        return redirect("policy:packages")
    trail = [Step(_("Policy"), reverse("policy:packages")), Step(_("Withdraw"))]
    values = {"form": form, "activation": found, "title": title_of(found), "trail": trail}
    return render(request, "policy/withdraw.html", values)
