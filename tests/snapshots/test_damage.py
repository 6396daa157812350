# SPDX-License-Identifier: Apache-2.0
"""Decides that a snapshot which is not exactly what was sealed is refused before anything is read."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from hearthline.base.problems import HearthlineError, Kind
from hearthline.engine.snapshots import open_snapshot
from tests.snapshots.little_county import written_county
from tests.snapshots.small_policy import small_policy

FLIPS = 1_000


@pytest.fixture
def county(tmp_path: Path) -> Path:
    folder = tmp_path / "county"
    written_county(folder, small_policy())
    return folder


def sentence_of_refusal(folder: Path) -> str:
    with pytest.raises(HearthlineError) as caught:
        open_snapshot(folder)
    assert caught.value.problem.kind in (Kind.DAMAGED, Kind.NOT_FOUND)
    return caught.value.sentence


def test_a_flipped_bit_anywhere_is_refused_before_use(county: Path) -> None:
    chance = random.Random(20141231)
    files = sorted(path for path in county.rglob("*") if path.is_file())
    sizes = [path.stat().st_size for path in files]
    touched: set[str] = set()
    for number in range(FLIPS):
        # Every file has its turn first; then files by size, so that every byte has the same chance.
        path = files[number] if number < len(files) else chance.choices(files, sizes)[0]
        position, bit = chance.randrange(path.stat().st_size), chance.randrange(8)
        flip(path, position, bit)
        sentence_of_refusal(county)
        flip(path, position, bit)
        touched.add(path.relative_to(county).as_posix())
    assert open_snapshot(county).households == 60
    print(f"{FLIPS} bit flips in {len(touched)} files refused")


def flip(path: Path, position: int, bit: int) -> None:
    with path.open("r+b") as file:
        file.seek(position)
        byte = file.read(1)[0]
        file.seek(position)
        file.write(bytes([byte ^ (1 << bit)]))


def truncated(folder: Path) -> None:
    path = folder / "person/part-00001.parquet"
    os.truncate(path, path.stat().st_size - 1)


def grown(folder: Path) -> None:
    with (folder / "person/part-00001.parquet").open("ab") as file:
        file.write(b"\0")


def swapped(folder: Path) -> None:
    first, second = folder / "household/part-00000.parquet", folder / "household/part-00001.parquet"
    first.rename(folder / "x")
    second.rename(first)
    (folder / "x").rename(second)


def linked(folder: Path) -> None:
    path = folder / "area/part-00000.parquet"
    path.rename(folder.parent / "elsewhere.parquet")
    path.symlink_to(folder.parent / "elsewhere.parquet")


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (truncated, "bytes and not"),
        (grown, "bytes and not"),
        (swapped, "is not what was sealed|bytes and not"),
        (linked, "not a plain file"),
        (
            lambda folder: (folder / "claim/part-00002.parquet").unlink(),
            "claim/part-00002.parquet is missing",
        ),
        (lambda folder: (folder / "extra.parquet").write_bytes(b""), "extra.parquet, which was not sealed"),
        (lambda folder: (folder / "person/.hidden").write_bytes(b""), "person/.hidden, which was not sealed"),
        (lambda folder: (folder / "more").mkdir(), "the folder more, which was not sealed"),
        (lambda folder: (folder / "manifest.json").unlink(), "holds no manifest.json"),
        (lambda folder: (folder / "manifest.sha256").unlink(), "holds no manifest.sha256"),
        (lambda folder: (folder / "manifest.json").write_bytes(b""), "manifest.json is not what was sealed"),
        (shutil.rmtree, "is not a snapshot"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_folder_that_was_tampered_with_is_refused(
    county: Path, harm: Callable[[Path], object], sentence: str
) -> None:
    open_snapshot(county)
    harm(county)
    with pytest.raises(HearthlineError, match=sentence):
        open_snapshot(county)


def test_two_partitions_with_exchanged_contents_are_refused(county: Path) -> None:
    parts = [county / f"income_line/part-0000{number}.parquet" for number in (0, 1)]
    contents = [part.read_bytes() for part in parts]
    for part, content in zip(parts, reversed(contents), strict=True):
        part.write_bytes(content)
    sentence_of_refusal(county)


def test_without_hashing_at_once_a_file_is_still_hashed_before_its_path_is_given(county: Path) -> None:
    snapshot = open_snapshot(county, verify=False)
    snapshot.path("person", 0)
    flip(county / "person/part-00000.parquet", 100, 3)
    with pytest.raises(HearthlineError, match="SHA-256 differs"):
        snapshot.path("person", 0)


def test_a_file_at_rest_is_hashed_once_and_again_after_a_change(county: Path) -> None:
    path = county / "person/part-00000.parquet"
    os.utime(path, (1_500_000_000, 1_500_000_000))
    open_snapshot(county)
    open_snapshot(county)
    flip(path, 100, 3)
    os.utime(path, (1_500_000_000, 1_500_000_000))
    sentence_of_refusal(county)
