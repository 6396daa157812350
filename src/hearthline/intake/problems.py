# SPDX-License-Identifier: Apache-2.0
"""Decides the sentences for files and maps that cannot be used; those for single rows are in row_problems."""

from __future__ import annotations

from hearthline.base.problems import Kind, declare

# --- the map -------------------------------------------------------------------------------------

MAP_UNREADABLE = declare(
    "import.map-unreadable",
    Kind.BAD_INPUT,
    "the map {map} cannot be read: {why}.",
    "A map is a TOML file; see the reference page of the import map.",
)
MAP_INVALID = declare(
    "import.map-invalid",
    Kind.BAD_INPUT,
    "the map {map} says something it may not at {where}: {why}.",
    "See the reference page of the import map.",
)
UNKNOWN_LEVEL = declare(
    "import.unknown-level",
    Kind.BAD_INPUT,
    "the map gives {files} to the level {level}, which the package does not have.",
    "Its levels are {levels}.",
)
UNKNOWN_FACT = declare(
    "import.unknown-fact",
    Kind.BAD_INPUT,
    "the map fills {level}.{fact}, which the dictionary does not have.",
    "Did you mean {nearest}? hearthline policy show lists every fact.",
)
FACT_TWICE = declare(
    "import.fact-twice",
    Kind.BAD_INPUT,
    "two files of the map fill {level}.{fact}.",
    "Let one of them fill it.",
)
REQUIRED_UNMAPPED = declare(
    "import.required-unmapped",
    Kind.BAD_INPUT,
    "the dictionary requires {level}.{fact}, and the map names no column for it.",
    "Name its column, or a value that holds for the whole file.",
)
BAD_CONVERSION = declare(
    "import.bad-conversion",
    Kind.BAD_INPUT,
    "{level}.{fact} is measured in {needed} and cannot be computed from {given}.",
    "Give the unit of the column, or a factor.",
)
NO_HOUSEHOLD_FILE = declare(
    "import.no-household-file",
    Kind.BAD_INPUT,
    "the map names no file that lists the households.",
    'Give one file the level "household", without joins = true.',
)
NO_LINK = declare(
    "import.no-link",
    Kind.BAD_INPUT,
    "the map does not say how the rows of {files} find their {owner}.",
    "Give {setting}: the columns that hold the key of the {owner}.",
)
BAD_RULE = declare(
    "import.bad-rule",
    Kind.BAD_INPUT,
    "the map cannot fill {level}.{fact} as it says: {why}.",
    "See the reference page of the import map.",
)
BAD_CHECK = declare(
    "import.bad-check",
    Kind.BAD_INPUT,
    "the map asks for what cannot be done: {why}.",
    "See the reference page of the import map.",
)

# --- files ---------------------------------------------------------------------------------------

FILE_NOT_FOUND = declare(
    "import.file-not-found",
    Kind.NOT_FOUND,
    "{file} cannot be opened: {why}.",
    "Check the name and the permissions.",
)
FILE_UNMAPPED = declare(
    "import.file-unmapped",
    Kind.BAD_INPUT,
    "no entry of the map is for {file}.",
    "Add one whose files name or pattern fits, or leave the file out.",
)
ENTRY_UNUSED = declare(
    "import.entry-unused",
    Kind.BAD_INPUT,
    "the map expects {files}, and no such file was given.",
    "Give the file as well, or take the entry out of the map.",
)
SAME_NAME = declare(
    "import.same-name",
    Kind.BAD_INPUT,
    "two files are called {file}.",
    "Rename one: a row is traced to its file by name.",
)
UNKNOWN_FORMAT = declare(
    "import.unknown-format",
    Kind.UNSUPPORTED,
    "the format of {file} cannot be told from its name.",
    'Declare it in the map: format = "csv", "xlsx", "parquet", "stata" or "spss".',
)
READER_MISSING = declare(
    "import.reader-missing",
    Kind.UNSUPPORTED,
    "{file} is a {format} file, and the reader for it is not installed.",
    "Install it with: pip install 'hearthline[{extra}]'.",
)
FILE_EMPTY = declare(
    "import.file-empty",
    Kind.BAD_INPUT,
    "{file} has no {what}.",
    "Check that it is the right file, and header_row in the map.",
)
FILE_DAMAGED = declare(
    "import.file-damaged",
    Kind.BAD_INPUT,
    "{file} is not a sound {format} file: {why}.",
    "Export it again, or open it in the program it came from and save it anew.",
)
FILE_TOO_LARGE = declare(
    "import.file-too-large",
    Kind.REFUSED,
    "{file} was not opened: {why}.",
    "{advice}",
)
ENCODING_UNPROVEN = declare(
    "import.encoding-unproven",
    Kind.BAD_INPUT,
    "{file} reads both as UTF-8 and as GB18030, and the two differ (line {line}: {one} or {other}).",
    'Look which is right and declare it in the map: encoding = "utf-8" or encoding = "gb18030".',
)
ENCODING_UNKNOWN = declare(
    "import.encoding-unknown",
    Kind.BAD_INPUT,
    "{file} is neither UTF-8 (line {utf8_line}) nor GB18030 (line {gb_line}).",
    "Declare its encoding in the map, or save it as UTF-8.",
)
ENCODING_NAME = declare(
    "import.encoding-name",
    Kind.BAD_INPUT,
    "there is no encoding of text called {encoding}.",
    'Use "utf-8", "gb18030", "big5", "utf-16", or that of an old program, such as "latin-1" or "cp1252".',
)
COLUMN_MISSING = declare(
    "import.column-missing",
    Kind.BAD_INPUT,
    "{file} has no column {column}.",
    "Its columns are {columns}. {hint}",
)
COLUMN_TWICE = declare(
    "import.column-twice",
    Kind.BAD_INPUT,
    "{file} has more than one column called {column}.",
    "Rename one, so that it is clear which is meant.",
)
SHEET_MISSING = declare(
    "import.sheet-missing",
    Kind.BAD_INPUT,
    "{file} has no sheet {sheet}.",
    "Its sheets are {sheets}.",
)
COLUMN_KIND = declare(
    "import.column-kind",
    Kind.UNSUPPORTED,
    "the column {column} of {file} holds {kind}, which is not a single value.",
    "Write one value per cell.",
)
NOTHING_ACCEPTED = declare(
    "import.nothing-accepted",
    Kind.REFUSED,
    "no household could be accepted, so no snapshot was written; {read} rows were read.",
    "{rejected} says what is wrong with each row. The most frequent reason: {reason}",
)
"""Raised after the whole import; nothing stands at the target."""

INSIDE_INPUT = declare(
    "import.target-is-input",
    Kind.REFUSED,
    "the snapshot {out} cannot be written over the file it is made from.",
    "Choose another name for the snapshot.",
)
NO_ROOM = declare(
    "import.no-room",
    Kind.REFUSED,
    "the import to {out} could not go on: {why}.",
    "Make room or choose a folder that exists and that you may write to; no half snapshot was left.",
)
