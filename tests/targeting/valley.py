# SPDX-License-Identifier: Apache-2.0
"""Decides a small invented survey whose welfare is made of known traits, so that scores can be held to it."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np

from hearthline.engine.backends import Run, open_run, screen
from hearthline.engine.packages import load_policy
from hearthline.intake import import_files

PACKAGE = {
    "package.toml": """\
id = "valley/2024"
title = { en = "The valley" }
languages = ["en"]
jurisdiction = "VA"
currency = "crown"
minor_digits = 2
valid = { from = 2024-01-01, to = 2024-12-31 }
[weights]
household = "weight_of_household"
person = "weight_of_people"
[statistics]
welfare = "spending"
line = "line"
[targeting]
allows = ["seen", "shown"]
groups = ["town"]
interacts = "town"
[levels.household]
title = { en = "Household" }
""",
    "facts/household.yaml": """\
household:
  size: {type: integer, unit: person, min: 1, max: 20, label: {en: Size}, verified: shown}
  wall:
    type: code
    label: {en: Wall}
    codes: {mud: {en: Mud}, brick: {en: Brick}, stone: {en: Stone}}
    verified: seen
  stove: {type: boolean, label: {en: Stove}, verified: seen}
  town: {type: boolean, label: {en: Town}, verified: seen}
  field: {type: decimal, scale: 1, min: 0, max: 99, label: {en: Field}, verified: shown}
  claims: {type: integer, min: 0, max: 99, label: {en: What they say}, verified: told}
  illness: {type: boolean, label: {en: Illness}, verified: shown, sensitivity: sensitive}
  rank: {type: integer, min: 1, max: 99, label: {en: Rank in the village}}
  village: {type: text, label: {en: Village}}
  spending: {type: money, unit: crown, min: 0, max: 1000000, label: {en: Spending}}
  weight_of_household: {type: decimal, scale: 2, min: 0, max: 9999, label: {en: Weight}}
  weight_of_people: {type: decimal, scale: 2, min: 0, max: 99999, label: {en: Weight of people}}
""",
    "parameters/line.yaml": """\
line:
  label: {en: Line}
  type: money
  unit: crown
  values: [{year: 2024, value: 60, source: invented}]
""",
    "rules/standard.yaml": """\
criteria:
  enough:
    level: household
    label: {en: Spends enough}
    good: spending >= parameter('line')
    words: {met: {en: Enough.}, not_met: {en: Too little.}, unknown: {en: Not known.}}
    remedy: {en: Ask.}
    source: invented
standards:
  spends:
    default: true
    label: {en: Spends}
    combine: all
    criteria: [enough]
    from: 2024-01-01
    to: 2024-12-31
    source: invented
""",
}


def map_of(columns: list[str]) -> str:
    """The map of a file with these columns; the first is the key."""
    lines = ["format = 1", "[[file]]", 'files = "valley.csv"', 'level = "household"', 'key = "id"']
    lines += ["[file.design]", 'cluster = ["village"]', "[file.columns]"]
    return "\n".join([*lines, *(f'{name} = "{name}"' for name in columns if name != "id")])


def rows(count: int = 600, seed: int = 7) -> list[dict[str, str]]:
    """Households in 40 villages; the log of spending falls with size and rises with brick, stove and town."""
    draw = np.random.default_rng(seed)
    found = []
    for number in range(count):
        village = number % 40
        size, wall = int(draw.integers(1, 9)), ["mud", "brick", "stone"][int(draw.integers(0, 3))]
        stove, town, field = bool(draw.integers(0, 2)), village < 20, float(draw.integers(0, 50)) / 10
        told = 4.6 - 0.12 * size + {"mud": 0.0, "brick": 0.3, "stone": 0.5}[wall] + 0.25 * stove
        told += 0.2 * town * (1 + stove) + 0.04 * field + float(draw.normal(0, 0.15))
        found.append(
            {
                "id": f"h{number:04d}",
                "size": str(size),
                "wall": wall if number % 97 else "",
                "stove": "true" if stove else "false",
                "town": "true" if town else "false",
                "field": f"{field:.1f}",
                "claims": str(int(draw.integers(0, 9))),
                "illness": "false",
                "rank": "0",
                "village": f"v{village:02d}",
                "spending": f"{np.exp(told):.2f}",
                "weight_of_household": "10",
                "weight_of_people": str(10 * size),
            }
        )
    return ranked(found, draw)


def ranked(found: list[dict[str, str]], draw: np.random.Generator) -> list[dict[str, str]]:
    """Each village ranks its households by what it knows of their spending, with some mistakes."""
    for village in sorted({row["village"] for row in found}):
        inside = [row for row in found if row["village"] == village]
        known = {row["id"]: float(row["spending"]) * float(np.exp(draw.normal(0, 0.2))) for row in inside}
        for place, row in enumerate(sorted(inside, key=lambda row: known[row["id"]]), 1):
            row["rank"] = str(place)
    return found


def write_package(folder: Path, **changed: str) -> Path:
    """The package in a folder; a changed file is named with __ for the slash and without its ending."""
    for name, text in PACKAGE.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(changed.get(name.rsplit(".", 1)[0].replace("/", "__"), text), encoding="utf-8")
    return folder


def screened(folder: Path, found: list[dict[str, str]], package: Path | None = None) -> Run:
    """The survey imported and screened in a new folder."""
    policy = package or write_package(folder / "package")
    with (folder / "valley.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(found[0]))
        writer.writeheader()
        writer.writerows(found)
    (folder / "valley.toml").write_text(map_of(list(found[0])), encoding="utf-8")
    import_files(load_policy(policy), folder / "valley.toml", [folder / "valley.csv"], folder / "snapshot")
    screen(str(policy), folder / "snapshot", on=date(2024, 6, 30), out=folder / "run")
    return open_run(folder / "run")
