# SPDX-License-Identifier: Apache-2.0
"""Decides the two files beside a generated snapshot: its invented names, and what is planted in it.

Both are private, and stand under their own names only once the snapshot does.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.parquet as pq

from hearthline.engine.snapshots import KEYS_OF
from hearthline.engine.snapshots.identities import SCHEMA
from hearthline.engine.snapshots.problems import EXISTS
from hearthline.engine.snapshots.sealing import HashedFile, PartialFolder, fsync_folder, write_private

_PURPOSE = ".beside-"


def names_path(snapshot: Path) -> Path:
    """Where the names of the people and places of a generated snapshot are."""
    return snapshot.with_name(f"{snapshot.name}.names.parquet")


def planted_path(snapshot: Path) -> Path:
    """Where it is written what was planted in a generated snapshot."""
    return snapshot.with_name(f"{snapshot.name}.planted.json")


class Companions:
    """The files beside ``snapshot`` while it is being made; leaving the block unpublished removes them."""

    def __init__(self, snapshot: Path, *, replace: bool) -> None:
        self.names, self.planted = names_path(snapshot), planted_path(snapshot)
        for path in (self.names, self.planted):
            if not replace and os.path.lexists(path):
                raise EXISTS.error(folder=str(path))
        self._folder = PartialFolder(snapshot, replace=True, purpose=_PURPOSE)
        self._file = HashedFile(self._folder.path / self.names.name)
        self._writer = pq.ParquetWriter(self._file, SCHEMA, compression="zstd")

    def add_names(self, names: pa.Table) -> None:
        """Add rows to the file of names."""
        self._writer.write_table(names)

    def publish(self, planted: Mapping[str, object], snapshot: str) -> None:
        """Close the file of names, write what is planted, and give both their names.

        The names say by its hash of which ``snapshot`` they are.
        """
        self._writer.add_key_value_metadata({KEYS_OF.decode(): snapshot})
        self._writer.close()
        self._file.close()
        text = json.dumps(planted, ensure_ascii=False, indent=1) + "\n"
        write_private(self._folder.path / self.planted.name, text.encode())
        for path in (self.names, self.planted):
            (self._folder.path / path.name).rename(path)
        fsync_folder(self.names.parent)

    def __enter__(self) -> Companions:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._file.closed:
            self._file.discard()
            self._writer.close()
            self._file.close()
        self._folder.abandon()
