# SPDX-License-Identifier: Apache-2.0
"""Decides how figures look on a terminal: bars of blocks beside their numbers, in colour where there is.

Nothing is said by colour alone; what is unknown has a sign of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from hearthline.reporting.phrases import Phrases, phrases
from hearthline.statistics import numerals
from hearthline.statistics.distribution import Distribution, WelfareClass
from hearthline.statistics.grouping import is_area
from hearthline.statistics.table import StatisticsTable

_EIGHTHS = " ▏▎▍▌▋▊▉█"
_DOUBT = "░"
_MOST_LINES = 24
_POOR, _SECOND, _SOFT = "red", "cyan", "dim"


def blocks(share: float, top: float, width: int) -> str:
    """A bar of blocks, exact to an eighth of a column; what is not nothing shows at least a sliver."""
    if top <= 0 or share <= 0:
        return ""
    eighths = max(1, round(8 * width * min(share / top, 1.0)))
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def print_summary(
    console: Console,
    statistics: StatisticsTable,
    *,
    by: str = "",
    distribution: Distribution | None = None,
    language: str = "en",
) -> None:
    """The headline, the requirements not met, the causes, the groups of one breakdown, the distribution."""
    say = phrases(language)
    parts: list[RenderableType | None] = [
        _headline(statistics, say),
        _items(statistics, say, "criteria", "not_met", _POOR),
        _items(statistics, say, "causes", "evident", _SECOND),
        _groups(statistics, say, by) if by else None,
        _around_the_line(distribution, say) if distribution and distribution.classes else None,
    ]
    for part in parts:
        if part is not None:
            console.print(part)
            console.print()


def _headline(statistics: StatisticsTable, say: Phrases) -> RenderableType | None:
    standard = statistics.specification.default_standard
    if standard is None or statistics.find_table("status") is None:
        return None
    shares = {
        name: float(statistics.value(name, item=standard.name) or 0.0)
        for name in ("poor", "not_poor", "unknown")
    }
    width = 48
    poor = round(width * shares["poor"])
    doubt = round(width * shares["unknown"])
    bar = Text.assemble(("█" * poor, _POOR), ("─" * (width - poor - doubt), _SOFT), (_DOUBT * doubt, _SOFT))
    words = "   ".join(f"{say(name)} {numerals.percent(share)}" for name, share in shares.items())
    head = Text(say("status_chart", standard=say.said(standard.label, standard.name)), style="bold")
    return Group(head, bar, Text(words))


def _items(
    statistics: StatisticsTable, say: Phrases, table: str, column: str, style: str
) -> RenderableType | None:
    """A bar for every item of a table of shares; only the criteria of the default standard."""
    found = statistics.find_table(table)
    if found is None:
        return None
    standard = statistics.specification.default_standard
    wanted = standard.criteria if standard and table == "criteria" else None
    names = [row.item or "" for row in found.rows if not row.group.names]
    rows = [
        (
            statistics.specification.item_label(table, name, say.language),
            float(statistics.value(column, item=name) or 0.0),
            float(statistics.value("unknown", item=name) or 0.0),
        )
        for name in names
        if wanted is None or name in wanted
    ]
    unit = say(statistics.specification.weight)
    title = say("criteria_chart", unit=unit) if table == "criteria" else say("causes_chart")
    note = say("overlap") if table == "criteria" else say("causes_overlap")
    return bars(title, rows, style=style, note=note if len(rows) > 1 else "") if rows else None


def bars(
    title: str,
    rows: Iterable[tuple[str, float, float]],
    *,
    style: str = _POOR,
    note: str = "",
    width: int = 32,
) -> RenderableType:
    """Bars of (label, share, share unknown), the longest first."""
    ordered = sorted(rows, key=lambda row: -row[1])
    top = max((share + doubt for _, share, doubt in ordered), default=0.0)
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(overflow="fold", max_width=44)
    table.add_column(no_wrap=True)
    for label, share, doubt in ordered:
        unknown = _DOUBT * round(width * doubt / top) if top else ""
        line = Text.assemble(
            (blocks(share, top, width), style), (unknown, _SOFT), f" {numerals.percent(share)}"
        )
        if doubt:
            line.append(f" +{numerals.percent(doubt)} ?", style=_SOFT)
        table.add_row(label, line)
    parts: list[RenderableType] = [Text(title, style="bold"), table]
    return Group(*parts, Text(note, style=_SOFT)) if note else Group(*parts)


def _groups(statistics: StatisticsTable, say: Phrases, by: str) -> RenderableType | None:
    figures = statistics.column("headcount", by=by)
    unknown = statistics.column("status_unknown", by=by)
    if not figures:
        return None
    rows = [
        (statistics.group_label(group, say.language), float(value or 0.0), float(unknown.get(group) or 0.0))
        for group, value in figures.items()
    ]
    keys = [name for name in by.split("*") if not is_area(name)]
    names = [statistics.specification.label(name, say.language) for name in keys] or [say("place")]
    colon = "：" if say.language == "zh" else ": "
    return bars(f"{say('tile_headcount')}{colon}{' × '.join(names)}", rows)


def _around_the_line(distribution: Distribution, say: Phrases) -> RenderableType:
    """The classes of welfare, one a line, with the line drawn between them."""
    classes = _first_classes(distribution.classes)
    top = max(part.share for part in classes)
    labels = [_class_label(part, distribution, say) for part in classes]
    width = max(cell_len(label) for label in labels)
    lines: list[RenderableType] = [Text(say("distribution"), style="bold")]
    for label, part in zip(labels, classes, strict=True):
        below = part.end is not None and part.end <= 1
        pad = " " * (width - cell_len(label))
        bar = Text.assemble(
            f"{pad}{label} ",
            (blocks(part.share, top, 40), _POOR if below else _SECOND),
            f" {numerals.percent(part.share)}",
        )
        lines.append(bar)
        if part.end == 1:
            amount = numerals.amount(distribution.line) if distribution.line else ""
            lines.append(Text(f"{'─' * width}─ {say('line_label')} {amount}".rstrip(), style="bold"))
    return Group(*lines)


def _first_classes(classes: Sequence[WelfareClass]) -> list[WelfareClass]:
    """The classes that fit on a screen; the rest is put into the last, open one."""
    if len(classes) <= _MOST_LINES:
        return list(classes)
    kept, rest = list(classes[: _MOST_LINES - 1]), classes[_MOST_LINES - 1 :]
    n = sum(part.n for part in rest)
    return [*kept, WelfareClass(rest[0].start, None, sum(part.share for part in rest), n)]


def _class_label(part: WelfareClass, distribution: Distribution, say: Phrases) -> str:
    if part.start is None:
        return say("class_below_zero")
    start = _amount(float(part.start), distribution)
    if part.end is None:
        return say("class_more", start=start)
    return say("class_range", start=start, end=_amount(float(part.end), distribution))


def _amount(multiple: float, distribution: Distribution) -> str:
    if distribution.line:
        return numerals.amount(round(multiple * distribution.line, 2))
    return f"{multiple:g}×"
