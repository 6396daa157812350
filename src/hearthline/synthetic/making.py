# SPDX-License-Identifier: Apache-2.0
"""Decides how a partition is made of its counties, as soon as it is known how many rows come before it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pyarrow as pa

from hearthline.engine.snapshots.partition import Before, PartitionEntry, PartitionWriter, Place
from hearthline.synthetic.county import County, county_of
from hearthline.synthetic.layout import Layout
from hearthline.synthetic.nation import Nation
from hearthline.synthetic.numbering import Numbering, Plan, Plant

Told = Callable[[int], None]
"""Called with the households that have just been made."""
Named = Callable[[pa.Table], None]
"""Called with rows of the file of names, in the order of the counties."""


@dataclass(frozen=True)
class Made:
    """A partition that was written, and what belongs beside it."""

    entry: PartitionEntry
    areas: pa.Table
    planted: tuple[Plant, ...]


def partition_spans(layout: Layout | Nation, households_per_partition: int) -> list[range]:
    """The counties of each partition: whole counties, at most so many households unless it is but one."""
    spans: list[range] = []
    first, begun = 0, 0
    for number in range(layout.counties):
        if number > first and layout.households_before(number + 1) > begun + households_per_partition:
            spans.append(range(first, number))
            first, begun = number, layout.households_before(number)
    return [*spans, range(first, layout.counties)]


def counties_of(plan: Plan, span: range, told: Told) -> Iterator[County]:
    """The counties of a partition, made one after another."""
    for number in span:
        county = county_of(plan.country, number)
        told(county.people.households)
        yield county


def write_partition(
    plan: Plan, place: Place, number: int, before: Before, counties: Iterable[County], names: Named
) -> Made:
    """Write the counties of one partition, a few at a time, and hand their ``names`` on."""
    writer = PartitionWriter(place, number, before)
    numbering = Numbering(plan, dict(before.rows))
    waiting: list[dict[str, pa.Table]] = []

    def write() -> None:
        for level in waiting[0] if waiting else ():
            writer.write(level, pa.concat_tables([tables[level] for tables in waiting]))
        if waiting:
            names(pa.concat_tables(numbering.names))
        waiting.clear()
        numbering.names.clear()

    try:
        for county in counties:
            waiting.append(numbering.tables(county))
            if len(waiting) == plan.counties_per_write:
                write()
        write()
        entry = writer.end()
    except BaseException:
        writer.abandon()
        raise
    return Made(entry, pa.concat_tables(numbering.areas), tuple(numbering.planted))
