# SPDX-License-Identifier: Apache-2.0
"""Decides what can be wrong with a change of the places, in sentences."""

from __future__ import annotations

from hearthline.base.problems import Kind, declare

UNKNOWN_LEVEL = declare(
    "areas.unknown-level",
    Kind.BAD_INPUT,
    "the place {code} has the level {level}, which is not known.",
    "Write one of: {known}.",
)
LEVEL_OUT_OF_ORDER = declare(
    "areas.level-out-of-order",
    Kind.BAD_INPUT,
    "the place {code} ({level}) cannot lie directly within {parent} ({upper}).",
    "From the top down the levels are: {known}; one may be skipped, none may be turned round.",
)
CODE_TAKEN = declare(
    "areas.code-taken",
    Kind.BAD_INPUT,
    "the code {code} already belongs to {name}.",
    "Give another code, or close that place first.",
)
EMPTY_TEXT = declare(
    "areas.empty-text",
    Kind.BAD_INPUT,
    "the {field} of a place is empty.",
    "Write the {field}.",
)
TOO_LONG = declare(
    "areas.too-long",
    Kind.BAD_INPUT,
    "the {field} {text}… has more than {limit} characters.",
    "Shorten the {field}.",
)
CYCLE = declare(
    "areas.cycle",
    Kind.BAD_INPUT,
    "{code} cannot lie within {parent}, since {parent} lies within {code}.",
    "Give a place above it, or one beside it.",
)
TOO_DEEP = declare(
    "areas.too-deep",
    Kind.BAD_INPUT,
    "the place {code} would stand {depth} levels deep; the tree has room for {limit}.",
    "Put it further up.",
)
CLOSED = declare(
    "areas.closed",
    Kind.REFUSED,
    "{name} ({code}) was closed on {closed_on}.",
    "Take a place that is open.",
)
NOT_EMPTY = declare(
    "areas.not-empty",
    Kind.REFUSED,
    "{count} open places still lie within {name} ({code}).",
    "Move or close them first.",
)
BEFORE_LAST_NAME = declare(
    "areas.before-last-name",
    Kind.REFUSED,
    "{name} has its present name since {since}; it cannot get another from {on}.",
    "Give a day after {since}.",
)
BEFORE_OPENED = declare(
    "areas.before-opened",
    Kind.REFUSED,
    "{name} was opened on {opened_on}; it cannot be closed on {on}.",
    "Give that day or a later one.",
)
TOP_NEEDS_EVERYWHERE = declare(
    "areas.top-needs-everywhere",
    Kind.REFUSED,
    "only an officer whose role holds everywhere may change the top of the tree.",
    "Ask an administrator without an area.",
)
MOVE_WOULD_LOSE = declare(
    "areas.move-would-lose",
    Kind.INTERNAL,
    "{name} cannot move: {table} holds rows of it that would not follow.",
    "This is a mistake in the service; report it with this sentence.",
)

FILE_COLUMNS = declare(
    "areas.file-columns",
    Kind.BAD_INPUT,
    "{file} lacks the column {column}; it has {found}.",
    "A file of places has the columns code, name, level and parent_code.",
)
FILE_UNREADABLE = declare(
    "areas.file-unreadable",
    Kind.BAD_INPUT,
    "{file} cannot be read as a file of places: {reason}.",
    "Give a Parquet file, or a CSV file in UTF-8, with the columns code, name, level and parent_code.",
)
FILE_EMPTY = declare(
    "areas.file-empty",
    Kind.BAD_INPUT,
    "{file} holds no place.",
    "Check that it is the right file.",
)
CODE_TWICE = declare(
    "areas.code-twice",
    Kind.BAD_INPUT,
    "the code {code} stands in line {first} already.",
    "Keep one of the two lines.",
)
ORPHAN = declare(
    "areas.orphan",
    Kind.BAD_INPUT,
    "{code} lies within {parent}, which is neither in the file nor an open place of the register.",
    "Add the line of {parent}, or correct parent_code.",
)
CYCLE_IN_FILE = declare(
    "areas.cycle-in-file",
    Kind.BAD_INPUT,
    "{code} lies within itself: {circle}.",
    "Correct parent_code in one of these lines.",
)
MORE_PROBLEMS = declare(
    "areas.more-problems",
    Kind.BAD_INPUT,
    "{count} more lines of {file} have problems.",
    "Correct those named first, then import the file again. Nothing was imported.",
)
