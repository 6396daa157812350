# SPDX-License-Identifier: Apache-2.0
"""Decides whether text and shapes stand out from their ground, by day, by night and on paper."""

from __future__ import annotations

import re

import pytest

from hearthline.reporting.charts import Scale, scale_for, width_of, wrapped
from hearthline.reporting.lone_page import style_sheet

BLOCKS = re.findall(r":root\s*\{([^}]*)\}", style_sheet())
THEMES = {
    name: dict(re.findall(r"--(\w+):\s*(#\w+)", block))
    for name, block in zip(("day", "night", "paper"), BLOCKS, strict=True)
}
TEXT = [(text, ground) for text in ("ink", "muted", "accent", "link") for ground in ("paper", "panel")]
SHAPES = [("poor", "paper"), ("second", "paper"), ("third", "paper"), ("doubt", "paper"), ("poor", "rest")]


def colours(theme: str) -> dict[str, str]:
    return THEMES["day"] | THEMES[theme]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", list(THEMES))
def test_text_has_the_contrast_of_wcag_aa(theme: str) -> None:
    found = colours(theme)
    for text, ground in TEXT:
        assert contrast(found[text], found[ground]) >= 4.5, (text, ground)


@pytest.mark.parametrize("theme", list(THEMES))
def test_shapes_stand_out_from_what_is_beside_them(theme: str) -> None:
    found = colours(theme)
    for shape, ground in SHAPES:
        assert contrast(found[shape], found[ground]) >= 3, (shape, ground)


@pytest.mark.parametrize("share", [0.0, 0.0004, 0.013, 0.05, 0.11, 0.22, 0.37, 0.44, 0.61, 0.83, 1.0])
def test_an_axis_ends_on_a_round_share_not_far_above_the_largest(share: float) -> None:
    scale = scale_for(share)
    assert scale.top >= share
    assert scale.top <= max(2.01 * share, 0.01) or scale.top == 1.0
    labels = [label for _, label in scale.marks()]
    assert len(set(labels)) == len(labels)


def test_labels_of_an_axis_are_what_they_say() -> None:
    assert [label for _, label in Scale(0.1, 5).marks()] == ["0%", "2%", "4%", "6%", "8%", "10%"]


def test_a_long_label_is_cut_into_two_lines_that_fit() -> None:
    for text in ("Compulsory education is secured for every child of the household", "义务教育有保障" * 6):
        lines = wrapped(text, 234, 14)
        assert len(lines) == 2
        assert all(width_of(line, 14) <= 234 for line in lines)
