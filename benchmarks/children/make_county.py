# SPDX-License-Identifier: Apache-2.0
"""Generates the county that is measured, unless the very same one is there already.

    python -m benchmarks.children.make_county REPORT FOLDER HOUSEHOLDS SEED YEAR PACKAGE

The folder's name holds the seed and a hash of package and generator: another rule, another county.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import hearthline.synthetic
from benchmarks.children.job import Job
from hearthline.engine.packages import load_policy
from hearthline.engine.snapshots import open_snapshot
from hearthline.synthetic import generate


def main() -> None:
    """Find or make the county."""
    report, folder, households, seed, year, package = sys.argv[1:]
    job = Job(Path(report))
    policy = load_policy(package)
    made_by = hashlib.sha256(policy.version_hash.encode())
    for source in sorted(Path(hearthline.synthetic.__file__).parent.glob("*.py")):
        made_by.update(source.read_bytes())
    county = Path(folder) / f"county-{households}-{year}-seed{seed}-{made_by.hexdigest()[:12]}"
    if not county.exists():
        generate(policy, out=county, households=int(households), seed=int(seed), year=int(year))
    snapshot = open_snapshot(county, verify=False)
    rows = {level: snapshot.rows(level) for level in snapshot.levels}
    job.done(county=str(county), rows=rows, package=policy.id, package_hash=policy.version_hash)


if __name__ == "__main__":
    main()
