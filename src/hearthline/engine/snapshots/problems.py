# SPDX-License-Identifier: Apache-2.0
"""Decides the sentences with which a snapshot refuses to be written or used."""

from __future__ import annotations

from hearthline.base.problems import Kind, declare

EXISTS = declare(
    "snapshot.exists",
    Kind.REFUSED,
    "{folder} already exists.",
    "Choose another name, or ask for the old one to be replaced.",
)
NOT_REPLACED = declare(
    "snapshot.not-replaced",
    Kind.REFUSED,
    "{folder} is no snapshot, so it was not replaced.",
    "Only a snapshot or an empty folder is ever replaced. Choose another name, or take away what is there.",
)
BAD_NAME = declare(
    "snapshot.bad-name",
    Kind.BAD_INPUT,
    "{folder} cannot be written: {why}.",
    "Choose a shorter name, in UTF-8.",
)
NOT_FOUND = declare(
    "snapshot.not-found",
    Kind.NOT_FOUND,
    "{folder} is not a snapshot: it holds no {file}.",
    "Give the folder that hearthline import or hearthline generate wrote.",
)
DAMAGED = declare(
    "snapshot.damaged",
    Kind.DAMAGED,
    "{folder} is damaged: {what}.",
    "Nothing was read from it. Copy it again from where it came, or import the files again.",
)
OTHER_POLICY = declare(
    "snapshot.other-policy",
    Kind.REFUSED,
    "{folder} holds the facts of {package}, and {policy} needs {what}.",
    "Import the files again with the package {policy}.",
)
NO_HOUSEHOLD = declare(
    "snapshot.no-household",
    Kind.NOT_FOUND,
    "there is no household {household} in {folder}: its households are numbered 1 to {last}.",
    "Look the number up in households.parquet of the run.",
)
BAD_TABLE = declare(
    "snapshot.bad-table",
    Kind.REFUSED,
    "rows of {level} cannot enter the snapshot: {what}.",
    "Nothing was written. Correct the rows that are handed to the writer.",
)
TOO_MANY_ROWS = declare(
    "snapshot.too-many-rows",
    Kind.REFUSED,
    "household {household} has {rows} rows of {level}, more than the {limit} a household may have.",
    "Look for a key that many households share.",
)
NO_SPACE = declare(
    "snapshot.cannot-write",
    Kind.REFUSED,
    "{folder} cannot be written: {why}.",
    "Free some space or choose a folder that you may write to; no half snapshot was left.",
)
