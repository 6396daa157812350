# SPDX-License-Identifier: Apache-2.0
"""Decides how figures are held once computed, and how one is found among them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from hearthline.statistics.columns import Quantity
from hearthline.statistics.design import Precision
from hearthline.statistics.specification import Specification

Figure = int | float | None
"""A count is an int and exact; everything else is a double; None is a figure that does not exist."""


@dataclass(frozen=True)
class Group:
    """One group of a breakdown: the names of its keys, their values (None is unknown), its households."""

    names: tuple[str, ...]
    values: tuple[str | None, ...]
    n: int

    @property
    def by(self) -> str:
        """What the breakdown is called: empty for the total."""
        return "*".join(self.names)

    @property
    def keys(self) -> dict[str, str | None]:
        """The values by the name of their key."""
        return dict(zip(self.names, self.values, strict=True))


@dataclass(frozen=True)
class Heading:
    """One column of a table."""

    name: str
    measure: str
    quantity: Quantity


@dataclass(frozen=True)
class Row:
    """The figures of one group, and of one item in it where the table has items."""

    group: Group
    item: str | None
    figures: tuple[Figure, ...]
    base: int | None = None
    """The households behind the shares, where they are not all of the group."""
    precisions: tuple[Precision | None, ...] = ()
    """How far each figure may be from that of the population; empty where errors were not asked for."""

    @property
    def n(self) -> int:
        """The households in the file that the figures speak of."""
        return self.group.n if self.base is None else self.base


@dataclass(frozen=True)
class MeasureTable:
    """The figures that belong together, such as all of poverty, group by group."""

    name: str
    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]

    def position(self, column: str) -> int:
        """Where a column stands."""
        return [heading.name for heading in self.headings].index(column)


@dataclass(frozen=True)
class Provenance:
    """Where the figures come from, so that each names its versions."""

    run: str = ""
    package: str = ""
    version_hash: str = ""
    snapshot_hash: str = ""
    on: str = ""


@dataclass(frozen=True)
class Sampling:
    """What the errors rest on: units, strata, strata with one unit, degrees of freedom, replicates."""

    units: int
    strata: int
    lonely: int
    freedom: int
    has_clusters: bool
    has_strata: bool
    replicates: int = 0


@dataclass(frozen=True)
class Figures:
    """All figures of one request, with what is needed to name them for people."""

    specification: Specification
    provenance: Provenance
    groups: tuple[Group, ...]
    tables: tuple[MeasureTable, ...]
    area_names: Mapping[str, str] = field(default_factory=dict)
    sampling: Sampling | None = None
    """None where errors were not asked for."""

    left_out: Mapping[str, int] = field(default_factory=dict)
    """Groups of each breakdown that were counted and are no rows, where only the first were asked for."""

    def find_table(self, name: str) -> MeasureTable | None:
        """A table by name, if it was asked for."""
        return next((table for table in self.tables if table.name == name), None)

    def value(self, column: str, *, item: str | None = None, **group: str | None) -> Figure:
        """One figure: of the total, or of the group with these keys. KeyError if there is none."""
        for table in self.tables:
            for row in _rows_with(table, column, item, group):
                return row.figures[table.position(column)]
        raise KeyError(f"no figure {column} of {item or 'the whole'} for {group or 'the total'}")

    def precision(self, column: str, *, item: str | None = None, **group: str | None) -> Precision | None:
        """The precision of one figure; None where it has none. KeyError if there is no such figure."""
        for table in self.tables:
            for row in _rows_with(table, column, item, group):
                return row.precisions[table.position(column)] if row.precisions else None
        raise KeyError(f"no figure {column} of {item or 'the whole'} for {group or 'the total'}")

    def column(self, column: str, *, by: str = "", item: str | None = None) -> dict[Group, Figure]:
        """One figure for every group of a breakdown."""
        return {
            row.group: row.figures[table.position(column)]
            for table in self.tables
            if any(heading.name == column for heading in table.headings)
            for row in table.rows
            if row.group.by == by and (item is None or row.item == item)
        }

    def group_label(self, group: Group, language: str = "en") -> str:
        """A group in words: the labels of its codes, names of areas, and what is unknown."""
        unknown = {"en": "unknown", "zh": "未知"}[language]
        return " · ".join(
            unknown if value is None else self.value_label(name, value, language)
            for name, value in zip(group.names, group.values, strict=True)
        )

    def value_label(self, name: str, value: str, language: str = "en") -> str:
        """One value of a key in words."""
        if name == "area" or name.startswith("area:"):
            return self.area_names.get(value) or {"en": f"Area {value}", "zh": f"地区{value}"}[language]
        return self.specification.code_label(name, value, language)


def _rows_with(
    table: MeasureTable, column: str, item: str | None, group: Mapping[str, str | None]
) -> Iterator[Row]:
    if any(heading.name == column for heading in table.headings):
        for row in table.rows:
            if row.group.keys == group and (item is None or row.item == item):
                yield row
