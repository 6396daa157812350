# SPDX-License-Identifier: Apache-2.0
"""Decides how a screening of national size is measured: ``python -m benchmarks.national``.

python -m benchmarks.national --data DIR                        # DIR/nation-30m, generated where absent
python -m benchmarks.national --data DIR --households 1000000 --agree 1000000
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from benchmarks.contest import HANDWRITTEN, ON, PACKAGE, comparison_in_words
from benchmarks.findings import (
    Figure,
    Findings,
    Table,
    at_most,
    command_of,
    finished,
    must_be,
    options,
    reported,
)
from benchmarks.machine import load_in_words, usable_cores
from benchmarks.measuring import Found, Measured, child, measured

SUBJECT = "national"
FULL_SIZE = 30_000_000
AGREE_SIZE = 1_000_000
MOST_PEAK, MOST_SECONDS, MOST_LIMIT, MOST_BY_HAND = 2000, 60, 2.0, 1.3
OURS, BY_HAND, LIMIT = "Hearthline", "Hand-written query", "Read, add up, write as many columns"
HEADINGS = ("", "wall s", "cpu s", "peak MB", "job wall s", "job cpu s", "cpu s per million")
EXPLANATION = """\
The whole package over the whole nation, members and income lines included, households and persons written.
The hand-written query and the limit read the same files with the same memory bound and threads, one after
another in the same run; files are in the cache of the system as each begins. Peaks are the largest resident
memory of the whole process. The *job* is without the start and the imports; hash checking is told apart and
left out. What is ours also forces each file to the disk and hashes it."""


@dataclass
class Stage:
    """Where this benchmark works, by which terms, and on which snapshots."""

    folder: Path
    memory: str
    threads: int

    def started(self, name: str, program: str, *words: object) -> Measured:
        """Run one of the programs."""
        self.folder.mkdir(parents=True, exist_ok=True)
        report = self.folder / f"{name}.json"
        report.unlink(missing_ok=True)
        return measured(child(program, report, *words), self.folder / f"{name}.log", report)

    def emptied(self, name: str) -> Path:
        """A folder that is not there yet."""
        out = self.folder / name
        shutil.rmtree(out, ignore_errors=True)
        return out

    def screened(self, snapshot: Path, out: Path, *more: object) -> Measured:
        """Screen by the package."""
        words = (PACKAGE, snapshot, ON, out, self.memory, self.threads, *more)
        return self.started(out.name, "screen_package", *words)

    def by_hand(self, snapshot: Path, out: Path) -> Measured:
        """Run the hand-written query."""
        words = (HANDWRITTEN, snapshot, out, self.memory, self.threads)
        return self.started(out.name, "run_handwritten", *words)


def nation(data: Path, households: int, say: Console) -> Path:
    """The snapshot of a nation of this size, generated where it is absent."""
    name = f"{households // 1_000_000}m" if households % 1_000_000 == 0 else str(households)
    folder = data / f"nation-{name}"
    if not folder.is_dir():
        say.print(f"a nation of {households:,} households is generated once, in {folder}")
        data.mkdir(parents=True, exist_ok=True)
        program = str(Path(sys.executable).parent / "hearthline")
        words = ["--policy", PACKAGE, "--nation", "--households", str(households), "--out", str(folder)]
        subprocess.run([program, "generate", *words], check=True)
    return folder


def warmed(snapshot: Path) -> None:
    """Read every file once, so that all contenders find them in the cache."""
    for file in sorted(snapshot.rglob("*.parquet")):
        with file.open("rb") as stream:
            while stream.read(1 << 24):
                pass


def columns_of(stage: Stage) -> Path:
    """The file that says which columns the rules read."""
    found = stage.started("columns", "columns_read", PACKAGE)
    path = stage.folder / "columns-read.json"
    path.write_text(json.dumps(found.report["columns"]), encoding="utf-8")
    return path


def raced(stage: Stage, snapshot: Path, say: Console) -> tuple[dict[str, Measured], Path]:
    """The three contenders over one snapshot; our run is kept for what comes later."""
    found: dict[str, Measured] = {}
    warmed(snapshot)
    run = stage.emptied("run")
    found[OURS] = stage.screened(snapshot, run)
    say.print(_told(OURS, found[OURS]))
    results = [*found[OURS].strings("households"), *found[OURS].strings("persons")]
    columns = columns_of(stage)
    found[OURS] = found[OURS].without_hashes()
    words = (columns, snapshot, stage.emptied("limit"), stage.memory, stage.threads, "--", *results)
    found[LIMIT] = stage.started("limit", "read_and_write", *words)
    say.print(_told(LIMIT, found[LIMIT]))
    shutil.rmtree(stage.folder / "limit")
    found[BY_HAND] = stage.by_hand(snapshot, stage.emptied("by-hand"))
    say.print(_told(BY_HAND, found[BY_HAND]))
    shutil.rmtree(stage.folder / "by-hand")
    return found, run


def _told(name: str, found: Measured) -> str:
    return f"{name}: {found.wall:.1f} s on the wall, {found.cpu:.1f} s of processors, {found.peak:.0f} MB"


def agreed(stage: Stage, snapshot: Path) -> dict[str, Found]:
    """Whether ours and the hand-written answer are equal, row by row."""
    ours = stage.screened(snapshot, stage.emptied("agree-ours"))
    by_hand = stage.by_hand(snapshot, stage.emptied("agree-by-hand"))
    found = {}
    for result, key in (("households", "household_id"), ("persons", "person_id")):
        words = (key, "--", *ours.strings(result), "--", *by_hand.strings(result))
        found[result] = stage.started(f"agree-{result}", "compare_results", *words).report
    return found


def resumed(stage: Stage, snapshot: Path) -> tuple[int, bool]:
    """Kill a screening and go on: how many partitions were taken over, and whether bytes are equal."""
    whole = json.loads((stage.folder / "agree-ours.json").read_text(encoding="utf-8"))
    out = stage.emptied("resumed")
    words = (PACKAGE, snapshot, ON, out, stage.memory, stage.threads, "resume")
    command = child("screen_package", stage.folder / "killed.json", *words)
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None and not list(out.parent.glob(f"{out.name}.*/finished/*.json")):
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    report = stage.screened(snapshot, out, "resume").report
    found = report["resumed"]
    assert isinstance(found, int)  # narrows the type: the child writes a number
    return found, report["hashes"] == whole["hashes"]


def main(words: list[str]) -> int:
    """Measure all, tell."""
    parser = options(SUBJECT, __doc__)
    parser.add_argument("--households", type=int, default=FULL_SIZE)
    parser.add_argument("--agree", type=int, default=AGREE_SIZE, help="households compared row by row")
    parser.add_argument("--memory", default="1800MB", help="memory bound of the engine, on all sides")
    parser.add_argument("--threads", type=int, default=usable_cores())
    asked = parser.parse_args(words)
    say = Console(soft_wrap=True, highlight=False)
    stage = Stage(asked.out.resolve() / "national", asked.memory, asked.threads)
    data = asked.data.resolve()
    big, small = nation(data, asked.households, say), nation(data, asked.agree, say)
    findings = Findings(SUBJECT, "The nation", command_of(SUBJECT, words), explanation=[EXPLANATION])
    compared = agreed(stage, small)
    taken_over, same = resumed(stage, small)
    found, run = raced(stage, big, say)
    changed, again = rescreened(stage, big, run)
    findings.loads.append(load_in_words())
    _fill(findings, asked.households, big, found, asked.memory, asked.threads)
    findings.figures += [
        must_be(
            f"Equal to the hand-written query on {asked.agree:,} households: {result}",
            "every row and column",
            comparison_in_words(one),
            kept=not one["differing_rows"] and not one["columns_of_one_side"],
        )
        for result, one in compared.items()
    ]
    findings.figures += [
        must_be(
            f"Killed and resumed on {asked.agree:,} households",
            "equal to the byte",
            f"{taken_over} partitions taken over, {'equal' if same else 'not equal'}",
            kept=same and taken_over > 0,
        ),
        reported("New visits of one county: the later snapshot", f"{changed.number('job_wall'):.1f} s"),
        must_be(
            "New visits of one county: screening since the run before",
            "seconds, one partition read",
            f"{again.number('job_wall'):.1f} s, {again.number('reused'):.0f} partitions taken over",
            kept=again.number("job_wall") < found[OURS].number("job_wall") / 5,
        ),
    ]
    shutil.rmtree(stage.folder, ignore_errors=True)
    keep = asked.keep if asked.keep is not None else asked.households == FULL_SIZE
    return finished(findings, asked.out, keep=keep)


def rescreened(stage: Stage, snapshot: Path, run: Path) -> tuple[Measured, Measured]:
    """A later snapshot with new visits in one county, and its screening since the run before."""
    partitions = json.loads((snapshot / "manifest.json").read_text(encoding="utf-8"))["partitions"]
    later = snapshot.with_name(f"{snapshot.name}-later")
    shutil.rmtree(later, ignore_errors=True)
    try:
        changed = stage.started("changed", "change_county", snapshot, PACKAGE, partitions // 2, later)
        again = stage.screened(later, stage.emptied("again"), run)
    finally:
        shutil.rmtree(later, ignore_errors=True)
    return changed, again


def _fill(
    findings: Findings,
    households: int,
    snapshot: Path,
    found: dict[str, Measured],
    memory: str,
    threads: int,
) -> None:
    manifest = json.loads((snapshot / "manifest.json").read_text(encoding="utf-8"))
    rows = {level: table["rows"] for level, table in manifest["tables"].items()}
    findings.data = (
        f"{rows['household']:,} households, {rows['person']:,} people, {rows['income_line']:,} income lines, "
        f"{manifest['partitions']} partitions; memory bound of the engine {memory}, {threads} threads"
    )
    ours, limit, by_hand = found[OURS], found[LIMIT], found[BY_HAND]
    findings.figures += [
        at_most("Screening, greatest memory", MOST_PEAK, ours.peak, "MB", digits=0),
        at_most(
            "Screening on the wall", MOST_SECONDS * households / FULL_SIZE, ours.wall, "s", digits=1, aim=True
        ),
        reported("Hash checking, apart", f"{ours.number('hash_wall'):.1f} s"),
        *_ratios("limit", MOST_LIMIT, ours, limit),
        *_ratios("hand-written query", MOST_BY_HAND, ours, by_hand),
    ]
    findings.tables.append(
        Table("Whole processes", HEADINGS, [_cells(name, one, households) for name, one in found.items()])
    )
    steps = ours.report.get("steps")
    if isinstance(steps, dict):
        lines = [[name, f"{seconds:.1f}"] for name, seconds in steps.items()]
        findings.tables.append(
            Table("Seconds by step, added up over the partitions worked on at once", ("step", "s"), lines)
        )


def _ratios(name: str, bound: float, ours: Measured, other: Measured) -> list[Figure]:
    return [
        at_most(f"The job beside the {name}, {words}", bound, ours.number(key) / other.number(key), "times")
        for words, key in (("on the wall", "job_wall"), ("of the processors", "job_cpu"))
    ]


def _cells(name: str, found: Measured, households: int) -> list[str]:
    job_wall, job_cpu = found.number("job_wall"), found.number("job_cpu")
    per_million = job_cpu / households * 1_000_000
    figures = (found.wall, found.cpu, found.peak, job_wall, job_cpu, per_million)
    return [name, *(f"{value:,.1f}" for value in figures)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
