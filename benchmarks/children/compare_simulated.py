# SPDX-License-Identifier: Apache-2.0
"""Compares what is worked out for a changed package with a whole screening by it, household by household.

python -m benchmarks.children.compare_simulated REPORT RUN SNAPSHOT PACKAGE OUT
"""

from __future__ import annotations

import shutil
import sys
from datetime import date
from pathlib import Path

from sqlglot import exp

from benchmarks.children.job import Job
from hearthline.engine.backends import open_run, screen
from hearthline.engine.packages import load_policy
from hearthline.engine.rules.dependence import dependence_of
from hearthline.engine.rules.policy import HOUSEHOLD
from hearthline.simulation.recomputing import RECOMPUTED, Recomputation, answers_of, sources_of
from hearthline.simulation.trimming import trimmed
from hearthline.simulation.what_if import opened
from hearthline.statistics.expressions import column, count, parquet
from hearthline.statistics.session import Step


def main() -> None:
    """One comparison; every answer that can differ is compared, and the rest must be that of the run."""
    report, folder, data, package, out = sys.argv[1:]
    job = Job(Path(report))
    run, after = open_run(folder), load_policy(Path(package))
    day = date.fromisoformat(run.record.on)
    shutil.rmtree(out, ignore_errors=True)
    whole = screen(Path(package), Path(data), on=day, out=Path(out)).run
    depending = dependence_of(run.policy, after, day)
    wanted = frozenset(
        name
        for name in depending.affected
        if (after.derived.get(name) or after.criteria[name]).level == HOUSEHOLD
    )
    snapshot = run.snapshot(Path(data))
    recomputation = Recomputation(sources_of(run, snapshot), trimmed(after, depending, wanted), day)
    answers = answers_of(after, depending, day)
    differing: dict[str, int] = {}
    with opened("800MB") as session:
        recomputation.define(session)
        for name in answers:
            tree = exp.select(exp.alias_(count(), "times")).from_(
                exp.alias_(parquet(whole.paths("households")), "w", table=True)
            )
            same = exp.EQ(this=column("household_id", "w"), expression=column("household_id", "n"))
            tree = tree.join(exp.alias_(exp.to_table(RECOMPUTED), "n", table=True), on=same)
            tree = tree.where(exp.NullSafeNEQ(this=column(name, "w"), expression=column(name, "n")))
            times = session.fetch(Step("differing", tree)).to_pylist()[0]["times"]
            if times:
                differing[name] = times
    said = ", ".join(f"{name} of {times:,}" for name, times in differing.items())
    job.done(agreed=said or "all", answers=answers)


if __name__ == "__main__":
    main()
