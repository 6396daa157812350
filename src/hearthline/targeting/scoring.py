# SPDX-License-Identifier: Apache-2.0
"""Decides the score of every household of a run. All are listed, none is cut off.

A score that adds up is read where the run has written it; trees are walked here. A household of which a
covariate is unknown has no score, and that is said: unknown is not zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from hearthline.engine.backends.runs import Run
from hearthline.engine.rules.data_sheet import Trees
from hearthline.engine.rules.policy import Policy, Score
from hearthline.engine.rules.vocabulary import nearest_hint
from hearthline.targeting.forests import Forest
from hearthline.targeting.frame import Columns, Frame, Labels, Numbers, describe
from hearthline.targeting.problems import NO_SCORE


@dataclass(frozen=True)
class Scored:
    """The score of each household (NaN: unknown), and its chance of being poor where the score tells one."""

    score: Score
    households: pa.ChunkedArray
    areas: pa.ChunkedArray
    values: Numbers
    likelihood: Numbers | None

    @property
    def unknown(self) -> int:
        """How many households have no score."""
        return int(np.isnan(self.values).sum())

    def table(self, below: float | None = None) -> pa.Table:
        """A row for each household; with ``below``, ``lead`` says whether the score is lower than that."""
        known = ~np.isnan(self.values)
        columns = {
            "household_id": self.households,
            "area": self.areas,
            self.score.name: pa.array(self.values, mask=~known),
        }
        if self.likelihood is not None:
            columns["likelihood"] = pa.array(self.likelihood, mask=np.isnan(self.likelihood))
        if below is not None:
            leads = np.where(known, np.where(self.values < below, "look", "no lead"), "unknown")
            columns["lead"] = pa.array(leads.tolist())
        return pa.table(columns)


def get_score(policy: Policy, name: str | None) -> Score:
    """A score of a package by its name; without one, the only one it has."""
    scores = policy.scores
    if name is None and len(scores) == 1:
        return next(iter(scores.values()))
    if name is not None and name in scores:
        return scores[name]
    hint = nearest_hint(name or "", scores) if name else f"Name one of them: {', '.join(scores)}."
    if not scores:
        hint = "Learn one by 'hearthline targeting fit', and screen by the package that it writes."
    raise NO_SCORE.error(package=policy.id, named=f" '{name}'" if name else "", hint=hint)


def score_run(run: Run, name: str | None = None, data: Path | None = None) -> Scored:
    """Score every household of a run by a score of its own package."""
    score = get_score(run.policy, name)
    columns = Columns(run, data)
    likelihood = _numbers(columns.column(score.likelihood)) if score.likelihood else None
    if score.value is not None:
        values = _numbers(columns.column(score.value))
    else:
        assert score.forest is not None
        values = forest_of(score.forest).score(_bare_frame(run.policy, score, columns))
    return Scored(score, columns.answers["household_id"], columns.answers["area"], values, likelihood)


def forest_of(trees: Trees) -> Forest:
    """The trees of a package, ready to be walked."""
    words = {name: {word: place for place, word in enumerate(each)} for name, each in trees.words.items()}
    return Forest(tuple(trees.names), words, trees.base, tuple(tuple(tree) for tree in trees.trees))


def _bare_frame(policy: Policy, score: Score, columns: Columns) -> Frame:
    """The covariates alone: nothing that a score is judged by is needed to apply it."""
    ids = np.array(columns.answers["household_id"].to_pylist(), dtype=np.int64)
    nothing = np.full(len(ids), np.nan)
    nowhere: Labels = np.full(len(ids), None, dtype=object)
    return Frame(
        households=ids,
        covariates={name: describe(policy, name) for name in score.covariates},
        values={name: columns.column(name) for name in score.covariates},
        welfare=nothing,
        line=nothing,
        weight=nothing,
        clusters=nowhere,
        groups={},
    )


def _numbers(values: Numbers | Labels) -> Numbers:
    return np.asarray(values, dtype=float)


def write_table(table: pa.Table, out: Path) -> None:
    """Write a table as Parquet or, by any other ending, as CSV."""
    if out.suffix == ".parquet":
        pq.write_table(table, out)
    else:
        pacsv.write_csv(table, out)
