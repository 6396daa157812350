# SPDX-License-Identifier: Apache-2.0
"""Decides the sentences for what can be wrong with a formula or with asking for a dated value."""

from __future__ import annotations

from hearthline.base.problems import Kind, declare

_BAD = Kind.BAD_PACKAGE

SYNTAX = declare("formula.syntax", _BAD, "the formula cannot be read: {reason}.", "{hint}")
TOO_LARGE = declare(
    "formula.too-large",
    _BAD,
    "the formula is too {what} ({size}; at most {limit}).",
    "Split it into derived values.",
)
NOT_ALLOWED = declare(
    "formula.not-allowed",
    _BAD,
    "'{text}' is not part of the formula language.",
    "{hint}",
)
UNKNOWN_NAME = declare(
    "formula.unknown-name",
    _BAD,
    "'{name}' is not a fact or rule of the level {level}.",
    "{hint}",
)
UNKNOWN_LEVEL = declare(
    "formula.unknown-level",
    _BAD,
    "'{name}' is not a level of this package.",
    "{hint}",
)
WRONG_LEVEL = declare("formula.wrong-level", _BAD, "{reason}.", "{hint}")
WRONG_TYPE = declare("formula.wrong-type", _BAD, "{reason}.", "{hint}")
WRONG_UNIT = declare("formula.wrong-unit", _BAD, "{reason}.", "{hint}")
UNKNOWN_CODE = declare(
    "formula.unknown-code",
    _BAD,
    "'{value}' is not one of the codes of {name}.",
    "{hint}",
)
CYCLE = declare(
    "formula.cycle",
    _BAD,
    "the rules depend on each other in a circle: {path}.",
    "Break the circle: a rule may not need its own answer.",
)
ARGUMENTS = declare("formula.arguments", _BAD, "{name} is not written so: {reason}.", "Write {usage}.")
UNKNOWN_PARAMETER = declare("formula.unknown-parameter", _BAD, "there is no parameter '{name}'.", "{hint}")
UNKNOWN_LOOKUP = declare("formula.unknown-lookup", _BAD, "there is no lookup table '{name}'.", "{hint}")
DECLARED_TYPE = declare(
    "formula.declared-type",
    _BAD,
    "the rule {name} is declared as {declared} but its formula gives {found}.",
    "{hint}",
)
NO_VALUE = declare(
    "parameter.no-value",
    Kind.REFUSED,
    "the parameter {name} has no value for {jurisdiction}, purpose {purpose}, on {on}.",
    "Add the dated value with its source to the package; no other year's value is used in its place.",
)
NO_STANDARD = declare(
    "standard.not-in-force",
    Kind.REFUSED,
    "the standard {name} is not in force on {on}.",
    "Choose a screening date from {start} to {end}, or publish a standard for that date.",
)
LOOKUP_MISSING = declare(
    "lookup.missing-key",
    Kind.REFUSED,
    "the lookup table {table} has no row for the key {key}.",
    "Add the row to the table, or declare missing: unknown.",
)
