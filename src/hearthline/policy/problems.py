# SPDX-License-Identifier: Apache-2.0
"""Decides how the failures of publishing and activating a policy package are named."""

from __future__ import annotations

from hearthline.base.problems import Kind, declare

SCENARIO_FAILS = declare(
    "policy.scenario-fails",
    Kind.BAD_PACKAGE,
    "the package {package} is not published: {failed} of its {scenarios} scenarios do not hold, "
    "first: {first}",
    "Mend the rules or the expectation, check it with `hearthline policy check`, and publish again.",
)
NOT_UTF8 = declare(
    "policy.not-text",
    Kind.BAD_PACKAGE,
    "the file {file} of the package {package} is not UTF-8 text.",
    "Save it as UTF-8 and publish again.",
)
NO_VERSION = declare(
    "policy.no-version",
    Kind.NOT_FOUND,
    "there is no published policy version {version}.",
    "The page Policy lists the versions there are.",
)
NO_ACTIVATION = declare(
    "policy.no-activation",
    Kind.NOT_FOUND,
    "there is no activation {activation} that your account may withdraw.",
    "The page Policy lists what is in force in your area.",
)
NONE_IN_FORCE = declare(
    "policy.none-in-force",
    Kind.REFUSED,
    "no policy version is in force in {area} on {on}.",
    "Ask a policy designer or administrator to activate one for this area and date.",
)
PERIOD_TURNED = declare(
    "policy.period-turned",
    Kind.BAD_INPUT,
    "the period ends on {ends_on}, before it begins on {starts_on}.",
    "Give a last day on or after the first, or none.",
)
OUTSIDE_VALIDITY = declare(
    "policy.outside-validity",
    Kind.BAD_INPUT,
    "the package {package} may be asked for screening dates from {start} to {end}; {starts_on} to {ends_on} "
    "goes beyond.",
    "Choose a period within, or another package.",
)
OVERLAPS = declare(
    "policy.overlaps",
    Kind.REFUSED,
    "the package {package} is in force in {area} from {start} to {end} already.",
    "End or withdraw that activation first, or choose another period.",
)
UNPACKED_CHANGED = declare(
    "policy.unpacked-changed",
    Kind.DAMAGED,
    "the unpacked package {folder} is no longer what was published (its hash differs).",
    "Delete that folder; it is unpacked again from the database.",
)
STORED_CHANGED = declare(
    "policy.stored-changed",
    Kind.DAMAGED,
    "the stored files of the package {package} do not have the hash {version} they were published under.",
    "Restore the database from a backup.",
)
