# SPDX-License-Identifier: Apache-2.0
"""Decides how the figures of many groups are held: a column of numbers for each figure, no row for a group.

A nation has hundreds of thousands of villages with hundreds of figures each. They come from the engine as
columns and go to a file as columns; rows are made of them only for who asks for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hearthline.statistics.answers import Answers, Keys
from hearthline.statistics.columns import Column
from hearthline.statistics.grouping import rank
from hearthline.statistics.linear import Positions, Values


@dataclass(frozen=True, eq=False)
class GroupColumns:
    """The groups of one breakdown: ``place`` is its position, ``keys`` a column of texts for each key.

    ``counts`` are households. A figure that does not exist is null or no number.
    """

    place: int
    keys: tuple[pa.Array, ...]
    counts: pa.Array
    figures: Mapping[Column, pa.Array]

    def __len__(self) -> int:
        return len(self.counts)

    def taken(self, places: Positions | slice) -> GroupColumns:
        """Some of the groups."""
        return replace(
            self,
            keys=tuple(_taken(key, places) for key in self.keys),
            counts=_taken(self.counts, places),
            figures={part: _taken(figure, places) for part, figure in self.figures.items()},
        )

    def ordered(self) -> GroupColumns:
        """The groups in the order in which they are shown: by each key, the unknown last."""
        order = shown_order(self.keys)
        return self if order is None else self.taken(order)

    def beside(self, figures: Mapping[Column, pa.Array]) -> GroupColumns:
        """The same groups with further figures."""
        return replace(self, figures={**self.figures, **figures})

    def without(self, columns: Iterable[Column]) -> GroupColumns:
        """The same groups without some figures."""
        gone = set(columns)
        return replace(
            self, figures={part: found for part, found in self.figures.items() if part not in gone}
        )

    def listed(self) -> list[Keys]:
        """The groups one by one."""
        if not self.keys:
            return [(self.place, ())] * len(self)
        return [(self.place, values) for values in zip(*(key.to_pylist() for key in self.keys), strict=True)]


def _taken(array: pa.Array, places: Positions | slice) -> pa.Array:
    if isinstance(places, slice):
        return array[places]
    return array.take(pa.array(places))


def shown_order(keys: Sequence[pa.Array]) -> Positions | None:
    """The positions of groups in the order in which they are shown; None where they stand so already."""
    if not keys or len(keys[0]) < 2:
        return None
    codes = [ranks_of(key) for key in reversed(keys)]
    order: Positions = np.lexsort(codes)
    return None if np.array_equal(order, np.arange(len(order))) else order


def ranks_of(key: pa.Array) -> Positions:
    """The place of each value of a key among all, by :func:`~hearthline.statistics.grouping.rank`."""
    encoded = key.dictionary_encode(null_encoding="encode")
    values = encoded.dictionary.to_pylist()
    place = np.empty(len(values), dtype=np.int64)
    by_text = _alike(values)
    order = sorted(range(len(values)), key=values.__getitem__ if by_text else lambda at: rank(values[at]))
    place[order] = np.arange(len(values))
    found: Positions = place[encoded.indices.to_numpy()]
    return found


def _alike(values: Sequence[str | None]) -> bool:
    """Whether all are whole numbers of one length, as codes of a level: their order is that of texts."""
    texts = [value for value in values if value is not None]
    whole = "".join(texts)
    alike = len(texts) == len(values) and len({len(value) for value in texts}) == 1
    return alike and whole.isascii() and whole.isdigit()


def joined(parts: Sequence[GroupColumns]) -> GroupColumns:
    """The groups of several parts of a country, which have none in common, in the order of the parts."""
    first = parts[0]
    if len(parts) == 1:
        return first
    return GroupColumns(
        first.place,
        tuple(_whole([part.keys[place] for part in parts]) for place in range(len(first.keys))),
        _whole([part.counts for part in parts]),
        {column: _whole([part.figures[column] for part in parts]) for column in first.figures},
    )


def _whole(arrays: Sequence[pa.Array]) -> pa.Array:
    """Arrays as one; a part where a figure is whole everywhere does not make it whole elsewhere."""
    types = {array.type for array in arrays}
    if len(types) > 1:
        arrays = [array.cast(pa.float64()) for array in arrays]
    return pa.concat_arrays(arrays)


def order_of_parts(parts: Sequence[GroupColumns]) -> bool:
    """Whether parts that are in order themselves are so one after another."""
    edges = [_edge(part, place) for part in parts for place in (0, -1)]
    return edges == sorted(edges)


def _edge(groups: GroupColumns, place: int) -> list[tuple[int, float, str]]:
    return [rank(key[place].as_py()) for key in groups.keys]


def numbers(values: Values) -> pa.Array:
    """Numbers as a column; what is no number is null."""
    return pa.array(values, from_pandas=True)


def keep_all(groups: Iterable[GroupColumns], answers: Answers) -> None:
    """Put every figure among the answers, group by group."""
    for some in groups:
        keys = some.listed()
        answers.counts.update(zip(keys, some.counts.to_pylist(), strict=True))
        for part, figures in some.figures.items():
            for group, value in zip(keys, figures.to_pylist(), strict=True):
                answers.keep(group, part, value)


def aligned_with(
    groups: GroupColumns, keys: Sequence[pa.Array], figures: Mapping[Column, Values]
) -> GroupColumns:
    """The groups with figures that are known of some of them, by their keys."""
    if not groups.keys:
        places = np.zeros(len(groups), dtype=np.int64)
    else:
        places = pc.index_in(_composite(groups.keys), value_set=_composite(keys)).fill_null(-1).to_numpy()
    known = places >= 0
    found: dict[Column, pa.Array] = {}
    for part, values in figures.items():
        whole = np.full(len(groups), np.nan)
        if len(values):
            whole[known] = values[places[known]]
        found[part] = numbers(whole)
    return groups.beside(found)


def _composite(keys: Sequence[pa.Array]) -> pa.Array:
    """Keys as one text; a null is none of the texts, and no text holds the sign between them."""
    if len(keys) == 1:
        return keys[0]
    texts = [pc.fill_null(pc.binary_join_element_wise(pa.scalar("="), key, ""), "-") for key in keys]
    return pc.binary_join_element_wise(*texts, "\x1f")
