# SPDX-License-Identifier: Apache-2.0
"""Decides the pages of simulations: the list, the request, one answer with its charts, its households."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hearthline.accounts.queries import required_scope, scope_of
from hearthline.accounts.requests import OfficerRequest
from hearthline.accounts.views.files import noted
from hearthline.areas.models import Area
from hearthline.areas.queries import get_area
from hearthline.base.problems import HearthlineError
from hearthline.policy.queries import folder_of, get_version, policy_of, published_versions
from hearthline.policy.reading import package_language, title_of
from hearthline.runs import services
from hearthline.runs.answers import Answer, address_words, rule_words, set_words
from hearthline.runs.models import SimulatedHousehold, Simulation
from hearthline.runs.rules import VIEW_HOUSEHOLDS
from hearthline.runs.simulating_form import SimulationForm
from hearthline.runs.simulations import (
    get_simulation,
    places_told,
    run_to_simulate,
    simulated_households,
    simulations_in,
)
from hearthline.runs.views.households import KNOWN_BY
from hearthline.runs.views.runs import run_title
from hearthline.ui import notices
from hearthline.ui.addresses import address_or_none
from hearthline.ui.parts import Step
from hearthline.ui.tables import Column, Table

TITLES: dict[str, Promise] = {
    "entered": gettext_lazy("Would become poor"),
    "left": gettext_lazy("Would no longer be poor"),
    "found poor": gettext_lazy("Unknown, would be poor"),
    "found not poor": gettext_lazy("Unknown, would not be poor"),
    "became unknown": gettext_lazy("Would become unknown"),
}


def _link(row: object) -> str | None:
    return reverse("runs:simulation", args=[row.pk]) if isinstance(row, Simulation) else None


def _set(row: object) -> str:
    if not isinstance(row, Simulation):
        return ""
    language = package_language(get_language() or "en")
    parts = (text.partition("=") for text in row.asked.get("settings", []))
    policy = policy_of(row.version)
    set_here = [
        _("%(name)s: %(value)s")
        % {"name": address_words(policy, address, language), "value": set_words(policy, value, language)}
        for address, _equals, value in parts
    ]
    return _("; ").join(set_here) or title_of(row.version, get_language() or "en")


SIMULATIONS = Table(
    name="simulations",
    caption=gettext_lazy("Simulations"),
    columns=(
        Column(
            key="id", label=pgettext_lazy("simulation", "Number"), value="pk", link=_link, first_down=True
        ),
        Column(key="place", label=gettext_lazy("Place"), value="area.name"),
        Column(key="set", label=gettext_lazy("What was set"), value=_set),
        Column(key="made_at", label=gettext_lazy("Made"), show="moment", first_down=True),
        Column(key="by", label=pgettext_lazy("simulation", "By"), value="asked_by.name"),
    ),
    empty=gettext_lazy("Nothing has been simulated in your places yet."),
)


HOUSEHOLDS = Table(
    name="simulated",
    prefix="t_",  # change in the address is the list
    caption=gettext_lazy("Households"),
    columns=(
        *KNOWN_BY,
        Column(key="rules", label=gettext_lazy("Rule that makes the difference")),
    ),
    sort="place",
    empty=gettext_lazy("No household would change so."),
)


def _in_words(simulation: Simulation) -> Table:
    """The list of households, with the rules of the changed package by their names for people."""
    policy, language = policy_of(simulation.version), package_language(get_language() or "en")

    def words(row: object) -> str:
        names = row.rules.split(",") if isinstance(row, SimulatedHousehold) and row.rules else []
        return ", ".join(rule_words(policy, name.strip(), language) for name in names)

    *others, rules = HOUSEHOLDS.columns
    return replace(HOUSEHOLDS, columns=(*others, replace(rules, value=words)))


@require_safe
def simulations(request: OfficerRequest) -> HttpResponseBase:
    """Every simulation of one's places."""
    rows = simulations_in(by=request.user, on=request.on)
    if SIMULATIONS.wants_file(request):
        return SIMULATIONS.file(request, rows, audit=noted(request, "runs"))
    values = {
        "table": SIMULATIONS.page(request, rows),
        "trail": [Step(_("Screenings"), reverse("runs:runs")), Step(_("Simulations"))],
    }
    return render(request, "runs/simulations.html", values)


@require_http_methods(["GET", "POST"])
def request_simulation(request: OfficerRequest, pk: int) -> HttpResponse:
    """Ask what a changed package would say of a run's households."""
    run = run_to_simulate(by=request.user, on=request.on, run_id=pk)
    language = get_language() or "en"
    versions = [
        (str(each.pk), f"{title_of(each, language)} {each.version_hash[:12]}")
        for each in published_versions(by=request.user, on=request.on)[:100]
        if each.pk != run.version_id
    ]
    data = request.POST if request.method == "POST" else None
    form = SimulationForm(policy_of(run.version), run.on, versions, package_language(language), data)
    status = 200
    if form.is_bound:
        status = 400
        if form.is_valid():
            chosen = form.cleaned_data["version"]
            version = (
                get_version(by=request.user, on=request.on, version_id=int(chosen)) if chosen else run.version
            )
            try:
                job = services.request_simulation(
                    by=request.user,
                    on=request.on,
                    run_id=run.pk,
                    version=version,
                    asked=form.asked(),
                )
            except HearthlineError as error:
                form.tell(error, folder_of(version))
            else:
                notices.leave(request, _("The simulation is asked for. Nobody's status is changed by it."))
                seen = "jobs.view" in request.may
                return redirect(
                    (address_or_none("site:job", job.pk) if seen else "") or reverse("runs:simulations")
                )
    values = {
        "form": form,
        "run": run,
        "title": run_title(run),
        "trail": [
            Step(_("Screenings"), reverse("runs:runs")),
            Step(run_title(run), reverse("runs:run", args=[run.pk])),
            Step(_("What if")),
        ],
    }
    return render(request, "runs/simulate.html", values, status=status)


@require_safe
def simulation(request: OfficerRequest, pk: int) -> HttpResponse:
    """One answer: who would enter and leave, by place, cause and group; cost, cliff and curve."""
    found = get_simulation(by=request.user, on=request.on, simulation_id=pk)
    opens = scope_of(by=request.user, permission=VIEW_HOUSEHOLDS, on=request.on)
    whole = opens.covers(found.area_path)

    def listed(change: str, **narrowed: object) -> str:
        address = reverse("runs:simulation-households", args=[found.pk])
        return f"{address}?{urlencode({'change': change, **narrowed})}" if whole else ""

    def meaning(section: str, name: str) -> str:
        page = "policy:parameters" if section == "parameters" else "policy:version"
        address, entry = address_or_none(page, found.version_id), f"{section}-{name}"
        return f"{address}?{urlencode({'open': entry})}#{entry}" if address else ""

    language = package_language(get_language() or "en")
    places = places_told(found) if whole else {}
    answer = Answer(found, language, whole, TITLES, listed, meaning, places)
    values = {
        "simulation": found,
        "run_title": run_title(found.run),
        "answer": answer,
        "whole": whole,
        "trail": [
            Step(_("Screenings"), reverse("runs:runs")),
            Step(_("Simulations"), reverse("runs:simulations")),
            Step(str(found.pk)),
        ],
    }
    return render(request, "runs/simulation.html", values)


@require_safe
def households(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """The households whose status would change in one way."""
    found = get_simulation(by=request.user, on=request.on, simulation_id=pk)
    asked = request.GET.get("change", "")
    change = asked if asked in TITLES else "entered"
    scope = required_scope(by=request.user, permission=VIEW_HOUSEHOLDS, on=request.on)
    number, rule = request.GET.get("area", ""), request.GET.get("rule")
    area = None
    if number:
        area = get_area(
            int(number) if number.isascii() and number.isdigit() and len(number) < 12 else 0,
            scope.filter("path"),
        )
    rows = simulated_households(
        by=request.user, on=request.on, simulation=found, change=change, area=area, rule=rule
    )
    table = _in_words(found)
    if table.wants_file(request):
        return table.file(request, rows, audit=noted(request, "runs"))
    values = {
        "title": TITLES[change],
        "narrowed": _narrowed(found, area, rule),
        "simulation": found,
        "table": table.page(request, rows),
        "trail": [
            Step(_("Simulations"), reverse("runs:simulations")),
            Step(str(found.pk), reverse("runs:simulation", args=[found.pk])),
            Step(TITLES[change]),
        ],
    }
    return render(request, "runs/simulation_households.html", values)


def _narrowed(simulation: Simulation, area: Area | None, rule: str | None) -> str:
    """To which place or rule a list is narrowed, in words."""
    if area is not None:
        return _("In %(place)s") % {"place": area.name}
    if rule is None:
        return ""
    language = package_language(get_language() or "en")
    words = rule_words(policy_of(simulation.version), rule, language) if rule else _("The standard itself")
    return _("Rule that makes the difference: %(rule)s") % {"rule": words}
