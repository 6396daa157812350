# SPDX-License-Identifier: Apache-2.0
"""Decides what is said of a score in English and Chinese, above all that it decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hearthline.engine.rules.types import Text

STATEMENT: Text = {
    "en": "A score is a lead, never a decision. It says how likely a household is poor, by what households "
    "like it had; it is wrong for many. It gives nobody a standing and takes none away, and no quota cuts a "
    "list by it. People look at the household, and a recorded step decides.",
    "zh": "评分只是线索，绝不是决定。评分依据同类住户的情况估计某户贫困的可能，对许多住户并不准确。"
    "评分不赋予、也不取消任何身份，不得按名额以评分截断名单。须由人入户核查，以记录在案的程序作出决定。",
}
TITLE: Text = {"en": "{title}: scores", "zh": "{title}：评分"}
LABELS: Mapping[str, Text] = {
    "ols": {"en": "Score by least squares", "zh": "最小二乘评分"},
    "quantile": {"en": "Score by quantile regression", "zh": "分位数回归评分"},
    "logistic": {"en": "Score by logistic regression", "zh": "逻辑回归评分"},
    "boosting": {"en": "Score by boosted trees", "zh": "提升树评分"},
    "card": {"en": "Score card", "zh": "评分卡"},
    "table": {"en": "Published score card", "zh": "已发布的评分卡"},
}


def spoken(text: Text, languages: Sequence[str], title: Text | None = None) -> Text:
    """A text in the languages of a package; one we do not write in gets the English."""
    return {
        language: text.get(language, text["en"]).format(title=(title or {}).get(language, ""))
        for language in languages
    }
