# SPDX-License-Identifier: Apache-2.0
"""Decides the sentences for what can go wrong while a package is applied to a snapshot."""

from __future__ import annotations

from hearthline.base.problems import Kind, declare

RUN_EXISTS = declare(
    "run.exists",
    Kind.REFUSED,
    "{folder} exists already.",
    "Choose another folder for the run, or remove that one.",
)
RUN_IN_SNAPSHOT = declare(
    "run.in-snapshot",
    Kind.REFUSED,
    "{folder} lies within the snapshot.",
    "Choose a folder beside it: a snapshot holds its own files and nothing else.",
)
RUN_NOT_FOUND = declare(
    "run.not-found",
    Kind.NOT_FOUND,
    "{folder} is not a run: it has no readable run.json.",
    "Name the folder that 'hearthline screen --out' wrote.",
)
RUN_DAMAGED = declare(
    "run.damaged",
    Kind.DAMAGED,
    "{folder} is not as the run left it: {what}.",
    "Screen the snapshot again; a damaged run is never read.",
)
SNAPSHOT_MOVED = declare(
    "run.snapshot-moved",
    Kind.NOT_FOUND,
    "the snapshot of this run is not at {folder}, or is another one.",
    "Name its folder with --data.",
)
OTHER_QUESTION = declare(
    "run.other-question",
    Kind.REFUSED,
    "the run in {folder} answered another question: {what}.",
    "Name an earlier run of the same package, date and versions with --since, or leave --since out.",
)
NO_SPACE = declare(
    "engine.no-space",
    Kind.REFUSED,
    "there is no space left for the step {step}.",
    "Nothing was written. Free some space where the run is to stand, or choose another folder.",
)
ENGINE_FAILED = declare(
    "engine.failed",
    Kind.INTERNAL,
    "the engine stopped at the step {step}: {reason}.",
    "Nothing was written. Check the memory bound and the free disk space; else report this sentence.",
)
