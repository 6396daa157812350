# SPDX-License-Identifier: Apache-2.0
"""Decides when a cliff is too high and rank reversals are too many: shares over a threshold are told.

Help that ends at a line makes those just below it better off than those just above. How much of that a
government bears is its own choice; without one, a tenth of the line and a twentieth of the people.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hearthline.simulation.measures import Band, Reversals, cliff_height
from hearthline.simulation.problems import BAD_THRESHOLD

CLIFF, REVERSALS = "cliff", "reversals"
DEFAULTS: Mapping[str, float] = {CLIFF: 0.10, REVERSALS: 0.05}
"""Of the line, what a person may fall by in crossing it; of the people, how many may be overtaken."""
OFF = "off"
_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,3})?)\s*%\Z", re.ASCII)


@dataclass(frozen=True)
class Warned:
    """A share that is over its threshold on one side (before, after)."""

    kind: str
    side: str
    share: float
    over: float


def read_thresholds(texts: Sequence[str]) -> dict[str, float | None]:
    """The threshold of each kind from texts such as ``cliff=15%``; None where it is switched off.

    Raises ``simulation.bad-threshold``.
    """
    found: dict[str, float | None] = dict(DEFAULTS)
    for text in texts:
        kind, _, value = (part.strip() for part in text.partition("="))
        percent = _SHARE.match(value)
        if kind not in DEFAULTS or not (percent or value == OFF):
            raise BAD_THRESHOLD.error(threshold=text)
        found[kind] = float(percent[1]) / 100 if percent else None
    return found


def cliff_share(bands: Sequence[Band]) -> float | None:
    """The height of the cliff as a share of the line just below it."""
    height = cliff_height(bands)
    line = next((band.line for band in bands if band.place == -1), None)
    return height / line if height is not None and line else None


def warned_of(
    bands: Mapping[str, Sequence[Band]],
    reversals: Mapping[str, Reversals],
    thresholds: Mapping[str, float | None],
) -> tuple[Warned, ...]:
    """What is over its threshold, by kind and side."""
    return tuple(_warned(bands, reversals, thresholds))


def _warned(
    bands: Mapping[str, Sequence[Band]],
    reversals: Mapping[str, Reversals],
    thresholds: Mapping[str, float | None],
) -> Iterable[Warned]:
    shares = [(CLIFF, side, cliff_share(found)) for side, found in bands.items()]
    shares += [(REVERSALS, side, found.share) for side, found in reversals.items()]
    for kind, side, share in shares:
        over = thresholds[kind]
        if share is not None and over is not None and share > over:
            yield Warned(kind, side, share, over)
