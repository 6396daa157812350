# SPDX-License-Identifier: Apache-2.0
"""Decides the areas of a county: terrain, hardship, what is true of each village, names and codes."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from hearthline.synthetic import words
from hearthline.synthetic.draws import Draws, Flags, Floats, Ints
from hearthline.synthetic.layout import TOWNSHIPS, VILLAGES, VILLAGES_PER_TOWNSHIP, Seat

MOUNTAIN, HILL, PLAIN = range(3)
_TERRAINS = np.array([MOUNTAIN] * 3 + [HILL] * 4 + [PLAIN] * 3)
_HARDSHIP = np.array([1.7, 1.0, 0.6])
_POOR_VILLAGE_FROM = 1.45
REGIONS = ("east", "central", "west")
_DISTINCT = len(words.LAND_FIRST) * len(words.LAND_SECOND)


AreaValue = int | str | bool | None


@dataclass(frozen=True)
class Villages:
    """What is true of each of the 120 villages of a county; hardship 1 is that of a common village."""

    terrain: Ints
    hardship: Floats
    water_scarce: Flags
    poor: Flags
    inhospitable: Flags
    clinic_ready: Flags
    hard_road: Flags
    collective_income: Ints


def villages_of(draws: Draws) -> Villages:
    """The villages of one county: mountain townships are poorer, drier and farther."""
    terrain = np.repeat(_TERRAINS[draws.shuffled("terrain", TOWNSHIPS)], VILLAGES_PER_TOWNSHIP)
    hardship = _HARDSHIP[terrain] * (0.65 + 0.7 * draws.uniform("hardship", VILLAGES))
    mountain = terrain == MOUNTAIN
    income = draws.spread("collective income", (0, 0, 300_000, 1_500_000, 4_000_000, 9_000_000), VILLAGES)
    return Villages(
        terrain=terrain,
        hardship=hardship,
        water_scarce=draws.chance("water scarce", np.where(mountain, 0.35, 0.06), VILLAGES),
        poor=hardship > _POOR_VILLAGE_FROM,
        inhospitable=mountain & draws.chance("inhospitable", 0.2, VILLAGES),
        clinic_ready=~draws.chance("no clinic", np.where(mountain, 0.1, 0.02), VILLAGES),
        hard_road=~draws.chance("no road", np.where(mountain, 0.15, 0.01), VILLAGES),
        collective_income=np.floor(income / (0.5 + hardship)).astype(np.int64) // 10_000 * 10_000,
    )


@dataclass
class AreaRows:
    """Rows of the table of areas, with the readings of their names beside them."""

    rows: list[dict[str, AreaValue]] = field(default_factory=list)
    readings: list[str] = field(default_factory=list)

    def add(
        self,
        area: int,
        parent: int | None,
        code: str,
        name: tuple[tuple[words.Syllable, ...], words.Syllable],
        depth: int,
        **facts: AreaValue,
    ) -> None:
        """Add one area; ``name`` is the word and what kind of place it is."""
        word, kind = name
        row: dict[str, AreaValue] = {
            "area_id": area,
            "parent_id": parent,
            "area_code": code,
            "area_name": words.written(word) + kind[0],
            "depth": depth,
        }
        self.rows.append(row | facts)
        self.readings.append(f"{words.spelled(word)} {kind[1]}")

    def row(self, area: int) -> dict[str, AreaValue]:
        """The row of an area that is there."""
        return self.rows[area - int(self.rows[0]["area_id"] or 0)]

    def table(self, schema: pa.Schema) -> pa.Table:
        """The rows as the snapshot takes them; facts the schema lacks are left out."""
        columns = [
            pa.array([row.get(name) for row in self.rows], schema.field(name).type) for name in schema.names
        ]
        return pa.Table.from_arrays(columns, schema=schema)


@dataclass(frozen=True)
class Province:
    """What a province is called and where it lies; ``word`` is the name without its kind of place."""

    word: tuple[words.Syllable, ...]
    kind: words.Syllable
    region: str


@dataclass(frozen=True)
class CountyKind:
    """What is known of a county by the lists of the poverty office."""

    poor: bool
    contiguous: bool
    deep: bool


def invented_province(seed: int, seat: Seat) -> Province:
    """A province that is nowhere."""
    region = REGIONS[int(Draws(seed, 2, seat.province).pick("region", (1, 4, 5), 1)[0])]
    return Province(_land_word(seed, "province", seat.province), words.PROVINCE, region)


def poor_county(seed: int, seat: Seat, province: Province) -> CountyKind:
    """A poor county, as all are where only one is looked at."""
    deep = bool(Draws(seed, 1, seat.county).chance("deep poverty", 0.3, 1)[0])
    return CountyKind(True, province.region != "east", deep)


def areas_of(seed: int, seat: Seat, province: Province, kind: CountyKind, villages: Villages) -> AreaRows:
    """A county with its townships and villages, and before it the prefecture and province it opens."""
    rows = AreaRows()
    region = province.region
    if seat.county == seat.first_of_province:
        name = (province.word, province.kind)
        rows.add(seat.province_area, None, _code(seat, 1), name, 0, region=region)
    if seat.county == seat.first_of_prefecture:
        rows.add(
            seat.prefecture_area,
            seat.province_area,
            _code(seat, 2),
            (_land_word(seed, "prefecture", seat.prefecture), words.PREFECTURE),
            1,
            region=region,
        )
    known: dict[str, AreaValue] = {
        "poor_county": kind.poor,
        "region": region,
        "contiguous_poor_area": kind.contiguous,
        "deep_poverty": kind.deep,
    }
    county_word = (_land_word(seed, "county", seat.county), words.COUNTY)
    rows.add(seat.area, seat.prefecture_area, _code(seat, 3), county_word, 2, **known)
    _add_townships(rows, Draws(seed, 1, seat.county), seat, villages, known)
    return rows


def _add_townships(
    rows: AreaRows, draws: Draws, seat: Seat, villages: Villages, known: dict[str, AreaValue]
) -> None:
    names = draws.shuffled("township names", len(words.LAND_FIRST))
    lasts = draws.shuffled("township name ends", len(words.PLACE_LAST))
    of_village = draws.shuffled("village names", len(words.VILLAGE_FIRST) * len(words.PLACE_LAST))
    middles = draws.whole("village name middles", 0, len(words.VILLAGE_MIDDLE) - 1, VILLAGES)
    areas = seat.village_areas
    for number, area in enumerate(seat.township_areas.tolist()):
        word = (words.LAND_FIRST[names[number]], words.PLACE_LAST[lasts[number]])
        kind = words.TOWN if villages.terrain[number * VILLAGES_PER_TOWNSHIP] == PLAIN else words.TOWNSHIP
        code = f"{_code(seat, 3)[:6]}{number + 1:03d}000"
        rows.add(area, seat.area, code, (word, kind), 3, **known)
        for place in range(VILLAGES_PER_TOWNSHIP):
            village = number * VILLAGES_PER_TOWNSHIP + place
            first, last = divmod(int(of_village[village]), len(words.PLACE_LAST))
            name = (
                words.VILLAGE_FIRST[first],
                words.VILLAGE_MIDDLE[middles[village]],
                words.PLACE_LAST[last],
            )
            rows.add(
                int(areas[village]),
                area,
                f"{code[:9]}{place + 1:03d}",
                (name, words.VILLAGE),
                4,
                **known,
                **_village_facts(villages, village),
            )


def _village_facts(villages: Villages, village: int) -> dict[str, AreaValue]:
    return {
        "water_scarce": bool(villages.water_scarce[village]),
        "poor_village": bool(villages.poor[village]),
        "inhospitable": bool(villages.inhospitable[village]),
        "clinic_ready": bool(villages.clinic_ready[village]),
        "hard_road": bool(villages.hard_road[village]),
        "collective_income": int(villages.collective_income[village]),
    }


def _code(seat: Seat, depth: int) -> str:
    """Twelve places as in the statistics, but with a letter in front, so that no real place has it."""
    prefecture, own = seat.prefecture - seat.prefectures_before, seat.county - seat.first_of_prefecture
    letter, digit = divmod(seat.province, 10)
    parts = [f"{chr(ord('A') + letter)}{digit}", f"{prefecture + 1:02d}", f"{own + 1:02d}"]
    return "".join(parts[:depth]).ljust(12, "0")


def _land_word(seed: int, kind: str, number: int) -> tuple[words.Syllable, words.Syllable]:
    """The word of the ``number``-th place of its kind; after 256 places the words come again."""
    order = Draws(seed, 0).shuffled(f"{kind} names", _DISTINCT)
    first, second = divmod(int(order[number % _DISTINCT]), len(words.LAND_SECOND))
    return words.LAND_FIRST[first], words.LAND_SECOND[second]
