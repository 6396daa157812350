# SPDX-License-Identifier: Apache-2.0
"""Decides how the failures of snapshots, screenings and their results are named."""

from __future__ import annotations

from hearthline.base.problems import Kind, declare

NO_RUN = declare(
    "runs.no-run",
    Kind.NOT_FOUND,
    "there is no run {run} that your account may see.",
    "The page Runs lists those of your area.",
)
NO_SIMULATION = declare(
    "runs.no-simulation",
    Kind.NOT_FOUND,
    "there is no simulation {simulation} that your account may see.",
    "The page Simulations lists those of your area.",
)
NO_RESULT = declare(
    "runs.no-result",
    Kind.NOT_FOUND,
    "this run has no result for that household.",
    "It may have been registered later: ask for a new screening.",
)
MADE_UNSEALED = declare(
    "runs.made-unsealed",
    Kind.UNSUPPORTED,
    "the run of {on} was made before runs were sealed, so nothing vouches for it and no reasons are given.",
    "It must be made again: ask for a new screening of {area} on the page Screenings, or ask an analyst to.",
)
NO_NAME = declare(
    "runs.no-name",
    Kind.BAD_INPUT,
    "this run has no criterion or cause called {name}.",
    "It has {known}.",
)
NOBODY = declare(
    "runs.nobody",
    Kind.REFUSED,
    "{area} had no household on {as_of}, so there is nothing to screen.",
    "Choose a later date, or import the register first.",
)
STILL_ACTIVE = declare(
    "runs.still-active",
    Kind.REFUSED,
    "run {run} is the active one of its area and is not forgotten.",
    "Screen the area again first; the new run takes its place.",
)
NOT_ALL_LOADED = declare(
    "runs.not-all-loaded",
    Kind.INTERNAL,
    "run {run} screened {screened} households, but {loaded} rows were loaded; it was not made active.",
    "Ask for the screening again and report this.",
)
TOO_LATE = declare(
    "runs.too-late",
    Kind.BAD_INPUT,
    "the register cannot be read as of {as_of}, which lies after today, {today}.",
    "Choose today or an earlier day.",
)
KEYS_MISSING = declare(
    "runs.keys-missing",
    Kind.DAMAGED,
    "the private key file {file} beside the snapshot is missing or belongs to another snapshot.",
    "Restore the home folder from a backup, or ask for a new screening.",
)
