# SPDX-License-Identifier: Apache-2.0
"""Decides the bootstrap of a sample: units drawn again within their strata, as a check of the linearisation.

Rao and Wu (1988), with n_h - 1 units drawn with replacement from the n_h of a stratum: a unit drawn r times
has its weights multiplied by r n_h / (n_h - 1). A stratum with one unit is not drawn again and adds nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hearthline.statistics.design import Design, Precision, interval
from hearthline.statistics.linear import Positions, Values


@dataclass(frozen=True, eq=False)
class Replicates:
    """The factor of every unit in every replicate, (replicates, units)."""

    unit: NDArray[np.int64]
    factor: Values

    def factors(self) -> Iterator[Values]:
        """For each replicate the factor of every row."""
        for line in self.factor:
            yield line[self.unit]

    def totals(self, terms: Values, rows: Positions) -> Values:
        """A total of some rows in every replicate."""
        of_unit = np.bincount(self.unit[rows], weights=terms[rows], minlength=self.factor.shape[1])
        totals: Values = self.factor @ of_unit
        return totals


def replicates_of(design: Design, number: int, seed: int) -> Replicates:
    """Replicates of a sample; the same seed gives the same ones."""
    draw = np.random.Generator(np.random.PCG64(seed))
    factor = np.ones((number, design.units))
    for stratum in range(design.strata):
        units = np.flatnonzero(design.stratum == stratum)
        size = len(units)
        if size > 1:
            drawn = draw.multinomial(size - 1, np.full(size, 1 / size), size=number)
            factor[:, units] = drawn * (size / (size - 1))
    return Replicates(design.unit, factor)


def spread_of(value: float, again: Values, linearised: Precision, freedom: int, *, share: bool) -> Precision:
    """The precision by the replicates in the place of the linearised one, its design effect in proportion."""
    known = again[np.isfinite(again)]
    if len(known) < 2:
        return linearised
    error = math.sqrt(float(np.sum((known - np.mean(known)) ** 2)) / (len(known) - 1))
    low, high = interval(value, error, freedom, share=share)
    effect = linearised.effect
    if effect is not None and linearised.error > 0:
        effect *= (error / linearised.error) ** 2
    return replace(linearised, error=error, low=low, high=high, effect=effect)
