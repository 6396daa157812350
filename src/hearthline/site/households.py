# SPDX-License-Identifier: Apache-2.0
"""Decides what one screen says of a household: standing, people, facts, income, who looked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import scope_of
from hearthline.accounts.rules import VIEW_AREAS, VIEW_AUDIT
from hearthline.audit.models import AuditRow
from hearthline.audit.queries import looks_at
from hearthline.engine.rules.policy import Fact
from hearthline.policy.queries import policy_of
from hearthline.registry.models import Person
from hearthline.registry.queries import HouseholdView, MemberView, PastValue, history_of
from hearthline.registry.rules import OBSERVE, OPEN_SENSITIVE, SEALED_FIELDS
from hearthline.registry.services import look_at_household
from hearthline.runs.models import Result, Run, Status
from hearthline.runs.queries import find_active_run, find_result
from hearthline.runs.rules import VIEW_HOUSEHOLDS
from hearthline.runs.words import ANSWERS, RunWords, named, words_of
from hearthline.site.actions import action_words
from hearthline.site.facts import (
    RecordTable,
    TopicLines,
    by_topic,
    common_source,
    fact_lines,
    record_tables,
    said,
    source_title,
    value_words,
)
from hearthline.site.places import steps_to
from hearthline.ui.addresses import address_or_none
from hearthline.ui.parts import Line, Step

LOOKS = 10
SEALED_WORDS = {"national_id": _("National ID"), "phone": _("Telephone"), "account": _("Bank account")}


@dataclass(frozen=True)
class ShownPerson:
    """One person of a household; ``to_open`` are the words and values that open with a reason."""

    person: Person
    lines: Sequence[Line]
    source: str
    records: Sequence[RecordTable]
    to_open: Sequence[Step]
    """What the reader may open with a reason: sensitive facts, and what is sealed."""
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class Standing:
    """The status of a household in the run that holds there."""

    run: Run
    status: str
    words: str
    failing: Sequence[str]
    open: Sequence[str]
    """What the package says of the criteria that are not met, and of those that are unknown."""
    causes: Sequence[str]
    title: str


@dataclass(frozen=True)
class Look:
    """Who looked or changed something: the name of the officer, the account, what, and when."""

    name: str
    account: str
    words: str
    at: datetime


@dataclass(frozen=True)
class ShownHousehold:
    """A household as a page shows it."""

    view: HouseholdView
    trail: Sequence[Step]
    standing: Standing | None
    topics: Sequence[TopicLines]
    """The facts of the household by topic; one without a title where the package names no topics."""
    source: str
    """The source and day of most facts, said once."""
    income: Sequence[RecordTable]
    people: Sequence[ShownPerson]
    former: Sequence[ShownPerson]
    looks: Sequence[Look] | None
    """None where the reader may not know who looked."""


def look(*, by: Officer, on: date, household_id: int, language: str) -> ShownHousehold:
    """A household with its standing; the look leaves a trace. Raises ``accounts.not-found``."""
    view = look_at_household(by=by, on=on, household_id=household_id)
    path = view.household.area_path
    may_open = scope_of(by=by, permission=OPEN_SENSITIVE, on=on).covers(path)
    audits = scope_of(by=by, permission=VIEW_AUDIT, on=on)
    source = common_source(view.policy, view.facts, language)
    return ShownHousehold(
        view=view,
        trail=steps_to(
            view.area,
            scope_of(by=by, permission=VIEW_AREAS, on=on),
            page=view.household.head_name or view.household.number,
        ),
        standing=_standing(by, on, view, language),
        topics=by_topic(
            view.policy, view.facts, fact_lines(view.policy, view.facts, language, source), language
        ),
        source=source,
        income=record_tables(view.policy, view.records, language),
        people=[_person(view, member, language, may_open) for member in view.members],
        former=[_person(view, member, language, may_open) for member in view.former_members],
        looks=_looks(list(looks_at("household", household_id, audits.filter())[:LOOKS]))
        if audits.covers(path)
        else None,
    )


def _looks(rows: Sequence[AuditRow]) -> list[Look]:
    names = dict(Officer.objects.filter(pk__in={row.officer_id for row in rows}).values_list("pk", "name"))
    return [
        Look(
            names.get(row.officer_id or 0) or row.officer_name,
            row.officer_name,
            action_words(row.action),
            row.at,
        )
        for row in rows
    ]


def _standing(by: Officer, on: date, view: HouseholdView, language: str) -> Standing | None:
    path = view.household.area_path
    run = find_active_run(path)
    if run is None or scope_of(by=by, permission=VIEW_HOUSEHOLDS, on=on).empty:
        return None
    result = find_result(by=by, on=on, run=run, household=view.household)
    return None if result is None else _said(result, run, words_of(run, language), language)


def _said(result: Result, run: Run, words: RunWords, language: str) -> Standing:
    criteria = policy_of(run.version).criteria
    names = run.names["criteria"]
    failing = [criteria[name] for name in named(result.not_met, names) if name in words.deciding]
    unknown = [criteria[name] for name in named(result.unknown, names) if name in words.deciding]
    return Standing(
        run=run,
        status=ANSWERS[Status(result.status)],
        words=words.statuses[result.status],
        failing=[said(one.not_met, language) or said(one.label, language) for one in failing],
        open=[said(one.unknown, language) or said(one.label, language) for one in unknown],
        causes=[words.causes[name] for name in named(result.causes, run.names["causes"])],
        title=words.title,
    )


def _person(view: HouseholdView, member: MemberView, language: str, may_open: bool) -> ShownPerson:
    source = common_source(view.policy, member.facts, language)
    return ShownPerson(
        person=member.person,
        lines=fact_lines(view.policy, member.facts, language, source),
        source=source,
        records=record_tables(view.policy, member.records, language),
        to_open=_to_open(view, member, language) if may_open else (),
        starts_on=member.starts_on,
        ends_on=member.ends_on,
    )


def _to_open(view: HouseholdView, member: MemberView, language: str) -> list[Step]:
    start = f"{address_or_none('site:household', view.household.pk)}people/{member.person.pk}/"
    facts = [(one.fact.name, said(one.fact.label, language)) for one in member.facts if one.hidden]
    sealed = [(field, str(SEALED_WORDS[field])) for field in SEALED_FIELDS]
    return [Step(words, f"{start}{field}/") for field, words in (*facts, *sealed)]


@dataclass(frozen=True)
class Past:
    """One value that a fact had, in words."""

    words: str
    source: str
    observed_on: date
    href: str
    current: bool
    corrected: bool
    correct_href: str
    """Where the reader may correct it; empty where he may not, or it was corrected already."""


@dataclass(frozen=True)
class History:
    """A fact and every value it had, the newest first."""

    label: str
    values: Sequence[Past]


def histories(
    *, by: Officer, on: date, view: HouseholdView, language: str, hidden_words: str
) -> list[tuple[str, list[History], list[History]]]:
    """For the household and for each of its people: the facts with several values, and those with one."""
    may_correct = view.household.closed_on is None and scope_of(by=by, permission=OBSERVE, on=on).covers(
        view.household.area_path
    )
    found = []
    subjects: list[tuple[str, int | None, str]] = [("", None, "household")]
    subjects += [(member.person.name, member.person.pk, "person") for member in view.members]
    for name, person_id, level in subjects:
        past = history_of(by=by, on=on, household_id=view.household.pk, person_id=person_id)
        facts = view.policy.facts[level]
        lines = [
            History(
                said(facts[fact].label, language),
                [
                    _past(view, facts[fact], value, language, hidden_words, may_correct=may_correct)
                    for value in values
                ],
            )
            for fact, values in past.items()
        ]
        changed = [line for line in lines if len(line.values) > 1]
        found.append((name, changed, [line for line in lines if len(line.values) == 1]))
    return found


def _past(
    view: HouseholdView, fact: Fact, value: PastValue, language: str, hidden_words: str, *, may_correct: bool
) -> Past:
    correctable = may_correct and not value.hidden and value.corrected_by is None
    return Past(
        words=hidden_words if value.hidden else value_words(fact, value.value, language),
        source=source_title(view.policy, value.source, language),
        observed_on=value.observed_on,
        href=address_or_none("site:observation", value.observation),
        current=value.current,
        corrected=value.corrected_by is not None,
        correct_href=reverse("site:correct", args=[view.household.pk, value.observation, fact.name])
        if correctable
        else "",
    )
