# SPDX-License-Identifier: Apache-2.0
"""Decides how a worker lives: it takes up what is due, keeps its lease, and stops when it is told to.

A worker that is killed leaves its lease behind; when that has run out the next worker goes on from the
cursor. A handler that raises a problem of the catalogue has failed for good: the same input would fail again.
Anything else is tried again after a while.
"""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Mapping
from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import Error, close_old_connections, connection, connections
from django.utils import timezone

from hearthline.base.problems import HearthlineError, Kind, declare
from hearthline.jobs.handlers import ROUNDS, find_handler
from hearthline.jobs.models import Job
from hearthline.jobs.queries import anything_due
from hearthline.jobs.rules import HEARTBEAT, NO_HANDLER, UNEXPECTED
from hearthline.jobs.services import (
    CANCELLED,
    LEASE_LOST,
    end_cancelled,
    end_job,
    fail_job,
    give_back,
    renew_lease,
    save_progress,
    take_up,
)

STOPPING = declare(
    "jobs.stopping",
    Kind.REFUSED,
    "the worker was told to stop.",
    "The job goes on where it saved last, as soon as a worker runs.",
)
IDLE_SECONDS = 1.0
_log = logging.getLogger("hearthline.jobs")
_in_process: list[threading.Thread] = []
_in_process_lock = threading.Lock()


class LeasedWork:
    """The work of one job that this worker has leased (the ``Work`` of a handler)."""

    def __init__(self, job: Job, stop: threading.Event) -> None:
        if job.officer is None:
            raise ValueError(f"job {job.pk} names no officer")
        self.job = job
        self.by: AbstractBaseUser = job.officer
        self.on: date = timezone.localdate()
        self._stop = stop

    @property
    def cursor(self) -> object:
        """Where the last ``advance`` left off; None at first."""
        return self.job.cursor

    def advance(self, *, done: int, total: int | None = None, stage: str = "", cursor: object = None) -> None:
        """Save how far it is, in the transaction at hand, and renew the lease.

        Raises ``jobs.cancelled``, ``jobs.lease-lost``, ``jobs.stopping``.
        """
        if self._stop.is_set():
            raise STOPPING.error()
        save_progress(self.job, now=timezone.now(), done=done, total=total, stage=stage, cursor=cursor)
        self.job.done, self.job.cursor = done, self.job.cursor if cursor is None else cursor


class Heartbeat:
    """Renews the lease from a thread of its own while a handler works, from a connection of its own."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"lease of job {job.pk}", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._ended.wait(HEARTBEAT.total_seconds()):
                try:
                    if not renew_lease(self._job, now=timezone.now()):
                        return
                except Error as error:  # a long chunk holds SQLite; its end renews the lease
                    _log.info("lease of job %s not renewed: %s", self._job.pk, error)
        finally:
            connections.close_all()


def run_worker(*, stop: threading.Event | None = None, once: bool = False) -> int:
    """Work until ``stop`` is set; with ``once``, until nothing is due any more. Returns the jobs taken up."""
    stop = stop or threading.Event()
    worker = _new_name()
    last_rounds = dict.fromkeys(ROUNDS, float("-inf"))
    taken = 0
    while not stop.is_set():
        job = None
        try:
            if not once:
                _make_rounds(last_rounds)
            if anything_due(timezone.now()):
                job = take_up(worker=worker, now=timezone.now())
            if job is not None:
                taken += 1
                work_on(job, stop)
        except Error:
            if once:
                raise
            _log.exception("the database did not answer; this worker tries again")
            _let_go_of_connections()
        if job is None:
            if once:
                break
            stop.wait(IDLE_SECONDS)
    return taken


def work_at_once(job: Job) -> Job:
    """Do a short job where it was asked for, if no worker has taken it up yet; how it stands then.

    It is a job like any other: where this process dies, a worker goes on.
    """
    mine = take_up(worker=_new_name(), now=timezone.now(), job_id=job.pk)
    if mine is not None:
        work_on(mine, threading.Event())
    job.refresh_from_db()
    return job


def work_on(job: Job, stop: threading.Event) -> None:
    """Do one leased job to its end, whatever that is."""
    try:
        with Heartbeat(job):
            result = _handled(job, stop)
        end_job(job, now=timezone.now(), on=timezone.localdate(), result=result)
    except HearthlineError as error:
        _settle(job, error)
    except Error as error:
        _log.exception("job %s (%s) failed at the database", job.pk, job.name)
        _let_go_of_connections()
        _fail(job, UNEXPECTED.error(error=type(error).__name__), lasting=False)
    except Exception as error:  # noqa: BLE001 - the edge of the process: logged, and kept as a problem
        _log.exception("job %s (%s) failed", job.pk, job.name)
        _fail(job, UNEXPECTED.error(error=type(error).__name__), lasting=False)


def serve_worker() -> int:
    """A worker process: SIGTERM or SIGINT lets it save what it has and end."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    return run_worker(stop=stop)


def start_in_process() -> threading.Thread:
    """A worker in a thread of the web process, as the demonstration wants it; started once per process."""
    with _in_process_lock:
        if not _in_process or not _in_process[0].is_alive():
            _in_process[:] = [threading.Thread(target=_serve_thread, name="worker", daemon=True)]
            _in_process[0].start()
        return _in_process[0]


def _new_name() -> str:
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"


def _serve_thread() -> None:
    try:
        run_worker()
    finally:
        connections.close_all()


def _handled(job: Job, stop: threading.Event) -> Mapping[str, object]:
    handler = find_handler(job.name)
    if handler is None:
        raise NO_HANDLER.error(name=job.name)
    return handler(LeasedWork(job, stop))


def _settle(job: Job, error: HearthlineError) -> None:
    now, on = timezone.now(), timezone.localdate()
    if error.problem == CANCELLED:
        end_cancelled(job, now=now, on=on)
    elif error.problem == STOPPING:
        give_back(job, run_after=now)
    elif error.problem == LEASE_LOST:
        _log.warning("job %s (%s) was given to another worker", job.pk, job.name)
    else:
        _fail(job, error, lasting=True)


def _fail(job: Job, error: HearthlineError, *, lasting: bool) -> None:
    fail_job(job, now=timezone.now(), on=timezone.localdate(), error=error, lasting=lasting)


def _make_rounds(last: dict[str, float]) -> None:
    for name, round_ in ROUNDS.items():
        if time.monotonic() - last.get(name, float("-inf")) < round_.every.total_seconds():
            continue
        last[name] = time.monotonic()
        try:
            round_.do(timezone.now())
        except (HearthlineError, Error, OSError):
            _log.exception("%s failed; it is tried again in %s", name, round_.every)
    if not connection.in_atomic_block:
        close_old_connections()


def _let_go_of_connections() -> None:
    """A connection that failed is not used again; within a test's transaction it is all there is."""
    if not connection.in_atomic_block:
        connection.close()
