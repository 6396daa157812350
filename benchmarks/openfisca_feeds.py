# SPDX-License-Identifier: Apache-2.0
"""Decides in which ways OpenFisca is fed, and which of them count.

Its documentation (https://openfisca.org/doc/simulate/run-simulation.html, "How to run a simulation on data")
feeds a population in arrays through ``SimulationBuilder``: the numbers of persons and groups are declared,
who belongs to whom is joined by them, and ``set_input`` takes the variables. What is promised is promised
beside that, with codes in both forms that ``set_input`` takes. Writing the indices of the groups into
OpenFisca's objects by hand skips the joining; it is documented nowhere and right only where groups are
numbered without a gap, so it is told and nothing is promised beside it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Feed:
    """A way to feed OpenFisca: name, words for a reader, words for ``screen.py``, whether it counts."""

    name: str
    words: str
    arguments: tuple[str, str]
    promised: bool


FEEDS = (
    Feed("openfisca", "fed as documented, codes as indices", ("builder", "indices"), promised=True),
    Feed("openfisca_text", "fed as documented, codes as text", ("builder", "text"), promised=True),
    Feed("openfisca_bare", "groups set by hand, codes as indices", ("bare", "indices"), promised=False),
)
