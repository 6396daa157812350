# SPDX-License-Identifier: Apache-2.0
"""Decides how a simulation is written: for people in two languages, and for programs."""

from __future__ import annotations

from collections.abc import Mapping

from hearthline.simulation.figure_formats import figure_texts
from hearthline.simulation.what_if import Simulation
from hearthline.simulation.words import WORDS
from hearthline.statistics.difference_formats import (
    CHANGE_WORDS,
    DIFFERENCE_WORDS,
    answer_text,
    changes_text,
    criteria_text,
    rules_of,
    rules_text,
)
from hearthline.statistics.differences import CHANGES
from hearthline.statistics.formats import aligned


def text_of_simulation(simulation: Simulation, language: str) -> str:
    """Every part of the answer, one after the other."""
    words, differences = WORDS[language], DIFFERENCE_WORDS[language]
    difference = simulation.difference
    parts = [_heading(simulation, words)]
    if simulation.changed.settings:
        rows = [[words["address"], words["was"], words["becomes"]]]
        rows += [[each.address, each.was, each.becomes] for each in simulation.changed.settings]
        parts.append(f"{words['set']}\n{aligned(rows, left=3)}")
    if not any(difference.count(change).households for change in CHANGES):
        parts.append(differences["none"])
    else:
        brackets = differences["in_brackets"] if difference.counts_people else ""
        changes = changes_text(difference, differences, language)
        parts.append(f"{differences['changes']}{brackets}\n{changes}")
        parts.append(f"{differences['criteria']}\n{criteria_text(difference, differences, language)}")
        parts.append(f"{differences['rules']}\n{rules_text(difference, differences, language)}")
    parts += figure_texts(simulation, words, language)
    if difference.households:
        parts.append(_list(simulation, words, language))
    return "\n\n".join(parts) + "\n"


def _heading(simulation: Simulation, words: Mapping[str, str]) -> str:
    earlier, later = simulation.difference.earlier, simulation.difference.later
    title = words["title"].format(
        package=later.package,
        version=later.version_hash[:12],
        on=later.on,
        run=earlier.run,
        before=earlier.package,
        earlier=earlier.version_hash[:12],
    )
    return f"{title}\n{words['nobody']}"


def _list(simulation: Simulation, words: Mapping[str, str], language: str) -> str:
    difference = simulation.difference
    rows = [[words["number"], words["area"], words["change"], words["why"]]]
    rows[0].append(DIFFERENCE_WORDS[language]["rule"])
    for row in difference.households:
        why = ("；" if language == "zh" else "; ").join(
            answer_text(difference, part, language) for part in row.criteria
        )
        place = difference.area_names.get(row.area or "", row.area or "–")
        rules = rules_of(difference, row.later_id, language)
        rows.append([str(row.later_id), place, CHANGE_WORDS[language][row.change], why or "–", rules])
    shown, number = len(difference.households), difference.listed_of
    title = words["list"].format(shown=shown, all=f"{number:,}")
    text = f"{title}\n{aligned(rows, left=5)}"
    if shown == number:
        return text
    return f"{text}\n\n{words['more'].format(shown=shown, all=f'{number:,}', number=number)}"
