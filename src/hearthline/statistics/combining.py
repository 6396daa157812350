# SPDX-License-Identifier: Apache-2.0
"""Decides how figures of several groups are worked out, once the totals of every group are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from hearthline.statistics.answers import Keys
from hearthline.statistics.columns import Column, Parts, Quantity
from hearthline.statistics.grouping import Grouping
from hearthline.statistics.linear import Linear, Values

GroupTotals = Mapping[Keys, Mapping[str, Linear]]
"""The totals of every group by their names."""


def total_columns(columns: Sequence[Column]) -> dict[str, Column]:
    """The totals that figures of several groups are made of, each once, as columns of their own."""
    return {
        name: Column(part.measure, "", name, Quantity.INDEX, tree)
        for part in columns
        if part.combined is not None
        for name, tree in part.combined.totals.items()
    }


def combined_figures(
    columns: Sequence[Column], grouping: Grouping, totals: GroupTotals
) -> Iterator[tuple[Keys, Column, Linear]]:
    """Every figure of several groups, with the group in whose row it stands."""
    whole_keys: Keys = (0, ())
    whole = totals.get(whole_keys)
    if whole is None:
        return
    names = {"*".join(grouping.names(part)): place for place, part in enumerate(grouping.breakdowns)}
    for part in columns:
        if part.combined is None:
            continue
        if part.combined.breakdown is None:
            for keys, own in totals.items():
                yield keys, part, part.combined.figure(Parts(own, whole))
        else:
            place = names[part.combined.breakdown]
            groups = [own for keys, own in totals.items() if keys[0] == place]
            yield whole_keys, part, part.combined.figure(Parts(whole, whole, groups))


def combined_columns(
    columns: Sequence[Column], own: Mapping[str, Values], whole: Mapping[str, Linear]
) -> dict[Column, Values]:
    """The figures of many groups that are made of their own totals and those of everybody."""
    totals = {name: Linear(values) for name, values in own.items()}
    return {
        part: np.asarray(part.combined.figure(Parts(totals, whole)).value)
        for part in columns
        if part.combined is not None and part.combined.breakdown is None
    }


def combined_whole(
    columns: Sequence[Column],
    grouping: Grouping,
    whole: Mapping[str, Linear],
    breakdowns: Mapping[int, Mapping[str, Values]],
) -> dict[Column, float]:
    """The figures of whole breakdowns, by the totals of all their groups."""
    names = {"*".join(grouping.names(part)): place for place, part in enumerate(grouping.breakdowns)}
    found = {}
    for part in columns:
        if part.combined is not None and part.combined.breakdown is not None:
            groups = breakdowns[names[part.combined.breakdown]]
            found[part] = float(part.combined.figure(Parts(whole, whole, together=groups)).value)
    return found
