# SPDX-License-Identifier: Apache-2.0
"""Decides that what is printed in Chinese is Chinese to the last head, with one word for one thing."""

from __future__ import annotations

import contextlib
import io
import re
import sys

import pytest

from hearthline.cli.main import main
from hearthline.engine.packages import describe_policy, load_policy
from hearthline.engine.rules.wording import Wording
from scripts.measure import ROOT

ONE_WORD = {
    "识别基准日": "判定日期",
    "情况不明": "未知",
    "时间不明": "时间未知",
    "证据公式": "佐证公式",
}
"""Words once used beside the term of the glossary, and the term."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the demonstration prints in Chinese."""
    out = tmp_path_factory.mktemp("demo") / "demo"
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(printed):
        patch.setattr(sys, "argv", ["hearthline", "demo", "--lang", "zh", "--out", str(out)])
        patch.setenv("COLUMNS", "200")
        with pytest.raises(SystemExit) as left:
            main()
    assert not left.value.code
    return printed.getvalue().replace(str(out), "FOLDER")


def test_the_heads_of_the_demonstration_are_chinese(demo: str) -> None:
    assert "演示县（合成数据）：5,000户" in demo
    assert re.search("标准 .*贫困 .*非贫困 .*未知", demo)
    assert "（默认）" in demo
    assert "判定日期2017-12-31，版本" in demo
    assert "贫困发生率：地区" in demo
    assert not re.search(r"standard|poor|unknown|default|version|invented|Next", demo)


def test_the_reasons_name_their_sources_in_chinese(demo: str) -> None:
    assert "在打好精准脱贫攻坚战座谈会上的讲话" in demo
    assert not re.search(r"Speech|Opinion|Guidance|stored copy|local wording", demo)


def test_one_thing_has_one_chinese_word() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {word} (write {term})"
        for path in sorted((ROOT / "src").rglob("*"))
        if path.suffix in (".py", ".toml", ".yaml")
        for word, term in ONE_WORD.items()
        if word in path.read_text(encoding="utf-8")
    ]
    assert not found


def test_a_package_is_shown_in_chinese_with_chinese_colons() -> None:
    shown = describe_policy(load_policy("cn/2014-2020"), "zh")
    assert "    说明：按国家扶贫标准" in shown
    assert not re.search(r"^    [\u4e00-\u9fff、]+: ", shown, re.MULTILINE)


def test_years_are_earlier_and_rows_have_their_measure_word() -> None:
    policy = load_policy("cn/2014-2020")
    chinese = Wording(policy, "zh")
    assert "早于" in chinese.phrase(policy.criteria["entered_earlier_year"].tree)
    assert "至少有一条入户走访记录：" in chinese.phrase(policy.criteria["verified"].tree)
