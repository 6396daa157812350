# SPDX-License-Identifier: Apache-2.0
"""Decides the pages of two runs side by side: what changed, which criterion made it, which households."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hearthline.accounts.queries import required_scope
from hearthline.accounts.requests import OfficerRequest
from hearthline.accounts.views.files import noted
from hearthline.areas.models import Area
from hearthline.areas.queries import get_area
from hearthline.base.problems import HearthlineError
from hearthline.runs.comparing import (
    CRITERION_OF,
    AreaChanges,
    Change,
    Comparison,
    changed_households,
    compare_areas,
    compare_runs,
)
from hearthline.runs.models import Run, Status
from hearthline.runs.problems import NO_RUN
from hearthline.runs.queries import get_run
from hearthline.runs.rules import VIEW_HOUSEHOLDS
from hearthline.runs.views.households import KNOWN_BY
from hearthline.runs.views.runs import run_title
from hearthline.runs.words import ANSWERS, words_of
from hearthline.ui.badges import status
from hearthline.ui.parts import Bar, Bars, Step
from hearthline.ui.tables import Column, Table, call
from hearthline.ui.wording import number

TITLES: dict[Change, Promise] = {
    Change.ENTERED: gettext_lazy("Became poor"),
    Change.LEFT: gettext_lazy("No longer poor"),
    Change.BECAME_UNKNOWN: gettext_lazy("Became unknown"),
    Change.BECAME_KNOWN: gettext_lazy("Became known"),
    Change.NEW: gettext_lazy("Only in the later run"),
    Change.GONE: gettext_lazy("Only in the earlier run"),
    Change.SAME: gettext_lazy("Same answer"),
}
WHY: dict[Change, Promise] = {
    Change.ENTERED: gettext_lazy("Became poor: criteria newly not met"),
    Change.LEFT: gettext_lazy("No longer poor: criteria now met or unknown"),
    Change.BECAME_UNKNOWN: gettext_lazy("Became unknown: criteria newly unknown"),
    Change.BECAME_KNOWN: gettext_lazy("Became known: criteria no longer unknown"),
}
SHOWN = (
    Change.ENTERED,
    Change.LEFT,
    Change.BECAME_UNKNOWN,
    Change.BECAME_KNOWN,
    Change.NEW,
    Change.GONE,
    Change.SAME,
)


def _status(code: object) -> str:
    return status(ANSWERS[Status(code)]) if isinstance(code, int) else ""


HOUSEHOLDS = Table(
    name="changed",
    prefix="t_",  # before and after in the address are the runs
    caption=gettext_lazy("Households"),
    columns=(
        *KNOWN_BY,
        Column(key="people", label=gettext_lazy("People"), sort="people", show="number"),
        Column(
            key="other",
            label=gettext_lazy("Earlier run"),
            value="other_status",
            show=_status,
        ),
        Column(key="status", label=gettext_lazy("Later run"), show=_status),
    ),
    sort="place",
    empty=gettext_lazy("No household changed so."),
)


@require_safe
def compare(request: OfficerRequest) -> HttpResponseBase:
    """Two runs side by side."""
    before, after, area = _asked(request)
    comparison = compare_runs(
        by=request.user, on=request.on, before=before, after=after, area_path=area.path if area else None
    )
    areas = (
        compare_areas(by=request.user, on=request.on, before=before, after=after, area=area) if area else []
    )
    table = _areas_table(before, after)
    if table.wants_file(request):
        return table.file(request, areas, audit=noted(request, "runs"))
    values = {
        "before": before,
        "after": after,
        "before_title": run_title(before),
        "after_title": run_title(after),
        "area": area,
        "changes": [
            (
                TITLES[change],
                comparison.changes[change],
                _households_href(before, after, area, change) if change is not Change.SAME else "",
            )
            for change in SHOWN
        ],
        "charts": _charts(comparison, area),
        "table": table.page(request, areas) if areas else None,
        "trail": [Step(_("Screenings"), reverse("runs:runs")), Step(_("Comparison"))],
    }
    return render(request, "runs/compare.html", values)


@require_safe
def households(request: OfficerRequest) -> HttpResponseBase:
    """The households with one change."""
    before, after, area = _asked(request)
    asked = request.GET.get("change", "")
    change = Change(asked) if asked in set(Change) else Change.ENTERED
    criterion = request.GET.get("criterion") or None
    rows = changed_households(
        by=request.user,
        on=request.on,
        before=before,
        after=after,
        change=change,
        area_path=area.path if area else None,
        criterion=criterion,
    )
    if HOUSEHOLDS.wants_file(request):
        return HOUSEHOLDS.file(request, rows, audit=noted(request, "runs"))
    labels = {**words_of(before, _language()).criteria, **words_of(after, _language()).criteria}
    back = reverse("runs:compare") + "?" + urlencode(_parameters(before, after, area))
    values = {
        "title": TITLES[change],
        "criterion": labels.get(criterion or "", ""),
        "place": area,
        "before_title": run_title(before),
        "after_title": run_title(after),
        "table": HOUSEHOLDS.page(request, rows),
        "trail": [
            Step(_("Screenings"), reverse("runs:runs")),
            Step(_("Comparison"), back),
            Step(TITLES[change]),
        ],
    }
    return render(request, "runs/compare_households.html", values)


def _asked(request: OfficerRequest) -> tuple[Run, Run, Area | None]:
    """The two runs in the order of their days, and the place; the run's own where one may see all of it."""
    scope = required_scope(by=request.user, permission=VIEW_HOUSEHOLDS, on=request.on)
    asked_for = (
        get_run(by=request.user, on=request.on, run_id=_number(request.GET.get(name, "")))
        for name in ("before", "after")
    )
    before, after = sorted(asked_for, key=lambda run: run.on)
    asked = request.GET.get("area", "")
    if asked:
        return before, after, get_area(_number(asked), scope.filter("path"))
    return before, after, after.area if scope.covers(after.area_path) else None


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise _no_run(text)
    return int(text)


def _no_run(text: str) -> HearthlineError:
    return NO_RUN.error(run=text or "?")


def _parameters(before: Run, after: Run, area: Area | None) -> dict[str, int]:
    values = {"before": before.pk, "after": after.pk}
    return values | {"area": area.pk} if area else values


def _households_href(before: Run, after: Run, area: Area | None, change: Change, criterion: str = "") -> str:
    values: dict[str, object] = {**_parameters(before, after, area), "change": change.value}
    if criterion:
        values["criterion"] = criterion
    return reverse("runs:compare-households") + "?" + urlencode(values)


def _charts(comparison: Comparison, area: Area | None) -> list[tuple[str, Bars]]:
    """For each change, which criteria made the difference, the commonest first."""
    before, after = comparison.before, comparison.after
    labels = {**words_of(before, _language()).criteria, **words_of(after, _language()).criteria}
    charts = []
    for change in CRITERION_OF:
        counted = sorted(comparison.criteria[change].items(), key=lambda item: -item[1])
        bars = [
            Bar(
                labels[name],
                count,
                number(count),
                _households_href(before, after, area, change, name),
            )
            for name, count in counted
            if count
        ]
        if bars:
            charts.append((change.value, Bars(WHY[change], bars, _("Criterion"), _("Households"))))
    return charts


call(
    "changes-by-place",
    {"place": gettext_lazy("Place")} | {change.value: TITLES[change] for change in SHOWN[:-1]},
)


def _areas_table(before: Run, after: Run) -> Table:
    def link(row: object) -> str | None:
        if not isinstance(row, AreaChanges):
            return None
        return reverse("runs:compare") + "?" + urlencode(_parameters(before, after, row.area))

    def counted(change: Change) -> Column:
        return Column(
            key=change.value,
            label=TITLES[change],
            value=lambda row: row.changes[change].households if isinstance(row, AreaChanges) else None,
            show="number",
        )

    return Table(
        name="changes-by-place",
        prefix="t_",  # before and after in the address are the runs
        caption=gettext_lazy("By place"),
        show_caption=True,
        columns=(
            Column(key="place", label=gettext_lazy("Place"), value="area.name", link=link),
            *(counted(change) for change in SHOWN[:-1]),
        ),
        size=100,
        narrow="scroll",
    )


def _language() -> str:
    return get_language() or "en"
