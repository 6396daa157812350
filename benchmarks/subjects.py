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
    Subject("nation", "making thirty million households, held to the published poor by province and year"),
    Subject("national", "a package over 30 million households, beside the limit and a hand-written query"),
    Subject("openfisca_sizes", "the income criterion beside OpenFisca at 1 and 10 million households"),
    Subject("screening", "a package over a million households, beside a hand-written query and OpenFisca"),
    Subject("cluster", "a package over a million households on Spark, row by row beside DuckDB"),
    Subject("proxy_means", "scores of who is likely poor, on clusters they have not seen"),
    Subject("what_if", "a changed parameter and a curve of twenty lines over a run of a million households"),
    Subject("places", "the places of a nation, on SQLite and PostgreSQL"),
    Subject("importing", "an existing register into PostgreSQL, at 100,000 and a million people"),
    Subject("pages", "the pages of a register of a million households, at fifty requests a second"),
    Subject("statistics", "measures and their errors beside R, and a nation counted by five levels of area"),
)
