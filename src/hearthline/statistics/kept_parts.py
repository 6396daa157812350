# SPDX-License-Identifier: Apache-2.0
"""Decides how the parts of a count are kept beside its file, so that a count that was stopped goes on.

A part that is counted is forced to the disk and noted with the hashes of its files. Who goes on compares the
question and the hashes, and counts the rest.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from hearthline.engine.snapshots.hashing import sha256_of
from hearthline.engine.snapshots.sealing import write_private
from hearthline.statistics.columns import Column
from hearthline.statistics.group_columns import GroupColumns

_QUESTION = "question.json"


@dataclass(frozen=True)
class KeptParts:
    """The parts in a folder, for a list of columns."""

    folder: Path
    columns: Sequence[Column]

    def ask(self, question: str) -> None:
        """Write down what the folder is about, once."""
        path = self.folder / _QUESTION
        if not path.exists():
            write_private(path, question.encode())

    def keep(self, number: int, groups: Sequence[GroupColumns], totals: pa.Table) -> None:
        """Keep a part, at once or not at all."""
        tables = {f"{each.place}": self._table(each) for each in groups} | {"totals": totals}
        hashes = {}
        for name, table in tables.items():
            sink = pa.BufferOutputStream()
            with pa.ipc.new_file(sink, table.schema) as writer:
                writer.write_table(table)
            path = self._path(number, name)
            path.unlink(missing_ok=True)
            hashes[name] = write_private(path, sink.getvalue())
        partial = self._note(number).with_suffix(".partial")
        partial.unlink(missing_ok=True)
        write_private(partial, json.dumps(hashes).encode())
        partial.rename(self._note(number))

    def is_kept(self, number: int) -> bool:
        """Whether a part is there as it was noted."""
        try:
            hashes = json.loads(self._note(number).read_bytes())
            return all(sha256_of(self._path(number, name)) == found for name, found in hashes.items())
        except (OSError, ValueError):
            return False

    def totals(self, number: int) -> pa.Table:
        """The totals of a part."""
        return _read(self._path(number, "totals"))

    def groups(self, number: int, place: int) -> GroupColumns:
        """The groups of a part in a breakdown; its columns stay on the disk until they are read."""
        table = _read(self._path(number, f"{place}"))
        keys = tuple(_one(table[name]) for name in table.column_names if name.startswith("key_"))
        figures = {part: _one(table[f"figure_{at}"]) for at, part in enumerate(self.columns)}
        return GroupColumns(place, keys, _one(table["n"]), figures)

    def _table(self, groups: GroupColumns) -> pa.Table:
        columns = {f"key_{at}": key for at, key in enumerate(groups.keys)} | {"n": groups.counts}
        figures = {f"figure_{at}": groups.figures[part] for at, part in enumerate(self.columns)}
        return pa.table(columns | figures)

    def _path(self, number: int, name: str) -> Path:
        return self.folder / f"part-{number:05d}-{name}.arrow"

    def _note(self, number: int) -> Path:
        return self.folder / f"part-{number:05d}.json"


def is_about(folder: Path, question: str) -> bool:
    """Whether the parts in a folder answer this question."""
    try:
        return (folder / _QUESTION).read_text(encoding="utf-8") == question
    except (OSError, UnicodeDecodeError):
        return False


def _read(path: Path) -> pa.Table:
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).read_all()


def _one(chunked: pa.ChunkedArray) -> pa.Array:
    if chunked.num_chunks == 1:
        return chunked.chunk(0)
    return pa.concat_arrays(chunked.chunks) if chunked.num_chunks else pa.array([], chunked.type)
