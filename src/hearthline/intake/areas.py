# SPDX-License-Identifier: Apache-2.0
"""Decides which areas the rows of a file name: each by the way down to it from the top of the country."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from hearthline.intake.maps import AreaRule

STEP = "\x1f"
"""Separates the parts of a composite key or path inside the import; no cell may hold it."""
WITHIN = "/"
"""Joins the codes of areas that are only unique within their parent."""


@dataclass
class AreaBook:
    """Every area seen so far: the path to it, and the name first given for its code."""

    paths: dict[str, tuple[str, ...]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def enter(self, path: str, rules: Sequence[AreaRule], names: Sequence[str | None]) -> None:
        """Take note of a path and of the names on the way."""
        codes: list[str] = []
        for rule, code in zip(rules, path.split(STEP), strict=False):
            codes.append(f"{codes[-1]}{WITHIN}{code}" if rule.within_parent and codes else code)
        self.paths.setdefault(path, tuple(codes))
        for code, name in zip(codes, names, strict=False):
            if name is not None:
                self.names.setdefault(code, name)

    def steps(self) -> pa.Table:
        """One row per path and area on it, the top first."""
        rows = [
            (
                path,
                depth,
                code,
                codes[depth - 1] if depth else None,
                self.names.get(code),
                list(codes[: depth + 1]),
            )
            for path, codes in self.paths.items()
            for depth, code in enumerate(codes)
        ]
        columns = list(zip(*rows, strict=True)) or [()] * 6
        return pa.table(
            {
                "path": pa.array(columns[0], pa.string()),
                "depth": pa.array(columns[1], pa.int64()),
                "code": pa.array(columns[2], pa.string()),
                "parent": pa.array(columns[3], pa.string()),
                "name": pa.array(columns[4], pa.string()),
                "way": pa.array(columns[5], pa.list_(pa.string())),
            }
        )


def area_paths(
    codes: Sequence[pa.Array], names: Sequence[pa.Array], rules: Sequence[AreaRule], book: AreaBook
) -> tuple[pa.Array, pa.Array]:
    """The path of every row, and which rows name an area without the one above it."""
    gap = pa.repeat(pa.scalar(False), len(codes[0]))
    for upper, lower in itertools.pairwise(codes):
        gap = pc.or_(gap, pc.and_(pc.is_null(upper), pc.is_valid(lower)))
    path = codes[0]
    for code in codes[1:]:
        longer = pc.binary_join_element_wise(path, code, STEP)
        path = pc.coalesce(longer, path)
    path = pc.if_else(gap, pa.scalar(None, pa.string()), path)
    keyed = pa.table([path, *names], names=[str(place) for place in range(len(names) + 1)])
    for row in keyed.group_by(keyed.column_names).aggregate([]).to_pylist():
        if row["0"] is not None:
            book.enter(row["0"], rules, [row[str(place + 1)] for place in range(len(names))])
    return path, gap
