# SPDX-License-Identifier: Apache-2.0
"""Decides how many counties there are, how large each is, and the numbers of its areas and households.

Areas are numbered as a walk through the tree meets them: a province, its first prefecture, the first
county there, its first township, that township's villages, the second township ... So households in
the order of their county and village are in the order of their area, and the numbers of any county
follow from its place alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hearthline.synthetic.draws import Draws, Ints

COUNTY_HOUSEHOLDS = 5_000
TOWNSHIPS = 10
VILLAGES_PER_TOWNSHIP = 12
VILLAGES = TOWNSHIPS * VILLAGES_PER_TOWNSHIP
COUNTIES_PER_PREFECTURE = 10
PREFECTURES_PER_PROVINCE = 10
COUNTIES_PER_PROVINCE = COUNTIES_PER_PREFECTURE * PREFECTURES_PER_PROVINCE
MOST_HOUSEHOLDS = 100_000_000
AREAS_PER_TOWNSHIP = 1 + VILLAGES_PER_TOWNSHIP
AREAS_PER_COUNTY = 1 + TOWNSHIPS * AREAS_PER_TOWNSHIP


@dataclass(frozen=True)
class Seat:
    """Where a county stands in the walk through the tree; everything is counted from 0."""

    county: int
    prefecture: int
    province: int
    first_of_prefecture: int
    """The first county of its prefecture."""
    first_of_province: int
    """The first county of its province."""
    prefectures_before: int
    """How many prefectures the provinces before its own have."""

    @property
    def area(self) -> int:
        """The area_id of the county."""
        return self.county * AREAS_PER_COUNTY + self.prefecture + self.province + 3

    @property
    def prefecture_area(self) -> int:
        """The area_id of the prefecture."""
        return self.first_of_prefecture * AREAS_PER_COUNTY + self.prefecture + self.province + 2

    @property
    def province_area(self) -> int:
        """The area_id of the province."""
        return self.first_of_province * AREAS_PER_COUNTY + self.prefectures_before + self.province + 1

    @property
    def township_areas(self) -> Ints:
        """The area_ids of the townships."""
        return self.area + 1 + np.arange(TOWNSHIPS) * AREAS_PER_TOWNSHIP

    @property
    def village_areas(self) -> Ints:
        """The area_ids of the villages, township by township."""
        villages = np.arange(1, AREAS_PER_TOWNSHIP)
        return (self.township_areas[:, None] + villages[None, :]).reshape(-1)


@dataclass(frozen=True)
class Layout:
    """The counties of a number of households, as even as can be."""

    households: int

    @property
    def counties(self) -> int:
        """One for about every five thousand households."""
        return max(1, (self.households + COUNTY_HOUSEHOLDS // 2) // COUNTY_HOUSEHOLDS)

    def households_before(self, county: int) -> int:
        """How many households the counties before this one have."""
        even, rest = divmod(self.households, self.counties)
        return county * even + min(county, rest)

    def county_households(self, county: int) -> int:
        """How many households this county has."""
        return self.households_before(county + 1) - self.households_before(county)

    def seat(self, county: int) -> Seat:
        """Ten counties make a prefecture, ten prefectures a province."""
        prefecture, province = county // COUNTIES_PER_PREFECTURE, county // COUNTIES_PER_PROVINCE
        return Seat(
            county=county,
            prefecture=prefecture,
            province=province,
            first_of_prefecture=prefecture * COUNTIES_PER_PREFECTURE,
            first_of_province=province * COUNTIES_PER_PROVINCE,
            prefectures_before=province * PREFECTURES_PER_PROVINCE,
        )


def village_of_household(draws: Draws, households: int) -> Ints:
    """The village, counted from 0, of each household of a county: some are large, some are small."""
    sizes = 0.5 + draws.uniform("village size", VILLAGES)
    steps = np.cumsum(sizes)
    places = np.sort(draws.uniform("village", households)) * steps[-1]
    villages: Ints = np.searchsorted(steps, places, side="right").astype(np.int64)
    return np.where(villages < VILLAGES, villages, VILLAGES - 1)
