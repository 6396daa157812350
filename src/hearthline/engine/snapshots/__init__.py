# SPDX-License-Identifier: Apache-2.0
"""Decides what a snapshot is to the rest of the house: opened only whole, and what its manifest states.

Reading rows is in ``reading``, writing in ``writer``, columns in ``schema``: they need pyarrow, which takes
a third of a second to load, and a screening does not.
"""

from hearthline.engine.snapshots.manifest import GENERATED, KEYS_OF, Manifest, SourceEntry
from hearthline.engine.snapshots.opening import Snapshot, open_snapshot

__all__ = ["GENERATED", "KEYS_OF", "Manifest", "Snapshot", "SourceEntry", "open_snapshot"]
