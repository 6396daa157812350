# SPDX-License-Identifier: Apache-2.0
"""Decides what the pages of one version show: its rules, values, facts, scores and scenarios."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext, gettext_lazy, pgettext
from django.views.decorators.http import require_safe

from hearthline.accounts.requests import OfficerRequest
from hearthline.accounts.views.files import noted
from hearthline.policy import queries, reading
from hearthline.policy.rules import ACTIVATE_POLICY
from hearthline.policy.views.shown import hash_of, language_here, page_of_version, title_of
from hearthline.ui.parts import Line
from hearthline.ui.tables import Column, Table, call

RULES = ("standards", "criteria", "indices", "causes", "derived")
DICTIONARY = ("facts", "lookups")
SCENARIOS = Table(
    name="scenarios",
    caption=gettext_lazy("Scenarios"),
    columns=(
        Column(key="name", label=gettext_lazy("Scenario"), value=reading.scenario_words),
        Column(key="about", label=gettext_lazy("Source"), value=reading.requirement_words),
        Column(key="passed", label=gettext_lazy("Holds"), show="yes_no"),
    ),
    sort="",
    size=200,
)


@require_safe
def version(request: OfficerRequest, pk: int) -> HttpResponse:
    """A package as an official reads it: standards, criteria, causes, values."""
    found = queries.get_version(by=request.user, on=request.on, version_id=pk)
    sections = reading.sections_of(found, language_here())
    package = next(section for section in sections if section.name == "package").entries[0]
    others = queries.published_versions(by=request.user, on=request.on).exclude(pk=pk)
    values = {
        "lines": [Line(label, text) for label, text in package.fields],
        "sections": sorted(
            (section for section in sections if section.name in RULES),
            key=lambda section: RULES.index(section.name),
        ),
        "others": [(other.pk, f"{title_of(other)} {hash_of(other)}") for other in others[:50]],
        "opened": request.GET.get("open", ""),
        "may_activate": ACTIVATE_POLICY.word in request.may,
    }
    return page_of_version(request, "policy/version.html", found, "version", values)


@require_safe
def parameters(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """The parameters of a package: a table by year, and each value with its source."""
    found = queries.get_version(by=request.user, on=request.on, version_id=pk)
    table = reading.parameters_of(found, language_here(), request.on.year)
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
        "in_short": [
            Line(_series_label(each), gettext("; ").join(_in_short(each.by_year, table.years)))
            for each in table.series
        ],
        "opened": request.GET.get("open", ""),
        "series": [(_series_label(each), each) for each in table.series],
    }
    return page_of_version(request, "policy/parameters.html", found, "parameters", values)


@require_safe
def dictionary(request: OfficerRequest, pk: int) -> HttpResponse:
    """The facts a package asks for and its lookup tables."""
    found = queries.get_version(by=request.user, on=request.on, version_id=pk)
    sections = [each for each in reading.sections_of(found, language_here()) if each.name in DICTIONARY]
    return page_of_version(request, "policy/facts.html", found, "facts", {"sections": sections})


@require_safe
def scores(request: OfficerRequest, pk: int) -> HttpResponse:
    """The data sheet of every score of a package: who it was learned from, how wrong it is, for whom."""
    found = queries.get_version(by=request.user, on=request.on, version_id=pk)
    values = {"scores": reading.scores_of(found, language_here())}
    return page_of_version(request, "policy/scores.html", found, "scores", values)


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
    return page_of_version(request, "policy/scenarios.html", found, "scenarios", values)


call("parameters", {"label": gettext_lazy("Parameter")})


def _by_year(table: reading.ParameterTable) -> Table:
    years = tuple(Column(key=str(year), label=str(year)) for year in table.years)
    return Table(
        name="parameters",
        caption=gettext_lazy("Values on 31 December of each year"),
        columns=(Column(key="label", label=gettext_lazy("Parameter")), *years),
        size=300,
        narrow="scroll",
    )


def _in_short(by_year: Sequence[str], years: Sequence[int]) -> Iterator[str]:
    """The values of a parameter, each once with its years: for a phone, where two years would be seen."""
    dated = zip(by_year, years, strict=True)
    for value, group in groupby(dated, key=lambda each: each[0]):
        held = [year for _value, year in group]
        if not value:
            continue
        period = str(held[0]) if len(held) == 1 else f"{held[0]}–{held[-1]}"
        yield value if len(held) == len(years) else f"{value} ({period})"


def _series_label(series: reading.ParameterSeries) -> str:
    notes = [note for note in (series.purpose, series.jurisdiction) if note]
    if not notes:
        return series.label
    listed = pgettext("list", ", ").join(notes)
    return gettext("%(label)s (%(notes)s)") % {"label": series.label, "notes": listed}
