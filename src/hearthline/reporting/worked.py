# SPDX-License-Identifier: Apache-2.0
"""Decides which households a report works through, and how their reasons enter it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from hearthline.engine.backends.reasons import Explanation, explain
from hearthline.engine.backends.runs import Run
from hearthline.engine.rules.briefing import brief_criteria
from hearthline.engine.rules.reasons import Reason
from hearthline.reporting.inputs import ReasonLine, WorkedHousehold
from hearthline.reporting.phrases import phrases
from hearthline.statistics.examples import telling_households
from hearthline.statistics.measures import specification_for
from hearthline.statistics.relation import area_names, relation_over
from hearthline.statistics.runs import with_snapshot

SHOWN = 5


def worked_households(
    run: Run, *, languages: Sequence[str], data: Path | None = None, number: int = SHOWN
) -> list[WorkedHousehold]:
    """Households that show how answers come about: poor by little and by much, not poor, unknown."""
    chosen = telling_households(run, specification_for(run), data=data, number=number)
    places = area_names(with_snapshot(relation_over(tuple(run.paths("households"))), run.snapshot(data)))
    return [
        worked_household(run, household, languages=languages, data=data, places=places)
        for household in chosen
    ]


def worked_household(
    run: Run,
    household: int,
    *,
    languages: Sequence[str],
    data: Path | None = None,
    places: Mapping[str, str] | None = None,
) -> WorkedHousehold:
    """One household of a run with its reasons in every language; ``places`` are the names of areas."""
    told = {part: explain(run, household, language=part, data=data) for part in languages}
    first = next(iter(told.values()))
    return WorkedHousehold(
        title={part: phrases(part)("household_title", number=household) for part in languages},
        status=first.status,
        about={part: _about(explanation, places or {}) for part, explanation in told.items()},
        reasons={part: tuple(_lines(explanation)) for part, explanation in told.items()},
        changes=_changes(told),
    )


def _about(explanation: Explanation, places: Mapping[str, str]) -> str:
    say = phrases(explanation.language)
    parts = []
    if explanation.area:
        parts.append(say("household_area", area=places.get(explanation.area, explanation.area)))
    if explanation.causes:
        joint = "、" if explanation.language == "zh" else ", "
        parts.append(say("household_causes", causes=joint.join(explanation.causes)))
    return ("；" if explanation.language == "zh" else ". ").join(parts)


def _lines(explanation: Explanation) -> Iterator[ReasonLine]:
    """What is not met first, then what is unknown, then what is met."""
    order = {False: 0, None: 1, True: 2}
    shown = brief_criteria(explanation.criteria, explanation.status, explanation.language)
    for reason in sorted(shown, key=lambda reason: order[reason.answer]):
        yield line_of(reason, explanation.language)


def line_of(reason: Reason, language: str) -> ReasonLine:
    """A reason as a line; parts that say nothing of their own are passed through."""
    children = tuple(_children(reason, language))
    joins = {"all": "all_of", "any": "any_of"}
    text = phrases(language)(joins[reason.kind]) if reason.kind in joins else reason.text
    return ReasonLine(
        text=text,
        value=reason.value,
        source=reason.source,
        answer=reason.answer,
        is_condition=reason.kind in ("criterion", "comparison", "all", "any", "not"),
        children=children,
    )


def _children(reason: Reason, language: str) -> Iterator[ReasonLine]:
    for child in reason.children:
        if child.text or child.value:
            yield line_of(child, language)
        else:
            yield from _children(child, language)


def _changes(told: Mapping[str, Explanation]) -> dict[str, tuple[str, ...]]:
    return {part: explanation.changes for part, explanation in told.items()}
