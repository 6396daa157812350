# SPDX-License-Identifier: Apache-2.0
"""Decides what the counties of one snapshot share: seed, layout, law, year, and what they add up to."""

from __future__ import annotations

from dataclasses import dataclass

from hearthline.synthetic.layout import Layout
from hearthline.synthetic.nation import Nation
from hearthline.synthetic.thresholds import Thresholds


@dataclass(frozen=True)
class Country:
    """Everything a county is made from besides its number."""

    seed: int
    layout: Layout | Nation
    law: Thresholds
    year: int

    @property
    def nation(self) -> Nation | None:
        """The nation, where the counties are to add up to one."""
        return self.layout if isinstance(self.layout, Nation) else None
