# SPDX-License-Identifier: Apache-2.0
"""Decides the sentences for what can be wrong with asking for statistics or comparing runs."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from hearthline.base.problems import Kind, declare

UNKNOWN_MEASURE = declare(
    "statistics.unknown-measure",
    Kind.BAD_INPUT,
    "There is no measure called '{name}'.",
    "{hint}",
)
UNKNOWN_COLUMN = declare(
    "statistics.unknown-column",
    Kind.BAD_INPUT,
    "'{name}' ({use}) is neither a value of the run nor a household fact of its snapshot.",
    "{hint}",
)
NOT_A_NUMBER = declare(
    "statistics.not-a-number",
    Kind.BAD_INPUT,
    "'{name}' ({use}) is of type {type}, not a number.",
    "Choose a household fact or derived value that is a number.",
)
NO_AREAS = declare(
    "statistics.no-areas",
    Kind.BAD_INPUT,
    "'{name}' asks for areas, and the snapshot of this run has none.",
    "Import the data with area columns, or group by a fact.",
)
NO_WELFARE = declare(
    "statistics.no-welfare",
    Kind.BAD_INPUT,
    "The measure '{measure}' needs {what}, and the package {package} names none.",
    "Pass --welfare and --line, or add them to [statistics] in package.toml.",
)
NO_INDEX = declare(
    "statistics.no-index",
    Kind.BAD_INPUT,
    "The measure '{measure}' needs a multidimensional index, and the package {package} has none.",
    "Leave the measure out, or add an index to the package.",
)
NO_STATUS = declare(
    "statistics.no-status",
    Kind.BAD_INPUT,
    "The measure '{measure}' needs the result of a screening, and this table has none.",
    "Give the folder of a run, or choose a measure of welfare.",
)
BAD_WEIGHT = declare(
    "statistics.bad-weight",
    Kind.BAD_INPUT,
    "'{name}' is not a weight.",
    "Write person, household or none.",
)
BAD_GROUPING = declare(
    "statistics.bad-grouping",
    Kind.BAD_INPUT,
    "The grouping '{name}' cannot be read.",
    "Write one name, or several joined by * to cross them, such as region*urban; for areas write area "
    "or area:0, area:1 and so on, counted from the top.",
)
REPEATED_GROUPING = declare(
    "statistics.repeated-grouping",
    Kind.BAD_INPUT,
    "The grouping '{name}' names '{part}' twice.",
    "Name it once: {once}.",
)
NO_DEPTH = declare(
    "statistics.no-depth",
    Kind.BAD_INPUT,
    "'{name}' asks for areas at a depth that this snapshot does not have.",
    "Write one of: {known}. area:0 is the top; area alone is the place of the household.",
)
BAD_LINE = declare(
    "statistics.bad-line",
    Kind.BAD_INPUT,
    "The line '{name}' is beyond every number that can be compared.",
    "Write a number such as 1500, or the name of a parameter or of a household value.",
)
DIFFERENT_UNITS = declare(
    "statistics.different-units",
    Kind.BAD_INPUT,
    "'{welfare}' is measured in {unit} and the line '{line}' in {line_unit}, so they cannot be compared.",
    "Choose a line of the same unit with --line, or measures that need no line with --measure.",
)
DIFFERENT_WELFARE = declare(
    "statistics.different-welfare",
    Kind.REFUSED,
    "'{earlier}' of the earlier run is measured in {unit}, '{later}' of the later in {later_unit}: growth "
    "of one into the other means nothing.",
    "Compare runs whose packages measure welfare in one unit, or pass --welfare.",
)
NO_SAMPLE = declare(
    "statistics.no-sample",
    Kind.REFUSED,
    "The households of this run are no sample: the package {package} weighs nobody and the snapshot names no "
    "design, so that everyone there is counts once.",
    "Leave --errors out: a count of everybody has no sampling error. For a survey, name its weights in "
    "[weights] of package.toml, and its design in the import map.",
)
TOO_MANY_ROWS = declare(
    "statistics.too-many-rows",
    Kind.REFUSED,
    "Errors were asked for {number} households, more than the {most} of any survey.",
    "Leave --errors out, or take a sample.",
)
TOO_FEW_UNITS = declare(
    "statistics.too-few-units",
    Kind.REFUSED,
    "The sample has {units} primary units in {strata} strata, which leaves nothing to tell an error by.",
    "Check the columns of stratum and cluster in the import map: a stratum needs two units.",
)
BAD_REPLICATES = declare(
    "statistics.bad-replicates",
    Kind.BAD_INPUT,
    "{number} is no number of replicates.",
    "Write a number from {least} to {most}, such as 500.",
)
DIFFERENT_SNAPSHOTS = declare(
    "run.different-snapshots",
    Kind.REFUSED,
    "The runs were made from different snapshots ({earlier} and {later}), and the number of a household "
    "means nothing outside its own snapshot.",
    "Compare runs of one snapshot, or pass --keys with the private key files of both snapshots, so that "
    "households are matched by the keys of the source files.",
)
NOT_A_KEY_FILE = declare(
    "run.not-a-key-file",
    Kind.BAD_INPUT,
    "{file} is not the key file of a snapshot: {reason}.",
    "Name the file SNAPSHOT.keys.parquet that the import wrote beside the snapshot.",
)
TABLE_EXISTS = declare(
    "release.table-exists",
    Kind.REFUSED,
    "{file} is there already, and a published table never goes over a file.",
    "Name another file with --out, or move that one away; nothing was released.",
)
FILE_EXISTS = declare(
    "statistics.file-exists",
    Kind.BAD_INPUT,
    "{file} is there already, and figures never go over a file.",
    "Give another name with --out, or remove the file.",
)
NO_FILE = declare(
    "statistics.no-file",
    Kind.BAD_INPUT,
    "--{option} needs a file to write, and no --out names one.",
    "Add --out FILE.",
)
NOT_TO_A_FILE = declare(
    "statistics.not-to-a-file",
    Kind.BAD_INPUT,
    "Figures cannot be written to a file {how}.",
    "{remedy}",
)


def nearest(name: str, names: Iterable[str]) -> str:
    """A sentence that offers the nearest of the valid names, or all of a short list."""
    listed = sorted(set(names))
    close = difflib.get_close_matches(name, listed, n=1, cutoff=0.6)
    if close:
        return f"Did you mean '{close[0]}'?"
    if len(listed) <= 30:
        return f"Choose one of: {', '.join(listed)}."
    return f"Choose one of: {', '.join(listed[:30])} and {len(listed) - 30} more."
