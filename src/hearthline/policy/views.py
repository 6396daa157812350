# SPDX-License-Identifier: Apache-2.0
"""Decides the pages of policy: what is in force here, what a package says, how two differ, what changes."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hearthline.accounts.queries import required_scope, scope_of
from hearthline.accounts.requests import OfficerRequest
from hearthline.accounts.views.files import noted
from hearthline.areas.queries import top_areas_at
from hearthline.engine.packages.words import word
from hearthline.engine.rules.wording import said
from hearthline.policy import queries, reading, services
from hearthline.policy.forms import ActivateForm, PublishForm, WithdrawForm
from hearthline.policy.models import Activation, PackageVersion
from hearthline.policy.rules import ACTIVATE_POLICY, PUBLISH_POLICY, VIEW_POLICY
from hearthline.statistics.pace import Pace
from hearthline.statistics.series_formats import decimal
from hearthline.ui import notices
from hearthline.ui.parts import Bar, Bars, Line, Point, Series, Step, Tab
from hearthline.ui.tables import Column, Table

HASH_LENGTH = 64
RULES = ("standards", "criteria", "indices", "causes", "derived")
DICTIONARY = ("facts", "lookups")


def _version_link(row: object) -> str | None:
    if isinstance(row, PackageVersion):
        return reverse("policy:version", args=[row.pk])
    return reverse("policy:version", args=[row.version_id]) if isinstance(row, Activation) else None


def _title(row: object) -> str:
    version = row.version if isinstance(row, Activation) else row
    return reading.title_of(version, get_language() or "en") if isinstance(version, PackageVersion) else ""


def _hash(row: object) -> str:
    version = row.version if isinstance(row, Activation) else row
    return version.version_hash[:12] if isinstance(version, PackageVersion) else ""


def _withdraw_link(row: object) -> str | None:
    return reverse("policy:withdraw", args=[row.pk]) if isinstance(row, Activation) else None


VERSIONS = Table(
    name="versions",
    prefix="v_",
    caption=gettext_lazy("Published versions"),
    show_caption=True,
    columns=(
        Column(key="title", label=gettext_lazy("Package"), value=_title, link=_version_link),
        Column(key="package_id", label=gettext_lazy("Identifier"), sort="package_id"),
        Column(key="hash", label=gettext_lazy("Version"), value=_hash),
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
    caption=gettext_lazy("In force in your places"),
    show_caption=True,
    columns=(
        Column(key="place", label=gettext_lazy("Place"), value="area.name", sort="area_path"),
        Column(key="title", label=gettext_lazy("Package"), value=_title, link=_version_link),
        Column(key="hash", label=gettext_lazy("Version"), value=_hash),
        Column(key="starts_on", label=gettext_lazy("First screening date"), sort="starts_on", show="day"),
        Column(key="ends_on", label=gettext_lazy("Last screening date"), show="day"),
        Column(
            key="withdraw",
            label=gettext_lazy("Change"),
            value=lambda row: _("Withdraw"),
            link=lambda row: (
                reverse("policy:withdraw", args=[row.pk]) if isinstance(row, Activation) else None
            ),
            in_files=False,
        ),
    ),
    empty=gettext_lazy("Nothing is in force in your places by an activation of their own."),
)


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
        (area, queries.find_activation_in_force(area.path, request.on))
        for area in top_areas_at(scope.lows)[:20]
    ]
    values = {
        "here": [(area, found, _title(found) if found else "") for area, found in here],
        "versions": VERSIONS.page(request, versions),
        "activations": ACTIVATIONS.page(request, activations),
        "may_publish": PUBLISH_POLICY.word in request.may,
        "may_activate": ACTIVATE_POLICY.word in request.may and versions.exists(),
    }
    return render(request, "policy/packages.html", values)


@require_safe
def version(request: OfficerRequest, pk: int) -> HttpResponse:
    """A package as an official reads it: standards, criteria, causes, values."""
    found = queries.get_version(by=request.user, on=request.on, version_id=pk)
    sections = reading.sections_of(found, _language())
    package = next(section for section in sections if section.name == "package").entries[0]
    others = queries.published_versions(by=request.user, on=request.on).exclude(pk=pk)
    values = {
        "lines": [Line(label, text) for label, text in package.fields],
        "sections": sorted(
            (section for section in sections if section.name in RULES),
            key=lambda section: RULES.index(section.name),
        ),
        "others": [(other.pk, f"{_title(other)} {_hash(other)}") for other in others[:50]],
        "may_activate": ACTIVATE_POLICY.word in request.may,
    }
    return _shown(request, "policy/version.html", found, "version", values)


@require_safe
def parameters(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """The parameters of a package: a table by year, and each value with its source."""
    found = queries.get_version(by=request.user, on=request.on, version_id=pk)
    table = reading.parameters_of(found, _language(), request.on.year)
    listed = _by_year(table)
    rows = [
        {"label": _series_label(each), "unit": each.unit}
        | {str(year): value for year, value in zip(table.years, each.by_year, strict=True)}
        for each in table.series
    ]
    if listed.wants_file(request):
        return listed.file(request, rows, audit=noted(request, "policy"))
    values = {
        "table": listed.page(request, rows),
        "series": [(_series_label(each), each) for each in table.series],
    }
    return _shown(request, "policy/parameters.html", found, "parameters", values)


@require_safe
def dictionary(request: OfficerRequest, pk: int) -> HttpResponse:
    """The facts a package asks for and its lookup tables."""
    found = queries.get_version(by=request.user, on=request.on, version_id=pk)
    sections = [each for each in reading.sections_of(found, _language()) if each.name in DICTIONARY]
    return _shown(request, "policy/facts.html", found, "facts", {"sections": sections})


@require_safe
def figures(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """What was published of the country: by year, the pace, every figure with its source and conflicts."""
    found = queries.get_version(by=request.user, on=request.on, version_id=pk)
    published = reading.published_of(found, _language())
    if FIGURES.wants_file(request):
        return FIGURES.file(request, published.figures, audit=noted(request, "policy"))
    values = {
        "table": FIGURES.page(request, published.figures),
        "poor": _poor_by_year(published),
        "incidence": _incidence_by_year(published),
        "paces": [
            (each, [(times.figure, decimal(times.times, 2)) for times in each.earlier], _pace_words(each))
            for each in published.paces
        ],
        "programmes": published.paces[0].earlier if published.paces else (),
        "disputed": [each for each in published.figures if each.conflicts],
    }
    return _shown(request, "policy/figures.html", found, "figures", values)


@require_safe
def scores(request: OfficerRequest, pk: int) -> HttpResponse:
    """The data sheet of every score of a package: who it was learned from, how wrong it is, for whom."""
    found = queries.get_version(by=request.user, on=request.on, version_id=pk)
    values = {"scores": reading.scores_of(found, _language())}
    return _shown(request, "policy/scores.html", found, "scores", values)


def _poor_by_year(published: reading.PublishedFigures) -> Series | None:
    points = [Point(str(year), [float(value)]) for year, value in published.poor]
    if not points:
        return None
    names = (_("Poor people"),)
    return Series(_("Rural poor at the end of each year"), points, names, _("Year"), styles=("poor",))


def _incidence_by_year(published: reading.PublishedFigures) -> Bars | None:
    items = [Bar(str(year), float(value), words=f"{value:f} %") for year, value in published.incidence]
    if not items:
        return None
    return Bars(_("Poor in a hundred of the rural population"), items, _("Year"), _("Incidence"))


def _pace_words(pace: Pace) -> Mapping[str, str]:
    return {
        "poor": decimal(pace.poor, 0),
        "incidence": "" if pace.incidence is None else decimal(pace.incidence, 1),
        "year_fall": "" if pace.year_fall is None else decimal(pace.year_fall, 0),
        "fall": decimal(pace.fall, 0),
        "share": decimal(pace.share * 100, 1),
        "yearly": decimal(pace.yearly, 0),
        "points": "" if pace.points is None else decimal(pace.points, 1),
    }


@require_safe
def scenarios(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """The scenarios of a package and how each went."""
    found = queries.get_version(by=request.user, on=request.on, version_id=pk)
    results = reading.scenarios_of(found)
    if SCENARIOS.wants_file(request):
        return SCENARIOS.file(request, results, audit=noted(request, "policy"))
    values = {
        "table": SCENARIOS.page(request, results),
        "count": len(results),
        "passed": sum(result.passed for result in results),
    }
    return _shown(request, "policy/scenarios.html", found, "scenarios", values)


def _shortened(text: str) -> str:
    """A hash by its beginning, as everywhere on these pages; whatever else as it is."""
    is_hash = len(text) == HASH_LENGTH and set(text) <= set("0123456789abcdef")
    return text[:12] if is_hash else text


FIGURES = Table(
    name="figures",
    caption=gettext_lazy("Every figure with its source"),
    columns=(
        Column(key="series", label=gettext_lazy("What was counted")),
        Column(key="time", label=gettext_lazy("When")),
        Column(key="place", label=gettext_lazy("Place")),
        Column(key="value", label=gettext_lazy("Value")),
        Column(key="mark", label=gettext_lazy("Mark")),
        Column(key="base", label=gettext_lazy("Counted of")),
        Column(key="source", label=gettext_lazy("Source")),
        Column(key="note", label=gettext_lazy("Note")),
    ),
    sort="",
    size=300,
    narrow="scroll",
    empty=gettext_lazy("This package brings no published figures."),
)
SCENARIOS = Table(
    name="scenarios",
    caption=gettext_lazy("Scenarios"),
    columns=(
        Column(key="name", label=gettext_lazy("Scenario")),
        Column(key="about", label=gettext_lazy("Source")),
        Column(key="passed", label=gettext_lazy("Holds"), show="yes_no"),
    ),
    sort="",
    size=200,
)
DIFFERENCES = Table(
    name="differences",
    caption=gettext_lazy("Differences"),
    columns=(
        Column(key="section", label=gettext_lazy("Section")),
        Column(key="title", label=gettext_lazy("Entry")),
        Column(key="field", label=pgettext_lazy("difference", "What")),
        Column(key="old", label=gettext_lazy("Before")),
        Column(key="new", label=gettext_lazy("After")),
    ),
    size=300,
    empty=gettext_lazy("The two versions say the same."),
)


@require_safe
def difference(request: OfficerRequest) -> HttpResponseBase:
    """What differs between two versions."""
    old, new = (
        queries.get_version(by=request.user, on=request.on, version_id=_number(request.GET.get(name, "")))
        for name in ("old", "new")
    )
    language = reading.package_language(_language())
    rows = [
        {
            "section": word(each.section, language),
            "title": each.title or each.name,
            "field": word(each.field, language) if each.field else word(each.what, language),
            "old": _shortened(each.old),
            "new": _shortened(each.new),
        }
        for each in reading.differences_between(old, new, _language())
    ]
    if DIFFERENCES.wants_file(request):
        return DIFFERENCES.file(request, rows, audit=noted(request, "policy"))
    values = {
        "old": old,
        "new": new,
        "old_title": f"{_title(old)} {_hash(old)}",
        "new_title": f"{_title(new)} {_hash(new)}",
        "table": DIFFERENCES.page(request, rows),
        "trail": [Step(_("Policy"), reverse("policy:packages")), Step(_("Differences"))],
    }
    return render(request, "policy/difference.html", values)


@require_http_methods(["GET", "POST"])
def publish(request: OfficerRequest) -> HttpResponse:
    """Publish one of the packages that come with Hearthline."""
    required_scope(by=request.user, permission=PUBLISH_POLICY, on=request.on)
    language = reading.package_language(_language())
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
    chosen = _number(request.POST.get("version") or request.GET.get("version", ""))
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
    values = {"form": form, "version": found, "title": _title(found), "trail": trail}
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
    values = {"form": form, "activation": found, "title": _title(found), "trail": trail}
    return render(request, "policy/withdraw.html", values)


def _shown(
    request: OfficerRequest, template: str, found: PackageVersion, part: str, values: Mapping[str, object]
) -> HttpResponse:
    """A page of one version, with its tabs and trail."""
    names = {
        "version": _("Rules"),
        "parameters": _("Parameters by year"),
        "facts": pgettext("policy", "Facts"),
        "figures": _("Published figures"),
        "scores": _("Scores"),
        "scenarios": _("Scenarios"),
    }
    tabs = [
        Tab(label, reverse(f"policy:{name}", args=[found.pk]), name == part) for name, label in names.items()
    ]
    title = _title(found)
    trail = [Step(_("Policy"), reverse("policy:packages")), Step(title)]
    shared = {"version": found, "title": title, "hash": _hash(found), "tabs": tabs, "trail": trail}
    return render(request, template, shared | dict(values))


def _by_year(table: reading.ParameterTable) -> Table:
    years = tuple(Column(key=str(year), label=str(year)) for year in table.years)
    return Table(
        name="parameters",
        caption=gettext_lazy("Values on 31 December of each year"),
        columns=(Column(key="label", label=gettext_lazy("Parameter")), *years),
        size=300,
        narrow="scroll",
    )


def _series_label(series: reading.ParameterSeries) -> str:
    notes = [note for note in (series.purpose, series.jurisdiction) if note]
    return f"{series.label} ({', '.join(notes)})" if notes else series.label


def _language() -> str:
    return get_language() or "en"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
