# SPDX-License-Identifier: Apache-2.0
"""Decides every random number: by seed, block and purpose, the same on any machine and in any order.

Only the raw bits of PCG64 and the four operations are used, because numpy promises that its bits stay
the same between versions and does not promise it of its distributions. Every purpose has a stream of
its own, so that a new fact does not move the others, and any block can be made without those before it.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

MOST_SEED = 2**63 - 1
_UNIT = 2.0**-53


class Draws:
    """The random numbers of one block."""

    def __init__(self, seed: int, *block: int) -> None:
        self._seed = seed
        self._block = block

    def uniform(self, purpose: str, count: int) -> Floats:
        """Numbers from 0 up to, and never, 1."""
        key = zlib.crc32(purpose.encode())
        sequence = np.random.SeedSequence(self._seed, spawn_key=(*self._block, key))
        bits = np.random.PCG64(sequence).random_raw(count)
        return (bits >> np.uint64(11)).astype(np.float64) * _UNIT

    def chance(self, purpose: str, share: float | Floats, count: int) -> Flags:
        """True in the given share of cases, or each with its own share."""
        return self.uniform(purpose, count) < share

    def even_chance(self, purpose: str, share: Floats, order: Ints) -> Flags:
        """True for each with its own share, and evenly: any run of ``order`` has as many as its shares say.

        So the shares of a county come out as they were set, and do not swing with the luck of the draw.
        """
        reached = np.floor(np.cumsum(share[order]) + self.uniform(purpose, 1)[0])
        drawn = np.zeros(len(share), dtype=np.bool_)
        drawn[order] = np.diff(reached, prepend=0.0) > 0
        return drawn

    def whole(self, purpose: str, low: int | Ints, high: int | Ints, count: int) -> Ints:
        """Whole numbers from ``low`` to ``high``, both included."""
        place: Ints = np.floor(self.uniform(purpose, count) * (high - low + 1)).astype(np.int64)
        return low + place

    def pick(self, purpose: str, weights: Sequence[float], count: int) -> Ints:
        """Positions in ``weights``, each as often as its weight says."""
        steps = np.cumsum(np.asarray(weights, dtype=np.float64))
        drawn = np.searchsorted(steps, self.uniform(purpose, count) * steps[-1], side="right")
        places: Ints = np.minimum(drawn, len(weights) - 1).astype(np.int64)
        return places

    def spread(self, purpose: str, quantiles: Sequence[float], count: int) -> Floats:
        """Numbers whose evenly spaced quantiles, from the least to the greatest, are given."""
        places = np.linspace(0.0, 1.0, len(quantiles))
        return np.interp(self.uniform(purpose, count), places, quantiles).astype(np.float64)

    def shuffled(self, purpose: str, count: int) -> Ints:
        """The numbers from 0 up to ``count`` in random order."""
        return np.argsort(self.uniform(purpose, count), kind="stable").astype(np.int64)


def band(values: Ints, edges: Sequence[int], levels: Sequence[float]) -> Floats:
    """The level of each value by age band and the like: ``levels`` has one more entry than ``edges``."""
    places = np.searchsorted(np.asarray(edges), values, side="right")
    return np.asarray(levels, dtype=np.float64)[places]


def pick_by(group: Ints, weights: Sequence[Sequence[float]], uniform: Floats) -> Ints:
    """Like ``Draws.pick`` where each row has the weights of its group."""
    steps = np.cumsum(np.asarray(weights, dtype=np.float64), axis=1)
    steps /= steps[:, -1:]
    drawn: Ints = (uniform[:, None] >= steps[group]).sum(axis=1).astype(np.int64)
    places: Ints = np.minimum(drawn, steps.shape[1] - 1)
    return places
