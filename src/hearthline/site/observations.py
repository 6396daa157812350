# SPDX-License-Identifier: Apache-2.0
"""Decides what is said of one observation: who wrote what of whom, when, from which visit, file or record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import NOT_FOUND, required_scope, scope_of
from hearthline.audit.services import record
from hearthline.engine.rules.policy import Fact
from hearthline.registry.dictionary import dictionary_of
from hearthline.registry.documents import Document, read_value
from hearthline.registry.models import Observation, RegisterImport
from hearthline.registry.observed import seen_of
from hearthline.registry.rules import VIEW_HOUSEHOLD, VIEW_IMPORTS, VIEW_SENSITIVE
from hearthline.site.facts import said, source_title, value_words
from hearthline.ui.addresses import address_or_none
from hearthline.ui.parts import Line
from hearthline.ui.wording import short_day


@dataclass(frozen=True)
class ShownObservation:
    """One observation as a page shows it."""

    observation: Observation
    subject: str
    subject_href: str
    source: str
    imported: RegisterImport | None
    import_href: str
    row: str
    """Of an imported row: its file and line."""
    lines: Sequence[Line]
    records: Sequence[tuple[str, Sequence[str], Sequence[Sequence[str]]]]
    """Of every kind of records: its title, the heads, the rows."""
    corrected_by: Sequence[int]


def look_at_observation(*, by: Officer, on: date, pk: int, language: str) -> ShownObservation:
    """An observation of a household, person or place in scope; the look leaves a trace."""
    scope = required_scope(by=by, permission=VIEW_HOUSEHOLD, on=on)
    rows = Observation.objects.select_related("household", "person", "area", "officer", "brought_by")
    found = rows.filter(pk=pk).first()
    path = _path_of(found) if found else None
    if found is None or path is None or not scope.covers(path):
        raise NOT_FOUND.error()
    sensitive = scope_of(by=by, permission=VIEW_SENSITIVE, on=on).covers(path)
    with transaction.atomic():
        _trace(by, on, found, path)
    return _shown(found, path, sensitive, on, language, imports=_sees_imports(by, on, found))


def _path_of(found: Observation) -> str | None:
    if found.household is not None:
        return found.household.area_path
    return found.area.path if found.area is not None else None


def _sees_imports(by: Officer, on: date, found: Observation) -> bool:
    imported = found.brought_by
    return imported is not None and scope_of(by=by, permission=VIEW_IMPORTS, on=on).covers(imported.area_path)


def _trace(by: Officer, on: date, found: Observation, path: str) -> None:
    record(
        by=by,
        on=on,
        action="registry.look_at_observation",
        subject="household" if found.household_id else "area",
        subject_id=found.household_id or found.area_id or 0,
        area_path=path,
        facts={"observation": found.pk, "person": found.person_id},
    )


def _shown(
    found: Observation, path: str, sensitive: bool, on: date, language: str, *, imports: bool
) -> ShownObservation:
    _, policy = dictionary_of(path, on)
    (level, _number), seen = seen_of(found)
    sources = {
        name: f"{source_title(policy, seen.source_of(level, name), language)} "
        f"{short_day(seen.day_of(level, name))}"
        for name in found.facts
    }
    own = f"{source_title(policy, found.source, language)} {short_day(found.observed_on)}"
    lines = [
        Line(
            said(fact.label, language),
            _words(fact, found.facts, sensitive, language),
            "" if sources[name] == own else sources[name],
        )
        for name, fact in policy.facts.get(level, {}).items()
        if name in found.facts
    ]
    records = []
    for kind, kept in found.records.items():
        facts = [
            fact
            for name, fact in policy.facts.get(kind, {}).items()
            if any(name in row for row in kept.values())
        ]
        if not sensitive and all(fact.sensitivity == "sensitive" for fact in facts):
            continue  # how many there are would tell as much
        body = [[_words(fact, row, sensitive, language) for fact in facts] for row in kept.values()]
        title = said(policy.levels[kind].title, language) if kind in policy.levels else kind
        records.append((title, [said(fact.label, language) for fact in facts], body))
    subject, href = _subject(found)
    imported = found.brought_by
    corrections = Observation.objects.filter(household=found.household_id, corrects=found)
    return ShownObservation(
        observation=found,
        subject=subject,
        subject_href=href,
        source=own,
        imported=imported,
        import_href=address_or_none("registry:import", imported.pk) if imported and imports else "",
        row=_row(found),
        lines=lines,
        records=records,
        corrected_by=list(corrections.values_list("pk", flat=True)) if found.household_id else [],
    )


def _row(found: Observation) -> str:
    files = (found.brought_by.files if found.brought_by else None) or []
    if found.line is None or found.file_number is None or not 0 <= found.file_number < len(files):
        return ""
    words = {"file": Path(files[found.file_number]).name, "line": found.line}
    return gettext("%(file)s, line %(line)s") % words


def _words(fact: Fact, held: Document, sensitive: bool, language: str) -> str:
    if fact.sensitivity == "sensitive" and not sensitive:
        return gettext("hidden from your role")
    return value_words(fact, read_value(fact, held.get(fact.name)), language)


def _subject(found: Observation) -> tuple[str, str]:
    if found.household is None:
        return (found.area.name if found.area else "", address_or_none("site:area", found.area_id))
    name = found.person.name if found.person else found.household.head_name or found.household.number
    return name, address_or_none("site:household", found.household_id)
