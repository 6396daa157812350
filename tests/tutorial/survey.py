# SPDX-License-Identifier: Apache-2.0
"""Decides what the survey's answers are without Hearthline: plain Python over its two CSV files.

Nothing of the package is used but its table of growth cut-offs, which has a test of its own. Codes are the
survey's numbers, so a wrong recode of the import map shows as a different figure.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import fsum
from pathlib import Path

Row = dict[str, str]
CutOffs = Mapping[tuple[str, int], Decimal]

LINE = 1500.0
HEALTH_EDUCATION = ("nutrition", "child_mortality", "schooling", "attendance")
LIVING = ("cooking_fuel", "sanitation", "drinking_water", "electric_power", "housing", "assets")
POINTS = dict.fromkeys(HEALTH_EDUCATION, 3) | dict.fromkeys(LIVING, 1)
"""Weights in eighteenths: a sixth is three of them, an eighteenth one; a third of all is six."""
NEEDED = 6


@dataclass(frozen=True)
class Household:
    """One household of the survey with the people listed for it."""

    row: Row
    people: tuple[Row, ...]
    deprived: Mapping[str, bool | None]

    @property
    def key(self) -> str:
        return self.row["hid"]

    @property
    def spending(self) -> float:
        return float(self.row["pc_exp"])

    @property
    def people_weight(self) -> float:
        return float(self.row["popweight"])

    @property
    def household_weight(self) -> float:
        return float(self.row["hhweight"])

    @property
    def score(self) -> tuple[int, int]:
        """Eighteenths of known deprivations, and of unknown ones."""
        known = sum(POINTS[name] for name, answer in self.deprived.items() if answer)
        unknown = sum(POINTS[name] for name, answer in self.deprived.items() if answer is None)
        return known, unknown

    @property
    def status_mpi(self) -> str:
        known, unknown = self.score
        if known >= NEEDED:
            return "poor"
        return "not poor" if known + unknown < NEEDED else "unknown"


def read_survey(folder: Path, height: CutOffs, weight: CutOffs) -> list[Household]:
    """Every household of the survey, in the order of the file."""
    people: dict[str, list[Row]] = defaultdict(list)
    for person in _rows(folder / "individuals.csv"):
        people[person["hid"]].append(person)
    found = []
    for row in _rows(folder / "households.csv"):
        members = people[row["hid"]]
        found.append(Household(row, tuple(members), _deprivations(row, members, height, weight)))
    return found


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _deprivations(row: Row, people: list[Row], height: CutOffs, weight: CutOffs) -> dict[str, bool | None]:
    return {
        "nutrition": _some(_undernourished(person, height, weight) for person in people),
        "child_mortality": _some(map(_lost_child, people)),
        "schooling": _none_of(map(_schooled, people)),
        "attendance": _some(map(_out_of_school, people)),
        "cooking_fuel": None if row["cook_fuel"] == "6" else row["cook_fuel"] in ("4", "5"),
        "sanitation": None if row["toilet"] == "96" else row["toilet"] in ("14", "23", "31"),
        "drinking_water": None if row["water"] == "96" else row["water"] in ("32", "42", "43"),
        "electric_power": row["electricity"] == "0",
        "housing": row["floor"] == "1" or row["walls"] in ("1", "2", "5") or row["roof"] in ("6", "7", "8"),
        "assets": row["car"] == "0" and _small_assets(row) < 2,
    }


def _some(answers: Iterable[bool | None]) -> bool | None:
    listed = list(answers)
    return True if True in listed else None if None in listed else False


def _none_of(answers: Iterable[bool | None]) -> bool | None:
    some = _some(answers)
    return None if some is None else not some


def _undernourished(person: Row, height: CutOffs, weight: CutOffs) -> bool | None:
    if int(person["age"]) >= 5:
        return False
    if not (person["age_month"] and person["ch_height"] and person["ch_weight"]):
        raise AssertionError("The survey has no child under five without measurements.")
    month = person["sex"], int(person["age_month"])
    return Decimal(person["ch_height"]) < height[month] or Decimal(person["ch_weight"]) < weight[month]


def _lost_child(person: Row) -> bool | None:
    if person["sex"] == "1" or not 15 <= int(person["age"]) <= 49:
        return False
    if person["children_born"] == "":
        return None
    return person["children_born"] != "0" and int(person["children_surv"]) < int(person["children_born"])


def _schooled(person: Row) -> bool | None:
    if int(person["age"]) < 10:
        return False
    return int(person["yrs_school"]) >= 6 if person["yrs_school"] else None


def _out_of_school(person: Row) -> bool:
    return 6 <= int(person["age"]) <= 14 and person["school_attend"] != "1"


def _small_assets(row: Row) -> int:
    telephone = row["phone"] == "1" or row["cell"] == "1"
    others = ("radio", "tv", "bicycle", "motorcycle", "refrigerator")
    return telephone + sum(row[name] == "1" for name in others)


def share(households: list[Household], weight: Callable[[Household], float], alpha: int) -> float:
    """Foster, Greer and Thorbecke of spending below the line: headcount, gap, severity for 0, 1, 2."""
    short = [(h, max(0.0, (LINE - h.spending) / LINE)) for h in households]
    below = fsum(weight(h) * (gap**alpha if alpha else 1.0) for h, gap in short if h.spending < LINE)
    return below / fsum(map(weight, households))


@dataclass(frozen=True)
class Multidimensional:
    """Alkire and Foster's measures in people, over households whose answer is known."""

    h: float
    a: float
    m0: float
    censored: Mapping[str, float]
    unknown: float


def multidimensional(households: list[Household]) -> Multidimensional:
    """H, A, M0 and the ten censored headcounts."""
    known = [h for h in households if h.status_mpi != "unknown"]
    poor = [h for h in known if h.status_mpi == "poor"]
    answered = fsum(h.people_weight for h in known)
    poor_people = fsum(h.people_weight for h in poor)
    scores = fsum(h.people_weight * h.score[0] / 18 for h in poor)
    return Multidimensional(
        h=poor_people / answered,
        a=scores / poor_people,
        m0=scores / answered,
        censored={
            name: fsum(h.people_weight for h in poor if h.deprived[name]) / answered for name in POINTS
        },
        unknown=1 - answered / fsum(h.people_weight for h in households),
    )
