# SPDX-License-Identifier: Apache-2.0
"""Decides that an import which dies at any moment leaves no snapshot, and that the next one cleans up."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hearthline.base.problems import HearthlineError
from hearthline.engine.snapshots import open_snapshot
from hearthline.intake import Progress, import_files
from tests.intake.trial import BOTH, CREATED, HOUSEHOLDS, laid_out
from tests.snapshots.small_policy import small_policy

ROOT = Path(__file__).resolve().parents[2]
KILLS = 8
IMPORT = """
import sys
from pathlib import Path
from hearthline.intake import import_files
from tests.snapshots.small_policy import small_policy
folder = Path(sys.argv[1])
print("ready", flush=True)
files = [folder / "households.csv", folder / "persons.csv"]
import_files(small_policy(), folder / "map.toml", files, folder / "out")
print("done", flush=True)
"""


def county(folder: Path, households: int) -> list[Path]:
    rows = "".join(f"h{n},2,{n}.25\n" for n in range(households))
    people = "".join(f"h{n},{k},{n % 90}\n" for n in range(households) for k in (1, 2))
    files = {"households.csv": "hid,size,income\n" + rows, "persons.csv": "hid,no,age\n" + people}
    return laid_out(folder, BOTH, files)


@pytest.mark.slow
def test_a_killed_import_leaves_no_snapshot(tmp_path: Path) -> None:
    paths = county(tmp_path, 20_000)
    chance = random.Random(7)
    command = [sys.executable, "-c", IMPORT, str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    finished = 0
    for _ in range(KILLS):
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            assert process.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0, 1.5))  # the moment of the kill is the point
            process.send_signal(signal.SIGKILL)
            finished += process.stdout.read() == "done\n"
            assert process.stderr.read() == ""
        if (tmp_path / "out").exists():
            assert open_snapshot(tmp_path / "out").households == 20_000
            os.rename(tmp_path / "out", tmp_path / f"out-{time.monotonic_ns()}")
    report = import_files(small_policy(), tmp_path / "map.toml", paths, tmp_path / "out")
    assert open_snapshot(report.snapshot).rows("person") == 40_000
    assert not list(tmp_path.glob("out.partial-*")) + list(tmp_path.glob("out.work-*"))
    print(f"{KILLS} kills, {finished} after the end; none left half a snapshot")


def test_an_existing_snapshot_survives_an_import_that_is_refused(tmp_path: Path) -> None:
    paths = laid_out(tmp_path, HOUSEHOLDS, {"households.csv": "hid,size,income\na,1,1\n"})
    first = import_files(small_policy(), tmp_path / "map.toml", paths, tmp_path / "out", created=CREATED)
    with pytest.raises(HearthlineError, match="already exists"):
        import_files(small_policy(), tmp_path / "map.toml", paths, tmp_path / "out")
    paths[0].write_text("hid,size,income\na,x,1\n", encoding="utf-8")
    with pytest.raises(HearthlineError, match="No household could be accepted"):
        import_files(small_policy(), tmp_path / "map.toml", paths, tmp_path / "out", replace=True)
    assert open_snapshot(tmp_path / "out").hash == first.hash


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    paths = laid_out(tmp_path, HOUSEHOLDS, {"households.csv": "hid,size,income\na,1,1\n"})
    with pytest.raises(HearthlineError, match="could not go on: No such file or directory") as caught:
        import_files(small_policy(), tmp_path / "map.toml", paths, tmp_path / "nowhere" / "out")
    assert caught.value.code == "import.no-room"


def test_progress_runs_from_nothing_to_done(tmp_path: Path) -> None:
    paths = county(tmp_path, 300)
    told: list[Progress] = []
    import_files(small_policy(), tmp_path / "map.toml", paths, tmp_path / "out", progress=told.append)
    shares = [progress.share for progress in told]
    assert shares == sorted(shares)
    assert [told[0].stage, told[-1].stage, told[-1].share, told[-1].rows] == ["reading", "done", 1.0, 900]


def test_the_same_files_give_the_same_snapshot(tmp_path: Path) -> None:
    paths = county(tmp_path, 300)
    hashes = [
        import_files(small_policy(), tmp_path / "map.toml", paths, tmp_path / name, created=CREATED).hash
        for name in ("one", "two")
    ]
    assert hashes[0] == hashes[1]


def test_the_keys_of_the_source_stay_in_the_private_file(tmp_path: Path) -> None:
    paths = laid_out(
        tmp_path, HOUSEHOLDS, {"households.csv": "hid,size,income\nSECRET-1,1,1\nSECRET-2,1,1\n"}
    )
    report = import_files(small_policy(), tmp_path / "map.toml", paths, tmp_path / "out")
    assert b"SECRET" in report.keys.read_bytes()
    inside = [path for path in report.snapshot.rglob("*") if path.is_file()]
    assert not [path for path in inside if b"SECRET" in path.read_bytes()]
    for path in (report.keys, report.rejected):
        assert path.stat().st_mode & 0o777 == 0o600
