# SPDX-License-Identifier: Apache-2.0
"""Decides how uploaded files are read: in a process of their own with bounds on memory and time.

    python -m hearthline.registry.reading PACKAGE MAP OUT FILE...

It writes one JSON object a line: ``{"progress": ...}`` on the way, a report or a problem at the end. What a
hostile file can do ends with this process, and this process with the one that began it.
"""

from __future__ import annotations

import ctypes
import json
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hearthline.base.problems import HearthlineError, Kind, declare
from hearthline.engine.packages import load_policy
from hearthline.intake import ImportReport, Progress, import_files, suggest_map
from hearthline.registry.storing import Uploaded

MOST_MEMORY = 8 * 2**30
"""Bytes of address space; DuckDB and Arrow reserve far more than they use."""
MOST_SECONDS = 3_600
_PARENT_DEATH_SIGNAL = 1
SUGGEST = "--suggest"
SECONDS_TO_SUGGEST = 60

READING_ENDED = declare(
    "registry.reading-ended",
    Kind.REFUSED,
    "the files could not be read within the bounds of memory and time (status {status}).",
    "Split them into smaller ones, or check that they are what they should be.",
)
READING_REFUSED = declare(
    "registry.reading-refused",
    Kind.BAD_INPUT,
    "the files cannot be imported: {sentence}",
    "Mend what it says, and ask for the import again.",
)
Tell = Callable[[float, int], None]


@dataclass(frozen=True)
class Read:
    """What the process said at its end."""

    report: dict[str, object]


def read_files(package: Path, map_path: Path, out: Path, files: Sequence[Path], tell: Tell) -> Read:
    """Read files into the snapshot ``out``; ``tell`` hears the share done and the rows.

    Raises ``registry.reading-refused`` with the sentence of what is wrong, ``registry.reading-ended``.
    """
    words = [str(path) for path in (package, map_path, out, *files)]
    command = [sys.executable, "-m", "hearthline.registry.reading", *words]
    said: dict[str, dict[str, object]] = {}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            for line in process.stdout or ():
                message: dict[str, dict[str, object]] = json.loads(line)
                said |= message
                if "progress" in message:
                    progress = message["progress"]
                    tell(float(str(progress["share"])), int(str(progress["rows"])))
        except BaseException:  # whatever ends us must end the child too; it is raised again
            process.kill()
            raise
    if "problem" in said:
        raise READING_REFUSED.error(sentence=said["problem"]["sentence"])
    if process.returncode or "report" not in said:
        raise READING_ENDED.error(status=process.returncode)
    return Read(said["report"])


def suggested_map(package: Path, files: Sequence[Uploaded]) -> str:
    """The draft of a map for files in the clear, made within the same bounds; they are given their names.

    Raises ``registry.reading-refused``, ``registry.reading-ended``.
    """
    links = []
    for file in files:
        room = file.path.with_name("named")
        room.mkdir(mode=0o700, exist_ok=True)
        link = room / file.name
        link.unlink(missing_ok=True)
        link.hardlink_to(file.path)
        links.append(str(link))
    command = [sys.executable, "-m", "hearthline.registry.reading", SUGGEST, str(package), *links]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, timeout=SECONDS_TO_SUGGEST)
    said: dict[str, object] = {}
    for line in done.stdout.splitlines():
        said |= json.loads(line)
    if isinstance(problem := said.get("problem"), dict):
        raise READING_REFUSED.error(sentence=problem["sentence"])
    if "map" not in said:
        raise READING_ENDED.error(status=done.returncode)
    return str(said["map"])


def _said(name: str, content: object) -> None:
    sys.stdout.write(json.dumps({name: content}, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _stored(report: ImportReport) -> dict[str, object]:
    return {
        "files": [vars(file) for file in report.files],
        "rows": report.rows,
        "reasons": [vars(reason) for reason in report.reasons],
        "rejected": report.rejected.name,
        "keys": report.keys.name,
        "seconds": report.seconds,
    }


def _end_with_parent() -> None:
    """On Linux the kernel ends this process when the worker that began it is gone, however it went."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)


def main(words: Sequence[str]) -> int:
    """Read the files in this process, within bounds."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    _end_with_parent()
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    if words[0] == SUGGEST:
        return _suggest(Path(words[1]), [Path(word) for word in words[2:]])
    package, map_path, out, *files = (Path(word) for word in words)

    def tell(progress: Progress) -> None:
        _said("progress", {"share": progress.share, "rows": progress.rows})

    try:
        report = import_files(load_policy(package), map_path, files, out, progress=tell, replace=True)
    except HearthlineError as error:
        _said("problem", {"code": error.code, "sentence": error.sentence})
        return 0
    _said("report", _stored(report))
    return 0


def _suggest(package: Path, files: Sequence[Path]) -> int:
    try:
        _said("map", suggest_map(load_policy(package), files))
    except HearthlineError as error:
        _said("problem", {"code": error.code, "sentence": error.sentence})
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
