# SPDX-License-Identifier: Apache-2.0
"""Decides the form of the private file beside a snapshot that says who is meant by its numbers.

Nothing of it ever stands in the snapshot. A row of a place has an ``area_id`` alone, a row of a household a
``household_id`` alone, a row of a person both ``household_id`` and ``person_id``. The file names the hash of
its snapshot where it was known: beside another one its numbers would be other people.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from hearthline.base.problems import Kind, declare
from hearthline.engine.snapshots.manifest import KEYS_OF

SCHEMA = pa.schema(
    [
        pa.field("area_id", pa.int64()),
        pa.field("household_id", pa.int64()),
        pa.field("person_id", pa.int64()),
        pa.field("household_number", pa.string()),
        pa.field("person_number", pa.string()),
        pa.field("name", pa.string()),
        pa.field("pinyin", pa.string()),
        pa.field("national_id", pa.string()),
        pa.field("phone", pa.string()),
        pa.field("account", pa.string()),
        pa.field("is_head", pa.bool_()),
    ]
)

OF_ANOTHER = declare(
    "snapshot.identities-of-another",
    Kind.REFUSED,
    "{file} does not say who is in this snapshot: it is missing, or belongs to another one.",
    "Make the snapshot anew from its files, so that both are of one piece.",
)


def identity_path(snapshot: Path) -> Path:
    """Where it is said who is in an imported snapshot."""
    return snapshot.with_name(f"{snapshot.name}.identity.parquet")


def check_identities(file: Path, snapshot: str) -> None:
    """Refuse a file of identities that is not of the snapshot with this hash."""
    found = pq.read_metadata(file).metadata or {} if file.is_file() else {}
    if found.get(KEYS_OF) != snapshot.encode():
        raise OF_ANOTHER.error(file=file.name)
