# SPDX-License-Identifier: Apache-2.0
"""Decides the sentences for what can be wrong with the files of a policy package."""

from __future__ import annotations

from hearthline.base.problems import Kind, declare

_BAD = Kind.BAD_PACKAGE

# --- finding a package -----------------------------------------------------------------------------
NO_PACKAGE = declare(
    "package.not-found",
    Kind.NOT_FOUND,
    "there is no policy package '{name}'.",
    "{hint} Name a package by its id or by the path of its folder.",
)
NO_MANIFEST = declare(
    "package.no-manifest",
    _BAD,
    "the folder {folder} has no file package.toml.",
    "A policy package is a folder whose package.toml gives its id, title and levels.",
)
WRONG_FOLDER = declare(
    "package.wrong-folder",
    _BAD,
    "the package in this folder calls itself '{id}', but the folder is '{folder}'.",
    'Write id = "{folder}", or move the folder.',
)
NO_LAYER = declare(
    "package.no-layer",
    _BAD,
    "this package extends '{name}', which cannot be found.",
    "{hint} A frozen copy must hold the package below in its own folder layers/.",
)
LAYER_CYCLE = declare(
    "package.layer-cycle",
    _BAD,
    "the packages extend each other in a circle: {path}.",
    "Take the extends line out of one of them.",
)
STRAY_FILE = declare(
    "package.stray-file",
    _BAD,
    "'{name}' is not a file of a policy package, so nothing would read it.",
    "{hint}",
)
UNREADABLE = declare(
    "package.unreadable",
    Kind.BAD_INPUT,
    "the file cannot be read: {reason}.",
    "Check its permissions and the disk it lies on.",
)
FREEZE_TARGET = declare(
    "package.freeze-target",
    Kind.REFUSED,
    "the folder {folder} is not empty, so the package is not copied into it.",
    "Name a new folder.",
)

# --- reading a file --------------------------------------------------------------------------------
NOT_UTF8 = declare(
    "package.not-utf8",
    _BAD,
    "the bytes here are not UTF-8.",
    "Save the file as UTF-8.",
)
BAD_CHARACTER = declare(
    "package.bad-character",
    _BAD,
    "the character U+{code} is not allowed in a package file.",
    "Delete it; lines end with an ordinary line break.",
)
TOO_LARGE = declare(
    "package.too-large",
    _BAD,
    "the {what} is larger than a package may be: {size}, at most {limit}.",
    "Split the file, or keep data out of the package.",
)
TOO_DEEP = declare(
    "package.too-deep",
    _BAD,
    "the text nests more than {limit} levels deep.",
    "No part of the package format nests that deep; check the indentation and the brackets.",
)
BAD_YAML = declare(
    "package.bad-yaml",
    _BAD,
    "the YAML cannot be read here: {reason}.",
    "{hint}",
)
BAD_TOML = declare(
    "package.bad-toml",
    _BAD,
    "the TOML cannot be read here: {reason}.",
    "Write key = value, with texts and dates as TOML has them.",
)
ALIAS = declare(
    "package.alias",
    _BAD,
    "anchors (&) and aliases (*) are not used in package files.",
    "Write the value out where it is needed; scenarios have templates for what repeats. "
    "Put a text that begins with & or * in quotation marks.",
)
TAG = declare(
    "package.tag",
    _BAD,
    "the tag {tag} is not used in package files.",
    "Leave the tag out; put a text that begins with ! in quotation marks.",
)
SEVERAL_DOCUMENTS = declare(
    "package.several-documents",
    _BAD,
    "a second YAML document begins here.",
    "Keep one document in a file: delete the line ---, or make a second file.",
)
KEY_NOT_TEXT = declare(
    "package.key-not-text",
    _BAD,
    "a list or mapping stands where a key should be.",
    "Write a plain name before the colon.",
)
DUPLICATE_KEY = declare(
    "package.duplicate-key",
    _BAD,
    "'{key}' is written twice; the first is in line {first}.",
    "Keep one of the two, or give one another name.",
)
NO_SUCH_DATE = declare(
    "package.no-such-date",
    _BAD,
    "{value} is not a day of the calendar.",
    "Write an existing day as year-month-day, such as 2014-12-31.",
)
FORMULA_LAYOUT = declare(
    "package.formula-layout",
    _BAD,
    "the formula is written {layout}, so an error in it could not be shown at its place.",
    "Write a | after the colon and the formula on the lines below, indented.",
)

# --- the shape of an entry -------------------------------------------------------------------------
UNKNOWN_KEY = declare("package.unknown-key", _BAD, "'{key}' is not a key of {noun}.", "{hint}")
MISSING_KEY = declare("package.missing-key", _BAD, "{noun} has no key '{key}'.", "Add {key}: {meaning}")
BAD_NAME = declare(
    "package.bad-name",
    _BAD,
    "'{name}' cannot be a name.",
    "Use small letters, digits and _, beginning with a letter, at most 60 characters, such as {example}.",
)
WRONG_TYPE = declare("package.wrong-type", _BAD, "{key} is {value}, but {expected} is needed.", "{hint}")
NOT_A_CHOICE = declare(
    "package.not-a-choice", _BAD, "{key} is {value}, which is not one of its choices.", "{hint}"
)
OUT_OF_RANGE = declare(
    "package.out-of-range", _BAD, "{key} is {value}, but {rule}.", "Write a value within the limit."
)
ENTRY_TWICE = declare(
    "package.entry-twice",
    _BAD,
    "'{name}' is defined a second time; the first is in {first}.",
    "Keep one of the two, or give one another name.",
)
NOTHING_TO_REMOVE = declare(
    "package.nothing-to-remove",
    _BAD,
    "there is no '{name}' in the packages below, so nothing can be removed.",
    "{hint}",
)
UNKNOWN_REFERENCE = declare(
    "package.unknown-reference", _BAD, "'{name}' is not {noun} of this package.", "{hint}"
)
NAMED_TWICE = declare(
    "package.named-twice", _BAD, "'{name}' is named twice in this list.", "Delete one of the two."
)

# --- names, levels and words -----------------------------------------------------------------------
RESERVED_NAME = declare(
    "package.reserved-name",
    _BAD,
    "the name '{name}' is kept for {purpose}.",
    "Choose another name, such as {example}.",
)
NAME_CLASH = declare(
    "package.name-clash",
    _BAD,
    "the name '{name}' is already used by {other}.",
    "Give one of the two another name.",
)
BAD_LEVEL = declare("package.bad-level", _BAD, "the level {name} cannot stand: {reason}.", "{hint}")
NO_WORDS = declare(
    "package.no-words",
    _BAD,
    "{key} has no text in the language '{language}'.",
    "The package declares the languages {languages}; write the text in each of them.",
)
UNDECLARED_LANGUAGE = declare(
    "package.undeclared-language",
    _BAD,
    "{key} has a text in '{language}', which the package does not declare.",
    "{hint}",
)
BAD_PERIOD = declare(
    "package.bad-period",
    _BAD,
    "the period from {start} to {end} ends before it begins.",
    "Change one of the two dates.",
)
MISSING_SETTING = declare(
    "package.missing-setting",
    _BAD,
    "package.toml has no '{key}', and no package below gives it.",
    "Add {key}: {meaning}",
)

# --- types, values and numbers ---------------------------------------------------------------------
KEY_NOT_FOR_TYPE = declare(
    "package.key-not-for-type",
    _BAD,
    "'{key}' does not go with the type {type}.",
    "{hint}",
)
CODES_NEEDED = declare(
    "package.codes-needed",
    _BAD,
    "the fact {name} is a code, but its codes are not listed.",
    "Add codes: with one line for each value and its label.",
)
BAD_DIGITS = declare("package.bad-digits", _BAD, "{reason}.", "{hint}")
BAD_BOUNDS = declare("package.bad-bounds", _BAD, "{reason}.", "{hint}")
MONEY_UNIT = declare(
    "package.money-unit",
    _BAD,
    "the unit '{unit}' does not measure money.",
    "Write a unit that begins with {currency}, such as {currency}/year, or use the type decimal.",
)
WRONG_VALUE = declare("package.wrong-value", _BAD, "{name} is {value}, but {expected} is needed.", "{hint}")
UNKNOWN_CODE = declare("package.unknown-code", _BAD, "{value} is not one of the codes of {name}.", "{hint}")
OUT_OF_BOUNDS = declare(
    "package.out-of-bounds",
    _BAD,
    "{name} is {value}, but it lies {side} {bound}.",
    "Check the value; the bounds are written with the fact.",
)
BAD_PARAMETER = declare("package.bad-parameter", _BAD, "the parameter {name}: {reason}.", "{hint}")
OVERLAP = declare(
    "package.overlap",
    _BAD,
    "the parameter {name} has two values for {jurisdiction}, purpose {purpose}, on {day}; "
    "the other is in {other}.",
    "End one period before the other begins, or give one another purpose; a layer takes a value of the "
    "package below out by its period and remove: true.",
)
BAD_SERIES = declare("package.bad-series", _BAD, "the series {name}: {reason}.", "{hint}")
BAD_LOOKUP = declare("package.bad-lookup", _BAD, "the lookup table {name}: {reason}.", "{hint}")

# --- rules -----------------------------------------------------------------------------------------
BAD_RULE = declare("package.bad-rule", _BAD, "{noun} {name}: {reason}.", "{hint}")
BAD_STANDARD = declare("package.bad-standard", _BAD, "the standard {name}: {reason}.", "{hint}")
DEFAULT_STANDARD = declare("package.default-standard", _BAD, "{reason}.", "{hint}")
BAD_INDEX = declare("package.bad-index", _BAD, "the index {name}: {reason}.", "{hint}")
BAD_CAUSE = declare("package.bad-cause", _BAD, "the cause {name}: {reason}.", "{hint}")

BAD_STATISTICS = declare("package.bad-statistics", _BAD, "{reason}.", "{hint}")

# --- scores ----------------------------------------------------------------------------------------
BAD_TARGETING = declare("package.bad-targeting", _BAD, "{reason}.", "{hint}")
BAD_SCORE = declare("package.bad-score", _BAD, "the score '{name}': {reason}.", "{hint}")
SCORE_OUTDATED = declare(
    "package.score-outdated",
    _BAD,
    "the score '{name}' was learned from values that meant something else than they do now.",
    "Learn it again by 'hearthline targeting fit', or take it out of the package.",
)
SCORE_DECIDES = declare(
    "package.score-decides",
    _BAD,
    "the {noun} '{name}' rests on the score '{score}'; a score is a lead, never a decision.",
    "Take the score out of the formula; let people look at the household, and record what they find.",
)
BAD_COVARIATE = declare("package.bad-covariate", _BAD, "'{name}' cannot be a covariate: {reason}.", "{hint}")

# --- scenarios -------------------------------------------------------------------------------------
BAD_SCENARIO = declare("package.bad-scenario", _BAD, "the scenario '{name}': {reason}.", "{hint}")
