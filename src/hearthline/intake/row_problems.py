# SPDX-License-Identifier: Apache-2.0
"""Decides the reasons for which a row is refused, each a sentence with its remedy for rejected.csv."""

from __future__ import annotations

from typing import NamedTuple

from hearthline.base.problems import HearthlineError, Kind, declare


class Told(NamedTuple):
    """A reason as it will be written; an exception kept in its place would keep its whole traceback."""

    message: str
    remedy: str
    code: str


def told(error: HearthlineError) -> Told:
    """The words of a failure."""
    return Told(error.message, error.remedy, error.code)


def quoted(text: str) -> str:
    """The value as a sentence shows it: between quotes, not too long, without line breaks."""
    shown = text if len(text) <= 60 else f"{text[:57]}..."
    return f"'{' '.join(shown.split())}'"


# --- values --------------------------------------------------------------------------------------

NOT_A_NUMBER = declare(
    "row.not-a-number",
    Kind.BAD_INPUT,
    "{value} is not a number.",
    "Write digits, with a point before decimals; or declare it as missing or recode it in the map.",
)
NOT_WHOLE = declare(
    "row.not-whole",
    Kind.BAD_INPUT,
    "{value} is not a whole number.",
    "Write a whole number; or let the map round the column: round = true.",
)
FULL_WIDTH = declare(
    "row.full-width",
    Kind.BAD_INPUT,
    "{value} is written with full-width or foreign digits; it may mean {plain}.",
    "Write it with the digits 0 to 9.",
)
UNDERSCORE = declare(
    "row.underscore",
    Kind.BAD_INPUT,
    "{value} has an underscore among its digits.",
    "Write the digits alone.",
)
NOT_FINITE = declare(
    "row.not-finite",
    Kind.BAD_INPUT,
    "{value} is no number a household can have.",
    "Leave the cell empty if it is unknown, or declare the text as missing in the map.",
)
NUMBER_TOO_LARGE = declare(
    "row.number-too-large",
    Kind.BAD_INPUT,
    "{value} is larger than any number this fact can hold.",
    "Correct the value.",
)
THOUSANDS = declare(
    "row.thousands",
    Kind.BAD_INPUT,
    "{value} has a separator that the map does not declare, or in the wrong place.",
    'Write the digits alone; or declare thousands = "," or decimal_mark = "," in the map.',
)
EXPONENT = declare(
    "row.exponent",
    Kind.BAD_INPUT,
    "{value} is written with an exponent, which hides how exact it is.",
    "Write the number out.",
)
TOO_PRECISE = declare(
    "row.too-precise",
    Kind.BAD_INPUT,
    "{value} has more decimals than the {scale} of this fact.",
    "Write it with at most {scale} decimals; or let the map round the column: round = true.",
)
BELOW = declare(
    "row.below",
    Kind.BAD_INPUT,
    "{value} is below {bound}, the least the dictionary allows.",
    "Correct the value, or declare it as missing in the map if it stands for no answer.",
)
ABOVE = declare(
    "row.above",
    Kind.BAD_INPUT,
    "{value} is above {bound}, the most the dictionary allows.",
    "Correct the value, or declare it as missing in the map if it stands for no answer.",
)
NEGATIVE_WEIGHT = declare(
    "row.negative-weight",
    Kind.BAD_INPUT,
    "{value} is below zero, and the fact is a weight: how many households or people a row stands for.",
    "Correct the value, or declare it as missing in the map if it stands for no answer.",
)
NOT_A_BOOLEAN = declare(
    "row.not-a-boolean",
    Kind.BAD_INPUT,
    "{value} is neither yes nor no.",
    'Write true or false, yes or no, 1 or 0, 是 or 否; or recode it in the map: recode = {{"2" = "no"}}.',
)
NOT_A_CODE = declare(
    "row.not-a-code",
    Kind.BAD_INPUT,
    "{value} is not one of the codes {codes}.",
    "Write one of the codes, or recode it in the map.",
)
NOT_A_DATE = declare(
    "row.not-a-date",
    Kind.BAD_INPUT,
    "{value} is not a date of the form {formats}.",
    "Write the date so, or declare its form in the map: format.",
)
NO_SUCH_DAY = declare(
    "row.no-such-day",
    Kind.BAD_INPUT,
    "{value} is a day that the calendar does not have.",
    "Correct the date.",
)
SHORT_YEAR = declare(
    "row.short-year",
    Kind.BAD_INPUT,
    "{value} has a year of two digits, which may mean two centuries.",
    "Write the year with four digits.",
)
TIME_OF_DAY = declare(
    "row.time-of-day",
    Kind.BAD_INPUT,
    "{value} is a time of day, or a date with one.",
    "Give the date alone.",
)
EARLY_EXCEL_DATE = declare(
    "row.early-excel-date",
    Kind.BAD_INPUT,
    "{value} comes before 1 March 1900, where Excel counts a day that never was.",
    "Write the date as text: yyyy-mm-dd.",
)
CELL_TOO_LONG = declare(
    "row.cell-too-long",
    Kind.BAD_INPUT,
    "The cell holds {length} characters, more than {limit}.",
    "Shorten it. Text without end often means that a quote was not closed.",
)
CONTROL_CHARACTER = declare(
    "row.control-character",
    Kind.BAD_INPUT,
    "The text holds the control character {character}.",
    "Remove the character.",
)
REQUIRED_EMPTY = declare(
    "row.required-empty",
    Kind.BAD_INPUT,
    "The cell is empty, and the dictionary requires this fact.",
    "Fill the cell, or leave the row out of the file.",
)
FORMULA_ERROR = declare(
    "row.formula-error",
    Kind.BAD_INPUT,
    "The formula in cell {cell} has the result {value}.",
    "Correct the formula and save the workbook.",
)
FORMULA_WITHOUT_VALUE = declare(
    "row.formula-without-value",
    Kind.BAD_INPUT,
    "The formula in cell {cell} was saved without its result.",
    "Open the workbook in a spreadsheet program and save it, so that results are stored.",
)
DIGITS_LOST = declare(
    "row.digits-lost",
    Kind.BAD_INPUT,
    "The cell holds a number of more than {limit} digits, of which a workbook keeps only the first {limit}.",
    "Format the column as text and enter the value again from its source.",
)

# --- rows ----------------------------------------------------------------------------------------

WRONG_COLUMNS = declare(
    "row.wrong-columns",
    Kind.BAD_INPUT,
    "The row has {found} cells, and the header has {expected}.",
    "Look for a separator inside a cell that is not quoted, or for a missing cell.",
)
OPEN_QUOTE = declare(
    "row.open-quote",
    Kind.BAD_INPUT,
    "A quote is opened and not closed within {limit} lines, or text stands after a closed one.",
    "Close the quote; write a quote inside a quoted cell twice.",
)
LINE_TOO_LONG = declare(
    "row.line-too-long",
    Kind.BAD_INPUT,
    "The line is longer than {limit} characters.",
    "Look for missing line ends.",
)
NUL_CHARACTER = declare(
    "row.nul-character",
    Kind.BAD_INPUT,
    "The line holds a NUL character.",
    "Export the file again; a NUL often means UTF-16 or a damaged file.",
)
LONE_RETURN = declare(
    "row.lone-return",
    Kind.BAD_INPUT,
    "The line holds a carriage return that ends no line.",
    "Save the file with line ends of Unix or Windows.",
)
BAD_BYTES = declare(
    "row.bad-bytes",
    Kind.BAD_INPUT,
    "The line holds bytes that are not {encoding}.",
    "Correct the line, or declare the right encoding in the map.",
)
KEY_EMPTY = declare(
    "row.key-empty",
    Kind.BAD_INPUT,
    "The key is empty.",
    "Fill the key, or leave the row out of the file.",
)
KEY_TOO_LONG = declare(
    "row.key-too-long",
    Kind.BAD_INPUT,
    "The key has more than {limit} characters.",
    "Look whether the map names the right column as the key.",
)
DUPLICATE = declare(
    "row.duplicate",
    Kind.BAD_INPUT,
    "The key stands in {count} rows; the first are at {places}.",
    "Keep the right row. None was taken, since nothing says which is right.",
)
DISAGREE = declare(
    "row.disagree",
    Kind.BAD_INPUT,
    "The {count} rows of this household do not agree on {columns}.",
    "Make them agree. None was taken, since nothing says which is right.",
)
ORPHAN = declare(
    "row.orphan",
    Kind.BAD_INPUT,
    "No {owner} with this key is in the files.",
    "Add it, or correct the key; look for leading zeros that were lost.",
)
OWNER_REFUSED = declare(
    "row.owner-refused",
    Kind.BAD_INPUT,
    "Its household was refused: {place}: {reason}",
    "Correct that row; this one is taken when its household is.",
)
PERSON_REFUSED = declare(
    "row.person-refused",
    Kind.BAD_INPUT,
    "Its person was refused: {place}: {reason}",
    "Correct that row; this one is taken when its person is.",
)
MEMBER_REFUSED = declare(
    "row.member-refused",
    Kind.BAD_INPUT,
    "A row of this household was refused, and half a household would be counted wrongly: {place}: {reason}",
    'Correct that row; or declare incomplete_households = "keep" in the checks of the map.',
)
NO_PERSONS = declare(
    "row.no-persons",
    Kind.BAD_INPUT,
    "The household has no persons in the files.",
    "Add them, or leave the household out; or declare persons_listed = false in the checks of the map.",
)
HEADS = declare(
    "row.heads",
    Kind.BAD_INPUT,
    "The household has {count} heads and must have one.",
    "Correct the relation to the head of its persons.",
)
SIZE_DIFFERS = declare(
    "row.size-differs",
    Kind.BAD_INPUT,
    "The household declares {declared} persons, and {count} are listed.",
    "Add the missing persons or correct the size.",
)
COUNT_OUTSIDE = declare(
    "row.count-outside",
    Kind.BAD_INPUT,
    "The household has {count} rows of {level}, which is outside what the dictionary allows for {fact}.",
    "Look for a key that several households share.",
)
ROWS_WITHOUT_END = declare(
    "row.rows-without-end",
    Kind.BAD_INPUT,
    "The household has {count} rows of {level}, more than {limit}.",
    "Look for a key that many households share.",
)
AREA_GAP = declare(
    "row.area-gap",
    Kind.BAD_INPUT,
    "An area is given, and the one above it is not.",
    "Fill the upper area too.",
)
AREA_TWO_PARENTS = declare(
    "row.area-two-parents",
    Kind.BAD_INPUT,
    "The area {area} lies in more than one area above it.",
    "Correct it; or, where a code repeats from one area to the next, set within_parent = true in the map.",
)
NOT_IN_JOINED = declare(
    "row.not-in-joined",
    Kind.BAD_INPUT,
    "No row of {files} has this key, and the dictionary requires a fact that stands there.",
    "Add the row, or leave this one out.",
)
