# SPDX-License-Identifier: Apache-2.0
"""Decides how the audit trail answers: who did or saw what, where, and whether the chains are sealed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from django.db.models import OuterRef, Subquery
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import required_scope
from hearthline.accounts.requests import OfficerRequest
from hearthline.accounts.rules import VIEW_AUDIT
from hearthline.accounts.views.files import noted
from hearthline.areas.models import Area
from hearthline.areas.queries import find_area_by_code
from hearthline.areas.rules import range_of
from hearthline.audit.models import AuditHead, AuditRow
from hearthline.audit.queries import rows_in
from hearthline.engine.rules.wording import said
from hearthline.policy.models import PackageVersion
from hearthline.policy.reading import package_language
from hearthline.policy.unpacking import policy_of
from hearthline.site.actions import ACTIONS, action_words, facts_in_words, list_words, subject_words
from hearthline.ui.tables import Choices, Column, Days, Filter, Table, Text
from hearthline.ui.tables.filters import Rows

_NO_ROW = -1
_VERSIONS_ASKED = 5


def _subject(row: object) -> str | None:
    subject, number = row.subject, row.subject_id  # type: ignore[attr-defined]  # a row is an AuditRow
    pages = {
        "household": "site:household",
        "area": "site:area",
        "job": "site:job",
        "officer": "accounts:officer",
    }
    return reverse(pages[subject], args=[number]) if subject in pages and number.isdigit() else None


def _within_area(rows: Rows, code: str) -> Rows:
    """The rows of a place and all within it."""
    area = find_area_by_code(code)
    if area is None:
        return rows.filter(pk=_NO_ROW)
    part = range_of(area.path)
    return rows.filter(area_path__gte=part.low, area_path__lt=part.high)


TRAIL = Table(
    name="trail",
    caption=_("Audit trail"),
    columns=(
        Column(key="at", label=_("When"), show="moment"),
        Column(key="officer", label=_("Who"), value=lambda row: row.by_name or row.officer_name),  # type: ignore[attr-defined]  # annotated below
        Column(key="account", label=_("Account"), value="officer_name"),
        Column(key="action", label=_("What"), value=lambda row: action_words(row.action)),  # type: ignore[attr-defined]  # a row is an AuditRow
        Column(key="subject", label=_("Subject"), value=lambda row: _subject_words(row), link=_subject),
        Column(key="place", label=_("Place"), value="place"),
        Column(key="facts", label=_("Facts"), value=lambda row: facts_in_words(row.facts)),  # type: ignore[attr-defined]  # a row is an AuditRow
        Column(key="number", label=_("Number"), value="pk", show="number", on_page=False),
    ),
    filters=(
        Choices(
            name="action", label=_("What"), options=lambda: [(word, words) for word, words in ACTIONS.items()]
        ),
        Text(name="officer", label=_("Who (account)"), field="officer_name", lookup="exact"),
        Choices(
            name="subject",
            label=_("Kind of subject"),
            options=(
                ("household", _("Household")),
                ("person", _("Person")),
                ("area", _("Place")),
                ("officer", _("Officer")),
                ("import", _("Import")),
                ("run", _("Screening")),
                ("job", _("Job")),
            ),
        ),
        Filter(name="subject_id", label=_("Number of the subject")),
        Filter(name="area", label=_("Code of the place"), by=_within_area),
        Days(name="on", label=_("Day")),
    ),
    sort="-",
    size=50,
    empty=_("Nothing was done here yet."),
)


@require_safe
def trail(request: OfficerRequest) -> HttpResponseBase:
    """The trail of one's own area, the newest first."""
    scope = required_scope(by=request.user, permission=VIEW_AUDIT, on=request.on)
    place = Area.objects.filter(path=OuterRef("area_path")).values("name")[:1]
    name = Officer.objects.filter(pk=OuterRef("officer_id")).values("name")[:1]
    rows = rows_in(scope.filter("area_path")).annotate(place=Subquery(place), by_name=Subquery(name))
    table = _in_words()
    if table.wants_file(request):
        return table.file(request, rows, audit=noted(request, "site"))
    page = table.page(request, rows)
    return render(request, "site/trail.html", {"table": page, "state": seal_state(timezone.now())})


def _in_words() -> Table:
    """The list, with the kinds of sources called as the newest package that knows them does."""
    language = package_language(get_language() or "en")

    @cache
    def sources(name: str) -> str:
        for version in PackageVersion.objects.order_by("-pk")[:_VERSIONS_ASKED]:
            if name in (known := policy_of(version).sources):
                return said(known[name], language)
        return name

    def words(row: object) -> str:
        return facts_in_words(row.facts, sources)  # type: ignore[attr-defined]  # a row is an AuditRow

    columns = [replace(each, value=words) if each.key == "facts" else each for each in TRAIL.columns]
    return replace(TRAIL, columns=columns)


def seal_state(now: datetime) -> Mapping[str, object]:
    """When chains were last sealed, how many rows wait for it, and whether that is late."""
    last = AuditHead.objects.order_by("-pk").first()
    newest = AuditRow.objects.order_by("-pk").values_list("pk", "at").first()
    waiting = AuditRow.objects.filter(at__gt=last.sealed_at).exists() if last else newest is not None
    late = waiting and (last is None or now - last.sealed_at > timedelta(minutes=10))
    return {"sealed_at": last.sealed_at if last else None, "late": late, "waiting": waiting}


def _subject_words(row: object) -> str:
    subject, name = row.subject, row.subject_id  # type: ignore[attr-defined]  # a row is an AuditRow
    return f"{subject_words(subject)} {list_words(name) if subject == 'list' else name}".strip()
