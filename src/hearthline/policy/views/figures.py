# SPDX-License-Identifier: Apache-2.0
"""Decides how the published figures of a package are shown: by year, their pace, each with its source."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from hearthline.accounts.requests import OfficerRequest
from hearthline.accounts.views.files import noted
from hearthline.policy import queries, reading
from hearthline.policy.views.shown import language_here, page_of_version
from hearthline.statistics.pace import Pace
from hearthline.statistics.series_formats import decimal
from hearthline.ui.parts import Bar, Bars, Point, Series
from hearthline.ui.tables import Column, Table

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


@require_safe
def figures(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """What was published of the country: by year, the pace, every figure with its source and conflicts."""
    found = queries.get_version(by=request.user, on=request.on, version_id=pk)
    published = reading.published_of(found, language_here())
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
    return page_of_version(request, "policy/figures.html", found, "figures", values)


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
