# SPDX-License-Identifier: Apache-2.0
"""Decides how shares are drawn on a terminal: one bar a line, longest first, with its figure."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

WIDTH = 40
_EIGHTHS = " ▏▎▍▌▋▊▉"


def share_bar(share: float, top: float) -> str:
    """A bar of up to WIDTH cells; ``top`` is the share that fills it."""
    eighths = round(8 * WIDTH * share / top) if top > 0 else 0
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def print_bars(console: Console, title: str, shares: Sequence[tuple[str, float]]) -> None:
    """Shares from 0 to 1 as bars under a title; nothing where there is nothing to show."""
    if not shares:
        return
    console.print(f"\n{title}", style="bold", highlight=False)
    top = max(share for _, share in shares)
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(max_width=44)
    table.add_column(justify="right")
    table.add_column(no_wrap=True)
    for label, share in sorted(shares, key=lambda each: -each[1]):
        table.add_row(Text(label), f"{100 * share:.1f} %", Text(share_bar(share, top), style="red"))
    console.print(table)
