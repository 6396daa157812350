# SPDX-License-Identifier: Apache-2.0
"""The files of others are those of their hashes, and our colours can be read."""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

import pytest
from django.test import Client

from scripts.measure import ROOT

STATIC = ROOT / "src" / "hearthline" / "ui" / "static" / "ui"
FOLDERS = [STATIC / "vendor", ROOT / "tests" / "service" / "vendor"]
TEXT_PAIRS = [
    ("ink", "paper"), ("ink", "ground"), ("ink", "panel"), ("muted", "paper"), ("muted", "ground"),
    ("muted", "panel"), ("link", "paper"), ("link", "ground"), ("link", "panel"), ("link-hover", "panel"),
    ("on-brand", "brand"), ("on-brand", "brand-soft"), ("good", "good-ground"), ("bad", "bad-ground"),
    ("bad", "paper"), ("bad", "ground"), ("warning", "warning-ground"), ("note", "note-ground"),
    ("unknown", "unknown-ground"), ("ink", "focus"), ("ink", "warning-ground"), ("ink", "note-ground"),
]  # fmt: skip
SHAPE_PAIRS = [("poor", "paper"), ("second", "paper"), ("third", "paper"), ("doubt", "paper"), ("rule-strong", "ground"), ("brand", "rest")]  # fmt: skip  # noqa: E501 - a list of pairs


@pytest.mark.parametrize("folder", FOLDERS, ids=["service", "tests"])
def test_every_file_of_others_has_the_hash_it_was_taken_with(folder: Path) -> None:
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    sums = {name: value for value, name in (line.split("  ") for line in lines)}
    own = {"SHA256SUMS", "README.md"}
    assert set(sums) == {file.name for file in folder.iterdir()} - own
    for name, value in sums.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == value, name


@pytest.mark.django_db  # closing an answer looks at the connection
def test_what_is_sent_compressed_is_the_same_file() -> None:
    packed = list((STATIC / "vendor").glob("*.gz"))
    assert len(packed) == 2
    for file in packed:
        assert gzip.decompress(file.read_bytes()) == file.with_suffix("").read_bytes()
    answer = Client().get("/static/ui/vendor/bootstrap-5.3.9.min.css", headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert int(answer["Content-Length"]) < 40_000
    answer.close()


@pytest.mark.parametrize("folder", FOLDERS, ids=["service", "tests"])
def test_every_file_of_others_has_its_licence(folder: Path) -> None:
    names = {file.name for file in folder.iterdir()}
    for name in names:
        if name.endswith((".css", ".js")):
            assert f"{name.split('-')[0]}-LICENSE.txt" in names


def test_no_page_and_no_style_asks_for_anything_from_elsewhere() -> None:
    ours = [*STATIC.glob("*.css"), *(STATIC.parents[1] / "templates").rglob("*.html")]
    assert len(ours) > 10
    for file in ours:
        assert not re.search(r"(https?:)?//[a-z]", file.read_text(encoding="utf-8")), file.name


def test_texts_have_the_contrast_of_wcag_aa_and_shapes_too() -> None:
    colours = dict(
        re.findall(r"--([\w-]+): (#[0-9a-f]{6});", (STATIC / "tokens.css").read_text(encoding="utf-8"))
    )
    for text, ground in TEXT_PAIRS:
        assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    for shape, ground in SHAPE_PAIRS:
        assert contrast(colours[shape], colours[ground]) >= 3, (shape, ground)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours after WCAG 2."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """The relative luminance of a colour after WCAG 2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_an_address_of_a_style_sheet_or_script_names_its_content_and_is_kept_for_ever(db: None) -> None:
    page = Client().get("/account/sign-in/").content.decode()
    found = dict(re.findall(r'"(/static/[^"?]+)\?v=(\w+)"', page))
    assert len(found) >= 6
    assert page.count('"/static/') == len(re.findall(r'"/static/[^"]+\?v=\w+"', page))
    for address, mark in found.items():
        answer = Client().get(f"{address}?v={mark}")
        assert "immutable" in answer["Cache-Control"]
        assert mark == hashlib.sha256(b"".join(answer)).hexdigest()[:12]
