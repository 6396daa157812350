# SPDX-License-Identifier: Apache-2.0
"""Decides a little county with a run of invented figures: enough to publish tables of, made in a moment."""

from __future__ import annotations

import random
from datetime import date

from django.utils import timezone

from hearthline.accounts.models import Officer
from hearthline.areas.models import Area
from hearthline.engine.packages import load_policy
from hearthline.policy.models import PackageVersion
from hearthline.runs.models import AreaFigures, Run, Snapshot
from hearthline.runs.words import names_of
from tests.service.packages import published

PACKAGE = "cn/2014-2020"
ON = date(2017, 12, 31)
VILLAGES = ("510101001001", "510101001002", "510101002001", "510101002002")


def run_of(
    places: dict[str, Area], officer: Officer, *, seed: int = 1, version: PackageVersion | None = None
) -> Run:
    """A run of the county 510101, loaded and in force; another seed counts other households."""
    version = version or published(PACKAGE, officer)
    county, now = places["510101"], timezone.now()
    snapshot = Snapshot.objects.create(
        area=county, area_path=county.path, version=version, as_of=ON, known_at=now, folder="snapshots/none",
        hash="0" * 64, households=0, people=0, taken_at=now, taken_by=officer,
    )  # fmt: skip
    names = names_of(load_policy(PACKAGE))
    run = Run.objects.create(
        snapshot=snapshot, version=version, area=county, area_path=county.path, on=ON, folder="runs/none",
        record={}, names=names, active=False, loaded=True, screened_at=now, screened_by=officer,
    )  # fmt: skip
    chance = random.Random(seed)
    counted = {code: _village(chance, names) for code in VILLAGES}
    for code in ("510101", "510101001", "510101002", *VILLAGES):
        _figures(run, places[code], [one for village, one in counted.items() if village.startswith(code)])
    return run


def _village(chance: random.Random, names: dict[str, list[str]]) -> dict[str, dict[str, int]]:
    """The households of a village one by one, counted."""
    criteria, deciding = names["criteria"], names["deciding"]
    found: dict[str, dict[str, int]] = {
        "status": dict.fromkeys(("poor", "unknown", "not poor"), 0),
        "not_met": dict.fromkeys(criteria, 0),
        "unknown": dict.fromkeys(criteria, 0),
        "causes": dict.fromkeys(names["causes"], 0),
    }
    for _ in range(chance.choice((40, 90, 160))):
        answers = {name: chance.choices(("met", "not met", "unknown"), (60, 4, 1))[0] for name in criteria}
        judged = {answers[name] for name in deciding}
        status = "poor" if "not met" in judged else "unknown" if "unknown" in judged else "not poor"
        found["status"][status] += 1
        for name, answer in answers.items():
            if answer != "met":
                found[answer.replace(" ", "_")][name] += 1
        if status == "poor":
            for name in names["causes"]:
                found["causes"][name] += chance.random() < 0.2
    return found


def _figures(run: Run, area: Area, villages: list[dict[str, dict[str, int]]]) -> None:
    def total(kind: str, name: str) -> int:
        return sum(village[kind][name] for village in villages)

    poor, unknown = total("status", "poor"), total("status", "unknown")
    AreaFigures.objects.create(
        run=run,
        area=area,
        area_path=area.path,
        households=poor + unknown + total("status", "not poor"),
        people=0,
        poor_households=poor,
        poor_people=0,
        unknown_households=unknown,
        unknown_people=0,
        criteria={
            name: [total("not_met", name), 0, total("unknown", name), 0] for name in run.names["criteria"]
        },
        causes={name: [total("causes", name), 0] for name in run.names["causes"]},
    )
