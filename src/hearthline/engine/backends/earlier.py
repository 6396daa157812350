# SPDX-License-Identifier: Apache-2.0
"""Decides when what was computed before may stand for computing it again: same question, same files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from hearthline.engine.backends.partitions import Finished, Work
from hearthline.engine.backends.problems import OTHER_QUESTION, RUN_DAMAGED
from hearthline.engine.backends.runs import EngineRecord, FileRecord, Frozen, Run, open_run
from hearthline.engine.rules.policy import Policy
from hearthline.engine.snapshots import Snapshot
from hearthline.engine.snapshots.sealing import shared_file, write_private

QUESTION_FILE = "question.json"
"""What the work in a folder is about; it goes before the run is named."""


class Question(Frozen):
    """Everything beside the data that an answer, to the byte, depends on."""

    package: str
    on: str
    engine: str
    engine_version: str
    hearthline: str
    snapshot: str = ""

    @staticmethod
    def of(policy: Policy, on: date, asked: EngineRecord) -> Question:
        """The question that is about to be asked, of no data yet."""
        return Question(
            package=policy.version_hash,
            on=on.isoformat(),
            engine=asked.name,
            engine_version=asked.version,
            hearthline=asked.hearthline,
        )

    def note(self, snapshot: Snapshot, folder: Path) -> None:
        """Write down what the work in a folder is about."""
        path = folder / QUESTION_FILE
        path.unlink(missing_ok=True)
        write_private(path, self._about(snapshot).model_dump_json().encode())

    def is_asked_in(self, snapshot: Snapshot, folder: Path) -> bool:
        """Whether the work that was left in a folder is about the same question and data."""
        try:
            noted = Question.model_validate_json((folder / QUESTION_FILE).read_bytes())
        except (OSError, ValidationError):
            return False
        return noted == self._about(snapshot)

    def difference_to(self, run: Run) -> str:
        """How the question of a run differs, in words; empty where it does not."""
        record = run.record
        pairs = {
            "another package": (self.package, record.package.version_hash),
            "another date": (self.on, record.on),
            "another engine": (self.engine, record.engine.name),
            "another version of the engine": (self.engine_version, record.engine.version),
            "another version of Hearthline": (self.hearthline, record.engine.hearthline),
        }
        return next((words for words, (now, then) in pairs.items() if now != then), "")

    def _about(self, snapshot: Snapshot) -> Question:
        return self.model_copy(update={"snapshot": snapshot.hash})


@dataclass(frozen=True)
class Earlier:
    """A run whose partitions may stand for those that rest on the same files."""

    run: Run

    def take_over(self, work: Work, finished: dict[int, Finished]) -> None:
        """Take over the results of every partition that rests on the same files, as further names of theirs.

        Their hash is that of the earlier run's record, which is sealed: it is compared when they are read.
        """
        record = self.run.record
        places = {partition.inputs: place for place, partition in enumerate(record.partitions)}
        for number in range(work.snapshot.partitions):
            inputs = work.inputs_hash(number)
            place = places.get(inputs)
            if number in finished or place is None:
                continue
            files = {result: record.files[result][place] for result in work.results}
            for result, file in files.items():
                self._take(file, work.path(result, number))
            taken = Finished(
                number=number,
                inputs=inputs,
                results={result: file.sha256 for result, file in files.items()},
                statuses=record.partitions[place].statuses,
            )
            work.note(taken)
            finished[number] = taken

    def _take(self, file: FileRecord, target: Path) -> None:
        target.unlink(missing_ok=True)
        if not shared_file(self.run.folder / file.path, target, file.sha256):
            raise RUN_DAMAGED.error(folder=self.run.folder, what=f"{file.path} is missing or has changed")


def find_earlier(folder: Path | str, question: Question) -> Earlier:
    """The earlier run; refused where it answered another question."""
    run = open_run(folder)
    difference = question.difference_to(run)
    if difference:
        raise OTHER_QUESTION.error(folder=run.folder, what=difference)
    return Earlier(run)
