# SPDX-License-Identifier: Apache-2.0
"""Decides the invented report of these tests: every section filled, with unknowns and small places."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hearthline.engine.backends.runs import open_run
from hearthline.reporting.inputs import PlaceLevel, Provenance, ReasonLine, ReportInput, WorkedHousehold
from hearthline.statistics.disclosure import PlaceCount, protected
from hearthline.statistics.distribution import distribution_of
from hearthline.statistics.measures import compute_run
from tests.statistics import fake_runs

HOSTILE = '<script>alert("1")</script> & "'


@cache
def report(*, languages: tuple[str, ...] = ("en", "zh")) -> ReportInput:
    """An invented report; figures come from an invented run, places and households are written here."""
    with TemporaryDirectory() as folder:
        run = open_run(fake_runs.write_run(Path(folder), fake_runs.households(800)).folder)
        specification = fake_runs.specification()
        households = fake_runs.specification(weight="household")
        title = {"en": "Invented county", "zh": "虚构县"}
        return ReportInput(
            statistics=compute_run(run, specification),
            households=compute_run(run, households, measures=["population", "status", "headcount"]),
            title={language: title[language] for language in languages},
            description={"en": "An invented county for the tests of the report.", "zh": "测试用虚构县。"},
            distribution=distribution_of(run, specification),
            places=(townships(), villages()),
            worked=worked(),
            provenance=Provenance(
                created="2020-01-05T08:00:00+00:00",
                engine="duckdb",
                engine_version="2.0.0",
                software_version="0.1.0",
                memory="800MB",
                counts={"households": 800, "persons": 3400},
                seconds={"facts": 0.21, "write": 0.1},
            ),
        )


def townships() -> PlaceLevel:
    counts = [
        PlaceCount(f"T{number}", "", 300 + 7 * number, 40 * number, 310.0, 40.0 * number, 260.0 - 40 * number)
        for number in range(1, 6)
    ]
    names = {f"T{number}": {"en": f"Township {number}", "zh": f"第{number}乡"} for number in range(1, 6)}
    return PlaceLevel({"en": "Township", "zh": "乡镇"}, tuple(protected(counts)), labels=names)


def villages() -> PlaceLevel:
    """Under T1 a village of four people and one with few poor; under T2 nothing to hide."""
    counts = [
        PlaceCount("V1", "T1", 4, 2, 4.0, 2.0, 2.0),
        PlaceCount("V2", "T1", 60, 3, 60.0, 3.0, 50.0),
        PlaceCount("V3", "T1", 200, 60, 200.0, 60.0, 130.0),
        PlaceCount("V4", "T1", 150, 40, 150.0, 40.0, 100.0),
        PlaceCount("V5", "T2", 150, 50, 150.0, 50.0, 100.0),
        PlaceCount("V6", "T2", 250, 0, 250.0, 0.0, 250.0),
    ]
    names = {f"V{number}": {"en": f"Village {number}", "zh": f"第{number}村"} for number in range(1, 7)}
    names |= {"T1": {"en": "Township 1", "zh": "第1乡"}, "T2": {"en": "Township 2", "zh": "第2乡"}}
    return PlaceLevel(
        {"en": "Village", "zh": "村"}, tuple(protected(counts)), parent_title={"en": "Township"}, labels=names
    )


def worked() -> tuple[WorkedHousehold, ...]:
    fact = ReasonLine("Net income", "9,000.00 yuan", "visit, households.csv line 12")
    reason = ReasonLine(
        "Income above the line", "below the line", "a law", answer=False, is_condition=True, children=(fact,)
    )
    doubt = ReasonLine(HOSTILE, "unknown", answer=None, is_condition=True)
    sound = ReasonLine("Safe water", "met", answer=True, is_condition=True, children=(fact,))
    household = WorkedHousehold(
        title={"en": "Household 12", "zh": "第12户"},
        status="poor",
        about={"en": "area V3", "zh": "地区V3"},
        reasons={"en": (reason, doubt, sound), "zh": (reason, doubt, sound)},
        changes={"en": ("An income at the line.",), "zh": ("收入达到贫困线。",)},
    )
    return (household, replace(household, status="not poor"), replace(household, status="unknown"))
