# SPDX-License-Identifier: Apache-2.0
"""Decides how causes, costs, the cliff, errors and the curve of a simulation are written for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from hearthline.simulation.measures import BANDS, FARTHEST, Cost, Errors, cliff_height
from hearthline.simulation.warning import CLIFF, REVERSALS
from hearthline.simulation.what_if import Simulation
from hearthline.statistics import numerals
from hearthline.statistics.difference_formats import CHANGE_WORDS, group_text
from hearthline.statistics.formats import aligned

Words = Mapping[str, str]
SIDES = ("before", "after")


def figure_texts(simulation: Simulation, words: Words, language: str) -> list[str]:
    """The tables that were asked for, in the order of the answer."""
    return [*_parts(simulation, words, language)]


def _parts(simulation: Simulation, words: Words, language: str) -> Iterator[str]:
    if simulation.causes:
        yield f"{words['causes']}\n{_causes(simulation, words, language)}"
    if simulation.costs:
        benefits = ", ".join(benefit.text for benefit in simulation.benefits)
        title = words["costs"].format(currency=simulation.changed.policy.currency, benefits=benefits)
        yield f"{title}\n{_costs(simulation, words, language)}"
    if simulation.bands:
        title = words["cliff"].format(currency=simulation.changed.policy.currency)
        heights = {side: money(simulation, cliff_height(simulation.bands[side])) for side in SIDES}
        height = words["height"].format(**heights)
        yield f"{title}\n{_bands(simulation, words)}\n{height}{_warned(simulation, CLIFF, words)}"
        told = f"{_reversals(simulation, words)}{_warned(simulation, REVERSALS, words)}"
        yield f"{words['reversals']}\n{told}"
    if simulation.errors:
        title = words["errors"].format(reference=simulation.reference)
        yield f"{title}\n{_errors(simulation, words)}"
    if simulation.curve is not None:
        parameter = simulation.changed.policy.parameters[simulation.curve.parameter]
        label = parameter.label.get(language) or parameter.label.get("en") or parameter.name
        yield f"{words['curve'].format(parameter=label)}\n{_curve(simulation, words)}"


def _warned(simulation: Simulation, kind: str, words: Words) -> str:
    """A line for each side that is over the threshold."""
    return "".join(
        "\n"
        + words[f"warned_{kind}"].format(
            side=words[each.side], share=numerals.percent(each.share), over=numerals.percent(each.over)
        )
        for each in simulation.warned
        if each.kind == kind
    )


def amount(simulation: Simulation, minor: int | Decimal) -> Decimal:
    """Minor units as an amount of money, exact."""
    return Decimal(minor).scaleb(-simulation.changed.policy.minor_digits)


def money(simulation: Simulation, minor: float | int | None) -> str:
    """Minor units as people read an amount."""
    if minor is None:
        return numerals.NONE
    if isinstance(minor, float):
        minor = round(minor)
    return numerals.amount(amount(simulation, minor))


def _causes(simulation: Simulation, words: Words, language: str) -> str:
    causes = simulation.changed.policy.causes
    rows = [[words["change"], words["cause"], words["getting_households"], words["people"]]]
    for (change, name), count in simulation.causes.items():
        label = causes[name].label.get(language) or name
        rows.append(
            [CHANGE_WORDS[language][change], label, f"{count.households:,}", numerals.whole(count.people)]
        )
    return aligned(rows, left=2)


def _costs(simulation: Simulation, words: Words, language: str) -> str:
    is_weighted = simulation.changed.policy.household_weight is not None
    shows_unknown = any(cost.unknown for cost in simulation.costs.values())
    heads = [words["getting"], words["people"], words["cost"]]
    heads += [words["weighted"]] if is_weighted else []
    heads += [words["unknown_amount"]] if shows_unknown else []
    rows = [[words["group"], words["side"], *heads]]
    for group in dict.fromkeys(group for group, _ in simulation.costs):
        label = group_text(simulation.difference, group, language)
        for side in SIDES:
            cost = simulation.costs[group, side]
            rows.append([label, words[side], *_cost_cells(simulation, cost, is_weighted, shows_unknown)])
            label = ""
    before, after = (simulation.costs[simulation.difference.groups[0], side] for side in SIDES)
    more = [money(simulation, after.exact - before.exact)]
    more += [money(simulation, after.weighted - before.weighted)] if is_weighted else []
    more += [""] if shows_unknown else []
    rows.insert(3, ["", words["difference"], "", "", *more])
    return aligned(rows, left=2)


def _cost_cells(simulation: Simulation, cost: Cost, is_weighted: bool, shows_unknown: bool) -> list[str]:
    cells = [f"{cost.households:,}", numerals.whole(cost.people), money(simulation, cost.exact)]
    cells += [money(simulation, cost.weighted)] if is_weighted else []
    return cells + ([f"{cost.unknown:,}"] if shows_unknown else [])


def band_words(place: int) -> str:
    """The distances of a band: ``-5% to 0%``; the last ones are open."""
    low, high = 100 * place // BANDS, 100 * (place + 1) // BANDS
    ends = [f"{end:+}%" if end else "0%" for end in (low, high)]
    return f"≥ {ends[0]}" if place == FARTHEST - 1 else " – ".join(ends)


def _bands(simulation: Simulation, words: Words) -> str:
    by_side = {side: {band.place: band for band in simulation.bands[side]} for side in SIDES}
    rows = [
        [
            words["distance"],
            *(f"{words['people']}, {words[side]}" for side in SIDES),
            *(words[side] for side in SIDES),
        ]
    ]
    for place in sorted(set(by_side["before"]) | set(by_side["after"])):
        found = [by_side[side].get(place) for side in SIDES]
        people = [numerals.whole(band.people) if band else numerals.NONE for band in found]
        rows.append(
            [
                band_words(place),
                *people,
                *(money(simulation, band.benefit if band else None) for band in found),
            ]
        )
    return aligned(rows, left=1)


def _reversals(simulation: Simulation, words: Words) -> str:
    rows = [["", words["overtaken"], words["people"], words["share"], words["overtaking"]]]
    for side in SIDES:
        found = simulation.reversals[side]
        people = numerals.whole(found.overtaken_people)
        rows.append(
            [
                words[side],
                f"{found.overtaken:,}",
                people,
                numerals.percent(found.share),
                f"{found.overtaking:,}",
            ]
        )
    return aligned(rows, left=1)


def error_shares(errors: Errors) -> tuple[float | None, float | None]:
    """Inclusion error among those found and exclusion error among those in need, in people as weighted."""
    inclusion = errors.inclusion.people / errors.found.people if errors.found.people else None
    exclusion = errors.exclusion.people / errors.in_need.people if errors.in_need.people else None
    return inclusion, exclusion


def _errors(simulation: Simulation, words: Words) -> str:
    heads = ("found", "in_need", "inclusion", "inclusion_share", "exclusion", "exclusion_share", "unknown")
    rows = [["", *(words[head] for head in heads)]]
    for side in SIDES:
        errors = simulation.errors[side]
        inclusion, exclusion = error_shares(errors)
        counts = (errors.found, errors.in_need, errors.inclusion, errors.exclusion, errors.unknown)
        found, need, wrong, missed, unknown = (f"{count.households:,}" for count in counts)
        shares = numerals.percent(inclusion), numerals.percent(exclusion)
        rows.append([words[side], found, need, wrong, shares[0], missed, shares[1], unknown])
    return aligned(rows, left=1)


def _curve(simulation: Simulation, words: Words) -> str:
    costed = any(point.cost is not None for point in simulation.points)
    heads = [
        words["value"],
        words["poor"],
        words["people"],
        words["unknown"],
        *([words["cost"]] if costed else []),
    ]
    rows = [heads]
    for point in simulation.points:
        cells = [
            numerals.amount(point.value),
            f"{point.households:,}",
            numerals.whole(point.people),
            f"{point.unknown:,}",
        ]
        rows.append(cells + ([money(simulation, point.cost)] if costed else []))
    return aligned(rows, left=0)
