# SPDX-License-Identifier: Apache-2.0
"""Decides what a snapshot is to the rest of the house: how one is written, opened and laid out."""

from hearthline.engine.snapshots.manifest import GENERATED, KEYS_OF, Manifest, SourceEntry
from hearthline.engine.snapshots.reading import HouseholdRows, Snapshot, open_snapshot
from hearthline.engine.snapshots.schema import encoded_type, schema_for, snapshot_levels
from hearthline.engine.snapshots.writer import HOUSEHOLDS_PER_PARTITION, SnapshotWriter

__all__ = [
    "GENERATED",
    "HOUSEHOLDS_PER_PARTITION",
    "KEYS_OF",
    "HouseholdRows",
    "Manifest",
    "Snapshot",
    "SnapshotWriter",
    "SourceEntry",
    "encoded_type",
    "open_snapshot",
    "schema_for",
    "snapshot_levels",
]
