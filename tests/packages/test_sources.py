# SPDX-License-Identifier: Apache-2.0
"""Decides that a source is one text, or one in each language, and is shown in the reader's language."""

from __future__ import annotations

from pathlib import Path

import pytest

from hearthline.engine.packages import describe_policy, load_policy
from hearthline.engine.rules.policy import Policy
from tests.packages.little_package import Mistake, assert_reported, little

LINE = "parameters/line.yaml"
TWO = "{en: Notice 1, zh: 第1号通知}"


def test_a_source_of_one_text_is_shown_in_every_language(tmp_path: Path) -> None:
    policy = load_policy(little(tmp_path))
    assert "Notice 1" in describe_policy(policy, "en", "line")
    assert "Notice 1" in describe_policy(policy, "zh", "line")


def test_a_source_in_two_languages_is_shown_in_that_of_the_reader(tmp_path: Path) -> None:
    policy = load_policy(little(tmp_path, parameters__line=("source: Notice 1", f"source: {TWO}")))
    english, chinese = (describe_policy(policy, language, "line") for language in ("en", "zh"))
    assert "Notice 1" in english
    assert "第1号通知" not in english
    assert "第1号通知" in chinese
    assert "Notice 1" not in chinese


@pytest.mark.parametrize(
    "mistake",
    [
        Mistake(
            "a source without its Chinese",
            LINE,
            "source: Notice 1",
            "‸source: {en: Notice 1}",
            "package.no-words",
            ("'zh'", "source"),
        ),
        Mistake(
            "a source in a language nobody declared",
            LINE,
            "source: Notice 1",
            "source: {en: Notice 1, zh: 第1号通知, ‸fr: Avis 1}",
            "package.undeclared-language",
            ("'fr'",),
        ),
        Mistake(
            "a source that is a list",
            LINE,
            "source: Notice 1",
            "source: ‸[Notice 1, Notice 2]",
            "package.wrong-type",
            ("a text, or one in each language",),
        ),
        Mistake(
            "a source whose key is no language",
            LINE,
            "source: Notice 1",
            "source: {‸English: Notice 1}",
            "package.bad-name",
            ("en",),
        ),
    ],
    ids=lambda mistake: mistake.title,
)
def test_a_source_that_cannot_be_read_is_told_at_its_place(mistake: Mistake, tmp_path: Path) -> None:
    assert_reported(mistake, tmp_path)


def sources(policy: Policy) -> dict[str, dict[str, str]]:
    """Every source of a parameter, lookup, criterion and standard, by what it belongs to."""
    found = {
        f"{parameter.name} from {value.start}, {value.purpose}": dict(value.source)
        for parameter in policy.parameters.values()
        for value in parameter.values
    }
    for entries in (policy.criteria, policy.standards, policy.lookups, policy.derived, policy.indices):
        found |= {each.name: dict(each.source) for each in entries.values() if each.source}
    return found


def test_every_source_of_the_china_package_has_its_chinese() -> None:
    english_only = [
        name for name, source in sources(load_policy("cn/2014-2020")).items() if "zh" not in source
    ]
    assert not english_only
