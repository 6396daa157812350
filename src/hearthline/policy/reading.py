# SPDX-License-Identifier: Apache-2.0
"""Decides how a package reads to an official: sections, parameters by year, scenarios, differences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from hearthline.engine.packages import Difference, ScenarioResult, policy_differences
from hearthline.engine.packages.series_words import SeriesWords
from hearthline.engine.packages.showing import ShownEntry, dated_words, shown_entries
from hearthline.engine.packages.words import word
from hearthline.engine.rules.policy import Parameter, Policy
from hearthline.engine.rules.published import Series
from hearthline.engine.rules.wording import said, term_of, unit_of, value_words
from hearthline.policy.models import PackageVersion
from hearthline.policy.unpacking import check_of, policy_of
from hearthline.reporting.data_sheets import SheetTable, sheet_tables, statement_of
from hearthline.reporting.score_charts import charts_of
from hearthline.statistics.pace import INCIDENCE, POOR, Pace, paces
from hearthline.statistics.series_formats import mark_of


@dataclass(frozen=True)
class Section:
    """One section of a package: its name in the format, its heading, its entries."""

    name: str
    heading: str
    entries: tuple[ReadEntry, ...]


@dataclass(frozen=True)
class ReadEntry:
    """One entry: its name in formulas, its title, and its properties as pairs of word and text."""

    name: str
    title: str
    fields: tuple[tuple[str, str], ...]
    origin: str


@dataclass(frozen=True)
class DatedValue:
    """One value of a parameter: its period, what it is for, where, and its source in the law."""

    start: date
    end: date | None
    purpose: str
    jurisdiction: str
    value: str
    source: str
    mark: str
    origin: str


@dataclass(frozen=True)
class ParameterSeries:
    """One quantity of the law through the years; ``by_year`` holds the value on 31 December, or nothing."""

    name: str
    label: str
    unit: str
    purpose: str
    jurisdiction: str
    values: tuple[DatedValue, ...]
    by_year: tuple[str, ...]


@dataclass(frozen=True)
class ParameterTable:
    """Every parameter of a package beside the years it may be asked for."""

    years: tuple[int, ...]
    series: tuple[ParameterSeries, ...]


@lru_cache(maxsize=16)
def package_language(language: str) -> str:
    """The language of a package for one of the pages: ``zh-hans`` reads ``zh``."""
    return language.split("-")[0]


def title_of(version: PackageVersion, language: str) -> str:
    """The title of a version in a language of the pages."""
    return said(version.title, package_language(language))


def sections_of(version: PackageVersion, language: str) -> list[Section]:
    """The package as an official reads it, section by section."""
    language = package_language(language)
    entries: dict[str, list[ReadEntry]] = {}
    for entry in shown_entries(policy_of(version), language):
        entries.setdefault(entry.section, []).append(_read(entry, language))
    return [Section(name, word(name, language), tuple(rows)) for name, rows in entries.items()]


def _read(entry: ShownEntry, language: str) -> ReadEntry:
    fields = tuple((word(field.key, language), field.text) for field in entry.fields)
    return ReadEntry(entry.name, entry.title, fields, entry.origin)


def parameters_of(version: PackageVersion, language: str, last_year: int) -> ParameterTable:
    """The parameters by year, up to ``last_year`` where the package has no end."""
    policy = policy_of(version)
    end = policy.end.year if policy.end else max(last_year, policy.start.year)
    years = tuple(range(policy.start.year, end + 1))
    series = [
        each
        for parameter in policy.parameters.values()
        for each in _series(policy, parameter, years, package_language(language))
    ]
    return ParameterTable(years, tuple(series))


def _series(
    policy: Policy, parameter: Parameter, years: tuple[int, ...], language: str
) -> Iterator[ParameterSeries]:
    kinds = dict.fromkeys((value.jurisdiction, value.purpose) for value in parameter.values)
    for jurisdiction, purpose in kinds:
        kind = (jurisdiction, purpose)
        own = [value for value in parameter.values if (value.jurisdiction, value.purpose) == kind]
        dated = tuple(
            DatedValue(
                each.start,
                each.end,
                each.purpose,
                each.jurisdiction,
                value_words(each.value, parameter.type, language, named=parameter.label),
                said(each.source, language),
                term_of(policy, each.mark, language),
                each.origin if len(policy.layers) > 1 else "",
            )
            for each in sorted(own, key=lambda value: value.start)
        )
        yield ParameterSeries(
            parameter.name,
            said(parameter.label, language),
            unit_of(str(parameter.type.unit), language, parameter.label),
            term_of(policy, purpose, language) if purpose != "standard" else "",
            term_of(policy, jurisdiction, language) if jurisdiction != policy.jurisdiction else "",
            dated,
            tuple(_value_on(dated, date(year, 12, 31)) for year in years),
        )


def field_words(version: PackageVersion, section: str, field: str, language: str) -> str:
    """What of an entry differs: a property, or a dated value of a parameter."""
    language = package_language(language)
    dated = section == "parameters" and ", " in field
    return dated_words(policy_of(version), field, language) if dated else word(field, language)


def _value_on(values: tuple[DatedValue, ...], day: date) -> str:
    holding = (each for each in values if each.start <= day and (each.end is None or day <= each.end))
    return next((each.value for each in holding), "")


@dataclass(frozen=True)
class ReadFigure:
    """A published figure in words; ``conflicts`` are the statements it was chosen over."""

    series: str
    time: str
    place: str
    value: str
    mark: str
    base: str
    source: str
    note: str
    conflicts: tuple[str, ...]


@dataclass(frozen=True)
class PublishedFigures:
    """The published figures of a package, and what is computed from them."""

    figures: tuple[ReadFigure, ...]
    paces: tuple[Pace, ...]
    poor: tuple[tuple[int, Decimal], ...]
    """The end of a year and the poor of the country then."""
    incidence: tuple[tuple[int, Decimal], ...]


def published_of(version: PackageVersion, language: str) -> PublishedFigures:
    """The figures that a package brings of the country, with their sources and conflicts."""
    language = package_language(language)
    series = policy_of(version).series
    return PublishedFigures(
        tuple(figure for each in series.values() for figure in _figures(each, language)),
        tuple(paces(series)),
        *(
            tuple((each.end.year, each.value) for each in series[name].of_country()) if name in series else ()
            for name in (POOR, INCIDENCE)
        ),
    )


def _figures(series: Series, language: str) -> Iterator[ReadFigure]:
    words = SeriesWords(series, language)
    for figure in series.figures:
        yield ReadFigure(
            series=said(series.label, language),
            time=words.time(figure),
            place=words.place(figure),
            value=words.value(figure),
            mark=mark_of(figure, language),
            base=said(series.base, language),
            source=said(figure.source, language),
            note=said(figure.note, language) if figure.note else "",
            conflicts=tuple(words.conflict(rival) for rival in figure.conflicts),
        )


@dataclass(frozen=True)
class ReadScore:
    """A score as its page shows it: words, the tables of its data sheet, charts with their titles."""

    name: str
    label: str
    statement: str
    source: str
    tables: tuple[SheetTable, ...]
    charts: tuple[tuple[str, SafeString], ...]


def scores_of(version: PackageVersion, language: str) -> list[ReadScore]:
    """The scores of a package with their data sheets; nothing of a household is in them."""
    language = package_language(language)
    policy = policy_of(version)
    return [
        ReadScore(
            name,
            said(score.label, language),
            statement_of(score, language),
            said(score.source, language),
            tuple(sheet_tables(policy, score, language)),
            tuple(
                (drawing.title, mark_safe(drawing.both(form))) for drawing, form in charts_of(score, language)
            ),
        )
        for name, score in policy.scores.items()
    ]


def scenarios_of(version: PackageVersion) -> tuple[ScenarioResult, ...]:
    """The scenarios of a version with how each went."""
    return check_of(version).results


def scenario_words(row: object) -> str:
    """The sentence of a scenario in the reader's language."""
    assert isinstance(row, ScenarioResult)
    return said(row.title, package_language(get_language() or "en"))


def requirement_words(row: object) -> str:
    """The requirement that a scenario shows, in the reader's language; nothing where it names none."""
    assert isinstance(row, ScenarioResult)
    return said(row.about, package_language(get_language() or "en")) if row.about else ""


def differences_between(old: PackageVersion, new: PackageVersion, language: str) -> list[Difference]:
    """What differs between two versions, in the order of the sections."""
    return policy_differences(policy_of(old), policy_of(new), package_language(language))
