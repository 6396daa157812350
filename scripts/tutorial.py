# SPDX-License-Identifier: Apache-2.0
"""Decides that the tutorial is true: runs its commands in order and holds the outputs it shows against them.

``python -m scripts.tutorial`` runs them in ``build/tutorial``; with ``--write`` the outputs in the pages
are written anew. A shell example after ``<!-- not run: why -->`` is left out. The block ``text`` after
a shell example is its output; after ``<!-- first 12 lines -->`` only so many lines of it are shown.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "tutorial"
SURVEY = ("households.csv", "individuals.csv")
MORE = "…"
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOT_RUN = re.compile(r"<!-- not run(?:: [^>]+)? -->\s*\Z")
FIRST = re.compile(r"<!-- first (\d+) lines -->\s*\Z")
# What differs from one run to the next: how long it took, how much memory, and hashes.
VOLATILE = re.compile(r"\b\d+\.\d+ s\b|(?<![0-9a-z])(?:[0-9a-f]{64}|[0-9a-f]{12})(?![0-9a-z])")

# The licence of the survey does not let us print what single households said, so pages show … for it.
SAID = re.compile(r"([:：] ?)[^:：\[\]〔〕]+((?:  \[|〔)[^\]〕]*(?:households|individuals)\.csv)")


@dataclass(frozen=True)
class Step:
    """A command of a page; ``shown`` is the place in the page of the output that follows it."""

    page: Path
    line: int
    command: str
    output: str = ""
    shown: tuple[int, int] | None = None
    lines: int | None = None


def tutorial_pages() -> list[Path]:
    """The pages in the order they are read: the overview, then by number."""
    return sorted(PAGES.glob("*.md"), key=lambda page: (page.name != "index.md", page.name))


def steps_of(page: Path) -> Iterator[Step]:
    """The commands of a page with the outputs it shows."""
    text = page.read_text(encoding="utf-8")
    blocks = list(FENCE.finditer(text))
    for block, following in zip_longest(blocks, blocks[1:]):
        before = text[: block.start()]
        if block[1] != "sh" or NOT_RUN.search(before):
            continue
        line = before.count("\n") + 2
        if following is not None and following[1] == "text":
            first = FIRST.search(text[: following.start()])
            lines = int(first[1]) if first else None
            yield Step(page, line, block[2], following[2], following.span(2), lines)
        else:
            yield Step(page, line, block[2])


def fresh_folder(out: Path, survey: Path) -> None:
    """An empty folder to work in, with the two files of the survey as a reader has put them there."""
    missing = [name for name in SURVEY if not (survey / name).is_file()]
    if missing:
        sys.exit(
            f"No survey: {survey} lacks {' and '.join(missing)}. Download it as docs/tutorial says, into "
            "imaginary_country in the folder that HEARTHLINE_DATA names."
        )
    if out.exists():
        shutil.rmtree(out)
    (out / "survey").mkdir(parents=True)
    for name in SURVEY:
        shutil.copyfile(survey / name, out / "survey" / name)


def output_of(step: Step, out: Path) -> str:
    """Run a command as the reader would; what it printed, with paths from the folder it ran in."""
    bin_folder = Path(sys.executable).parent
    environment = os.environ | {
        "PATH": f"{bin_folder}{os.pathsep}{os.environ.get('PATH', '')}",
        "COLUMNS": "200",  # no line is broken, however long the path of the folder
        "NO_COLOR": "1",
        "PYTHONUTF8": "1",
    }
    done = subprocess.run(
        ["sh", "-euc", step.command],
        cwd=out,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        place = f"{step.page.relative_to(ROOT)}, line {step.line}"
        sys.exit(f"{place}: this command failed:\n{step.command}\n{done.stdout}{done.stderr}")
    printed = done.stdout.replace(f"{out}{os.sep}", "").strip("\n")
    return "".join(f"{veiled(line.rstrip())}\n" for line in printed.splitlines())


def veiled(line: str) -> str:
    """A line of reasons without the value that a household of the survey gave."""
    return SAID.sub(rf"\1{MORE}\2", line)


def shown_part(output: str, lines: int | None) -> str:
    """What a page shows of an output."""
    all_lines = output.splitlines(keepends=True)
    if lines is None or len(all_lines) <= lines:
        return output
    return "".join(all_lines[:lines]) + f"{MORE}\n"


def differences(step: Step, output: str) -> Iterator[str]:
    """The lines of a page's output that are no longer printed so."""
    expected, found = step.output.splitlines(), shown_part(output, step.lines).splitlines()
    for number, (old, new) in enumerate(zip_longest(expected, found, fillvalue="")):
        if VOLATILE.sub("~", old).split() != VOLATILE.sub("~", new).split():
            yield f"{step.page.relative_to(ROOT)}, line {number + 1} of the output of: {step.command.strip()}"
            yield f"  shown:   {old}"
            yield f"  printed: {new}"


def write_outputs(page: Path, outputs: Sequence[tuple[Step, str]]) -> None:
    """Put what was printed into the page, from the end so that places stay."""
    text = page.read_text(encoding="utf-8")
    for step, output in reversed(outputs):
        if step.shown is not None:  # also where only hashes differ, so that one page shows one package
            start, end = step.shown
            text = text[:start] + shown_part(output, step.lines) + text[end:]
    page.write_text(text, encoding="utf-8")


def run_tutorial(out: Path, survey: Path, *, write: bool = False) -> list[str]:
    """Run every command of every page; the differences between what pages show and what was printed."""
    fresh_folder(out, survey)
    found: list[str] = []
    for page in tutorial_pages():
        outputs = [(step, output_of(step, out)) for step in steps_of(page)]
        if write:
            write_outputs(page, outputs)
        else:
            found += [line for step, output in outputs if step.shown for line in differences(step, output)]
    return found


def main() -> None:
    """``make tutorial``."""
    parser = argparse.ArgumentParser(description="Run the commands of the tutorial.")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "tutorial", help="where to run them")
    parser.add_argument("--write", action="store_true", help="write the outputs into the pages anew")
    options = parser.parse_args()
    data = Path(os.environ.get("HEARTHLINE_DATA") or ROOT.parent / "shared" / "data")
    found = run_tutorial(options.out.absolute(), data / "imaginary_country", write=options.write)
    if found:
        print("\n".join(found))
        sys.exit(
            "The tutorial shows outputs that are not printed so. Run: python -m scripts.tutorial --write"
        )
    count = sum(1 for page in tutorial_pages() for _ in steps_of(page))
    print(f"{count} commands of the tutorial ran. The snapshot and the run are in {options.out}.")


if __name__ == "__main__":
    main()
