# SPDX-License-Identifier: Apache-2.0
"""Decides that a run of many partitions can be watched, stopped, killed and resumed, to the same bytes."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import duckdb
import pytest

from hearthline.base.problems import HearthlineError
from hearthline.engine.backends import Run, ScreeningStopped, open_run, screen
from hearthline.engine.backends.partitions import megabytes, shared
from hearthline.engine.backends.runs import RUN_FILE, RUN_SEAL
from hearthline.engine.snapshots import open_snapshot
from tests.engine.parted import PACKAGE, parted_county

ON = date(2017, 12, 31)
PARTITIONS = 8
KILLS = int(os.environ.get("HEARTHLINE_KILLS", "4"))


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county in many partitions."""
    return parted_county(tmp_path_factory.mktemp("county") / "parted", partitions=PARTITIONS, households=150)


@pytest.fixture(scope="module")
def run(county: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The county screened without a stop."""
    return screen(PACKAGE, county, on=ON, out=tmp_path_factory.mktemp("runs") / "run", threads=1).run


def contents(run: Run) -> dict[str, bytes]:
    """Every file of a run but its record, by name."""
    names = [path for path in sorted(run.folder.rglob("*")) if path.is_file()]
    return {
        str(path.relative_to(run.folder)): path.read_bytes()
        for path in names
        if path.name not in (RUN_FILE, RUN_SEAL)
    }


def told(run: Run) -> object:
    """What the record says, without the moment and the seconds."""
    return run.record.model_dump(exclude={"created", "seconds", "snapshot", "engine"})


def left_beside(out: Path) -> list[Path]:
    """What stands under temporary names."""
    return sorted(out.parent.glob(f"{out.name}.*"))


def test_two_processors_give_the_bytes_of_one(county: Path, run: Run, tmp_path: Path) -> None:
    both = screen(PACKAGE, county, on=ON, out=tmp_path / "run", threads=2).run
    assert contents(both) == contents(run)
    assert told(both) == told(run)
    assert len(both.paths("households")) == PARTITIONS


def test_every_result_is_in_the_order_of_its_numbers(run: Run) -> None:
    for result, key in (("households", "household_id"), ("persons", "person_id")):
        files = [str(path) for path in run.paths(result)]
        rows = duckdb.read_parquet(files).project(key).fetchall()
        assert rows == sorted(rows)


def test_a_screening_can_be_watched_partition_by_partition(county: Path, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    screen(PACKAGE, county, on=ON, out=tmp_path / "run", progress=lambda *done: seen.append(done))
    assert [whole for _, whole in seen] == [PARTITIONS * 150] * PARTITIONS
    assert [done for done, _ in seen] == [150 * (number + 1) for number in range(PARTITIONS)]


def test_an_interrupted_screening_keeps_what_is_finished_for_who_resumes(
    county: Path, run: Run, tmp_path: Path
) -> None:
    def interrupt(done: int, _: int) -> None:
        if done >= 300:
            raise KeyboardInterrupt

    out = tmp_path / "run"
    with pytest.raises(ScreeningStopped, match=r"of 8 partitions are kept: .* --resume"):
        screen(PACKAGE, county, on=ON, out=out, progress=interrupt)
    assert not out.exists()
    assert len(left_beside(out)) == 1
    report = screen(PACKAGE, county, on=ON, out=out, resume=True)
    assert 2 <= report.resumed < PARTITIONS
    assert contents(report.run) == contents(run)
    assert told(report.run) == told(run)
    assert left_beside(out) == []


def test_a_cancelled_job_leaves_nothing(county: Path, tmp_path: Path) -> None:
    def cancel(_: int, __: int) -> None:
        raise RuntimeError("cancelled")

    with pytest.raises(RuntimeError, match="cancelled"):
        screen(PACKAGE, county, on=ON, out=tmp_path / "run", progress=cancel)
    assert list(tmp_path.iterdir()) == []


def test_what_was_finished_and_then_changed_is_not_taken_over(county: Path, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "run"

    def interrupt(done: int, whole: int) -> None:
        if done > whole // 2:
            raise KeyboardInterrupt

    with pytest.raises(ScreeningStopped):
        screen(PACKAGE, county, on=ON, out=out, progress=interrupt, threads=1)
    (kept,) = left_beside(out)
    # a worker may finish one more while it is stopped
    finished = len(list((kept / "finished").glob("*.json")))
    result = kept / "households.parquet" / "part-00000.parquet"
    result.write_bytes(result.read_bytes()[:-1] + b"x")
    (kept / "finished" / "00001.json").write_bytes(b"{")
    report = screen(PACKAGE, county, on=ON, out=out, resume=True)
    assert report.resumed == finished - 2
    assert finished > PARTITIONS // 2
    assert contents(report.run) == contents(run)


def test_what_was_killed_on_its_last_step_is_gone_on_with(county: Path, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "run"

    def interrupt(done: int, whole: int) -> None:
        if done == whole:
            raise KeyboardInterrupt

    with pytest.raises(ScreeningStopped):
        screen(PACKAGE, county, on=ON, out=out, progress=interrupt)
    (kept,) = left_beside(out)
    for name in ("package/rules", "spill/0"):
        (kept / name).mkdir(parents=True, exist_ok=True)
    for name in (RUN_FILE, RUN_SEAL, "package/package.toml"):
        (kept / name).write_text("half", encoding="utf-8")
    report = screen(PACKAGE, county, on=ON, out=out, resume=True)
    assert report.resumed == PARTITIONS
    assert contents(report.run) == contents(run)


def test_work_on_another_question_is_not_gone_on_with(county: Path, tmp_path: Path) -> None:
    def interrupt(_: int, __: int) -> None:
        raise KeyboardInterrupt

    out = tmp_path / "run"
    with pytest.raises(ScreeningStopped):
        screen(PACKAGE, county, on=date(2016, 12, 31), out=out, progress=interrupt)
    report = screen(PACKAGE, county, on=ON, out=out, resume=True)
    assert report.resumed == 0
    assert left_beside(out) == []


CHILD = """
import sys
from datetime import date
from hearthline.engine.backends import screen
package, data, on, out = sys.argv[1:]
report = lambda done, whole: print(done, flush=True)
print("begun", flush=True)
screen(package, data, on=date.fromisoformat(on), out=out, resume=True, progress=report)
"""


def killed_on_the_way(county: Path, out: Path, moments: random.Random) -> bool:
    """Screen in another process and kill it at some moment; whether it was still at work then."""
    command = [sys.executable, "-c", CHILD, PACKAGE, str(county), ON.isoformat(), str(out)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for _ in range(moments.randrange(1, 4)):
        process.stdout.readline()
    time.sleep(moments.random() * 0.15)  # the moment of the kill, which decides nothing else
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


def test_a_screening_that_is_killed_at_any_moment_is_gone_on_with(
    county: Path, run: Run, tmp_path: Path
) -> None:
    moments = random.Random(11)
    killed = kept = 0
    while killed < KILLS:
        out = tmp_path / f"run-{killed}"
        while killed < KILLS and killed_on_the_way(county, out, moments):
            killed += 1
            kept += len(list(out.parent.glob(f"{out.name}.*/finished/*.json")))
            if out.exists():
                break
        if not out.exists():
            screen(PACKAGE, county, on=ON, out=out, resume=True)
        finished = open_run(out)
        assert contents(finished) == contents(run)
        assert told(finished) == told(run)
        assert left_beside(out) == []
    assert kept > 0


def test_an_earlier_run_gives_what_rests_on_the_same_data(county: Path, run: Run, tmp_path: Path) -> None:
    report = screen(PACKAGE, county, on=ON, out=tmp_path / "run", since=run.folder)
    assert report.reused == PARTITIONS
    assert contents(report.run) == contents(run)
    assert told(report.run) == told(run)


def test_an_earlier_run_on_another_date_is_refused(county: Path, run: Run, tmp_path: Path) -> None:
    with pytest.raises(HearthlineError) as refusal:
        screen(PACKAGE, county, on=date(2016, 12, 31), out=tmp_path / "run", since=run.folder)
    assert refusal.value.code == "run.other-question"
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_partition_is_refused_before_anything_is_screened(tmp_path: Path) -> None:
    county = parted_county(tmp_path / "parted", partitions=3, households=40)
    file = open_snapshot(county, verify=False).folder / "visit" / "part-00002.parquet"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(bytes(content))
    seen: list[int] = []
    with pytest.raises(HearthlineError) as refusal:
        screen(PACKAGE, county, on=ON, out=tmp_path / "run", progress=lambda done, _: seen.append(done))
    assert refusal.value.code == "snapshot.damaged"
    assert seen == []


@pytest.mark.parametrize(
    ("memory", "amount", "half"),
    [("800MB", 800, "400.000000MB"), ("2GB", 2000, "1.000000GB"), ("1 GiB", 1024, "0.500000GiB")],
)
def test_a_memory_bound_is_shared_among_workers(memory: str, amount: float, half: str) -> None:
    assert megabytes(memory) == pytest.approx(amount)
    assert shared(memory, 2) == half
    assert shared(memory, 1) == memory
