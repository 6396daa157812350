# SPDX-License-Identifier: Apache-2.0
"""Decides what the generated nation is: a sample of all rural households, province by province.

Every household stands for the same number of people, so that shares need no weights: a province has as
many households as its share of the rural people. What each county is to show varies about the target of
its province and comes out at it over the province.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from hearthline.synthetic.apportioning import Target
from hearthline.synthetic.draws import Draws, Floats
from hearthline.synthetic.layout import COUNTIES_PER_PREFECTURE, Seat
from hearthline.synthetic.places import CountyKind, Province
from hearthline.synthetic.provinces import CENTRAL, PROVINCES, WEST

COUNTY_HOUSEHOLDS = 10_000
FEWEST_HOUSEHOLDS = 20_000
_LEAST, _MOST = 0.35, 2.2
"""How the incidence of a county may lie to that of its province."""
_POOR_COUNTY, _DEEP = 1.05, 1.75
_DEEPEST = 0.6
"""No county is poorer than this."""


@dataclass(frozen=True)
class Nation:
    """Provinces in the order of the map, with their targets; also the layout of the counties."""

    seed: int
    households: int
    targets: Mapping[str, Target]

    @property
    def people(self) -> int:
        """The people that the households stand for."""
        return round(sum(target.people for target in self.targets.values()))

    @property
    def poor(self) -> int:
        """How many of them are to be poor."""
        return round(sum(target.poor for target in self.targets.values()))

    @cached_property
    def _province_ends(self) -> list[int]:
        """The households of the provinces up to and with each, by their shares of the people."""
        people = np.cumsum([self.targets[share.key].people for share in PROVINCES])
        ends: list[int] = np.rint(people / people[-1] * self.households).astype(np.int64).tolist()
        return ends

    @cached_property
    def _county_ends(self) -> list[int]:
        """The number of counties of the provinces up to and with each."""
        before, ends, counties = 0, [], 0
        for end in self._province_ends:
            counties += max(1, round((end - before) / COUNTY_HOUSEHOLDS))
            ends.append(counties)
            before = end
        return ends

    @property
    def counties(self) -> int:
        """How many counties there are."""
        return self._county_ends[-1]

    def province_of(self, county: int) -> int:
        """The province a county lies in, from 0."""
        return int(np.searchsorted(self._county_ends, county, side="right"))

    def _first_county(self, province: int) -> int:
        return self._county_ends[province - 1] if province else 0

    def households_before(self, county: int) -> int:
        """How many households the counties before this one have."""
        if county >= self.counties:
            return self.households
        province = self.province_of(county)
        first = self._first_county(province)
        begun = self._province_ends[province - 1] if province else 0
        even, rest = divmod(self._province_ends[province] - begun, self._county_ends[province] - first)
        place = county - first
        return begun + place * even + min(place, rest)

    def county_households(self, county: int) -> int:
        """How many households this county has."""
        return self.households_before(county + 1) - self.households_before(county)

    def seat(self, county: int) -> Seat:
        """Where a county stands: ten make a prefecture, prefectures do not cross provinces."""
        province = self.province_of(county)
        first = self._first_county(province)
        before = self._prefectures_before[province]
        prefecture = (county - first) // COUNTIES_PER_PREFECTURE
        return Seat(
            county=county,
            prefecture=before + prefecture,
            province=province,
            first_of_prefecture=first + prefecture * COUNTIES_PER_PREFECTURE,
            first_of_province=first,
            prefectures_before=before,
        )

    @cached_property
    def _prefectures_before(self) -> list[int]:
        before, found = 0, []
        for province in range(len(PROVINCES)):
            found.append(before)
            counties = self._county_ends[province] - self._first_county(province)
            before += -(-counties // COUNTIES_PER_PREFECTURE)
        return found

    def province(self, seat: Seat) -> Province:
        """Name and region of the province."""
        return PROVINCES[seat.province].province

    def incidence(self, county: int) -> float:
        """The share of its people that are to be found poor in a county."""
        province = self.province_of(county)
        target = self.targets[PROVINCES[province].key].incidence
        return min(float(self._factors(province)[county - self._first_county(province)] * target), _DEEPEST)

    def kind(self, seat: Seat) -> CountyKind:
        """What the lists say of a county: the harder pressed ones of the centre and the west are on them."""
        factor = self._factors(seat.province)[seat.county - seat.first_of_province]
        burdened = PROVINCES[seat.province].province.region in (CENTRAL, WEST)
        poor = burdened and bool(factor > _POOR_COUNTY)
        contiguous = poor and bool(Draws(self.seed, 1, seat.county).chance("contiguous", 0.8, 1)[0])
        return CountyKind(poor, contiguous, poor and bool(factor > _DEEP))

    def _factors(self, province: int) -> Floats:
        """How the incidence of each county of a province lies to that of the province; 1 over its people."""
        if province not in self._known_factors:
            first, end = self._first_county(province), self._county_ends[province]
            drawn = np.array(
                [Draws(self.seed, 3, county).uniform("incidence", 1)[0] for county in range(first, end)]
            )
            factors = _LEAST + (_MOST - _LEAST) * drawn * drawn
            sizes = np.array([self.county_households(county) for county in range(first, end)])
            self._known_factors[province] = factors * sizes.sum() / (factors * sizes).sum()
        return self._known_factors[province]

    @cached_property
    def _known_factors(self) -> dict[int, Floats]:
        return {}
