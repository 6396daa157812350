# SPDX-License-Identifier: Apache-2.0
"""Decides which subjects the benchmark has, in the order of the page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Subject:
    """``python -m benchmarks.<name>`` measures it; ``words`` say in a line what."""

    name: str
    words: str


SUBJECTS = (
    Subject("screening", "a package over a million households, beside a hand-written query and OpenFisca"),
)
