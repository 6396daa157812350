# SPDX-License-Identifier: Apache-2.0
"""Decides that what the documents claim of the code can be found in it."""

from __future__ import annotations

import re

import pytest

from hearthline.engine.packages import available_policies, load_policy
from hearthline.engine.rules.types import Kind
from scripts.measure import ROOT

SOURCE = ROOT / "src" / "hearthline"
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
PERSONAL = re.compile(
    r"(?:^|_)(?:id_number|identity|id_card|phone|mobile|telephone|account|bank_card|address|surname|full_name)"
    r"(?:_|$)|姓名|身份证|手机|电话|账号|住址"
)

FREE_TEXTS = {"ethnicity"}  # more peoples than a list of codes should hold


def test_every_file_that_the_architecture_points_to_exists() -> None:
    table = ARCHITECTURE.split("### Where to look")[1].split("\n## ")[0]
    rows = re.findall(r"^\| [^|]+ \| `([\w/]+)` \| ((?:`\w+` ?)+)\|$", table, re.MULTILINE)
    assert len(rows) > 15
    missing = [
        f"{folder}/{name}"
        for folder, names in rows
        for name in re.findall(r"\w+", names)
        if not (SOURCE / folder / f"{name}.py").is_file() and not (SOURCE / folder / name).is_dir()
    ]
    assert not missing


def test_every_test_that_the_architecture_names_exists() -> None:
    named = re.findall(r"`(tests/[\w/.]+)`", ARCHITECTURE)
    assert named
    assert not [path for path in named if not (ROOT / path).exists()]


@pytest.mark.parametrize("package", [listing.id for listing in available_policies()])
def test_no_dictionary_has_a_place_for_who_a_person_is(package: str) -> None:
    policy = load_policy(package)
    facts = [fact for level in policy.facts.values() for fact in level.values()]
    facts = [fact for fact in facts if fact.type.kind is not Kind.BOOLEAN]  # "has a phone" tells no number
    assert not [fact.name for fact in facts if PERSONAL.search(f"{fact.name} {fact.label.get('zh', '')}")]
    free = {fact.name for fact in facts if fact.type.kind is Kind.TEXT and fact.type.codes is None}
    assert free <= FREE_TEXTS, "A free text may hold a name: use codes."
