# SPDX-License-Identifier: Apache-2.0
"""Decides the small invented runs of these tests: households with answers, a snapshot, a statement."""

from __future__ import annotations

import hashlib
import json
import random
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from hearthline.engine.backends.runs import (
    RUN_FILE,
    RUN_SEAL,
    EngineRecord,
    FileRecord,
    PackageRecord,
    RunRecord,
    SnapshotRecord,
    run_seal,
)
from hearthline.engine.rules.policy import Dimension, Index, Missing
from hearthline.engine.snapshots.hashing import sha256_of
from hearthline.engine.snapshots.manifest import MANIFEST, SEAL, seal_line
from hearthline.statistics.specification import (
    CauseEntry,
    CriterionEntry,
    Line,
    Specification,
    StandardEntry,
)

CRITERIA = ("income", "water", "school", "housing")
WEIGHTS = {
    "income": Fraction(1, 3),
    "water": Fraction(1, 3),
    "school": Fraction(1, 6),
    "housing": Fraction(1, 6),
}
LINE = Decimal("3218.00")


@dataclass(frozen=True)
class Household:
    """One invented household with everything a run and its snapshot hold."""

    household_id: int
    area_id: int
    area: str
    size: int | None
    household_weight: float
    income: Decimal | None
    line: Decimal
    answers: dict[str, str]
    status: str
    illness: bool | None
    region: str | None
    savings: int | None
    """In fen, as a snapshot holds money."""


@dataclass(frozen=True)
class Invented:
    """A run on disk and the same households in memory."""

    folder: Path
    households: list[Household] = field(repr=False)


def households(number: int, *, seed: int = 7, unknown: float = 0.1) -> list[Household]:
    """Invented households, the same for the same seed; ``unknown`` is the share of unknown answers."""
    draw = random.Random(seed)
    return [_household(draw, place, unknown) for place in range(1, number + 1)]


def _household(draw: random.Random, household_id: int, unknown: float) -> Household:
    region = draw.choice(["north", "south", "east", None])
    mean = {"north": 8.6, "south": 8.1, "east": 8.4, None: 8.3}[region]
    income = Decimal(str(round(draw.lognormvariate(mean, 0.7), 2)))
    if draw.random() < 0.05:
        income = LINE
    if draw.random() < 0.02:
        income = Decimal("-12.50")
    known_income = None if draw.random() < unknown else income
    answers = {name: _answer(draw, unknown) for name in CRITERIA}
    if known_income is None:
        answers["income"] = "unknown"
    else:
        answers["income"] = "not met" if known_income < LINE else "met"
    village = draw.randint(1, 6)
    return Household(
        household_id=household_id,
        area_id=100 + village,
        area=f"V{village}",
        size=None if draw.random() < unknown / 5 else draw.randint(1, 8),
        household_weight=draw.randint(50, 4000) / 7,
        income=known_income,
        line=LINE if draw.random() < 0.5 else Decimal("2300.00"),
        answers=answers,
        status=_status(answers),
        illness=None if draw.random() < unknown else draw.random() < 0.4,
        region=region,
        savings=None if draw.random() < unknown else draw.randint(0, 10_000_00),
    )


def _answer(draw: random.Random, unknown: float) -> str:
    if draw.random() < unknown:
        return "unknown"
    return "not met" if draw.random() < 0.25 else "met"


def _status(answers: dict[str, str]) -> str:
    if "not met" in answers.values():
        return "poor"
    return "unknown" if "unknown" in answers.values() else "not poor"


def write_run(
    folder: Path,
    rows: list[Household],
    *,
    run_name: str = "run",
    snapshot_name: str = "snapshot",
    version: str = "a" * 64,
    parts: int = 1,
) -> Invented:
    """A run folder and the snapshot beside it, as the engine lays them down."""
    run, snapshot = folder / run_name, folder / snapshot_name
    run.mkdir(parents=True)
    if not snapshot.exists():
        write_snapshot(snapshot, rows)
    digest = hashlib.sha256((snapshot / MANIFEST).read_bytes()).hexdigest()
    table = run_table(rows)
    files = ["households.parquet"]
    if parts > 1:
        (run / "households.parquet").mkdir()
        files = [f"households.parquet/part-{part:05d}.parquet" for part in range(parts)]
    size = -(-table.num_rows // parts)
    for part, file in enumerate(files):
        pq.write_table(table.slice(part * size, size), run / file)
    record = RunRecord(
        package=PackageRecord(id="invented/2019", version_hash=version),
        snapshot=SnapshotRecord(hash=digest, path=f"../{snapshot_name}"),
        engine=EngineRecord(name="duckdb", version="2.0.0", hearthline="0.1.0", memory="1GB"),
        on="2019-12-31",
        created="2020-01-05T08:00:00+00:00",
        counts={"households": len(rows), "persons": 0},
        statuses={},
        standards=["national", "water_only"],
        default_standard="national",
        indices={},
        seconds={"criteria": 0.2, "write": 0.1},
        files={"households": [FileRecord(path=file, sha256=sha256_of(run / file)) for file in files]},
        partitions=[],
    )
    write_record(run, record)
    return Invented(run, rows)


def write_record(run: Path, record: RunRecord) -> None:
    """Write run.json and its seal, over those that are there."""
    content = record.model_dump_json(indent=2).encode()
    (run / RUN_FILE).write_bytes(content)
    (run / RUN_SEAL).write_bytes(run_seal(content))


def run_table(rows: list[Household]) -> pa.Table:
    """The table of households of a run."""
    money = pa.decimal128(18, 2)
    columns: dict[str, pa.Array] = {
        "household_id": pa.array([row.household_id for row in rows], pa.int64()),
        "area_id": pa.array([row.area_id for row in rows], pa.int64()),
        "area": pa.array([row.area for row in rows], pa.string()),
        "weight": pa.array([row.size for row in rows], pa.int64()),
        "household_weight": pa.array([row.household_weight for row in rows], pa.float64()),
        "income_per_person": pa.array([row.income for row in rows], money),
        "own_line": pa.array([row.line for row in rows], money),
        "cause_illness": pa.array([row.illness for row in rows], pa.bool_()),
    }
    for name in CRITERIA:
        columns[name] = pa.array([row.answers[name] for row in rows], pa.string())
    columns["status"] = pa.array([row.status for row in rows], pa.string())
    columns["status_water_only"] = pa.array(
        [{"met": "not poor", "not met": "poor"}.get(row.answers["water"], "unknown") for row in rows]
    )
    return pa.table(columns)


def write_snapshot(folder: Path, rows: list[Household]) -> None:
    """The household facts, the areas and the sealed manifest."""
    (folder / "household").mkdir(parents=True)
    (folder / "area").mkdir()
    facts = pa.table(
        {
            "household_id": pa.array([row.household_id for row in rows], pa.int64()),
            "area_id": pa.array([row.area_id for row in rows], pa.int64()),
            "region": pa.array([row.region for row in rows], pa.string()),
            "savings": pa.array([row.savings for row in rows], pa.int64()),
        }
    )
    pq.write_table(facts, folder / "household" / "part-00000.parquet")
    pq.write_table(_areas(), folder / "area" / "part-00000.parquet")
    manifest = json.dumps(_manifest(folder, len(rows))).encode()
    (folder / MANIFEST).write_bytes(manifest)
    (folder / SEAL).write_bytes(seal_line(hashlib.sha256(manifest).hexdigest()))


def _areas() -> pa.Table:
    """One county, two townships of three villages each."""
    villages = [(100 + village, 10 + (village + 2) // 3, f"V{village}", 2) for village in range(1, 7)]
    places = [(1, None, "C", 0), (11, 1, "T1", 1), (12, 1, "T2", 1), *villages]
    return pa.table(
        {
            "area_id": pa.array([place[0] for place in places], pa.int64()),
            "parent_id": pa.array([place[1] for place in places], pa.int64()),
            "area_code": pa.array([place[2] for place in places], pa.string()),
            "area_name": pa.array([f"Place {place[2]}" for place in places], pa.string()),
            "depth": pa.array([place[3] for place in places], pa.int64()),
        }
    )


def _manifest(folder: Path, number: int) -> dict[str, object]:
    def file(path: str, rows: int) -> dict[str, object]:
        content = (folder / path).read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        return {"path": path, "rows": rows, "bytes": len(content), "sha256": digest}

    households_file = file("household/part-00000.parquet", number)
    return {
        "format": 1,
        "package": {"id": "invented/2019", "version_hash": "a" * 64},
        "created": "2020-01-01T00:00:00+00:00",
        "partitions": 1,
        "tables": {
            "household": {
                "rows": number,
                "columns": {"region": {"type": "code"}, "savings": {"type": "money", "scale": 2}},
                "files": [households_file | {"first_household": 1, "last_household": number}],
            },
            "area": {"rows": 9, "columns": {}, "files": [file("area/part-00000.parquet", 9)]},
        },
    }


def index(missing: Missing = Missing.BOUNDS) -> Index:
    """Two dimensions of two indicators; poor at a third of the weight."""
    living = {"income": WEIGHTS["income"], "water": WEIGHTS["water"]}
    services = {"school": WEIGHTS["school"], "housing": WEIGHTS["housing"]}
    return Index(
        name="mpi",
        label={"en": "Invented index", "zh": "虚构指数"},
        cutoff=Fraction(1, 3),
        missing=missing,
        dimensions=(
            Dimension("living", {"en": "Living", "zh": "生活"}, Fraction(2, 3), living),
            Dimension("services", {"en": "Services", "zh": "服务"}, Fraction(1, 3), services),
        ),
    )


def specification(*, weight: str = "person", missing: Missing = Missing.BOUNDS) -> Specification:
    """What the invented package measures."""
    labels = {
        "income": ("Income above the line", "收入达标"),
        "water": ("Safe drinking water", "饮水安全"),
        "school": ("Children in school", "义务教育有保障"),
        "housing": ("Safe housing", "住房安全"),
    }
    return Specification(
        package="invented/2019",
        title={"en": "Invented package", "zh": "虚构政策包"},
        version_hash="a" * 64,
        languages=("en", "zh"),
        currency="yuan",
        standards=(
            StandardEntry(
                "national", {"en": "National standard", "zh": "国家标准"}, "status", CRITERIA, default=True
            ),
            StandardEntry(
                "water_only", {"en": "Water only", "zh": "仅饮水"}, "status_water_only", ("water",)
            ),
        ),
        criteria={
            name: CriterionEntry(name, {"en": words[0], "zh": words[1]}) for name, words in labels.items()
        },
        indices=(index(missing),),
        causes=(
            CauseEntry("illness", 1, {"en": "Illness", "zh": "因病"}, "cause_illness"),
            CauseEntry("idleness", 2, {"en": "Lack of drive", "zh": "缺乏内生动力"}, None),
        ),
        labels={"income_per_person": {"en": "Net income per person", "zh": "人均纯收入"}},
        codes={"region": {"north": {"en": "North", "zh": "北部"}}},
        welfare="income_per_person",
        line=Line(
            "poverty_line", {"en": "Poverty line", "zh": "贫困线"}, value=LINE, source={"en": "invented"}
        ),
        weight=weight,
    )
