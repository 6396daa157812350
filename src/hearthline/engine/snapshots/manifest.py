# SPDX-License-Identifier: Apache-2.0
"""Decides what the manifest of a snapshot states, and that it contradicts neither itself nor the folder."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

FORMAT = 1
MANIFEST = "manifest.json"
SEAL = "manifest.sha256"
"""The file beside the manifest that holds its hash, so that a damaged manifest is seen too."""

KEYS_OF = b"hearthline.snapshot"
"""Where a key file says, in its Parquet metadata, of which snapshot it holds the keys."""

GENERATED = "hearthline generate, "
"""How the name of the file begins that the generator states as the source of every fact."""

_PATH = re.compile(r"([a-z][a-z0-9_]*)/part-([0-9]{5})\.parquet")
Count = Annotated[int, Field(ge=0)]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class PackageEntry(_Part):
    """The policy package whose dictionary the facts follow."""

    id: str
    version_hash: str


class ColumnEntry(_Part):
    """One fact column: its type as the package declares it, and how a number is scaled."""

    type: str
    scale: Count = 0
    digits: Count = 0
    unit: str = "1"


class FileEntry(_Part):
    """One Parquet file, the households whose rows it holds (first and last), its size and its hash."""

    path: str
    rows: Count
    bytes: Count
    sha256: Hash
    first_household: Count = 0
    last_household: Count = 0


class TableEntry(_Part):
    """One level: its rows, its fact columns and its files in the order of the households."""

    rows: Count
    columns: dict[str, ColumnEntry]
    files: list[FileEntry]


class SourceEntry(_Part):
    """Where a fact of a level came from: kind of source, file, column there, date observed."""

    source: str | None = None
    file: str | None = None
    column: str | None = None
    date: str | None = None


class Manifest(_Part):
    """The whole statement about a snapshot; its bytes are what the snapshot's hash is taken of."""

    format: int
    package: PackageEntry
    created: str
    partitions: Count
    tables: dict[str, TableEntry]
    files: list[str] = []
    sources: dict[str, dict[str, SourceEntry]] = {}
    weights: dict[str, str | None] = {}
    design: dict[str, str] = {}
    counts: dict[str, int] = {}

    @property
    def created_at(self) -> datetime:
        """When the snapshot was sealed."""
        return datetime.fromisoformat(self.created)

    @property
    def generated_by(self) -> str | None:
        """What invented the facts, such as ``hearthline generate, seed 1``; None unless all of them."""
        files = {entry.file or "" for facts in self.sources.values() for entry in facts.values()}
        return min(files) if files and all(file.startswith(GENERATED) for file in files) else None

    def paths(self) -> set[str]:
        """Every file of the snapshot except the manifest and its seal."""
        return {file.path for table in self.tables.values() for file in table.files}


def contradictions(manifest: Manifest) -> list[str]:
    """What a manifest says that cannot all be true, as sentences; none for a sound one."""
    found: list[str] = []
    if manifest.format != FORMAT:
        found.append(f"format {manifest.format} is not {FORMAT}")
    if "household" not in manifest.tables:
        found.append("there is no household table")
    for level, table in manifest.tables.items():
        found += _table_contradictions(level, table, 1 if level == "area" else manifest.partitions)
    return found


def _table_contradictions(level: str, table: TableEntry, partitions: int) -> list[str]:
    found: list[str] = []
    if len(table.files) != partitions:
        found.append(f"{level} has {len(table.files)} files for {partitions} partitions")
    if sum(file.rows for file in table.files) != table.rows:
        found.append(f"the rows of the files of {level} do not add up")
    last = 0
    for number, file in enumerate(table.files):
        match = _PATH.fullmatch(file.path)
        if match is None or match[1] != level or int(match[2]) != number:
            found.append(f"the path {file.path!r} is not that of partition {number} of {level}")
        if level != "area" and not last < file.first_household <= file.last_household:
            found.append(f"the households of {file.path} do not follow those before them")
        last = file.last_household
    return found


def seal_line(digest: str) -> bytes:
    """The one line of the seal, in the form that ``sha256sum --check`` reads."""
    return f"{digest}  {MANIFEST}\n".encode()
