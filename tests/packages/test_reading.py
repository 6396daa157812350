# SPDX-License-Identifier: Apache-2.0
"""Decides what YAML and TOML of a package mean, where everything stands, and that no text is a bomb."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from hearthline.base.problems import HearthlineError
from hearthline.engine.packages.document import Document
from hearthline.engine.packages.toml_text import read_toml
from hearthline.engine.packages.yaml_text import MAX_DEPTH, read_yaml
from tests.packages.little_package import LITTLE, errors_of, write_package

LAUGHS = "\n".join(
    ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
)


def yaml_of(text: str) -> Document:
    """A YAML text read as a file of a package."""
    return read_yaml(text.encode(), "f.yaml")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("true", True),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("True", "True"),
        ("12", 12),
        ("-3", -3),
        ("0.10", Decimal("0.10")),
        ("12345678901234567890.12", Decimal("12345678901234567890.12")),
        ("007", "007"),
        ("0x1F", "0x1F"),
        ("1e3", "1e3"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        (".inf", ".inf"),
        ("nan", "nan"),
        ("2020-02-29", date(2020, 2, 29)),
        ("'2020-02-29'", "2020-02-29"),
        ("null", None),
        ("~", None),
        ("", None),
        ("因病", "因病"),
    ],
)
def test_a_value_means_what_it_looks_like(written: str, meant: object) -> None:
    data = yaml_of(f"x: {written}\n").data
    assert data == {"x": meant}
    assert isinstance(data, dict)
    assert type(data["x"]) is type(meant)


def test_a_key_is_always_a_text() -> None:
    assert yaml_of("{1: a, no: b, 2020-01-01: c, true: d, 01: e}").data == {
        "1": "a",
        "no": "b",
        "2020-01-01": "c",
        "true": "d",
        "01": "e",
    }


def test_an_empty_file_holds_nothing() -> None:
    assert yaml_of("").data is None
    assert yaml_of("# only a remark\n").data is None


def test_every_key_and_value_of_yaml_knows_its_place() -> None:
    document = yaml_of("收入:\n  - {a: 1, 名: b}\n  -   c: 2\n")
    assert str(document.key_place("收入")) == "f.yaml, line 1, column 1"
    assert str(document.place("收入", 0, "名")) == "f.yaml, line 2, column 15"
    assert str(document.key_place("收入", 1, "c")) == "f.yaml, line 3, column 7"
    assert str(document.place("收入", 1, "not there")) == "f.yaml, line 3, column 7"


def test_every_key_and_value_of_toml_knows_its_place() -> None:
    text = (
        '# about\na.b = """x\n# ]"""\n[t."q r"]\nlist = [1, # one\n  { k = \'v\' }, ["z"]]\n'
        "day = 2020-01-01\n[[many]]\nn = 1\n[[many]]\nn = 2\n"
    )
    document = read_toml(text.encode(), "p.toml")
    assert str(document.key_place("a", "b")) == "p.toml, line 2, column 3"
    assert str(document.place("a", "b")) == "p.toml, line 2, column 7"
    assert str(document.key_place("t", "q r")) == "p.toml, line 4, column 4"
    assert str(document.place("t", "q r", "list", 1, "k")) == "p.toml, line 6, column 9"
    assert str(document.place("t", "q r", "list", 2, 0)) == "p.toml, line 6, column 17"
    assert str(document.place("t", "q r", "day")) == "p.toml, line 7, column 7"
    assert str(document.place("many", 1, "n")) == "p.toml, line 11, column 5"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("f: a + needle\n", (1, 8)),
        ("f: 'a + needle'\n", (1, 9)),
        ('f: "a + needle"\n', (1, 9)),
        ("收: {f: 1, g: a + needle}\n", (1, 18)),
        ("f: |\n  a\n    + needle\n", (3, 7)),
        ("f: |-\n  a\n    + needle\n", (3, 7)),
        ("f: |   # why\n    a\n    + needle\n", (3, 7)),
        ("f: |\n\n  a\n  + needle", (4, 5)),
        ("f: |2\n    a\n  + needle\n", (3, 5)),
        ("k:\n  - f: |\n      a + 收入\n      + needle\n", (4, 9)),
    ],
    ids=[
        "plain",
        "single quotes",
        "double quotes",
        "after Chinese",
        "block",
        "stripped block",
        "block with a remark",
        "block after an empty line",
        "block with its indentation stated",
        "block in a list",
    ],
)
def test_a_character_of_a_formula_is_found_again_in_the_file(text: str, found: tuple[int, int]) -> None:
    document = yaml_of(text)
    path = next(path for path, scalar in document.scalars.items() if "needle" in scalar.text)
    formula = document.formula(*path)
    before = formula.text[: formula.text.index("needle")]
    place = formula.place(before.count("\n") + 1, len(before) - before.rfind("\n"))
    assert (place.line, place.column) == found
    assert text.split("\n")[found[0] - 1][found[1] - 1 :].startswith("needle")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (LAUGHS, "package.alias"),
        ("[" * 5_000, "package.too-deep"),
        ("{a: " * 5_000, "package.too-deep"),
        ("- " * 5_000 + "x", "package.too-deep"),
        ("a: &a {<<: *a}", "package.alias"),
        ("x: " + "[" + "1," * 70_000 + "]", "package.too-large"),
        ("x: " + "y" * 4_100_000, "package.too-large"),
        ("a: !!python/name:os.system x", "package.tag"),
        ("a: !!binary aGVsbG8=", "package.tag"),
        ("a: ! b", "package.tag"),
    ],
    ids=[
        "a billion laughs",
        "five thousand brackets",
        "five thousand braces",
        "five thousand dashes",
        "a value that holds itself",
        "seventy thousand values",
        "four megabytes",
        "a Python name",
        "binary data",
        "an empty tag",
    ],
)
def test_a_hostile_text_is_refused_in_moments(text: str, code: str) -> None:
    begun = time.process_time()
    with pytest.raises(HearthlineError) as caught:
        yaml_of(text)
    assert caught.value.code == code
    assert time.process_time() - begun < 5


def test_brackets_without_end_in_toml_are_refused(tmp_path: Path) -> None:
    texts = LITTLE | {"package.toml": "x = " + "[" * 90_000}
    (error,) = errors_of(write_package(tmp_path, texts))
    assert error.code in ("package.too-deep", "package.bad-toml")


def test_a_number_of_a_thousand_digits_is_no_number(tmp_path: Path) -> None:
    long = "9" * 1_000
    assert yaml_of(f"x: {long}\n").data == {"x": long}
    texts = LITTLE | {
        "facts/household.yaml": LITTLE["facts/household.yaml"].replace("max: 60", f"max: {long}")
    }
    (error,) = errors_of(write_package(tmp_path, texts))
    assert error.code == "package.wrong-type"
    assert len(error.sentence) < 500


def test_nothing_of_the_format_nests_as_deep_as_the_limit() -> None:
    assert max(len(path) for path in yaml_of(LITTLE["rules/all.yaml"]).values) < MAX_DEPTH / 2
