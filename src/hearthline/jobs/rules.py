# SPDX-License-Identifier: Apache-2.0
"""Decides how long a worker may be silent, how long a failed job waits, and how a failure is stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from hearthline.base.problems import HearthlineError, Kind, ManyProblems, Place, catalogue, declare

UNEXPECTED = declare(
    "jobs.unexpected",
    Kind.INTERNAL,
    "the work stopped at something nobody foresaw ({error}).",
    "Start it again; if it stops at the same place, send the log of the worker to whoever keeps the service.",
)
WORKER_LOST = declare(
    "jobs.worker-lost",
    Kind.INTERNAL,
    "the worker of this job fell silent {attempts} times, and no work was saved in between.",
    "Look whether the machine runs short of memory, then start the job again.",
)
NO_HANDLER = declare(
    "jobs.no-handler",
    Kind.INTERNAL,
    "this service does not know work of the kind {name}.",
    "Run web server and worker from the same version, then start the job again.",
)

LEASE = timedelta(seconds=60)
"""How long a worker may be silent before its job is given to another."""
HEARTBEAT = LEASE / 4
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
TOLD = 50
"""Problems of one job that are kept at most."""


def wait_after(attempts: int) -> timedelta:
    """How long a job waits after its ``attempts``-th failure: four times as long each time."""
    times: int = 4 ** max(0, min(attempts - 1, 10))
    return min(FIRST_WAIT * times, LONGEST_WAIT)


def stored_problem(error: HearthlineError) -> dict[str, object]:
    """A failure as code and values, so that a reader gets its sentence in his own language."""
    stored: dict[str, object] = {
        "code": error.code,
        "params": {
            name: value if value is None or isinstance(value, str | int | float | bool) else str(value)
            for name, value in error.params.items()
        },
    }
    if error.place:
        stored["place"] = {
            "file": error.place.file,
            "line": error.place.line,
            "column": error.place.column,
        }
    if isinstance(error, ManyProblems):
        stored["all"] = [stored_problem(part) for part in error.errors[:TOLD]]
    return stored


def told_problem(stored: Mapping[str, object]) -> HearthlineError:
    """The failure again; one that this version does not know is ``jobs.unexpected``."""
    parts = stored.get("all")
    if isinstance(parts, list) and parts:
        return ManyProblems([told_problem(part) for part in parts])
    code, params, place = stored.get("code"), stored.get("params"), stored.get("place")
    problem = {known.code: known for known in catalogue()}.get(str(code))
    if problem is None or not isinstance(params, dict) or problem.params - params.keys():
        return UNEXPECTED.error(error=code)
    where = Place(**place) if isinstance(place, dict) else None
    return HearthlineError(problem, params, where)
