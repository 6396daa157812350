# SPDX-License-Identifier: Apache-2.0
"""Decides that a map is understood or refused, every fault of it at once, before any file is read."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from hearthline.base.problems import HearthlineError, ManyProblems
from hearthline.engine.rules.units import unit_of
from hearthline.intake import suggest_map
from hearthline.intake.map_page import map_page
from hearthline.intake.maps import parsed_map, read_map
from hearthline.intake.planning import planned
from hearthline.intake.units import find_factor
from tests.intake.trial import BOTH, HOUSEHOLDS, laid_out, refusal, tried
from tests.snapshots.small_policy import fact, small_policy

ROOT = Path(__file__).resolve().parents[2]


def codes(map_text: str) -> list[str]:
    """The codes of everything that is wrong with a map."""
    with pytest.raises(HearthlineError) as caught:
        planned(parsed_map(map_text, "map.toml"), small_policy())
    error = caught.value
    return [each.code for each in error.errors] if isinstance(error, ManyProblems) else [error.code]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (('level = "household"', 'level = "hausehold"'), "import.unknown-level"),
        (('income = "income"', 'incom = "income"'), "import.unknown-fact"),
        (('key = "hid"', ""), "import.no-link"),
        (('income = "income"', 'income = { column = "income", unit = "yuan/m2" }'), "import.bad-conversion"),
        (('income = "income"', 'income = { column = "income", unit = "Yuan!" }'), "import.bad-rule"),
        (('income = "income"', 'income = { column = "income", factor = "0" }'), "import.bad-rule"),
        (('income = "income"', 'income = { column = "income", format = "yyyy" }'), "import.bad-rule"),
        (('income = "income"', 'income = { any_of = ["income"] }'), "import.bad-rule"),
        (('income = "income"', 'income = { value = "much" }'), "import.bad-rule"),
        (('income = "income"', 'grade = { column = "g", by_label = "fr" }'), "import.bad-rule"),
        (('income = "income"', 'registered_on = { column = "d", format = "dd-mm" }'), "import.bad-rule"),
        (
            (
                'income = "income"',
                'registered_on = { column = "d", format = ["dd/mm/yyyy", "mm/dd/yyyy"] }',
            ),
            "import.bad-rule",
        ),
        (('income = "income"', 'income = { count_of = "person" }'), "import.bad-check"),
        (('income = "income"', 'income = { column = "x", value = 1 }'), "import.map-invalid"),
        (('key = "hid"', 'key = "hid"\ncolour = "red"'), "import.map-invalid"),
        (('key = "hid"', 'key = "hid"\nheader_row = 0'), "import.map-invalid"),
        (('key = "hid"', 'key = "hid"\nthousands = "."'), "import.map-invalid"),
        (('key = "hid"', "key = hid"), "import.map-unreadable"),
        (('key = "hid"', 'key = "hid"\njoins = true'), "import.no-household-file"),
        (('key = "hid"', 'key = "hid"\nsource = "gossip"'), "import.bad-check"),
    ],
)
def test_a_map_that_makes_no_sense_is_refused(change: tuple[str, str], code: str) -> None:
    assert code in codes(HOUSEHOLDS.replace(*change))


def test_every_fault_of_a_map_is_told_at_once() -> None:
    many = BOTH.replace('size = "size"', 'sise = "size"').replace('age = "age"', '[checks]\nsize = "income"')
    assert codes(many) == ["import.unknown-fact", "import.required-unmapped", "import.bad-check"]


def test_a_misspelt_fact_is_told_its_nearest_name() -> None:
    with pytest.raises(HearthlineError, match="Did you mean income"):
        planned(parsed_map(HOUSEHOLDS.replace("income =", "incom ="), "map.toml"), small_policy())


def test_two_files_may_not_fill_one_fact() -> None:
    joined = '[[file]]\nfiles = "b.csv"\nlevel = "household"\njoins = true\nkey = "hid"\n'
    joined += 'columns = { size = "n" }\n'
    assert codes(HOUSEHOLDS + joined) == ["import.fact-twice"]


def test_files_and_entries_must_find_each_other(tmp_path: Path) -> None:
    good = {"households.csv": "hid,size,income\na,1,1\n"}
    assert refusal(tmp_path, BOTH, good).code == "import.entry-unused"
    assert refusal(tmp_path, HOUSEHOLDS, good | {"other.csv": "x\n"}).code == "import.file-unmapped"


def test_a_file_without_a_mapped_column_is_refused_before_any_is_read(tmp_path: Path) -> None:
    files = {"households.csv": "hid,size,income\na,x,1\n", "persons.csv": "hid,no,aeg\na,1,1\n"}
    error = refusal(tmp_path, BOTH, files)
    assert (
        error.sentence == "persons.csv has no column 'age'. Its columns are hid, no, aeg. Did you mean aeg?"
    )
    assert not (tmp_path / "out.rejected.csv").exists()


@pytest.mark.parametrize(
    ("given", "needed", "factor"),
    [
        ("yuan/month", "yuan/year", 12), ("万元/年", "yuan/year", 10_000), ("fen", "yuan", Fraction(1, 100)),
        ("角/月", "yuan/year", Fraction(12, 10)), ("元/人/月", "yuan/person/year", 12),
        ("month", "year", Fraction(1, 12)),
        ("mu", "m2", Fraction(2000, 3)), ("亩", "m2", Fraction(2000, 3)), ("千元", "yuan", 1000),
        ("%", "1", Fraction(1, 100)),
        ("jin", "kg", Fraction(1, 2)), ("yuan", "yuan/year", None), ("kg", "yuan", None), ("公里", "m", 1000),
    ],
)  # fmt: skip
def test_units_are_converted_exactly(given: str, needed: str, factor: Fraction | int | None) -> None:
    assert find_factor(given, unit_of(needed)) == factor


def test_a_number_that_means_unknown_does_so_with_zeros_after_the_point(tmp_path: Path) -> None:
    text = HOUSEHOLDS.replace('key = "hid"', 'key = "hid"\nmissing = ["-99"]')
    trial = tried(
        tmp_path, text, {"households.csv": "hid,size,income\na,1,-99\nb,1,-99.0\nc,1,-99.00\nd,1,-99.5\n"}
    )
    assert trial.column("household", "income") == [None, None, None, -9950]


def test_settings_of_columns_do_what_they_say(tmp_path: Path) -> None:
    text = HOUSEHOLDS.replace('key = "hid"', 'key = "hid"\nencoding = "utf-8"\nmissing = ["NA"]').replace(
        'income = "income"',
        """income = { column = "月收入", unit = "元/月" }
grade = { column = "等级", by_label = "zh" }
piped = { any_of = ["tap", "yard"], recode = { "2" = "no" } }
registered_on = { value = 2014-06-01 }
survey_weight = { column = "w", missing = ["-99"] }
house_area = { column = "mu", unit = "亩", round = true }""",
    )
    rows = "hid,size,月收入,等级,tap,yard,w,mu\n"
    rows += "a,1,100.5,Safe,2,1,-99,1\nb,1,NA,Danger,2,,0.5,NA\nc,1,0,,2,2,1,0.5\n"
    trial = tried(tmp_path, text, {"households.csv": rows})
    assert trial.rejected == []
    assert trial.column("household", "income") == [120_600, None, 0]
    assert trial.column("household", "grade") == ["A", "D", None]
    assert trial.column("household", "piped") == [True, None, False]
    assert trial.column("household", "survey_weight") == [None, 0.5, 1.0]
    assert trial.column("household", "house_area") == [66_667, None, 33_333]
    assert set(trial.column("household", "registered_on")) == {date(2014, 6, 1)}


PLACED = "hid,size,income,county,cname,village,ea\n"
AREAS = (
    HOUSEHOLDS.replace(
        'key = "hid"',
        'key = "hid"\nsource = "visit"\nobserved_on = 2014-12-31\n'
        'design = { stratum = "county", cluster = ["county", "ea"] }\n'
        'areas = [{ code = "county", name = "cname" }, { code = "village" }]',
    )
    + '[[file]]\nfiles = "areas.csv"\nlevel = "area"\nareas = [{ code = "c" }, { code = "v" }]\n'
    + 'columns = { dry = "dry" }\n'
)


def test_areas_are_built_from_the_households_and_from_a_file_of_their_own(tmp_path: Path) -> None:
    households = PLACED + "a,1,1,36,Lin,3602,7\nb,1,1,36,Lin,3601,7\nc,1,1,36,Lin,,8\nd,1,1,,,,\n"
    trial = tried(
        tmp_path, AREAS, {"households.csv": households, "areas.csv": "c,v,dry\n36,3601,yes\n36,3603,no\n"}
    )
    assert [(row["area_code"], row["parent_id"], row["dry"]) for row in trial.rows("area")] == [
        ("36", None, None), ("3601", 1, True), ("3602", 1, None), ("3603", 1, False),
    ]  # fmt: skip
    assert trial.column("household", "area_id") == [1, 2, 3, None]
    assert trial.column("household", "source_line") == [4, 3, 2, 5]
    assert trial.column("household", "design_cluster") == ["36|8", "36|7", "36|7", None]
    manifest = trial.snapshot.manifest
    assert manifest.design == {"design_stratum": "county", "design_cluster": "county, ea"}
    source = manifest.sources["household"]["income"]
    assert (source.source, source.column, source.date) == ("visit", "income", "2014-12-31")


def test_an_area_in_two_others_and_a_gap_are_refused(tmp_path: Path) -> None:
    rows = PLACED + "a,1,1,36,,01,1\nb,1,1,37,,01,1\nc,1,1,,,01,1\nd,1,1,38,,02,1\n"
    files = {"households.csv": rows, "areas.csv": "c,v,dry\n"}
    reasons = [row["reason"] for row in tried(tmp_path, AREAS, files).rejected]
    assert reasons[0] == reasons[1] == "The area 01 lies in more than one area above it."
    assert reasons[2] == "An area is given, and the one above it is not."
    within = AREAS.replace('{ code = "village" }', '{ code = "village", within_parent = true }').replace(
        '{ code = "v" }', '{ code = "v", within_parent = true }'
    )
    codes_found = tried(tmp_path, within, files).column("area", "area_code")
    assert codes_found == ["36", "36/01", "37", "37/01", "38", "38/02"]


def test_the_reference_page_is_the_one_of_this_code() -> None:
    page = ROOT / "docs" / "reference" / "import-map.md"
    assert page.read_text(encoding="utf-8") == map_page(), "write it anew: see scripts/reference.py"


def test_the_example_of_the_reference_page_is_a_map() -> None:
    example = re.search(r"```toml\n(.*?)```", map_page(), re.DOTALL)
    assert example is not None
    assert len(parsed_map(example[1], "example").file) == 2


def test_a_suggested_map_is_valid_and_imports_what_it_matched(tmp_path: Path) -> None:
    households = "hhid;人数;Net income;危房等级;registered on;extra\n" + "".join(
        f"{n};{n % 5 + 1};{n}.5;{['Safe', 'Danger'][n % 2]};20140{n % 9 + 1};x\n" for n in range(30)
    )
    persons = "hhid,member_no,age,relation\n" + "".join(f"{n},1,{n},{n % 3}\n" for n in range(30))
    paths = laid_out(tmp_path, "", {"households.csv": households, "persons.csv": persons})
    policy = small_policy()
    draft = suggest_map(policy, paths)
    (tmp_path / "map.toml").write_text(draft, encoding="utf-8")
    drafted = read_map(tmp_path / "map.toml")
    first, second = drafted.file
    assert (first.level, first.key, first.delimiter) == ("household", ["hhid"], ";")
    assert (second.level, second.household, second.key) == ("person", ["hhid"], ["member_no"])
    assert {name: rule.column for name, rule in first.columns.items()} == {
        "size": "人数", "income": "Net income", "grade": "危房等级", "registered_on": "registered on",
    }  # fmt: skip
    assert first.columns["grade"].by_label == "en"
    assert first.columns["registered_on"].formats == ["yyyymm"]
    assert "# extra: x" in draft
    assert 'recode = { "0" = "0", "1" = "1", "2" = "2" }' in draft
    ready = draft.replace(
        'recode = { "0" = "0", "1" = "1", "2" = "2" }',
        'recode = { "0" = "head", "1" = "spouse", "2" = "child" }',
    )
    trial = tried(tmp_path, ready, {"households.csv": households, "persons.csv": persons})
    assert trial.snapshot.households == 30


def test_a_required_fact_needs_a_column_and_every_cell_of_it(tmp_path: Path) -> None:
    facts = (
        fact("household", "size", "integer", small_policy().facts["household"]["size"].type, required=True),
    )
    levels = tuple(level for level in small_policy().levels.values() if level.name in ("household", "person"))
    policy = small_policy(facts, levels)
    text = HOUSEHOLDS.replace('income = "income"', "")
    trial = tried(tmp_path, text, {"households.csv": "hid,size\na,1\nb, \n"}, policy)
    assert trial.reasons() == [
        ("households.csv", "3", "The cell is empty, and the dictionary requires this fact.")
    ]
    with pytest.raises(HearthlineError, match=r"requires household\.size"):
        planned(parsed_map(text.replace('size = "size"', ""), "map.toml"), policy)
