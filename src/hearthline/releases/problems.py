# SPDX-License-Identifier: Apache-2.0
"""Decides how the failures of publishing a table are named."""

from __future__ import annotations

from hearthline.base.problems import Kind, declare

NO_RELEASE = declare(
    "releases.no-release",
    Kind.NOT_FOUND,
    "there is no release {release} that your account may see.",
    "The page Releases lists what was published of your places.",
)
OTHER_THAN_SEEN = declare(
    "releases.other-than-seen",
    Kind.REFUSED,
    "what would be published is no longer what you have looked at: another release has come between.",
    "Look at the preview again, and publish it then. Nothing was published now.",
)
NOT_OF_THE_RUN = declare(
    "releases.not-of-the-run",
    Kind.NOT_FOUND,
    "run {run} counts nothing in {area}.",
    "Choose the place of the run or one within it, or a run of this place.",
)
NO_SUCH_LEVEL = declare(
    "releases.no-level",
    Kind.BAD_INPUT,
    "{area} has no places of the level {level}.",
    "Choose among: {levels}. Without a level the table has one row, that of the place itself.",
)
NOTHING_COUNTED = declare(
    "releases.nothing-counted",
    Kind.BAD_INPUT,
    "the package of run {run} has no {subject} to count.",
    "Publish the table by status, or choose a run of another package.",
)
TOO_LARGE = declare(
    "releases.too-large",
    Kind.REFUSED,
    "the table has {counts} counts; up to {most} are tried against all earlier releases for a preview.",
    "Publish it without a preview, which a job does, or leave out the lowest level.",
)
WITHDRAWN_ALREADY = declare(
    "releases.withdrawn-already",
    Kind.REFUSED,
    "release {release} was withdrawn before.",
    "Nothing is left to do; the page of the release says when and why.",
)
CHAIN_BROKEN = declare(
    "releases.chain-broken",
    Kind.DAMAGED,
    "release {release} is not what was published, or does not follow on the one before it.",
    "Restore the database from a backup; until all releases are there nothing more may be published.",
)
NOTHING_SEEN = declare(
    "releases.nothing-seen",
    Kind.BAD_INPUT,
    "the request does not say which preview was looked at.",
    "Open the preview of the table and publish it from there.",
)
UNKNOWN_CHOICE = declare(
    "releases.unknown-choice",
    Kind.BAD_INPUT,
    "{name} is {value}, which is not known.",
    "Choose among: {known}.",
)
