# SPDX-License-Identifier: Apache-2.0
"""Decides how many poor people each province has in a year: what is published, and the rest by burden.

Published are the country of every year, the regions of 2016 to 2019, the west of 2012, and six provinces
at the end of 2019 (``still_to_lift``). The rest is apportioned: a region without a figure of its own takes
what the others leave, by the shares of the nearest year that has figures for all regions; a province
without one takes what is left of its region, by its people times its burden.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from hearthline.engine.rules.policy import Policy
from hearthline.engine.rules.published import Series
from hearthline.synthetic.problems import NO_FIGURE, NO_SERIES
from hearthline.synthetic.provinces import PROVINCES, RURAL_PEOPLE, people_of_provinces

POOR = "rural_poor"
OF_PROVINCES = "still_to_lift"


@dataclass(frozen=True)
class Target:
    """What a province is to show: its rural people, how many are poor, and whether that is published."""

    people: float
    poor: float
    published: bool

    @property
    def incidence(self) -> float:
        """The share of its people who are poor."""
        return self.poor / self.people


def targets_of(policy: Policy, year: int) -> dict[str, Target]:
    """The target of each province at the end of a year; refuses a year without a national figure."""
    series = policy.series.get(POOR)
    if series is None:
        raise NO_SERIES.error(policy=policy.id, series=POOR)
    poor_of_regions = _regions(series, policy.id, year)
    own = policy.series.get(OF_PROVINCES)
    people = people_of_provinces()
    known = _published(own, year) if own is not None else {}
    targets: dict[str, Target] = {}
    for region, poor in poor_of_regions.items():
        shares = [share for share in PROVINCES if share.province.region == region]
        left = poor - sum(known[share.key] for share in shares if share.key in known)
        burdens = {share.key: people[share.key] * share.burden for share in shares if share.key not in known}
        whole = sum(burdens.values())
        for share in shares:
            found = known.get(share.key)
            number = left * burdens[share.key] / whole if found is None else found
            targets[share.key] = Target(people[share.key], number, found is not None)
    return targets


def years_of(policy: Policy) -> list[int]:
    """The years at whose end the country has a figure."""
    series = policy.series.get(POOR)
    return [] if series is None else sorted(each.end.year for each in series.of_country())


def _published(series: Series, year: int) -> dict[str, float]:
    end = date(year, 12, 31)
    return {each.place: float(each.value) for each in series.figures if each.place and each.end == end}


def _regions(series: Series, package: str, year: int) -> dict[str, float]:
    end = date(year, 12, 31)
    country = series.find(end)
    if country is None:
        years = ", ".join(str(each.end.year) for each in series.of_country())
        raise NO_FIGURE.error(year=year, policy=package, years=years)
    known = _published(series, year)
    shares = _region_shares(series, year)
    left = float(country.value) - sum(known.values())
    whole = sum(shares[region] for region in RURAL_PEOPLE if region not in known)
    return {
        region: known[region] if region in known else left * shares[region] / whole for region in RURAL_PEOPLE
    }


def _region_shares(series: Series, year: int) -> Mapping[str, float]:
    """The poor of the regions in the nearest year that has all of them."""
    found = {each.end.year: _published(series, each.end.year) for each in series.figures}
    whole = {each: poor for each, poor in found.items() if poor.keys() >= RURAL_PEOPLE.keys()}
    return whole[min(whole, key=lambda each: abs(each - year))]
