# SPDX-License-Identifier: Apache-2.0
"""Decides how the tests of intake try an import: files and a map in a folder, and what came of them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from hearthline.base.problems import HearthlineError
from hearthline.engine.rules.policy import Policy
from hearthline.engine.snapshots import Snapshot, open_snapshot
from hearthline.engine.snapshots.reading import rows_of
from hearthline.intake import ImportReport, import_files
from tests.snapshots.small_policy import small_policy

CREATED = datetime(2014, 12, 31, 12, tzinfo=UTC)

HOUSEHOLDS = """
[[file]]
files = "households.*"
level = "household"
key = "hid"
[file.columns]
size = "size"
income = "income"
"""
PERSONS = """
[[file]]
files = "persons.*"
level = "person"
household = "hid"
key = "no"
[file.columns]
age = "age"
"""
BOTH = HOUSEHOLDS + PERSONS


@dataclass(frozen=True)
class Trial:
    """An import that ended with a snapshot."""

    report: ImportReport
    snapshot: Snapshot
    rejected: list[dict[str, str]]

    def rows(self, level: str) -> list[dict[str, object]]:
        """The rows of a level as stored."""
        found: list[dict[str, object]] = rows_of(self.snapshot, level).to_pylist()
        return found

    def column(self, level: str, name: str) -> list[object]:
        """One column of a level."""
        return [row[name] for row in self.rows(level)]

    def reasons(self) -> list[tuple[str, str, str]]:
        """File, line and reason of every refused row."""
        return [(row["file"], row["line"], row["reason"]) for row in self.rejected]


def laid_out(folder: Path, map_text: str, files: Mapping[str, str | bytes]) -> list[Path]:
    """Write the map and the files; give the paths of the files."""
    (folder / "map.toml").write_text(map_text, encoding="utf-8")
    paths = []
    for name, content in files.items():
        path = folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        paths.append(path)
    return paths


def rejections(path: Path) -> list[dict[str, str]]:
    """The lines of a rejected.csv."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def tried(
    folder: Path, map_text: str, files: Mapping[str, str | bytes], policy: Policy | None = None
) -> Trial:
    """Import the files by the map; the sums of the report must be right."""
    paths = laid_out(folder, map_text, files)
    report = import_files(
        policy or small_policy(), folder / "map.toml", paths, folder / "out", replace=True, created=CREATED
    )
    rejected = rejections(report.rejected)
    assert all(file.read == file.accepted + file.refused for file in report.files)
    assert sum(file.refused for file in report.files) == len(rejected)
    return Trial(report, open_snapshot(report.snapshot), rejected)


def refusal(
    folder: Path, map_text: str, files: Mapping[str, str | bytes], policy: Policy | None = None
) -> HearthlineError:
    """The failure of an import that leaves no snapshot."""
    try:
        tried(folder, map_text, files, policy)
    except HearthlineError as error:
        left = [path.name for path in folder.iterdir() if path.name.startswith("out")]
        assert not [name for name in left if name != "out.rejected.csv"], left
        return error
    raise AssertionError("the import was not refused")
