# SPDX-License-Identifier: Apache-2.0
"""Generates the county that is measured, unless the very same one is there already.

    python -m benchmarks.children.make_county REPORT FOLDER HOUSEHOLDS SEED YEAR PACKAGE

The folder's name holds the seed and a hash of the package, the generator and the writer of snapshots: another
rule, another county. The report says which columns the rules of the package read.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import hearthline.engine.snapshots
import hearthline.synthetic
from benchmarks.children.job import Job
from hearthline.engine.packages import load_policy
from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON, Policy
from hearthline.engine.snapshots import open_snapshot
from hearthline.engine.sql.needs import facts_read, needs_of
from hearthline.synthetic import generate

KEYS = {
    HOUSEHOLD: {"household_id": "number", "area_id": "number"},
    PERSON: {"household_id": "number", "person_id": "number"},
    AREA: {"area_id": "number", "area_code": "text"},
}
"""The numbers and codes that are read beside facts; of any other table the household's number alone."""


def main() -> None:
    """Find or make the county."""
    report, folder, households, seed, year, package = sys.argv[1:]
    job = Job(Path(report))
    policy = load_policy(package)
    made_by = hashlib.sha256(policy.version_hash.encode())
    for made in (hearthline.synthetic.__file__, hearthline.engine.snapshots.__file__):
        for source in sorted(Path(made).parent.glob("*.py")):
            made_by.update(source.read_bytes())
    county = Path(folder) / f"county-{households}-{year}-seed{seed}-{made_by.hexdigest()[:12]}"
    if not county.exists():
        generate(policy, out=county, households=int(households), seed=int(seed), year=int(year))
    snapshot = open_snapshot(county, verify=False)
    rows = {level: snapshot.rows(level) for level in snapshot.levels}
    job.done(county=str(county), rows=rows, package_hash=policy.version_hash, columns=columns_read(policy))


def columns_read(policy: Policy) -> dict[str, dict[str, str]]:
    """The columns that a screening reads, by table, with their kinds: facts of rules, numbers, places."""
    needs = needs_of(policy)
    trees = [needs.rules[name].tree for name in needs.ordered]
    found: dict[str, dict[str, str]] = {}
    for level, facts in policy.facts.items():
        names = facts_read(trees, level)
        if level == HOUSEHOLD:
            weights = (policy.household_weight, policy.person_weight)
            names += [name for name in weights if name is not None and name in facts and name not in names]
        if names:
            keys = KEYS.get(level, {"household_id": "number"})
            found[level] = {**keys, **{name: facts[name].type.kind.value for name in names}}
    return found


if __name__ == "__main__":
    main()
