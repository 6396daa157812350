# SPDX-License-Identifier: Apache-2.0
"""Decides the sentences for what can be wrong with asking what would be."""

from __future__ import annotations

from hearthline.base.problems import Kind, declare

NO_ADDRESS = declare(
    "simulation.no-address",
    Kind.BAD_INPUT,
    "'{setting}' does not say what is set.",
    "Write what is set, an equals sign, and its value, such as poverty_line=2952 or criteria.housing=off.",
)
UNKNOWN_ADDRESS = declare(
    "simulation.unknown-address",
    Kind.BAD_INPUT,
    "'{address}' is nothing that can be set in the package {package}.",
    "{hint} What may be set: a parameter by its name, or NAME.PURPOSE; criteria.NAME (on, off, or a "
    "formula); standard; standards.NAME.combine, .at_least or .criteria.CRITERION; indices.NAME.cutoff; "
    "derived.NAME (a formula); lookups.TABLE.KEY.",
)
SET_TWICE = declare(
    "simulation.set-twice",
    Kind.BAD_INPUT,
    "'{address}' is set twice.",
    "Keep one of the two.",
)
NO_VALUE = declare(
    "simulation.no-value",
    Kind.BAD_INPUT,
    "'{address}' has no value for {purpose} on {on}, so there is none to change.",
    "{hint}",
)
WRONG_UNIT = declare(
    "simulation.wrong-unit",
    Kind.BAD_INPUT,
    "'{address}' is measured in {unit}, not in {given}.",
    "Write the value in {unit}, or without a unit.",
)
LINE_BELOW_ZERO = declare(
    "simulation.line-below-zero",
    Kind.BAD_INPUT,
    "'{address}' is the line of the package {package}, and {value} is below zero: whoever has nothing would "
    "not be poor.",
    "Write the amount without the minus sign, such as {address}={positive}.",
)
BAD_CHOICE = declare(
    "simulation.bad-choice",
    Kind.BAD_INPUT,
    "'{value}' is no value for '{address}'.",
    "Write {choices}.",
)
ALREADY_SO = declare(
    "simulation.already-so",
    Kind.BAD_INPUT,
    "'{address}' is {value} already.",
    "Leave the setting out, or set another value.",
)
IN_INDEX = declare(
    "simulation.in-index",
    Kind.BAD_INPUT,
    "the criterion {name} is part of the index {index}, whose weights must sum to 1.",
    "Change a copy of the package, where its weights can be shared out again.",
)
LAST_CRITERION = declare(
    "simulation.last-criterion",
    Kind.BAD_INPUT,
    "{name} is the only criterion of the standard {standard}; without it nothing would be asked.",
    "Switch another criterion on as well.",
)
NOTHING_SET = declare(
    "simulation.nothing-set",
    Kind.BAD_INPUT,
    "nothing is set, and the run was made by this very package.",
    "Set something otherwise, such as poverty_line=2952, or name another package.",
)
OTHER_SNAPSHOT = declare(
    "simulation.other-snapshot",
    Kind.REFUSED,
    "the run {run} was made of the snapshot {expected}, and {folder} is {found}.",
    "Name the snapshot of the run with --data, or leave --against out.",
)
OTHER_DATE = declare(
    "simulation.other-date",
    Kind.BAD_INPUT,
    "the run {run} speaks of {expected}, not of {on}.",
    "Leave --on out, or screen the snapshot for that date first.",
)
NO_DATE = declare(
    "simulation.no-date",
    Kind.BAD_INPUT,
    "there is neither a run nor a date to ask about.",
    "Add --on with the screening date, or --against with a run.",
)
NO_BASE = declare(
    "simulation.no-base",
    Kind.BAD_INPUT,
    "there is nothing to ask about: neither a run, nor a package with a snapshot.",
    "Add --against with a run, or --policy and --data.",
)
BAD_BENEFIT = declare(
    "simulation.bad-benefit",
    Kind.BAD_INPUT,
    "'{benefit}' is no benefit: {reason}.",
    "Write household=AMOUNT, person=AMOUNT, gap=SHARE (such as 100%), value=NAME (an amount of the household "
    "in the package), or formula=FORMULA.",
)
NO_WELFARE = declare(
    "simulation.no-welfare",
    Kind.BAD_INPUT,
    "{what} needs a welfare value and a line, and the package {package} names none.",
    "Add them to [statistics] in package.toml, or leave it out.",
)
BAD_REFERENCE = declare(
    "simulation.bad-reference",
    Kind.BAD_INPUT,
    "'{name}' can be no reference: {reason}.",
    "Name the folder of a run of the same snapshot, standard.NAME, or a household fact or value that is true "
    "for those in need.",
)
BAD_THRESHOLD = declare(
    "simulation.bad-threshold",
    Kind.BAD_INPUT,
    "'{threshold}' says of nothing when it is to be warned of.",
    "Write cliff=SHARE (of the line) or reversals=SHARE (of the people), such as cliff=10%, or cliff=off.",
)
BAD_CURVE = declare(
    "simulation.bad-curve",
    Kind.BAD_INPUT,
    "'{curve}' is no curve: {reason}.",
    "Write a parameter with the first and the last value, such as poverty_line=2000..4000, or only its name.",
)
OUT_EXISTS = declare(
    "simulation.out-exists",
    Kind.REFUSED,
    "{folder} exists already.",
    "Choose another folder, or remove that one.",
)
