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


def county_area(county: int) -> int:
    """The area_id of a county, counted from 0."""
    prefectures = county // COUNTIES_PER_PREFECTURE + 1
    provinces = county // COUNTIES_PER_PROVINCE + 1
    return county * AREAS_PER_COUNTY + prefectures + provinces + 1


def prefecture_area(county: int) -> int:
    """The area_id of the prefecture a county lies in."""
    return county_area(county - county % COUNTIES_PER_PREFECTURE) - 1


def province_area(county: int) -> int:
    """The area_id of the province a county lies in."""
    return county_area(county - county % COUNTIES_PER_PROVINCE) - 2


def township_areas(county: int) -> Ints:
    """The area_ids of the townships of a county."""
    return county_area(county) + 1 + np.arange(TOWNSHIPS) * AREAS_PER_TOWNSHIP


def village_areas(county: int) -> Ints:
    """The area_ids of the villages of a county, township by township."""
    villages = np.arange(1, AREAS_PER_TOWNSHIP)
    return (township_areas(county)[:, None] + villages[None, :]).reshape(-1)


def village_of_household(draws: Draws, households: int) -> Ints:
    """The village, counted from 0, of each household of a county: some are large, some are small."""
    sizes = 0.5 + draws.uniform("village size", VILLAGES)
    steps = np.cumsum(sizes)
    places = np.sort(draws.uniform("village", households)) * steps[-1]
    villages: Ints = np.searchsorted(steps, places, side="right").astype(np.int64)
    return np.where(villages < VILLAGES, villages, VILLAGES - 1)
