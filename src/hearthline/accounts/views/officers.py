# SPDX-License-Identifier: Apache-2.0
"""Decides the pages of the officers of an area: who works here, and what an administrator may change."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from hearthline.accounts import services
from hearthline.accounts.forms import AccountForm, GrantForm, put_into
from hearthline.accounts.models import Grant
from hearthline.accounts.queries import (
    Reach,
    areas_to_grant,
    get_officer,
    grants_in,
    grants_of,
    reach_of,
    scope_of,
    sign_ins_of,
)
from hearthline.accounts.requests import OfficerRequest
from hearthline.accounts.rules import GRANT_ROLES, Role
from hearthline.accounts.views.files import noted
from hearthline.accounts.views.shown import (
    BOTH,
    codes_words,
    hand_over,
    sign_in_lines,
    trail_among_officers,
)
from hearthline.accounts.words import ROLES, STATES, place_words, role_words, state_badge, until_words
from hearthline.areas.models import Area
from hearthline.base.problems import HearthlineError
from hearthline.ui import notices
from hearthline.ui.context import LANGUAGE_NAMES
from hearthline.ui.parts import Line
from hearthline.ui.tables import Choices, Column, Table, Text
from hearthline.ui.tables.filters import Rows
from hearthline.ui.wording import moment

PLACES_OFFERED = 400


def _link_of(row: object) -> str | None:
    return reverse("accounts:officer", args=[row.officer_id]) if isinstance(row, Grant) else None


def _last_day_of(row: object) -> object:
    if not isinstance(row, Grant):
        return None
    return row.withdrawn_on or row.ends_on


def _called(rows: Rows, typed: str) -> Rows:
    return rows.filter(Q(officer__name__icontains=typed) | Q(officer__username__icontains=typed))


def _in_place(rows: Rows, typed: str) -> Rows:
    return rows.filter(Q(area__code__startswith=typed) | Q(area__name__icontains=typed))


OFFICERS = Table(
    name="officers",
    caption=gettext_lazy("Officers"),
    columns=(
        Column(
            key="name",
            label=gettext_lazy("Name"),
            value="officer.name",
            sort="officer__name",
            link=_link_of,
        ),
        Column(
            key="username",
            label=gettext_lazy("Account name"),
            value="officer.username",
            sort="officer__username",
        ),
        Column(key="role", label=gettext_lazy("Role"), sort="role", show=role_words),
        Column(key="place", label=gettext_lazy("Place"), value=place_words),
        Column(key="starts_on", label=pgettext_lazy("role", "From"), sort="starts_on", show="day"),
        Column(key="until", label=pgettext_lazy("role", "Until"), value=_last_day_of, show=until_words),
        Column(key="state", label=pgettext_lazy("role", "State"), show=state_badge),
    ),
    filters=(
        Text(name="called", label=gettext_lazy("Name or account name"), by=_called),
        Choices(name="role", label=gettext_lazy("Role"), options=lambda: list(ROLES.items())),
        Text(name="place", label=gettext_lazy("Place (name or code)"), by=_in_place),
        Choices(
            name="state",
            label=pgettext_lazy("role", "State"),
            options=lambda: [(state, words) for state, (words, _tone) in STATES.items()],
        ),
    ),
    sort="username",
    empty=gettext_lazy("Nobody works here yet."),
)


@require_safe
def officers(request: OfficerRequest) -> HttpResponseBase:
    """Who works in one's area, in which roles."""
    rows = grants_in(by=request.user, on=request.on)
    if OFFICERS.wants_file(request):
        return OFFICERS.file(request, rows, audit=noted(request, "accounts"))
    values = {"table": OFFICERS.page(request, rows), "can_open": GRANT_ROLES.word in request.may}
    return render(request, "accounts/officers.html", values)


@require_safe
def officer(request: OfficerRequest, pk: int) -> HttpResponse:
    """One officer: roles in one's area, sign-ins, and what one may do."""
    found = get_officer(by=request.user, on=request.on, officer_id=pk)
    lines = [
        Line(_("Account name"), found.username),
        Line(_("Account"), pgettext("account", "open") if found.is_active else pgettext("account", "closed")),
        Line(pgettext("account", "Opened"), moment(found.created_at)),
        Line(_("Language"), LANGUAGE_NAMES.get(found.language, found.language)),
        Line(_("One-time codes"), codes_words(found)),
        Line(
            _("Last sign-in"), moment(found.last_login) if found.last_login else pgettext("sign-in", "never")
        ),
    ]
    reach = reach_of(by=request.user, on=request.on, officer=found)
    is_self = found.pk == request.user.pk
    values = {
        "officer": found,
        "lines": lines,
        "grants": grants_of(by=request.user, on=request.on, officer=found),
        "sign_ins": sign_in_lines(
            sign_ins_of(by=request.user, on=request.on, officer=found, at=timezone.now()), request.sign_in
        ),
        "is_self": is_self,
        "can_grant": reach is not Reach.NONE and not is_self,
        "can_manage": reach is Reach.WHOLE and not is_self,
        "in_part": reach is Reach.PART and not is_self,
    }
    return render(request, "accounts/officer.html", values | trail_among_officers(found.name))


@require_http_methods(BOTH)
def open_account(request: OfficerRequest) -> HttpResponse:
    """A new account with its first role; the one-time password is shown once."""
    everywhere, areas = _places(request)
    form, status = AccountForm(request.POST or None, areas=areas, everywhere=everywhere), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            values = dict(form.cleaned_data)
            area, role = values.pop("place"), Role(values.pop("role"))
            try:
                opened = services.open_account(by=request.user, on=request.on, area=area, role=role, **values)
            except HearthlineError as error:
                status = put_into(form, error)
            else:
                return hand_over(request, opened, _("Account opened"))
    values = {"form": form, "places": _offered(areas)}
    return render(
        request,
        "accounts/open_account.html",
        values | trail_among_officers(_("Open an account")),
        status=status,
    )


@require_http_methods(BOTH)
def grant_role(request: OfficerRequest, pk: int) -> HttpResponse:
    """One more role for an officer."""
    everywhere, areas = _places(request)
    found = get_officer(by=request.user, on=request.on, officer_id=pk)
    form, status = GrantForm(request.POST or None, areas=areas, everywhere=everywhere), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            values = dict(form.cleaned_data)
            area, role = values.pop("place"), Role(values.pop("role"))
            try:
                services.grant_role(
                    by=request.user, on=request.on, officer_id=pk, area=area, role=role, **values
                )
            except HearthlineError as error:
                status = put_into(form, error)
            else:
                notices.leave(request, _("The role is granted."))
                return redirect("accounts:officer", pk=pk)
    values = {"form": form, "officer": found, "places": _offered(areas)}
    return render(
        request,
        "accounts/grant_role.html",
        values | trail_among_officers(_("Grant a role"), found),
        status=status,
    )


def _places(request: OfficerRequest) -> tuple[bool, QuerySet[Area]]:
    """Whether one administers everywhere, and the places in which one may grant roles."""
    scope = scope_of(by=request.user, permission=GRANT_ROLES, on=request.on)
    return scope.everywhere, areas_to_grant(by=request.user, on=request.on)


def _offered(areas: QuerySet[Area]) -> QuerySet[Area]:
    return areas.order_by("depth", "path")[:PLACES_OFFERED]
