# SPDX-License-Identifier: Apache-2.0
"""Decides that the commands and the Python of the documents run, and print what the documents show.

In a page, ``<!-- needs: county -->`` says what lies in its folder before the first command. Then, in order:
a file is written where its name stands before its text, ``hearthline`` lines of ``sh`` blocks are run, and
``python`` blocks are run. A ``text`` block after one of them is what it prints; ``<!-- first 12 lines -->``
or ``<!-- first 12 lines, 100 columns -->`` before it, that only so much is shown. ``<!-- not run: why -->``
leaves a block out.

``make docs`` writes into the pages what is printed now; read the difference before you commit it.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import runpy
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from typer.testing import CliRunner

from hearthline.base.problems import HearthlineError
from hearthline.cli.main import app

ROOT: Final = Path(__file__).resolve().parent.parent
PROGRAM: Final = "hearthline "
MORE: Final = "…"
ON_SURVEYS: Final = {"import-a-survey.md", "write-a-package.md", "read-a-result.md"}
"""Pages on real surveys, which the tests of the tutorial run beside their data."""

NEEDS: Final = re.compile(r"<!-- needs: ([\w, ]+) -->")
FENCE: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOT_RUN: Final = re.compile(r"<!-- not run: .+ -->\s*\Z")
FIRST: Final = re.compile(r"<!-- first (\d+) lines(?:, (\d+) columns)? -->\s*\Z")
FILE: Final = re.compile(r"^`([\w./-]+)`:\s*\Z", re.MULTILINE)
COUNTY: Final = shlex.split("generate --policy cn/2014-2020 --households 300 --out county")
SCREENING: Final = shlex.split("screen --policy cn/2014-2020 --data county --on 2017-12-31 --out run")
# What differs from one run to the next: time, sizes of files, hashes, versions.
VOLATILE: Final = re.compile(
    r"\b[0-9.]+ s\b|\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{12,64}\b|\b\d{4}-\d\d-\d\dT[\d:+]+"
)
VERSION: Final = re.compile(r"(?i)\bversion ([0-9a-f]{12,64})\b")
SURROUNDINGS: Final = {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}


@dataclass(frozen=True)
class Block:
    """One thing to do in a page's folder; ``shown`` is where the output stands that the page shows."""

    line: int
    kind: str
    text: str
    file: str = ""
    shown: tuple[int, int] | None = None
    lines: int | None = None
    columns: int | None = None


@dataclass(frozen=True)
class Fault:
    """A command that failed, or an output that is not as shown."""

    line: int
    what: str


def pages() -> list[Path]:
    """The documents whose commands are run here."""
    folders = [ROOT / "docs" / name for name in ("how-to", "reference", "explanation")]
    found = sorted(page for folder in folders for page in folder.glob("*.md") if page.name not in ON_SURVEYS)
    return [ROOT / "README.md", *found]


def needs_of(text: str) -> list[str]:
    """What a page asks to find in its folder."""
    return [name.strip() for found in NEEDS.findall(text) for name in found.split(",")]


def blocks_of(text: str) -> Iterator[Block]:
    """What a page does, in order."""
    fences = list(FENCE.finditer(text))
    for number, fence in enumerate(fences):
        before = text[: fence.start()]
        name = FILE.search(before)
        kind = "file" if name else fence[1]
        if NOT_RUN.search(before) or kind not in ("file", "sh", "python"):
            continue
        if kind == "sh" and not any(commands_in(fence[2])):
            continue
        line = before.count("\n") + 2
        following = fences[number + 1] if number + 1 < len(fences) else None
        if kind == "file":
            yield Block(line, kind, fence[2], name[1] if name else "")
        elif following is not None and following[1] == "text" and _follows(text, fence, following):
            first = FIRST.search(text[: following.start()])
            lines, columns = (int(part) if part else None for part in (first.groups() if first else ("", "")))
            yield Block(line, kind, fence[2], "", following.span(2), lines, columns)
        else:
            yield Block(line, kind, fence[2])


def _follows(text: str, fence: re.Match[str], following: re.Match[str]) -> bool:
    """Whether nothing but a comment stands between a block and its output."""
    return not re.sub(r"<!--.*?-->", "", text[fence.end() : following.start()]).strip()


def commands_in(block: str) -> list[str]:
    """The commands of the program in a shell block; a line that ends in a backslash goes on."""
    lines = [line.strip() for line in block.replace("\\\n", " ").splitlines()]
    return [
        line.removeprefix(".venv/bin/")
        for line in lines
        if line.removeprefix(".venv/bin/").startswith(PROGRAM)
    ]


def run_page(text: str, folder: Path, *, write: bool = False) -> tuple[list[Fault], str]:
    """Run a page in its folder; what is wrong with it, and the page with what was printed."""
    faults: list[Fault] = []
    printed: list[tuple[Block, str]] = []
    with _in_folder(folder):
        for block in blocks_of(text):
            try:
                output = shown_part(_done(block), block.lines, block.columns)
            except CommandFailed as failure:
                faults.append(Fault(block.line, str(failure)))
                break
            if block.shown is not None:
                printed.append((block, output))
                if not write and settled(text[slice(*block.shown)]) != settled(output):
                    faults.append(Fault(block.line, f"what it prints is not what the page shows:\n{output}"))
    for block, output in reversed(printed):
        if block.shown is not None and not _reads_the_same(text[slice(*block.shown)], output):
            text = text[: block.shown[0]] + output + text[block.shown[1] :]
    return faults, text


class CommandFailed(Exception):
    """A command of a page that did not end well, with what it said."""


def _done(block: Block) -> str:
    if block.kind == "file":
        path = Path(block.file)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding="utf-8")
        return ""
    if block.kind == "python":
        return _python(block.text)
    return "".join(command_output(shlex.split(each, comments=True)[1:]) for each in commands_in(block.text))


def command_output(words: Sequence[str]) -> str:
    """What a command prints to standard output; raises where it fails."""
    result = CliRunner().invoke(app, list(words))
    if result.exit_code:
        error = result.exception
        said = error.sentence if isinstance(error, HearthlineError) else f"{error!r}\n{result.output}"
        raise CommandFailed(f"hearthline {shlex.join(words)}: {said}")
    return _trimmed(result.stdout)


def _python(source: str) -> str:
    script = Path("page.py")
    script.write_text(source, encoding="utf-8")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        runpy.run_path(str(script))
    script.unlink()
    return _trimmed(printed.getvalue())


def _trimmed(output: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in output.strip("\n").splitlines())


def shown_part(output: str, lines: int | None, columns: int | None = None) -> str:
    """What a page shows of an output."""
    all_lines = [
        line if columns is None or len(line) <= columns else f"{line[: columns - 1].rstrip()}{MORE}"
        for line in output.splitlines()
    ]
    if lines is not None and len(all_lines) > lines:
        all_lines = [*all_lines[:lines], MORE]
    return "".join(f"{line}\n" for line in all_lines)


def settled(output: str) -> list[list[str]]:
    """An output without what differs from run to run."""
    return [VOLATILE.sub("~", line).split() for line in output.splitlines()]


def _reads_the_same(old: str, new: str) -> bool:
    """Whether an output need not be written anew: a package has one version on all pages."""
    return settled(old) == settled(new) and VERSION.findall(old) == VERSION.findall(new)


@contextlib.contextmanager
def _in_folder(folder: Path) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in SURROUNDINGS}
    os.environ.update(SURROUNDINGS)
    try:
        with contextlib.chdir(folder):
            yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def make_ground(folder: Path) -> None:
    """Everything a page may need, made once: a small county, and a run over it."""
    with _in_folder(folder):
        command_output(COUNTY)
        command_output(SCREENING)


def prepare(folder: Path, ground: Path, needs: Sequence[str]) -> None:
    """Put what a page needs into its folder."""
    for name in needs:
        if name == "examples":
            shutil.copytree(ROOT / "examples", folder / "examples")
            continue
        found = [path for path in ground.iterdir() if path.name == name or path.name.startswith(f"{name}.")]
        if not found:
            raise ValueError(f"There is no {name} for a page to need; write county, run or examples.")
        for path in found:
            if path.is_dir():
                shutil.copytree(path, folder / path.name)
            else:
                shutil.copy(path, folder / path.name)


def main() -> None:
    """Write what is printed now into every page that shows it."""
    with tempfile.TemporaryDirectory() as place:
        ground = Path(place) / "ground"
        ground.mkdir()
        make_ground(ground)
        failed = _written_anew(ground, Path(place))
    if failed:
        sys.exit("\n".join(failed))


def _written_anew(ground: Path, place: Path) -> list[str]:
    failed: list[str] = []
    for number, page in enumerate(pages()):
        text = page.read_text(encoding="utf-8")
        if not any(block.shown for block in blocks_of(text)):
            continue
        folder = place / str(number)
        folder.mkdir()
        prepare(folder, ground, needs_of(text))
        faults, new = run_page(text, folder, write=True)
        failed += [f"{page.relative_to(ROOT)}, line {fault.line}: {fault.what}" for fault in faults]
        if new != text:
            page.write_text(new, encoding="utf-8")
            print(f"Wrote {page.relative_to(ROOT)}.", file=sys.stderr)
    return failed


if __name__ == "__main__":
    main()
