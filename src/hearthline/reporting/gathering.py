# SPDX-License-Identifier: Apache-2.0
"""Decides what goes into the report of a run: which figures, which places, which households."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq

from hearthline.engine.backends.runs import Run, open_run
from hearthline.engine.rules.types import Text
from hearthline.reporting.inputs import LANGUAGES, PlaceLevel, ReportInput, WorkedHousehold
from hearthline.reporting.inputs import Provenance as RunProvenance
from hearthline.reporting.phrases import phrases
from hearthline.reporting.worked import worked_households
from hearthline.statistics.disclosure import SMALLEST_GROUP, PlaceCount, protected_levels
from hearthline.statistics.distribution import distribution_of
from hearthline.statistics.figures import Group
from hearthline.statistics.measures import compute_run, specification_for
from hearthline.statistics.relation import relation_over
from hearthline.statistics.runs import provenance_of, with_snapshot
from hearthline.statistics.session import MEMORY
from hearthline.statistics.specification import Specification
from hearthline.statistics.table import StatisticsTable
from hearthline.statistics.tabulation import tabulate

MOST_PLACES = 400
"""The most places of one level that a report lists."""


def report_of(
    run_folder: str | Path,
    *,
    by: Sequence[str] = (),
    worked: Sequence[WorkedHousehold] | None = None,
    level_titles: Mapping[int, Text] | None = None,
    title: Text | None = None,
    data: Path | None = None,
    language: str = "en",
    smallest_group: int = SMALLEST_GROUP,
    memory: str = MEMORY,
) -> ReportInput:
    """Everything a report of a run shows.

    ``by`` adds tables by values of the run or household facts. ``worked`` is the households to show
    (an empty list for a report that may be made public); without it five telling ones are chosen.
    ``level_titles`` names the depths of the areas, such as ``{3: {"en": "Township"}}``.
    """
    run = open_run(run_folder)
    specification = specification_for(run)
    languages = [part for part in LANGUAGES if part in specification.languages] or ["en"]
    levels = place_levels(run, specification, data=data, titles=level_titles or {}, languages=languages)
    wanted = [*levels, *by]
    statistics = compute_run(run, specification, data=data, memory=memory)
    in_households = replace(specification, weight="household")
    places = places_of(run, specification, wanted, data=data, smallest=smallest_group, memory=memory)
    names = levels | _labels(specification, by)
    if worked is None:
        worked = worked_households(run, languages=languages, data=data)
    return ReportInput(
        statistics=statistics,
        households=compute_run(
            run, in_households, measures=["population", "status", "headcount"], data=data, memory=memory
        ),
        title=title or {part: phrases(part).said(specification.title) for part in languages},
        description=run.policy.description,
        distribution=distribution_of(run, specification, data=data, memory=memory),
        places=tuple(replace(level, title=names[key]) for key, level in places.items()),
        worked=tuple(worked),
        provenance=_provenance(run),
        smallest_group=smallest_group,
        language=language if language in languages else languages[0],
        warnings=tuple(run.record.warnings),
        invented_by=run.snapshot(data).manifest.generated_by or "",
    )


def _labels(specification: Specification, by: Sequence[str]) -> dict[str, Text]:
    return {
        name: {
            language: " × ".join(specification.label(part, language) for part in name.split("*"))
            for language in LANGUAGES
        }
        for name in by
    }


def _provenance(run: Run) -> RunProvenance:
    record = run.record
    return RunProvenance(
        created=record.created,
        engine=record.engine.name,
        engine_version=record.engine.version,
        software_version=record.engine.hearthline,
        memory=record.engine.memory,
        counts=record.counts,
        seconds=record.seconds,
    )


def place_levels(
    run: Run,
    specification: Specification,
    *,
    data: Path | None,
    titles: Mapping[int, Text],
    languages: Sequence[str],
) -> dict[str, Text]:
    """The breakdowns by place that tell something: the first level with several places, and the lowest.

    The lower one is crossed with the upper, so that its places stand under their parents.
    """
    snapshot = run.snapshot(data)
    if not snapshot.has_areas:
        return {}
    depths: list[int] = pq.read_table(snapshot.path("area"), columns=["depth"])["depth"].to_pylist()
    numbers = {depth: depths.count(depth) for depth in sorted(set(depths))}
    telling = [depth for depth, number in numbers.items() if 1 < number <= MOST_PLACES]
    if not telling:
        return {}
    upper, lower = telling[0], telling[-1]
    words = {language: phrases(language) for language in languages}
    found = {f"area:{upper}": titles.get(upper) or {part: say("place") for part, say in words.items()}}
    if lower != upper:
        smaller = {part: say("smaller_place") for part, say in words.items()}
        found[f"area:{upper}*area:{lower}"] = titles.get(lower) or smaller
    return found


def places_of(
    run: Run,
    specification: Specification,
    by: Sequence[str],
    *,
    data: Path | None,
    smallest: int,
    memory: str,
) -> dict[str, PlaceLevel]:
    """A protected table for every breakdown; the first key of a crossed one is the parent."""
    if not by:
        return {}
    figures = compute_run(
        run, specification, by=by, measures=["population", "status", "headcount"], data=data, memory=memory
    )
    listed = people_listed(run, by, data=data, memory=memory)
    found: dict[str, PlaceLevel] = {}
    for keys in _nested(by):
        counted = [_counts(figures, key, listed[key]) for key in keys]
        for key, rows in zip(keys, protected_levels(counted, smallest=smallest), strict=True):
            parent_title: Text | None = {} if "*" in key else None
            found[key] = PlaceLevel(
                {}, tuple(rows), parent_title=parent_title, labels=_value_labels(figures, key)
            )
    return {key: found[key] for key in by}


def _nested(by: Sequence[str]) -> list[tuple[str, ...]]:
    """The breakdowns, one that stands within another one together with it."""
    inner = {key: key.rpartition("*")[0] for key in by}
    pairs = {outer: key for key, outer in inner.items() if outer in by and inner[outer] == ""}
    alone = [key for key in by if key not in pairs and key not in pairs.values()]
    return [*((outer, key) for outer, key in pairs.items()), *((key,) for key in alone)]


Listed = dict[tuple[str | None, ...], tuple[int, int, int]]
"""For each group its people in the file, the poor among them and those unknown; not weighted."""


def people_listed(run: Run, by: Sequence[str], *, data: Path | None, memory: str) -> dict[str, Listed]:
    """The people behind every group. Without a table of people each household counts as one person,
    which protects more than is needed and never less."""
    files = tuple(run.paths("persons") or run.paths("households"))
    relation = with_snapshot(relation_over(files), run.snapshot(data))
    crossed = {key: f"{key}*status" for key in by}
    figures = tabulate(
        relation,
        Specification(weight="none"),
        by=list(crossed.values()),
        measures=["population"],
        provenance=provenance_of(run),
        memory=memory,
        weights={},
    )
    found: dict[str, Listed] = {key: {} for key in by}
    for key, name in crossed.items():
        for group in figures.groups:
            if group.by == name:
                people, poor, unknown = found[key].get(group.values[:-1], (0, 0, 0))
                poor += group.n if group.values[-1] == "poor" else 0
                unknown += group.n if group.values[-1] not in ("poor", "not poor") else 0
                found[key][group.values[:-1]] = (people + group.n, poor, unknown)
    return found


def _counts(figures: StatisticsTable, key: str, listed: Listed) -> list[PlaceCount]:
    specification = figures.specification
    weight = {"person": "people", "household": "households", "none": "n"}[specification.weight]
    standard = specification.default_standard
    item = standard.name if standard else None
    weights = figures.column(weight, by=key)
    poor, not_poor = (figures.column(name, by=key, item=item) for name in ("poor", "not_poor"))
    crossed = "*" in key
    counts = []
    for group, value in weights.items():
        whole = float(value or 0)
        people, poor_people, unknown_people = listed.get(group.values, (0, 0, 0))
        name, parent = _names(group, crossed)
        counts.append(
            PlaceCount(
                name=name,
                parent=parent,
                listed=people,
                listed_poor=poor_people,
                weight=whole,
                poor=whole * float(poor[group] or 0),
                not_poor=whole * float(not_poor[group] or 0),
                listed_unknown=unknown_people,
            )
        )
    return counts


def _value_labels(figures: StatisticsTable, key: str) -> dict[str, Text]:
    labels: dict[str, Text] = {}
    for group in figures.groups:
        if group.by == key:
            _enter_labels(labels, figures, group)
    return labels


def _names(group: Group, crossed: bool) -> tuple[str, str]:
    values = [value or "" for value in group.values]
    return (values[-1], values[0]) if crossed else (values[0], "")


def _enter_labels(labels: dict[str, Text], figures: StatisticsTable, group: Group) -> None:
    for name, value in group.keys.items():
        if value is not None and value not in labels:
            labels[value] = {part: figures.value_label(name, value, part) for part in LANGUAGES}
