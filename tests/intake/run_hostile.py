# SPDX-License-Identifier: Apache-2.0
"""Decides how one hostile file is tried: in a process of its own, which says what it cost.

``python -m tests.intake.run_hostile FOLDER NAME`` prints one line of JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from hearthline.base.problems import HearthlineError
from hearthline.engine.snapshots import open_snapshot
from hearthline.intake import import_files
from tests.intake.trial import rejections
from tests.snapshots.small_policy import small_policy


def tried_here(folder: Path, name: str) -> dict[str, object]:
    """Import the one file by the map beside it and say what came of it."""
    before, start = peak_megabytes(), time.process_time()
    try:
        report = import_files(small_policy(), folder / "map.toml", [folder / name], folder / "out")
        spent, most = time.process_time() - start, peak_megabytes()
        rejected = rejections(report.rejected)
        found: dict[str, object] = {
            "code": None,
            "codes": [reason.code for reason in report.reasons],
            "households": open_snapshot(report.snapshot).households,
            "adds_up": all(f.read == f.accepted + f.refused for f in report.files)
            and sum(f.refused for f in report.files) == len(rejected),
            "told": all(row["reason"] and row["remedy"] and row["file"] and row["line"] for row in rejected),
            "safe": not any(cell[:1] in set("=+@\t\r") for row in rejected for cell in row.values()),
        }
    except HearthlineError as error:
        spent, most = time.process_time() - start, peak_megabytes()
        found = {"code": error.code, "sentence": error.sentence, "households": 0}
    found["left"] = sorted(path.name for path in folder.iterdir() if path.name.startswith("out"))
    return found | {"seconds": spent, "before": before, "megabytes": most}


def peak_megabytes() -> float:
    """The most memory this process has had."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss counts the parent's memory too when a process was forked from it
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


if __name__ == "__main__":
    print(json.dumps(tried_here(Path(sys.argv[1]), sys.argv[2])))
