# SPDX-License-Identifier: Apache-2.0
"""Decides what a handler is given and may do, which handler does which kind of work, and what comes round."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from django.contrib.auth.base_user import AbstractBaseUser

from hearthline.jobs.models import Job


class Work(Protocol):
    """What a handler is given: the job, where it stopped last time, and ways to say how far it is."""

    job: Job
    by: AbstractBaseUser
    """The officer who asked for it."""
    on: date
    """The day on which it is done, for what the handler does in its own right."""

    @property
    def cursor(self) -> object:
        """Where the last ``advance`` left off; None at first."""
        ...

    def advance(self, *, done: int, total: int | None = None, stage: str = "", cursor: object = None) -> None:
        """Say how far it is and renew the lease. Call it inside the transaction of a chunk: the cursor is
        saved with the rows of the chunk. Raises ``jobs.cancelled`` if the officer asked to stop,
        ``jobs.lease-lost`` if the job was given to another: let both pass, so that the chunk is undone."""
        ...


Handler = Callable[[Work], Mapping[str, object]]
_HANDLERS: dict[str, Handler] = {}


@dataclass
class Round:
    """What a worker does again and again, beside the jobs."""

    name: str
    every: timedelta
    do: Callable[[datetime], object]


ROUNDS: dict[str, Round] = {}


def register(name: str, handler: Handler) -> None:
    """Name the handler of a kind of job; apps do so when the service starts."""
    _HANDLERS[name] = handler


def find_handler(name: str) -> Handler | None:
    """The handler of a kind of job, if one is registered."""
    return _HANDLERS.get(name)


def repeat(name: str, every: timedelta, do: Callable[[datetime], object]) -> None:
    """Let a worker call ``do`` with the time of now, about every ``every``."""
    ROUNDS[name] = Round(name, every, do)
