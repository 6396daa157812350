# SPDX-License-Identifier: Apache-2.0
"""Decides how the pages of imports answer: list, upload, map, report, undo."""

from __future__ import annotations

import io
from collections.abc import Mapping

from django.conf import settings
from django.http import FileResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from hearthline.accounts.queries import NOT_FOUND, required_scope, scope_of
from hearthline.accounts.requests import OfficerRequest
from hearthline.accounts.views.files import noted
from hearthline.areas.models import Area
from hearthline.base.problems import HearthlineError
from hearthline.base.sealing import keys_of
from hearthline.jobs.models import Job, JobState
from hearthline.policy.unpacking import folder_of
from hearthline.registry import reporting
from hearthline.registry.brought import (
    households_changed,
    households_new,
    households_of_people,
)
from hearthline.registry.dictionary import dictionary_of
from hearthline.registry.forms import MapForm, UploadForm
from hearthline.registry.models import RegisterImport
from hearthline.registry.queries import get_import, imports_in, places_to_import
from hearthline.registry.reading import suggested_map
from hearthline.registry.rules import IMPORT_REGISTER, VIEW_HOUSEHOLD
from hearthline.registry.services import hand_out_refused, request_import, undo_import
from hearthline.registry.staging import Waiting, clear, find_waiting, stage
from hearthline.registry.storing import TOO_MUCH, Uploaded, plain_room
from hearthline.ui import notices
from hearthline.ui.addresses import address_or_none
from hearthline.ui.parts import Step
from hearthline.ui.problems import told
from hearthline.ui.tables import Column, Table

TABLE = Table(
    name="imports",
    caption=_("Imports"),
    columns=(
        Column(
            key="title",
            label=_("Title"),
            link=lambda row: reverse("registry:import", args=[row.pk]),  # type: ignore[attr-defined]  # a row is an import
        ),
        Column(key="area", label=_("Place"), value="area.name"),
        Column(key="observed_on", label=_("As of"), show="day"),
        Column(key="requested_at", label=_("Asked for"), show="moment"),
        Column(key="requested_by", label=_("By"), value="requested_by.name"),
        Column(key="finished_at", label=_("Finished"), show="moment"),
        Column(key="undone_at", label=_("Undone"), show="moment"),
    ),
    sort="-",
    empty=_("Nothing was imported yet."),
)


@require_safe
def imports(request: OfficerRequest) -> HttpResponseBase:
    """The imports of one's own area, the newest first."""
    rows = imports_in(by=request.user, on=request.on)
    may_import = not scope_of(by=request.user, permission=IMPORT_REGISTER, on=request.on).empty
    context = {"table": TABLE.page(request, rows), "may_import": may_import}
    return render(request, "registry/imports.html", context)


@csrf_exempt
def new_import(request: OfficerRequest) -> HttpResponseBase:
    """The upload. Its size is looked at before any of it is read; the token of the form comes after."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdigit() and int(length) > settings.UPLOAD_LIMIT:
        raise TOO_MUCH.error(size=int(length) // 2**20, limit=settings.UPLOAD_LIMIT // 2**20)
    return _new_import(request)


@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def _new_import(request: OfficerRequest) -> HttpResponseBase:
    scope = required_scope(by=request.user, permission=IMPORT_REGISTER, on=request.on)
    areas = places_to_import(by=request.user, on=request.on)
    form = UploadForm(scope, areas, request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                return _taken(request, form)
            except HearthlineError as error:
                form.add_error("map" if error.code.startswith("import.") else None, told(error).sentence)
    return render(request, "registry/upload.html", {"form": form}, status=status)


def _taken(request: OfficerRequest, form: UploadForm) -> HttpResponseBase:
    """An import asked for with its map, or files that wait for one."""
    given, area = form.cleaned_data["uploads"], int(form.cleaned_data["area"])
    if form.cleaned_data["map"] is None:
        token = stage(
            settings.HOME / "imports",
            request.user.pk,
            area,
            form.cleaned_data["title"],
            [(file.name or "", file.chunks()) for file in given],
            keys=keys_of(settings.KEY_FILE),
        )
        return redirect("registry:choose-map", token=token)
    with plain_room(settings.HOME / "imports") as room:
        files = []
        for place, file in enumerate(given):
            path = room / f"{place}.part"
            path.write_bytes(b"".join(file.chunks()))
            files.append(Uploaded(file.name or "", path))
        text = form.cleaned_data["map"].read().decode("utf-8-sig", errors="replace")
        asked = request_import(
            by=request.user,
            on=request.on,
            area_id=area,
            title=form.cleaned_data["title"],
            map_text=text,
            files=files,
        )
    return _asked(request, asked)


def _asked(request: OfficerRequest, asked: RegisterImport) -> HttpResponseBase:
    notices.leave(request, gettext("The import was asked for. This page shows how far it is."))
    return redirect("registry:import", pk=asked.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def choose_map(request: OfficerRequest, token: str) -> HttpResponseBase:
    """The draft of a map for files that wait, to be corrected and sent."""
    required_scope(by=request.user, permission=IMPORT_REGISTER, on=request.on)
    waiting = find_waiting(settings.HOME / "imports", request.user.pk, token)
    if waiting is None:
        raise NOT_FOUND.error()
    if request.method != "POST":
        form = MapForm(initial={"map_text": _draft(request, waiting)})
        return render(request, "registry/map.html", {"form": form, "waiting": waiting})
    form = MapForm(request.POST)
    if form.is_valid():
        try:
            with waiting.opened(keys_of(settings.KEY_FILE)) as files:
                asked = request_import(
                    by=request.user,
                    on=request.on,
                    area_id=waiting.area_id,
                    title=waiting.title,
                    map_text=form.cleaned_data["map_text"],
                    files=files,
                )
        except HearthlineError as error:
            form.add_error("map_text", told(error).sentence)
        else:
            clear(waiting)
            return _asked(request, asked)
    return render(request, "registry/map.html", {"form": form, "waiting": waiting}, status=400)


def _draft(request: OfficerRequest, waiting: Waiting) -> str:
    """What files and dictionary suggest."""
    scope = required_scope(by=request.user, permission=IMPORT_REGISTER, on=request.on)
    area = Area.objects.filter(scope.filter("path"), pk=waiting.area_id).first()
    if area is None:
        raise NOT_FOUND.error()
    version, _policy = dictionary_of(area.path, request.on)
    with waiting.opened(keys_of(settings.KEY_FILE)) as files:
        return suggested_map(folder_of(version), files)


STOPPED = (JobState.FAILED, JobState.CANCELLED)
"""What a stopped import had brought counts until it goes on or is undone."""


COUNTED: Mapping[str, tuple[str, Promise]] = {
    "new": ("new_households", _("New households")),
    "changed": ("changed_households", _("Changed households")),
}
"""The counts of a report whose households are listed: the word of the address, the count, the title."""
HOUSEHOLDS = Table(
    name="households",
    caption=_("Households"),
    columns=(
        Column(
            key="number",
            label=_("Household number"),
            sort="number",
            link=lambda row: address_or_none("site:household", row["pk"]),  # type: ignore[index]  # fields of a row
        ),
        Column(key="head", label=_("Head"), value="head_name"),
        Column(key="place", label=_("Village"), value="area__name", sort="area_path"),
        Column(key="people", label=_("People"), value="members", show="number"),
        Column(key="closed_on", label=_("Closed"), show="day"),
    ),
    sort="place",
    reads=("number", "head_name", "area__name", "members", "closed_on"),
    empty=_("No household of the import is in your places."),
)


@require_safe
def import_households(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """The households behind a count of the report."""
    found = get_import(by=request.user, on=request.on, import_id=pk)
    asked = request.GET.get("counted", "")
    counted = asked if asked in COUNTED else "new"
    chosen = households_new if counted == "new" else households_changed
    rows = chosen(by=request.user, on=request.on, import_id=pk)
    if HOUSEHOLDS.wants_file(request):
        return HOUSEHOLDS.file(request, rows, audit=noted(request, "registry", area=found.area))
    title = COUNTED[counted][1]
    context = {
        "imported": found,
        "title": title,
        "table": HOUSEHOLDS.page(request, rows),
        "trail": [
            Step(_("Imports"), reverse("registry:imports")),
            Step(found.title, reverse("registry:import", args=[pk])),
            Step(title),
        ],
    }
    return render(request, "registry/import_households.html", context)


def _told_report(request: OfficerRequest, found: RegisterImport) -> reporting.ToldReport | None:
    """The report, with what the reader may open behind its counts; of an undone import none count."""
    opens = scope_of(by=request.user, permission=VIEW_HOUSEHOLD, on=request.on)
    if found.undone_at is not None or not opens.covers(found.area_path):
        return reporting.told_report(found)
    address = reverse("registry:import-households", args=[found.pk])
    listed = {count: f"{address}?counted={word}" for word, (count, _title) in COUNTED.items()}
    people = households_of_people(by=request.user, on=request.on, numbers=reporting.people_told(found))
    homes = {number: address_or_none("site:household", household) for number, household in people.items()}
    return reporting.told_report(found, listed, homes)


@require_safe
def import_report(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """How far an import is, and what became of its rows."""
    found = get_import(by=request.user, on=request.on, import_id=pk)
    job = Job.objects.filter(pk=found.undo_job_id or found.job_id or 0).first()
    scope = scope_of(by=request.user, permission=IMPORT_REGISTER, on=request.on)
    ended = found.finished_at is not None or (job is not None and job.state in STOPPED)
    context = {
        "imported": found,
        "job": job,
        "report": _told_report(request, found),
        "may_undo": scope.covers(found.area_path) and found.undone_at is None and ended,
    }
    return render(request, "registry/import.html", context)


@require_safe
def refused_rows(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """The refused rows with their reasons in the reader's language, as a file."""
    rows = reporting.refused_in_words(hand_out_refused(by=request.user, on=request.on, import_id=pk))
    name = f"refused-{pk}.csv"
    return FileResponse(io.BytesIO(rows), as_attachment=True, filename=name, content_type="text/csv")


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """The question whether an import is to be undone, and its answer."""
    found = get_import(by=request.user, on=request.on, import_id=pk)
    required_scope(by=request.user, permission=IMPORT_REGISTER, on=request.on, path=found.area_path)
    if request.method == "POST":
        undo_import(by=request.user, on=request.on, import_id=pk)
        notices.leave(request, gettext("The import is being undone."))
        return redirect("registry:import", pk=pk)
    context = {
        "question": gettext("Undo the import %(title)s?") % {"title": found.title},
        "consequences": gettext(
            "Every household and person that it opened is closed, and every value it brought stops counting. "
            "What officers wrote down since stays. The observations themselves are kept."
        ),
        "submit": gettext("Undo the import"),
        "cancel": reverse("registry:import", args=[pk]),
    }
    return render(request, "ui/confirm.html", context)
