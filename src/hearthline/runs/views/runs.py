# SPDX-License-Identifier: Apache-2.0
"""Decides the pages of a run: the list, one run with what it rests on, the request of a screening."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hearthline.accounts.queries import required_scope, scope_of
from hearthline.accounts.requests import OfficerRequest
from hearthline.accounts.rules import VIEW_JOBS
from hearthline.accounts.views.files import noted
from hearthline.areas.queries import find_area_by_code, top_areas_at
from hearthline.policy.queries import get_version, published_versions
from hearthline.policy.reading import title_of
from hearthline.runs import queries, services
from hearthline.runs.forms import ScreeningForm
from hearthline.runs.models import Run, Status
from hearthline.runs.rules import SCREEN, SIMULATE, VIEW_HOUSEHOLDS
from hearthline.runs.words import ANSWERS, words_of
from hearthline.ui import notices
from hearthline.ui.addresses import address_or_none
from hearthline.ui.badges import badge
from hearthline.ui.parts import Line, Step
from hearthline.ui.tables import Column, Table
from hearthline.ui.wording import day, moment, number


def _link(row: object) -> str | None:
    return reverse("runs:run", args=[row.pk]) if isinstance(row, Run) else None


def _package(row: object) -> str:
    return title_of(row.version, get_language() or "en") if isinstance(row, Run) else ""


def _state(active: object) -> str:
    return badge(pgettext("run", "Holds"), "good") if active else badge(pgettext("run", "Kept"))


RUNS = Table(
    name="runs",
    caption=gettext_lazy("Screenings"),
    columns=(
        Column(key="id", label=gettext_lazy("Run"), value="pk", sort="id", link=_link, first_down=True),
        Column(key="place", label=gettext_lazy("Place"), value="area.name", sort="area_path"),
        Column(key="on", label=gettext_lazy("Screening date"), sort="on", show="day", first_down=True),
        Column(key="package", label=gettext_lazy("Package"), value=_package),
        Column(key="households", label=gettext_lazy("Households"), value="households_told", show="number"),
        Column(key="screened_at", label=gettext_lazy("Made"), sort="screened_at", show="moment"),
        Column(key="by", label=pgettext_lazy("screening", "By"), value="screened_by.name"),
        Column(key="active", label=gettext_lazy("State"), show=_state),
    ),
    sort="-id",
    empty=gettext_lazy("Nothing has been screened in your places yet."),
)


@require_safe
def runs(request: OfficerRequest) -> HttpResponseBase:
    """Every screening of one's places."""
    rows = queries.runs_with_totals(by=request.user, on=request.on)
    if RUNS.wants_file(request):
        return RUNS.file(request, rows, audit=noted(request, "runs"))
    choices = [(row.pk, run_title(row)) for row in rows[:100]]
    values = {
        "table": RUNS.page(request, rows),
        "choices": choices,
        "may_screen": SCREEN.word in request.may,
        "may_simulate": SIMULATE.word in request.may,
        "may_compare": VIEW_HOUSEHOLDS.word in request.may and len(choices) > 1,
    }
    return render(request, "runs/runs.html", values)


def _job_href(request: OfficerRequest, found: Run) -> str:
    """The page of the job that made a run, for those who may see it: the run may be of a wider place."""
    seen = scope_of(by=request.user, permission=VIEW_JOBS, on=request.on)
    may_see = found.job_id and seen.covers(found.area_path)
    return address_or_none("site:job", found.job_id) if may_see else ""


@require_safe
def run(request: OfficerRequest, pk: int) -> HttpResponse:
    """One run: what was screened, by which rules, with which answers, and what to know about it."""
    found = queries.get_run(by=request.user, on=request.on, run_id=pk)
    households = scope_of(by=request.user, permission=VIEW_HOUSEHOLDS, on=request.on)
    open_here = households.covers(found.area_path)
    words = words_of(found, get_language() or "en")
    screen = scope_of(by=request.user, permission=SCREEN, on=request.on)
    values = {
        "run": found,
        "title": run_title(found),
        "figures_href": address_or_none("site:area", found.area_id),
        "answers": _answers(found) if open_here else [],
        "measures_href": reverse("runs:measures", args=[pk]) if open_here else "",
        "standard": words.standard,
        "lines": _lines(found, with_counts=open_here),
        "hashes": _hashes(found),
        "warnings": _warnings(found, with_counts=open_here),
        "job_href": _job_href(request, found),
        "others": [
            (other.pk, run_title(other))
            for other in queries.runs_in(by=request.user, on=request.on).exclude(pk=pk)[:50]
        ]
        if VIEW_HOUSEHOLDS.word in request.may
        else [],
        "may_simulate": scope_of(by=request.user, permission=SIMULATE, on=request.on).covers(found.area_path),
        "may_forget": screen.covers(found.area_path) and not found.active,
        "trail": [Step(_("Screenings"), reverse("runs:runs")), Step(run_title(found))],
    }
    return render(request, "runs/run.html", values)


@require_http_methods(["GET", "POST"])
def request_screening(request: OfficerRequest) -> HttpResponse:
    """Ask for a screening; what will be read stands beside the form."""
    scope = required_scope(by=request.user, permission=SCREEN, on=request.on)
    tops = top_areas_at(scope.lows)
    asked = request.GET.get("area", "")
    first = tops[0].code if tops else ""
    held = queries.find_active_run(tops[0].path) if tops else None
    initial = {"screening_date": held.on if held else request.on, "activate": True, "place": asked or first}
    if asked.isdigit():
        place = next((area for area in tops if str(area.pk) == asked), None) or find_area_by_code(
            asked, scope.filter("path")
        )
        initial["place"] = place.code if place else first
    language = get_language() or "en"
    versions = [
        (str(each.pk), f"{title_of(each, language)} {each.version_hash[:12]}")
        for each in published_versions(by=request.user, on=request.on)[:100]
    ]
    form = ScreeningForm(scope, versions, request.POST if request.method == "POST" else None, initial)
    if form.is_valid():
        given = form.cleaned_data
        chosen = given["version"]
        job = services.request_screening(
            by=request.user,
            on=request.on,
            area=given["place"],
            screening_date=given["screening_date"],
            version=get_version(by=request.user, on=request.on, version_id=int(chosen)) if chosen else None,
            as_of=given["as_of"],
            activate=given["activate"],
        )
        notices.leave(request, _("The screening is asked for. This page says how far it is."))
        return redirect(address_or_none("site:job", job.pk) or reverse("runs:runs"))
    trail = [Step(_("Screenings"), reverse("runs:runs")), Step(_("Ask for a screening"))]
    return render(request, "runs/request.html", {"form": form, "trail": trail})


@require_POST
def forget(request: OfficerRequest, pk: int) -> HttpResponse:
    """Give up the rows of an old run."""
    services.forget_run(by=request.user, on=request.on, run_id=pk)
    notices.leave(request, _("The rows of the run are gone. Its folder stays."))
    return redirect("runs:runs")


def run_title(row: Run) -> str:
    """A run as lists and trails call it."""
    return _("%(place)s, %(day)s (run %(number)s)") % {
        "place": row.area.name,
        "day": day(row.on),
        "number": row.pk,
    }


def _answers(row: Run) -> list[tuple[str, int]]:
    counted = row.record["statuses"][row.record["default_standard"]]
    return [
        (ANSWERS[status], counted[ANSWERS[status]])
        for status in (Status.POOR, Status.UNKNOWN, Status.NOT_POOR)
    ]


def _lines(row: Run, *, with_counts: bool) -> list[Line]:
    snapshot = row.snapshot
    counts = [
        Line(_("Households"), number(snapshot.households)),
        Line(_("People"), number(snapshot.people)),
    ]
    return [
        Line(_("Place"), row.area.name, href=address_or_none("site:area", row.area_id)),
        Line(_("Screening date"), day(row.on)),
        *(counts if with_counts else ()),
        Line(_("Register as of"), day(snapshot.as_of)),
        Line(_("As known at"), moment(snapshot.known_at)),
        Line(
            _("Package"),
            title_of(row.version, get_language() or "en"),
            href=reverse("policy:version", args=[row.version_id]),
        ),
        Line(_("Made"), moment(row.screened_at)),
        Line(pgettext_lazy("screening", "By"), row.screened_by.name),
    ]


def _hashes(row: Run) -> list[Line]:
    engine = row.record["engine"]
    return [
        Line(_("Package"), row.version.version_hash),
        Line(_("Snapshot"), row.snapshot.hash),
        Line(_("Engine"), f"{engine['name']} {engine['version']}, hearthline {engine['hearthline']}"),
    ]


def _warnings(row: Run, *, with_counts: bool) -> list[str]:
    """What to know about a run; numbers of households only for those who may open them."""
    if not with_counts:
        return []
    counts = row.record.get("left", {})
    told = [str(warning) for warning in row.record.get("warnings", [])]
    if out := counts.get("left_out", 0):
        told.append(
            ngettext(
                "%(count)s household was left out: a required fact of it is unknown.",
                "%(count)s households were left out: a required fact of them is unknown.",
                out,
            )
            % {"count": number(out)}
        )
    if unfit := counts.get("unfit", 0):
        told.append(
            ngettext(
                "%(count)s value does not fit the dictionary of this package and was taken as unknown.",
                "%(count)s values do not fit the dictionary of this package and were taken as unknown.",
                unfit,
            )
            % {"count": number(unfit)}
        )
    return told
