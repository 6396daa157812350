# SPDX-License-Identifier: Apache-2.0
"""Decides whether the places of a file make a tree with those of the register; pure, no database.

Everything wrong is found in one pass, the first lines are told one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from hearthline.areas import problems
from hearthline.areas.reading import AreaFile
from hearthline.base.problems import HearthlineError, ManyProblems

TOLD = 20
LONGEST = {"code": 40, "name": 120}


class Known(NamedTuple):
    """An open place of the register; ``parent`` is the code of the place it lies in, or empty."""

    number: int
    path: str
    depth: int
    level: str
    name: str
    parent: str


def demand_tree(
    found: AreaFile, known: Mapping[str, Known], levels: Sequence[str], deepest: int
) -> dict[str, int]:
    """The depth of each place of the file from 1, if it makes a tree. Raises all that is wrong with it."""
    index = {code: row for row, code in enumerate(found.codes)}
    errors = [*_wrong_cells(found, levels), *_twice(found, index)]
    depths, circles = _depths(found, index, known)
    errors += circles
    if not circles:
        errors += _wrong_places(found, index, known, levels)
        errors += _too_deep(found, depths, deepest)
    if errors:
        told = sorted(errors, key=lambda error: error.place.line or 0 if error.place else 0)[:TOLD]
        if len(errors) > TOLD:
            told.append(problems.MORE_PROBLEMS.error(count=len(errors) - TOLD, file=found.title))
        raise ManyProblems(told)
    return depths


def _wrong_cells(found: AreaFile, levels: Sequence[str]) -> Iterator[HearthlineError]:
    known = set(levels)
    for field, cells in (("code", found.codes), ("name", found.names)):
        limit = LONGEST[field]
        for row, cell in enumerate(cells):
            if not cell:
                yield problems.EMPTY_TEXT.error(found.place(row), field=field)
            elif len(cell) > limit:
                yield problems.TOO_LONG.error(found.place(row), field=field, text=cell[:20], limit=limit)
    for row, level in enumerate(found.levels):
        if level not in known:
            yield problems.UNKNOWN_LEVEL.error(
                found.place(row), code=found.codes[row], level=level or "(empty)", known=", ".join(levels)
            )


def _twice(found: AreaFile, last: Mapping[str, int]) -> Iterator[HearthlineError]:
    if len(last) == len(found):
        return
    first: dict[str, int] = {}
    for row, code in enumerate(found.codes):
        if first.setdefault(code, row) != row and code:
            line = found.place(first[code]).line
            yield problems.CODE_TWICE.error(found.place(row), code=code, first=line)


def _depths(
    found: AreaFile, index: Mapping[str, int], known: Mapping[str, Known]
) -> tuple[dict[str, int], list[HearthlineError]]:
    """The depth of every code of the file, and the circles; what hangs below a circle is not told again."""
    parents = found.parents
    depths: dict[str, int] = {"": 0}
    bad: set[str] = set()
    circles = []
    for code in found.codes:
        trail: list[str] = []
        step = code
        while step not in depths and step not in bad:
            trail.append(step)
            depths[step] = -1  # on the way down: met again, it is a circle
            row = index.get(step)
            upper = known.get(step)
            step = parents[row] if row is not None else upper.parent if upper else ""
        if trail and step not in bad and depths[step] == -1:
            circle = trail[trail.index(step) :]
            at = next(name for name in circle if name in index)
            words = " in ".join([*circle[:6], "…" if len(circle) > 6 else circle[0]])
            circles.append(problems.CYCLE_IN_FILE.error(found.place(index[at]), code=at, circle=words))
        if step in bad or depths[step] == -1:
            bad.update(trail)
            continue
        depth = depths[step]
        for name in reversed(trail):
            depth += 1
            depths[name] = depth
    return depths, circles


def _wrong_places(
    found: AreaFile, index: Mapping[str, int], known: Mapping[str, Known], levels: Sequence[str]
) -> Iterator[HearthlineError]:
    order = {level: number for number, level in enumerate(levels)}
    for row, parent in enumerate(found.parents):
        if not parent:
            continue
        above = index.get(parent)
        if above is None and parent not in known:
            yield problems.ORPHAN.error(found.place(row), code=found.codes[row], parent=parent)
            continue
        level, upper = found.levels[row], known[parent].level if above is None else found.levels[above]
        if level in order and upper in order and order[level] <= order[upper]:
            yield problems.LEVEL_OUT_OF_ORDER.error(
                found.place(row),
                code=found.codes[row],
                level=level,
                parent=parent,
                upper=upper,
                known=", ".join(levels),
            )


def _too_deep(found: AreaFile, depths: Mapping[str, int], deepest: int) -> Iterator[HearthlineError]:
    for row, code in enumerate(found.codes):
        if depths[code] > deepest:
            yield problems.TOO_DEEP.error(found.place(row), code=code, depth=depths[code], limit=deepest)
