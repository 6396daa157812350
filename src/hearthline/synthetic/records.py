# SPDX-License-Identifier: Apache-2.0
"""Decides the records that come over time: measures, home visits, department records, medical claims."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from hearthline.synthetic.causes import CAUSES, NAMED_AT_MOST
from hearthline.synthetic.circumstances import Circumstances
from hearthline.synthetic.columns import NEVER, coded, dates, flags, numbers
from hearthline.synthetic.draws import Flags, Floats, Ints
from hearthline.synthetic.families import DEAD
from hearthline.synthetic.health import SERIOUS, UNINSURED, WELL
from hearthline.synthetic.register import Register
from hearthline.synthetic.setting import Setting

MEASURES = (
    "industry",
    "employment",
    "public_job",
    "training",
    "microcredit",
    "asset_income",
    "photovoltaic",
    "education",
    "health",
    "water",
    "ecological_compensation",
    "social_assistance",
    "housing",
    "relocation",
)
_ANSWERS = {
    "illness": ("health", "social_assistance"),
    "disability": ("social_assistance", "health"),
    "schooling": ("education", "education"),
    "disaster": ("social_assistance", "industry"),
    "land": ("ecological_compensation", "asset_income"),
    "water_lack": ("water", "water"),
    "skills": ("training", "industry"),
    "labour": ("asset_income", "photovoltaic"),
    "funds": ("microcredit", "industry"),
    "traffic": ("industry", "employment"),
    "motivation": ("public_job", "employment"),
    "other": ("industry", "asset_income"),
}
_ANSWER = np.array([[MEASURES.index(kind) for kind in _ANSWERS[cause]] for cause in CAUSES])
STATES = ("planned", "running", "completed", "stopped")
_PLANNED, _RUNNING, _COMPLETED, _STOPPED = range(4)
EFFECTS = ("worked", "not_yet", "failed")
_WORKED, _NOT_YET, _FAILED = range(3)
VISITS = ("identification", "help", "exit_verification", "look_back", "re_verification")
_IDENTIFICATION, _HELP, _EXIT, _LOOK_BACK, _AGAIN = range(5)
FINDINGS = (
    "public_payroll",
    "village_cadre",
    "motor_vehicle",
    "town_house",
    "company",
    "registered_elsewhere",
    "death",
    "heavy_medical_cost",
    "new_disability",
    "dropout",
    "disaster",
    "job_loss",
)
CARE = ("inpatient", "outpatient", "chronic_outpatient")
_INPATIENT, _OUTPATIENT, _CHRONIC = range(3)
_COMMON_COST = np.array([1_200, 300, 1_600])


@dataclass(frozen=True)
class Rows:
    """A record table: the owner of each row, in order, and the columns."""

    owner: Ints
    columns: dict[str, pa.Array]


def _ordered(parts: list[dict[str, Ints]]) -> dict[str, Ints]:
    together = {name: np.concatenate([part[name] for part in parts]).astype(np.int64) for name in parts[0]}
    order = np.argsort(together["owner"], kind="stable")
    return {name: values[order] for name, values in together.items()}


def measures(setting: Setting, truth: Circumstances, kept: Register, causes: Ints) -> Rows:
    """At most one measure for each cause named; one that left has one that worked, by work if it can."""
    draws, count, last = setting.draws, setting.count, setting.last
    labourers = truth.work.labourers
    parts = [_settlement(truth, kept, name) for name in ("housing", "relocation")]
    for place in range(NAMED_AT_MOST):
        cause = causes[:, place]
        sure = kept.exited if place == 0 else np.zeros(count, dtype=np.bool_)
        who = kept.ever & (cause >= 0) & (sure | draws.chance(f"measure {place}", 0.8, count))
        kind = _ANSWER[cause, draws.pick(f"measure kind {place}", (65, 35), count)]
        develops = draws.pick(f"development {place}", (70, 30), count)
        kind = np.where(sure & (labourers > 0), develops, kind)
        started = np.minimum(kept.registered_on + draws.whole(f"started {place}", 40, 300, count), last - 30)
        started = np.where(kept.exited, np.minimum(started, kept.exited_on - 90), started)
        done = np.where(kept.exited, _COMPLETED, draws.pick(f"state {place}", (6, 62, 27, 5), count))
        effect = np.where(done == _COMPLETED, draws.pick(f"effect {place}", (45, 45, 10), count), _NOT_YET)
        rows = np.flatnonzero(who)
        parts.append(
            {
                "owner": rows,
                "kind": kind[rows],
                "state": done[rows],
                "effect": np.where(sure, _WORKED, effect)[rows],
                "cause": cause[rows],
                "started": np.where(done == _PLANNED, NEVER, started)[rows],
                "ended": np.where(done == _COMPLETED, np.minimum(started + 80, last), NEVER)[rows],
                "value": draws.whole(f"value {place}", 5, 200, count)[rows] * 10_000,
            }
        )
    made = _ordered(parts)
    return Rows(
        made["owner"],
        {
            "kind": coded(MEASURES, made["kind"]),
            "state": coded(STATES, made["state"]),
            "effect": coded(EFFECTS, made["effect"]),
            "for_cause": coded(CAUSES, made["cause"]),
            "started_on": dates(made["started"]),
            "ended_on": dates(made["ended"]),
            "value": numbers(made["value"]),
        },
    )


def _settlement(truth: Circumstances, kept: Register, name: str) -> dict[str, Ints]:
    """The measure behind a dwelling that was repaired or left for a better one."""
    home = truth.dwelling
    rows = np.flatnonzero(kept.ever & (home.mended if name == "housing" else home.moved))
    count = len(rows)
    return {
        "owner": rows,
        "kind": np.full(count, MEASURES.index(name)),
        "state": np.full(count, _COMPLETED),
        "effect": np.full(count, _WORKED),
        "cause": np.full(count, CAUSES.index("other")),
        "started": home.settled_on[rows] - 200,
        "ended": home.settled_on[rows],
        "value": np.full(count, 2_500_000 if name == "housing" else 18_000_000),
    }


def visits(setting: Setting, kept: Register, visited: Flags) -> Rows:
    """One visit a year for most, three to those on the register, and one to verify an exit."""
    draws, count, last = setting.draws, setting.count, setting.last
    past = kept.exited & ~kept.exited_now
    afterwards = np.where(draws.chance("looked back", 0.6, count), _LOOK_BACK, _AGAIN)
    before = np.where(kept.on_it, _HELP, _IDENTIFICATION)
    kind = np.where(kept.exited_now, _EXIT, np.where(past, afterwards, before))
    verified_on = kept.exited_on - 2
    parts = []
    for place, who in enumerate((visited, kept.ever & visited, kept.on_it & visited)):
        rows = np.flatnonzero(who & (kept.ever | draws.chance(f"visit {place}", 0.6, count)))
        first = place == 0
        day = last - draws.whole(f"visit {place} on", 31 + 90 * place, 85 + 90 * place, count)
        day = np.where(kept.exited_now & first, verified_on, day)
        parts.append(
            {"owner": rows, "kind": (kind if first else np.full(count, _HELP))[rows], "day": day[rows]},
        )
    made = _ordered(parts)
    verifies = made["kind"] == _EXIT
    agrees = verifies | ~draws.chance("disagrees", 0.03, len(verifies))
    return Rows(
        made["owner"],
        {
            "visited_on": dates(made["day"]),
            "kind": coded(VISITS, made["kind"]),
            "household_agrees": flags(agrees, verifies | (made["kind"] >= _LOOK_BACK)),
        },
    )


def department_records(setting: Setting, truth: Circumstances) -> Rows:
    """What other offices know: wealth of those who are not poor, deaths, illness, dropouts, disasters."""
    draws, count, poor = setting.draws, setting.count, truth.poor
    trouble = truth.hardship
    parts = []
    for place, (finding, (share, least, most)) in enumerate(_findings(truth).items()):
        rows = np.flatnonzero(draws.chance(f"record of {finding}", share, count))
        value = draws.whole(f"value of {finding}", least, most, count)[rows] * 100
        day = setting.last - draws.whole(f"day of {finding}", 20, 340, count)[rows]
        if finding == "disaster":
            value, day = trouble.disaster_loss[rows], trouble.disaster_on[rows] + 7
        parts.append(
            {
                "owner": rows,
                "kind": np.full(len(rows), place),
                "day": day,
                "value": value if most else np.full(len(rows), NEVER),
            }
        )
    made = _ordered(parts)
    explained = draws.chance("explained", np.where(poor[made["owner"]], 0.9, 0.1), len(made["owner"]))
    return Rows(
        made["owner"],
        {
            "kind": coded(FINDINGS, made["kind"]),
            "recorded_on": dates(made["day"]),
            "value": numbers(made["value"], made["value"] != NEVER),
            "explained": flags(explained, made["kind"] <= FINDINGS.index("registered_elsewhere")),
        },
    )


def _findings(truth: Circumstances) -> dict[str, tuple[Floats, int, int]]:
    """For each finding how often it is made, and the least and greatest amount in yuan, if there is one."""
    people, ill = truth.people, truth.ill
    wealthy = np.where(truth.poor, 0.06, 1.0)
    serious = people.some(people.counted & (ill.illness == SERIOUS))
    return {
        "public_payroll": (0.01 * wealthy, 0, 0),
        "village_cadre": (0.008 * wealthy, 0, 0),
        "motor_vehicle": (0.07 * wealthy, 20_000, 180_000),
        "town_house": (0.025 * wealthy, 80_000, 600_000),
        "company": (0.008 * wealthy, 30_000, 900_000),
        "registered_elsewhere": (0.003 * wealthy, 0, 0),
        "death": (0.9 * people.some(people.gone == DEAD), 0, 0),
        "heavy_medical_cost": (0.4 * serious, 10_000, 90_000),
        "new_disability": (0.04 * people.some(people.counted & ill.card), 0, 0),
        "dropout": (0.7 * people.some(people.counted & truth.school.dropped_out), 0, 0),
        "disaster": (0.9 * truth.hardship.disaster, 1, 1),
        "job_loss": (np.full(people.households, 0.008), 0, 0),
    }


def claims(setting: Setting, truth: Circumstances, kept: Register) -> Rows:
    """Medical claims of the ill, and a few of the well; who is on the register pays less of them."""
    draws, last = setting.draws, setting.last
    people, ill = truth.people, truth.ill
    count = people.count
    share = np.where(ill.illness == SERIOUS, 0.85, np.where(ill.illness == WELL, 0.03, 0.5))
    covered = people.counted & (ill.insurance != UNINSURED)
    rows = np.flatnonzero(covered & draws.chance("claim", share, count))
    illness = ill.illness[rows]
    kind = np.where(illness == SERIOUS, _INPATIENT, np.where(illness == WELL, _OUTPATIENT, _CHRONIC))
    times = draws.spread("claim cost", (0.1, 0.4, 0.9, 1.8, 6.0), count)[rows]
    total = np.floor(times * _COMMON_COST[kind]).astype(np.int64) * 1_000
    own = draws.spread("own share", (0.05, 0.1, 0.2, 0.35, 0.5), count)[rows]
    own = own * np.where(kept.on_it[people.household[rows]], 0.5, 1.0)
    return Rows(
        rows,
        {
            "treated_on": dates(
                np.maximum(last - draws.whole("treated on", 0, 360, count), people.birth)[rows]
            ),
            "kind": coded(CARE, kind),
            "total_cost": numbers(total),
            "out_of_pocket": numbers(np.floor(total * own).astype(np.int64)),
        },
    )
