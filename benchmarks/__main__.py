# SPDX-License-Identifier: Apache-2.0
"""Decides how the whole benchmark is run: every subject is measured, then the page of all figures written.

    python -m benchmarks --data DIR                  # everything; big data is looked for, or made, in DIR
    python -m benchmarks --only screening --only national
    python -m benchmarks --skip spark
    python -m benchmarks --page                      # measure nothing, compose the page again

Each subject is a process of its own; one that fails, or misses what must hold, does not stop the others.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from rich.console import Console

from benchmarks.book import write_page
from benchmarks.findings import DATA, OUT
from benchmarks.measuring import ROOT
from benchmarks.subjects import SUBJECTS


def asked(words: list[str]) -> argparse.Namespace:
    """The options."""
    names = [subject.name for subject in SUBJECTS]
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--only", action="append", choices=names, help="measure this subject; may be repeated"
    )
    parser.add_argument("--skip", action="append", choices=names, default=[], help="leave this subject out")
    parser.add_argument("--out", type=Path, default=OUT, help="folder of figures and of what may be deleted")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of big data, generated where absent")
    parser.add_argument("--page", action="store_true", help="measure nothing, write the page again")
    return parser.parse_args(words)


def main(words: list[str]) -> int:
    """Run the subjects one after another and write the page; 1 where one failed."""
    options = asked(words)
    console, failed = Console(soft_wrap=True), []
    for subject in SUBJECTS:
        wanted = options.only is None or subject.name in options.only
        if options.page or not wanted or subject.name in options.skip:
            continue
        console.rule(f"{subject.name}: {subject.words}")
        command = [sys.executable, "-m", f"benchmarks.{subject.name}"]
        folders = ["--out", str(options.out.resolve()), "--data", str(options.data.resolve())]
        if subprocess.run([*command, *folders], cwd=ROOT, check=False).returncode != 0:
            failed.append(subject.name)
    write_page()
    console.print("Every figure: docs/explanation/figures.md")
    if failed:
        console.print(f"Failed, or missed a figure that must hold: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
