# SPDX-License-Identifier: Apache-2.0
"""Decides how figures of a sample are written with their errors: one a line, what they rest on above."""

from __future__ import annotations

from hearthline.statistics import numerals
from hearthline.statistics.columns import Quantity
from hearthline.statistics.design import Precision
from hearthline.statistics.figures import Figure, Heading, Sampling

_WORDS = {
    "en": {
        "figure": "Figure",
        "value": "Value",
        "error": "Std. error",
        "interval": "95% interval",
        "effect": "Design effect",
        "design": "Errors for a sample of {units} units in {strata} strata, {freedom} degrees of freedom, "
        "by {method}.",
        "clusters": "Errors for a sample of {units} clusters, {freedom} degrees of freedom, by {method}.",
        "none": "The snapshot names no design: errors as if the {units} households had each been drawn for "
        "itself, by {method}. Where they were drawn in clusters they are too small.",
        "linear": "linearisation",
        "bootstrap": "bootstrap, {replicates} replicates",
        "lonely": "Strata with one unit alone: {lonely}; each adds its square, which is on the safe side.",
    },
    "zh": {
        "figure": "指标",
        "value": "数值",
        "error": "标准误",
        "interval": "95%置信区间",
        "effect": "设计效应",
        "design": "抽样误差：{strata}层、{units}个初级抽样单元，自由度{freedom}，方法：{method}。",
        "clusters": "抽样误差：{units}个群，自由度{freedom}，方法：{method}。",
        "none": "快照未载明抽样设计：误差按{units}户各自独立抽取计算，方法：{method}。"
        "若按群抽取，则误差偏小。",
        "linear": "线性化",
        "bootstrap": "自助法，{replicates}次重复",
        "lonely": "只有一个单元的层：{lonely}个；各按其平方计入，偏于保守。",
    },
}


def error_words(language: str) -> dict[str, str]:
    """The words of the columns of errors."""
    return _WORDS[language]


def sampling_lines(sampling: Sampling, language: str) -> list[str]:
    """What the errors rest on, in sentences."""
    words = _WORDS[language]
    method = (
        words["bootstrap"].format(replicates=sampling.replicates) if sampling.replicates else words["linear"]
    )
    kind = "design" if sampling.has_strata else "clusters" if sampling.has_clusters else "none"
    numbers = {"units": f"{sampling.units:,}", "strata": sampling.strata, "freedom": f"{sampling.freedom:,}"}
    lines = [words[kind].format(**numbers, method=method)]
    if sampling.lonely:
        lines.append(words["lonely"].format(lonely=sampling.lonely))
    return lines


def precise_cells(figure: Figure, heading: Heading, precision: Precision | None) -> list[str]:
    """Value, error, interval and design effect of a figure, as people read them."""
    if precision is None:
        return [_shown(figure, heading.quantity), numerals.NONE, numerals.NONE, numerals.NONE]
    effect = numerals.NONE if precision.effect is None else f"{precision.effect:.2f}"
    low, high = _shown(precision.low, heading.quantity), _shown(precision.high, heading.quantity)
    error = _shown_error(precision.error, heading.quantity)
    return [_shown(figure, heading.quantity), error, f"{low} – {high}", effect]


def _shown(figure: Figure, quantity: Quantity) -> str:
    if figure is None:
        return numerals.NONE
    if quantity is Quantity.SHARE:
        return f"{100 * figure:.2f}%"
    if quantity in (Quantity.AMOUNT, Quantity.RATIO):
        return f"{figure:,.2f}"
    if quantity is Quantity.INDEX:
        return f"{figure:.4f}"
    return numerals.whole(figure)


def _shown_error(error: float, quantity: Quantity) -> str:
    """A standard error: of a share in percentage points."""
    return f"{100 * error:.2f}" if quantity is Quantity.SHARE else _shown(error, quantity)


def precision_document(precision: Precision | None) -> dict[str, float | None] | None:
    """A precision for another program."""
    if precision is None:
        return None
    return {
        "error": precision.error,
        "low": precision.low,
        "high": precision.high,
        "design_effect": precision.effect,
    }


def sampling_document(sampling: Sampling) -> dict[str, object]:
    """What the errors rest on, for another program."""
    return {
        "units": sampling.units,
        "strata": sampling.strata,
        "lonely_strata": sampling.lonely,
        "degrees_of_freedom": sampling.freedom,
        "clusters": sampling.has_clusters,
        "stratified": sampling.has_strata,
        "method": f"bootstrap, {sampling.replicates} replicates" if sampling.replicates else "linearisation",
    }
