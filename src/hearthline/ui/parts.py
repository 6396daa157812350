# SPDX-License-Identifier: Apache-2.0
"""Decides what the small components of a page are given: lines, tabs, steps of a trail, bars, parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.safestring import SafeString

Words = str | Promise | SafeString


class Line(NamedTuple):
    """One line of a definition list; ``note`` says where the value comes from and of when it is."""

    label: Words
    value: object
    note: Words = ""
    href: str = ""


@dataclass(frozen=True)
class Tab:
    """One of several views of the same thing, each with an address of its own."""

    label: Words
    href: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Step:
    """One place on the way from the top to this page; the last one has no address."""

    label: Words
    href: str = ""


@dataclass(frozen=True)
class Task:
    """One thing to do, with how far it is."""

    label: Words
    href: str
    state: Words
    tone: str = "plain"
    hint: Words = ""


@dataclass(frozen=True)
class Bar:
    """One line of a bar chart: a size, in words too, and where it opens; ``doubt`` is what is unknown."""

    label: Words
    value: float | None
    words: Words = ""
    href: str = ""
    doubt: float = 0.0
    doubt_words: Words = ""
    note: Words = ""


@dataclass(frozen=True)
class Bars:
    """A bar chart with the head of its labels and of its figures. ``style``: poor, second, third, rest."""

    title: Words
    items: Sequence[Bar]
    label_head: Words
    value_head: Words
    style: str = "poor"
    top: float | None = None
    """The value of a full bar; without it, the largest."""


@dataclass(frozen=True)
class Part:
    """One part of a whole; ``style``: poor, rest, second, third or doubt."""

    label: Words
    value: float
    style: str
    words: Words = ""
    href: str = ""


@dataclass(frozen=True)
class Shares:
    """A whole divided into parts, as one bar with its legend."""

    title: Words
    parts: Sequence[Part]
    label_head: Words
    value_head: Words


@dataclass(frozen=True)
class Point:
    """One period of a series: its words, and a value by the name of each part."""

    label: Words
    values: Sequence[float]
    words: Sequence[Words] = ()
    href: str = ""


@dataclass(frozen=True)
class Series:
    """Columns over periods, each stacked from parts. ``styles`` go with ``names``."""

    title: Words
    points: Sequence[Point]
    names: Sequence[Words]
    label_head: Words
    styles: Sequence[str] = ("second", "third", "poor", "rest")
