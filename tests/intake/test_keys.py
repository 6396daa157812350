# SPDX-License-Identifier: Apache-2.0
"""Decides that the private key file tells every key apart and says which snapshot it belongs to."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from hearthline.engine.rules.policy import HOUSEHOLD, PERSON
from hearthline.engine.rules.types import TEXT, integer
from hearthline.engine.snapshots import open_snapshot
from hearthline.engine.snapshots.reading import rows_of
from hearthline.engine.snapshots.sealing import PartialFolder
from hearthline.intake import import_files
from tests.intake.trial import BOTH, HOUSEHOLDS, Trial, laid_out, tried
from tests.snapshots.small_policy import FACTS, fact, small_policy

KEPT_BY_SQL = ("order", "group", "left", "table", "limit", "default", "check", "is", "end", "at", "unique")
INTERNAL = (
    "rid",
    "hkey",
    "ukey",
    "pkey",
    "okey",
    "file",
    "line",
    "entry",
    "head",
    "path",
    "id",
    "code",
    "level",
)
"""Words that the steps of an import use themselves."""

COMPOSITE = HOUSEHOLDS.replace('key = "hid"', 'key = ["v", "h"]')


def keys_of(trial: Trial, level: str = "household") -> dict[str, int]:
    rows = pq.read_table(trial.report.keys).to_pylist()
    keys = [row["source_key"] for row in rows if row["level"] == level]
    assert len(keys) == len(set(keys)), "two keys are told alike"
    return {row["source_key"]: row["id"] for row in rows if row["level"] == level}


def test_composite_keys_never_collide(tmp_path: Path) -> None:
    text = "v,h,size,income\nx|y,z,1,1\nx,y|z,1,2\nx\\,y|z,1,3\nx\\|y,z,1,4\na,b,1,5\n"
    trial = tried(tmp_path, COMPOSITE, {"households.csv": text})
    assert keys_of(trial) == {r"x\|y|z": 1, r"x|y\|z": 2, r"x\\|y\|z": 3, r"x\\\|y|z": 4, "a|b": 5}


def test_the_key_of_a_person_is_that_of_the_household_and_its_own(tmp_path: Path) -> None:
    files = {
        "households.csv": "hid,size,income\na|1,1,1\na,1,1\n",
        "persons.csv": "hid,no,age\na|1,2,30\na,1|2,40\n",
    }
    assert keys_of(tried(tmp_path, BOTH, files), PERSON) == {r"a\|1|2": 1, r"a|1\|2": 2}


def test_strata_of_several_columns_never_collide(tmp_path: Path) -> None:
    design = HOUSEHOLDS + '[file.design]\nstratum = ["v", "w"]\ncluster = "v"\n'
    text = "hid,size,income,v,w\na,1,1,x|y,z\nb,1,1,x,y|z\n"
    trial = tried(tmp_path, design, {"households.csv": text})
    table = rows_of(trial.snapshot, HOUSEHOLD)
    strata = [table.column(name).to_pylist() for name in table.column_names if "stratum" in name]
    assert strata == [[r"x\|y|z", r"x|y\|z"]]


def test_the_key_file_names_its_snapshot(tmp_path: Path) -> None:
    trial = tried(tmp_path, HOUSEHOLDS, {"households.csv": "hid,size,income\na,1,1\n"})
    assert pq.read_metadata(trial.report.keys).metadata[b"hearthline.snapshot"] == trial.report.hash.encode()
    assert pq.read_schema(trial.report.keys).metadata[b"hearthline.snapshot"] == trial.report.hash.encode()


def test_new_keys_beside_an_old_snapshot_are_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The moment between the two renames: what is left then must not agree."""
    first = tried(tmp_path, HOUSEHOLDS, {"households.csv": "hid,size,income\na,1,1\n"})

    def die(folder: PartialFolder) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(PartialFolder, "publish", die)
    paths = laid_out(tmp_path, HOUSEHOLDS, {"households.csv": "hid,size,income\nb,1,1\na,1,1\n"})
    with pytest.raises(KeyboardInterrupt):
        import_files(small_policy(), tmp_path / "map.toml", paths, tmp_path / "out", replace=True)
    stated = pq.read_schema(tmp_path / "out.keys.parquet").metadata[b"hearthline.snapshot"].decode()
    assert open_snapshot(tmp_path / "out").hash == first.report.hash != stated


@pytest.mark.parametrize("names", [KEPT_BY_SQL, INTERNAL], ids=["kept by SQL", "of the steps"])
def test_facts_may_bear_any_name_of_the_language(tmp_path: Path, names: tuple[str, ...]) -> None:
    facts = tuple(fact(HOUSEHOLD, name, "integer", integer()) for name in names)
    people = tuple(fact(PERSON, name, "text", TEXT) for name in names)
    columns = "".join(f'{name} = "{name}"\n' for name in names)
    checks = f'[checks]\nsize = "{names[0]}"\n'
    map_text = HOUSEHOLDS + columns + BOTH.removeprefix(HOUSEHOLDS) + columns + checks
    heads = ",".join(names)
    files = {
        "households.csv": f"hid,size,income,{heads}\na,1,1" + ",1" * len(names) + "\n",
        "persons.csv": f"hid,no,age,{heads}\na,1,30" + ",x" * len(names) + "\n",
    }
    trial = tried(tmp_path, map_text, files, small_policy(FACTS + facts + people))
    assert [trial.column(HOUSEHOLD, name) for name in names] == [[1]] * len(names)
    assert [trial.column(PERSON, name) for name in names] == [["x"]] * len(names)
