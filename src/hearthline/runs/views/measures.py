# SPDX-License-Identifier: Apache-2.0
"""Decides the page of the measures of a run: poverty, inequality, the Lorenz curve, poverty by place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hearthline.accounts.requests import OfficerRequest
from hearthline.engine.rules.wording import said, unit_words
from hearthline.policy.queries import policy_of
from hearthline.policy.reading import package_language
from hearthline.reporting.charts import Drawing
from hearthline.reporting.curves import (
    Curve,
    IntervalBar,
    Plane,
    cumulated_span,
    curves,
    interval_bars,
    share_span,
)
from hearthline.runs import queries
from hearthline.runs.models import Run
from hearthline.runs.views.runs import run_title
from hearthline.statistics import numerals
from hearthline.ui.parts import Line, Step

Figures = Mapping[str, Any]  # Any: numbers and nulls, as JSON holds them


@require_safe
def measures(request: OfficerRequest, pk: int) -> HttpResponse:
    """What the job has worked out of a run, for who may open all its households."""
    found = queries.get_run_in_full(by=request.user, on=request.on, run_id=pk)
    kept: Figures = found.record.get("measures", {})
    areas: Sequence[Figures] = sorted(kept.get("areas", []), key=lambda area: -(area["headcount"] or 0.0))
    trail = [
        Step(_("Screenings"), reverse("runs:runs")),
        Step(run_title(found), reverse("runs:run", args=[pk])),
        Step(_("Poverty and inequality")),
    ]
    values = {
        "run": found,
        "title": _("Poverty and inequality: %(run)s") % {"run": run_title(found)},
        "lines": _lines(kept.get("whole", {}), _welfare_words(found, str(kept.get("welfare", "")))),
        "lorenz": _lorenz(kept),
        "places": _places(areas),
        "areas": [_row(area) for area in areas],
        "trail": trail,
    }
    return render(request, "runs/measures.html", values)


def _welfare_words(run: Run, name: str) -> str:
    """What the package measures welfare by, with its unit; nothing where it is a fact without a label."""
    language = package_language(get_language() or "en")
    rule = policy_of(run.version).derived.get(name)
    if rule is None:
        return ""
    return f"{said(rule.label, language)} · {unit_words(str(rule.type.unit), language)}".strip(" ·")


def _lines(whole: Figures, welfare: str) -> list[Line]:
    words: Mapping[str, tuple[str, Callable[[float | None], str], str]] = {
        "headcount": (_("Share of poor people"), numerals.percent, ""),
        "gap": (
            _("Poverty gap"),
            numerals.index,
            _("how far people are below the line, as a share of it; nothing for who is above"),
        ),
        "severity": (
            _("Severity of poverty"),
            numerals.index,
            _("the same squared, so that the poorest weigh most"),
        ),
        "mean": (_("Mean of welfare"), numerals.amount, welfare),
        "median": (_("Median of welfare"), numerals.amount, welfare),
        "gini": (_("Gini coefficient"), numerals.index, _("0: all have the same; 1: one has all")),
    }
    return [
        Line(label, show(whole[name]), note) for name, (label, show, note) in words.items() if name in whole
    ]


def _lorenz(kept: Figures) -> SafeString | str:
    heights: Sequence[float] = kept.get("lorenz", [])
    if not heights:
        return ""
    step = 1 / (len(heights) + 1)
    points = [(step * (place + 1), height) for place, height in enumerate(heights)]
    half, gini = numerals.percent(heights[len(heights) // 2]), numerals.index(kept["whole"]["gini"])
    drawing = Drawing(
        "lorenz",
        _("Lorenz curve"),
        _("The poorer half of the people hold %(half)s of all. The Gini coefficient is %(gini)s.")
        % {"half": half, "gini": gini},
    )
    plane = Plane(
        share_span(0, 1, _("People, from the poorest")),
        cumulated_span(min(0.0, *heights), _("Share of all they hold")),
    )
    equal = Curve(_("equal shares"), [(0.0, 0.0), (1.0, 1.0)], "soft", "short")
    own = Curve(_("Gini %(gini)s") % {"gini": gini}, [(0.0, 0.0), *points, (1.0, 1.0)])
    return mark_safe(curves(drawing, plane, [equal, own]))


def _places(areas: Sequence[Figures]) -> SafeString | str:
    if not areas:
        return ""
    drawing = Drawing(
        "places",
        _("Share of poor people by place"),
        _("Places in the order of their share of poor people, the highest first."),
    )
    bars = [IntervalBar(area["name"], area["headcount"]) for area in areas]
    return mark_safe(interval_bars(drawing, bars, style="poor"))


def _row(area: Figures) -> tuple[str, str, str, str, str]:
    return (
        area["name"],
        numerals.whole(area["households"]),
        numerals.percent(area["headcount"]),
        numerals.index(area.get("gap")),
        numerals.index(area.get("gini")),
    )
