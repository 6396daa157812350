# SPDX-License-Identifier: Apache-2.0
"""Decides the sentences with which the generator refuses what it cannot make."""

from __future__ import annotations

from hearthline.base.problems import Kind, declare

NO_GENERATOR = declare(
    "synthetic.no-generator",
    Kind.UNSUPPORTED,
    "no households can be generated for {policy}: the generator knows the facts of {known} alone.",
    "Name {known}, or a package that extends it; for any other package import a file.",
)
OTHER_DICTIONARY = declare(
    "synthetic.other-dictionary",
    Kind.UNSUPPORTED,
    "no households can be generated for {policy}: it declares {what}, which the generator writes otherwise.",
    "Leave this entry as {known} has it, or import a file.",
)
BAD_SIZE = declare(
    "synthetic.bad-size",
    Kind.BAD_INPUT,
    "{households} households cannot be generated: the number is from 1 to {most}.",
    "Give a number in between.",
)
BAD_SEED = declare(
    "synthetic.bad-seed",
    Kind.BAD_INPUT,
    "the seed {seed} is not a whole number from 0 to {most}.",
    "Give another seed.",
)
BAD_YEAR = declare(
    "synthetic.bad-year",
    Kind.BAD_INPUT,
    "no county can be generated for the year {year}: {policy} can be asked from {first} to {last}.",
    "Give one of these years.",
)
WORKER_LOST = declare(
    "synthetic.worker-lost",
    Kind.INTERNAL,
    "a process that made households ended before its work was done (status {status}).",
    "Nothing half-done was left behind. See whether memory ran out, and try again with --processes 1.",
)
NO_SERIES = declare(
    "synthetic.no-series",
    Kind.UNSUPPORTED,
    "no nation can be generated for {policy}: it has no series {series} to be held to.",
    "Leave --nation out for a county, or name a package that has the series.",
)
NO_FIGURE = declare(
    "synthetic.no-figure",
    Kind.BAD_INPUT,
    "no nation can be generated for the year {year}: {policy} has no figure for the country at its end.",
    "Give one of {years}.",
)
SMALL_NATION = declare(
    "synthetic.small-nation",
    Kind.BAD_INPUT,
    "{households} households are too few for a nation: every province needs some.",
    "Give at least {fewest}, or leave --nation out for a county.",
)
