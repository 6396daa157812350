# SPDX-License-Identifier: Apache-2.0
"""Decides the pages of releases: the list, one table, and the way from a run to its publication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hearthline.accounts.queries import required_scope, scope_of
from hearthline.accounts.requests import OfficerRequest
from hearthline.accounts.views.files import noted
from hearthline.areas.queries import get_area, level_title, levels, top_areas_at
from hearthline.base.problems import HearthlineError
from hearthline.jobs.models import JobState
from hearthline.jobs.worker import work_at_once
from hearthline.releases import queries, services
from hearthline.releases.forms import ReleaseForm, WithdrawReleaseForm
from hearthline.releases.models import Release
from hearthline.releases.problems import TOO_LARGE, UNKNOWN_CHOICE
from hearthline.releases.proposing import Proposal
from hearthline.releases.rules import FEW_COUNTS, PREPARE_RELEASE, PUBLISH_RELEASE
from hearthline.releases.words import HIDDEN, METHODS, REASONS, SUBJECTS, head_words
from hearthline.runs.queries import get_run
from hearthline.runs.views.runs import run_title
from hearthline.runs.words import words_of
from hearthline.statistics.gate import Method
from hearthline.statistics.place_tables import Subject
from hearthline.ui import notices
from hearthline.ui.addresses import address_or_none
from hearthline.ui.badges import badge
from hearthline.ui.parts import Line, Step
from hearthline.ui.tables import Column, Table, call
from hearthline.ui.wording import day, moment, number


def _link(row: object) -> str | None:
    return reverse("releases:release", args=[row.pk]) if isinstance(row, Release) else None


def _subject(row: object) -> str:
    return str(SUBJECTS[row.subject]) if isinstance(row, Release) else ""


def _standing(row: object) -> object:
    return hasattr(row, "withdrawal")


def _state(withdrawn: object) -> str:
    if withdrawn:
        return badge(pgettext("release", "Withdrawn"), "warning")
    return badge(pgettext("release", "Published"), "good")


RELEASES = Table(
    name="releases",
    caption=gettext_lazy("Releases"),
    columns=(
        Column(key="number", label=pgettext_lazy("release", "Number"), link=_link),
        Column(key="place", label=gettext_lazy("Place"), value="area.name", sort="area_path"),
        Column(key="subject", label=gettext_lazy("Table"), value=_subject),
        Column(key="on", label=gettext_lazy("Screening date"), value="run.on", show="day"),
        Column(
            key="published_on",
            label=pgettext_lazy("release", "Published"),
            sort="published_on",
            show="day",
            first_down=True,
        ),
        Column(key="state", label=gettext_lazy("State"), value=_standing, show=_state),
    ),
    empty=gettext_lazy("Nothing has been published of your places yet."),
)


@require_safe
def releases(request: OfficerRequest) -> HttpResponseBase:
    """What was published of one's places."""
    rows = queries.releases_in(by=request.user, on=request.on)
    if RELEASES.wants_file(request):
        return RELEASES.file(request, rows, audit=noted(request, "releases"))
    values = {
        "table": RELEASES.page(request, rows),
        "may_prepare": PREPARE_RELEASE.word in request.may,
    }
    return render(request, "releases/releases.html", values)


@require_safe
def release(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """One published table, and files of it; of a withdrawn one when and why it was taken back."""
    found = queries.get_release(by=request.user, on=request.on, release_id=pk)
    words = words_of(found.run, get_language() or "en")
    table = _table(_title(found), [head_words(head, words) for head in found.table["heads"]])
    rows = _rows(found.table["rows"])
    if table.wants_file(request):
        return table.file(request, rows, audit=noted(request, "releases", table=f"release {found.number}"))
    publishes = scope_of(by=request.user, permission=PUBLISH_RELEASE, on=request.on)
    withdrawal = getattr(found, "withdrawal", None)
    values = {
        "release": found,
        "title": _title(found),
        "standard": words.standard,
        "table": table.page(request, rows),
        "lines": _lines(found),
        "withdrawal": withdrawal,
        "may_withdraw": withdrawal is None and publishes.covers(found.area_path),
        "trail": [Step(_("Releases"), reverse("releases:releases")), Step(_title(found))],
    }
    return render(request, "releases/release.html", values)


@require_http_methods(["GET", "POST"])
def choose(request: OfficerRequest) -> HttpResponse:
    """Choose the run, the place and the table; the answer is its preview."""
    scope = required_scope(by=request.user, permission=PREPARE_RELEASE, on=request.on)
    runs = queries.runs_to_publish(by=request.user, on=request.on)
    choices = [(str(run.pk), run_title(run)) for run in runs]
    tops = top_areas_at(scope.lows)
    initial = {"run": request.GET.get("run", ""), "place": tops[0].code if tops else "", "method": "suppress"}
    asked = next((run for run in runs if str(run.pk) == initial["run"]), runs[0] if runs else None)
    if asked is not None and scope.covers(asked.area_path):
        initial["place"] = asked.area.code
    highest = min((levels().index(run.area.level) for run in runs), default=-1)
    below = [(level, level_title(level)) for level in levels()[highest + 1 :]]
    form = ReleaseForm(scope, choices, below, request.POST if request.method == "POST" else None, initial)
    if form.is_valid():
        given = form.cleaned_data
        address = reverse("releases:preview", args=[int(given["run"]), given["place"].pk])
        query = {name: given[name] for name in ("subject", "method", "levels")}
        return redirect(f"{address}?{urlencode(query, doseq=True)}")
    trail = [Step(_("Releases"), reverse("releases:releases")), Step(_("Publish a table"))]
    return render(request, "releases/choose.html", {"form": form, "runs": choices, "trail": trail})


@require_safe
def preview(request: OfficerRequest, run_pk: int, pk: int) -> HttpResponse:
    """What would be published, what hidden, and why; nothing is published by looking."""
    try:
        found = _proposal(request, run_pk, pk)
    except HearthlineError as error:
        if error.problem != TOO_LARGE:
            raise
        return _unseen(request, run_pk, pk, error)
    words = words_of(found.run, get_language() or "en")
    table = _table(_("Preview"), [head_words(head, words) for head in found.table.heads], files=False)
    shown = found.shown["rows"]
    assert isinstance(shown, list)
    publishes = scope_of(by=request.user, permission=PUBLISH_RELEASE, on=request.on)
    values = {
        "title": _("Preview: %(table)s") % {"table": SUBJECTS[found.subject.value]},
        "run_title": run_title(found.run),
        "table": table.page(request, _rows(shown, found.reasons())),
        "lines": _found(found),
        "may_publish": publishes.covers(found.area.path),
        "publish_href": _publish_href(request, run_pk, pk, seen=found.seen),
        "trail": _trail_of_preview(run_pk),
    }
    return render(request, "releases/preview.html", values)


def _unseen(request: OfficerRequest, run_pk: int, pk: int, error: HearthlineError) -> HttpResponse:
    """The preview of a table that is too large for one."""
    area = get_area(
        pk, required_scope(by=request.user, permission=PREPARE_RELEASE, on=request.on).filter("path")
    )
    publishes = scope_of(by=request.user, permission=PUBLISH_RELEASE, on=request.on)
    run = get_run(by=request.user, on=request.on, run_id=run_pk)
    asked = _asked(request.GET)
    counts, most = int(str(error.params["counts"])), int(str(error.params["most"]))
    values = {
        "title": _("Without a preview: %(table)s") % {"table": SUBJECTS[asked["subject"].value]},
        "run_title": run_title(run),
        "counts": counts,
        "most": most,
        "lines": [
            Line(_("Screening"), run_title(run)),
            Line(_("Place"), area.name),
            Line(_("How small counts are kept"), str(METHODS[asked["method"].value])),
            Line(_("Counts in the table"), number(counts)),
        ],
        "may_publish": publishes.covers(area.path),
        "publish_href": _publish_href(request, run_pk, pk, seen=""),
        "trail": _trail_of_preview(run_pk),
    }
    return render(request, "releases/unseen.html", values)


def _publish_href(request: OfficerRequest, run_pk: int, pk: int, *, seen: str) -> str:
    address = reverse("releases:publish", args=[run_pk, pk])
    return f"{address}?{urlencode({**_query(request.GET), 'seen': seen}, doseq=True)}"


def _trail_of_preview(run_pk: int) -> list[Step]:
    return [
        Step(_("Releases"), reverse("releases:releases")),
        Step(_("Publish a table"), f"{reverse('releases:choose')}?run={run_pk}"),
        Step(_("Preview")),
    ]


@require_POST
def publish(request: OfficerRequest, run_pk: int, pk: int) -> HttpResponse:
    """Ask that what was seen in the preview is published; a small table is published at once."""
    job = services.request_release(
        by=request.user,
        on=request.on,
        run_id=run_pk,
        area_id=pk,
        seen=request.GET.get("seen", ""),
        **_asked(request.GET),
    )
    if job.payload["counts"] <= FEW_COUNTS:
        job = work_at_once(job)
    if job.state == JobState.DONE and job.result:
        notices.leave(request, _("Published. The gate will remember it, whatever becomes of the table."))
        return redirect("releases:release", job.result["release"])
    if job.state != JobState.FAILED:
        notices.leave(request, _("The publication is asked for. This page says how far it is."))
    return redirect(address_or_none("site:job", job.pk) or reverse("releases:releases"))


@require_http_methods(["GET", "POST"])
def withdraw(request: OfficerRequest, pk: int) -> HttpResponse:
    """Offer a release no more, with a reason."""
    found = queries.get_release_to_withdraw(by=request.user, on=request.on, release_id=pk)
    form = WithdrawReleaseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        services.withdraw_release(by=request.user, on=request.on, release_id=pk, reason=reason)
        notices.leave(request, _("Withdrawn. It stays on record, and the gate goes on remembering it."))
        return redirect("releases:releases")
    trail = [
        Step(_("Releases"), reverse("releases:releases")),
        Step(_title(found), reverse("releases:release", args=[pk])),
        Step(_("Withdraw")),
    ]
    values = {"form": form, "release": found, "title": _title(found), "trail": trail}
    return render(request, "releases/withdraw.html", values)


def _proposal(request: OfficerRequest, run_pk: int, pk: int) -> Proposal:
    return queries.proposal(by=request.user, on=request.on, run_id=run_pk, area_id=pk, **_asked(request.GET))


class _Asked(TypedDict):
    subject: Subject
    method: Method
    levels: list[str]


def _asked(given: QueryDict) -> _Asked:
    """Table, method and levels of an address. Raises ``releases.unknown-choice``."""
    subject, method = given.get("subject", Subject.STATUS), given.get("method", Method.SUPPRESS)
    for name, value, known in (("subject", subject, SUBJECTS), ("method", method, METHODS)):
        if value not in known:
            raise UNKNOWN_CHOICE.error(name=name, value=value[:40], known=", ".join(known))
    return {"subject": Subject(subject), "method": Method(method), "levels": given.getlist("levels")}


def _query(given: QueryDict) -> dict[str, object]:
    return {name: given.getlist(name) for name in ("subject", "method", "levels")}


call("release", {"name": gettext_lazy("Place"), "code": pgettext_lazy("place", "Code")})


def _table(caption: str, heads: Sequence[str], *, files: bool = True) -> Table:
    """A column for the place and one for each head; its files hold the same and nothing else."""
    figures = tuple(
        Column(key=f"figure_{place}", label=head, show=_figure) for place, head in enumerate(heads)
    )
    return Table(
        name="release",
        caption=caption,
        columns=(
            Column(key="name", label=gettext_lazy("Place")),
            Column(key="code", label=pgettext_lazy("place", "Code")),
            *figures,
        ),
        size=500,
        narrow="scroll",
        files=files,
    )


def _rows(
    rows: Sequence[Mapping[str, object]], reasons: Sequence[Sequence[str]] | None = None
) -> list[dict[str, object]]:
    found = []
    for place, row in enumerate(rows):
        figures = row["figures"]
        assert isinstance(figures, list)
        cells = {
            f"figure_{at}": _hidden(reasons[place][at] if reasons else "") if figure is None else figure
            for at, figure in enumerate(figures)
        }
        found.append({"name": row["name"], "code": row["code"], **cells})
    return found


def _hidden(reason: str) -> str:
    return str(REASONS.get(reason, HIDDEN))


def _figure(value: object) -> str:
    return number(value) if isinstance(value, int) else str(value)


def _title(row: Release) -> str:
    return _("%(table)s: %(place)s, %(day)s") % {
        "table": SUBJECTS[row.subject],
        "place": row.area.name,
        "day": day(row.run.on),
    }


def _lines(row: Release) -> list[Line]:
    return [
        Line(_("Screening date"), day(row.run.on)),
        Line(_("How small counts are kept"), str(METHODS[row.method])),
        Line(pgettext("release", "Published"), moment(row.published_at)),
        Line(pgettext("release", "Number"), number(row.number)),
        Line(_("Hash"), row.hash),
    ]


def _found(found: Proposal) -> list[Line]:
    """What the gate did, in figures."""
    counts = len(found.passed.release.told) - len(found.passed.release.silent)
    return [
        Line(_("Screening"), run_title(found.run)),
        Line(_("Place"), found.area.name),
        Line(_("How small counts are kept"), str(METHODS[found.method.value])),
        Line(_("Counts in the table"), number(counts)),
        Line(_("Hidden"), number(len(found.passed.hidden))),
        Line(_("Hidden for the others"), number(len(found.passed.beside & found.passed.hidden))),
        Line(_("Earlier releases"), number(found.head.number)),
        Line(_("Counts attacked, none within 3"), number(found.passed.attacked)),
    ]
