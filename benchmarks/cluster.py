# SPDX-License-Identifier: Apache-2.0
"""Decides how Spark is held against DuckDB: ``python -m benchmarks.cluster``.

First on noise, in which every fact takes any of its values or none; then on a county or any snapshot of the
package. The command ``hearthline screen`` is run as a person would, on DuckDB, on Spark in one process and on
a master with two workers; every column of every row is compared by value.
"""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.contest import ON, PACKAGE, YEAR
from benchmarks.findings import Findings, Table, command_of, finished, must_be, options, reported
from benchmarks.machine import load_in_words
from benchmarks.measuring import Measured, child, measured
from benchmarks.standalone import standalone
from benchmarks.trees import watched
from hearthline.engine.backends import open_run

SUBJECT = "cluster"
FULL_SIZE = 1_000_000
DUCKDB, LOCAL, WORKERS = "DuckDB", "Spark, local[2]", "Spark, a master and two workers"
HEADINGS = ("engine", "seconds", "of it start", "processor s", "memory, MB")
EXPLANATION = (
    "The same package, snapshot and day by the command `hearthline screen`; imports, Java and hashes "
    "included; processor seconds and memory are those of all processes together. Every column of every "
    "household and person is then compared by value."
)


@dataclass
class Field:
    """A snapshot on which engines are compared, and what they took."""

    folder: Path
    snapshot: Path
    name: str
    runs: dict[str, Path] = field(default_factory=dict)
    took: dict[str, Measured] = field(default_factory=dict)

    def screen(self, engine: str, *words: str, beside: tuple[int, ...] = (), configuration: str = "") -> None:
        """Run the command and remember its run."""
        out = self.folder / f"{self.name}-{len(self.runs)}"
        shutil.rmtree(out, ignore_errors=True)
        command = [str(Path(sys.executable).parent / "hearthline"), "screen", "--policy", PACKAGE, "--on", ON]
        command += ["--data", str(self.snapshot), "--out", str(out), *words]
        own = {"SPARK_CONF_DIR": configuration} if configuration else {}
        self.took[engine] = watched(command, out.with_suffix(".log"), beside=beside, environment=own)
        self.runs[engine] = out

    def compared(self, engine: str, result: str, key: str) -> dict[str, object]:
        """Rows and columns of one engine beside those of DuckDB."""
        report = self.folder / "compared.json"
        sides = [[str(path) for path in open_run(self.runs[name]).paths(result)] for name in (engine, DUCKDB)]
        command = child("compare_results", report, key, "--", *sides[0], "--", *sides[1])
        return dict(measured(command, self.folder / "compared.log", report).report)

    def started(self, engine: str) -> float:
        """Seconds until Spark was there; none for DuckDB."""
        content = json.loads((self.runs[engine] / "run.json").read_text(encoding="utf-8"))
        return float(content["seconds"].get("start spark", 0.0))


def noise(folder: Path, households: int) -> Field:
    """A snapshot of noise."""
    report, snapshot = folder / "noise.json", folder / "noise"
    shutil.rmtree(snapshot, ignore_errors=True)
    measured(child("make_noise", report, snapshot, households, 1, ON, PACKAGE), folder / "noise.log", report)
    return Field(folder, snapshot, "on-noise")


def county(folder: Path, households: int) -> Field:
    """A county, generated once."""
    report = folder / "county.json"
    words = (folder, households, 1, YEAR, PACKAGE)
    made = measured(child("make_county", report, *words), folder / "county.log", report)
    return Field(folder, Path(str(made.report["county"])), "on-county")


def told(one: Field, findings: Findings) -> None:
    """Compare, and add what was found."""
    for engine in one.runs:
        for result, key in (("households", "household_id"), ("persons", "person_id")):
            if engine == DUCKDB:
                continue
            found = one.compared(engine, result, key)
            findings.raw[f"{one.name}: {engine}: {result}"] = found
            rows, lacking = found["rows"], found["columns_of_one_side"]
            assert isinstance(rows, dict)  # narrows the type: the child writes a mapping
            kept = found["differing_rows"] == 0 and not lacking and rows["ours"] == rows["theirs"] > 0
            words = f"{one.name.replace('-', ' ').capitalize()}, {engine}: {result} that differ from DuckDB's"
            measured_words = (
                f"{found['differing_rows']:,} of {rows['ours']:,}, {found['columns']} columns each"
            )
            findings.figures.append(must_be(words, "0", measured_words, kept=kept))


def main(words: list[str]) -> int:
    """Screen, compare, tell."""
    parser = options(SUBJECT, __doc__)
    parser.add_argument("--households", type=int, default=FULL_SIZE, help="of the generated county")
    parser.add_argument("--snapshot", type=Path, default=None, help="a snapshot of the package instead")
    parser.add_argument("--noise", type=int, default=3000, help="households of the noise")
    parser.add_argument("--memory", default="2GB", help="of Spark's driver")
    parser.add_argument(
        "--without-workers", action="store_true", help="leave out the master with two workers"
    )
    asked = parser.parse_args(words)
    folder = (asked.data / "cluster").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    local = ("--engine", "spark", "--master", "local[2]", "--memory", asked.memory)
    findings = Findings(
        SUBJECT,
        "The same answer on Spark",
        command_of(SUBJECT, words),
        explanation=[EXPLANATION],
        packages=("hearthline", "duckdb", "pyspark", "sqlglot"),
    )
    on_noise = noise(folder, asked.noise)
    on_noise.screen(DUCKDB)
    on_noise.screen(LOCAL, *local)
    told(on_noise, findings)
    main_field = (
        Field(folder, asked.snapshot.resolve(), "on-county")
        if asked.snapshot
        else county(folder, asked.households)
    )
    main_field.screen(DUCKDB, "--threads", "2")
    main_field.screen(LOCAL, *local)
    if not asked.without_workers:
        with standalone(folder / "standalone") as cluster:
            there = ("--engine", "spark", "--master", cluster.master, "--memory", asked.memory)
            main_field.screen(
                WORKERS, *there, beside=cluster.processes, configuration=str(cluster.configuration)
            )
    told(main_field, findings)
    findings.loads.append(load_in_words())
    rows = []
    for engine, took in main_field.took.items():
        rows.append(
            [
                engine,
                f"{took.wall:.1f}",
                f"{main_field.started(engine):.1f}",
                f"{took.cpu:.1f}",
                f"{took.peak:.0f}",
            ]
        )
    counts = open_run(main_field.runs[DUCKDB]).record.counts
    findings.data = f"{counts['households']:,} households, {counts['persons']:,} people, package {PACKAGE}"
    findings.tables.append(Table("A whole screening", HEADINGS, rows))
    ratio = main_field.took[LOCAL].cpu / main_field.took[DUCKDB].cpu
    findings.figures.append(reported("Processor seconds of Spark beside DuckDB", f"{ratio:.1f} times"))
    keep = asked.keep if asked.keep is not None else counts["households"] >= FULL_SIZE
    return finished(findings, asked.out, keep=keep)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
