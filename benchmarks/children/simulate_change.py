# SPDX-License-Identifier: Apache-2.0
"""Asks what another line would say of a run, as ``hearthline simulate`` does; then two curves.

    python -m benchmarks.children.simulate_change REPORT RUN SNAPSHOT LINE POINTS OUT

The files of the run are hashed first and timed apart; a file is hashed once in a process.
"""

from __future__ import annotations

import sys
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

from benchmarks.children.job import Job
from hearthline.engine.backends import open_run
from hearthline.engine.backends.duckdb_engine import DEFAULT_MEMORY
from hearthline.simulation.curve import CurveRequest
from hearthline.simulation.curve_runs import curve_points
from hearthline.simulation.package import changed_package
from hearthline.simulation.recomputing import sources_of
from hearthline.simulation.what_if import Question, Work, simulate


def main() -> None:
    """One question, then the curves."""
    report, folder, data, line, points, out = sys.argv[1:]
    job = Job(Path(report))
    wall, cpu = time.perf_counter(), time.process_time()
    run = open_run(folder)
    run.paths("households")
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    package = run.folder / "package"
    question = Question(package=package, settings=(f"poverty_line={line}",), listed=20)
    began_wall, began = time.perf_counter(), time.process_time()
    answer = simulate(question, run, data=Path(data))
    found: dict[str, object] = {
        "steps": dict(answer.seconds),
        "asked_wall": time.perf_counter() - began_wall,
        "asked_cpu": time.process_time() - began,
    }
    if int(points):
        day = date.fromisoformat(run.record.on)
        snapshot = run.snapshot(Path(data))
        changed = changed_package(package, question.settings, day)
        work = Work(question, run, snapshot, run.policy, changed, day, Path(data))
        values = [Decimal(line) * (80 + place) / 100 for place in range(int(points))]
        for name, some in (("one", values[:1]), ("twenty", values)):
            request = CurveRequest("poverty_line", tuple(some))
            began_wall, began = time.perf_counter(), time.process_time()
            told = curve_points(work.asking, changed, request, sources_of(run, snapshot), day, DEFAULT_MEMORY)
            found[f"{name}_cpu"] = time.process_time() - began
            found[f"{name}_wall"] = time.perf_counter() - began_wall
            found[f"{name}_poor"] = [point.households for point in told]
    if out != "-":
        answer.changed.write(Path(out))
    job.done(hash_wall=wall, hash_cpu=cpu, **found)


if __name__ == "__main__":
    main()
