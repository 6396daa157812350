# SPDX-License-Identifier: Apache-2.0
"""Decides how statistics are asked for: over a run or any Parquet table, by any grouping, with weights.

The rows are read twice for all measures that are sums, however many breakdowns there are: once for the
largest term of each sum, so that sums are exact, and once for the sums. They are read twice more where the
order of welfare is needed (Gini, quantiles, Sen and their like): for that of everybody, and of every group.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from hearthline.engine.backends.runs import Run, open_run
from hearthline.statistics.columns import Column
from hearthline.statistics.counting_to_file import FileReport, count_to_file
from hearthline.statistics.estimation import SampleRequest
from hearthline.statistics.figures import Provenance
from hearthline.statistics.relation import relation_over
from hearthline.statistics.runs import provenance_of, relation_of, sample_of
from hearthline.statistics.session import MEMORY
from hearthline.statistics.specification import Specification, checked_weight, line_named, specification_of
from hearthline.statistics.table import StatisticsTable
from hearthline.statistics.tabulation import requested, tabulate


@dataclass(frozen=True)
class MeasureRequest:
    """Which measures of a run are asked for; without names the usual ones that its package allows.

    ``measures`` names them, ``all`` every one. ``by``: each entry is one breakdown: a value of the run, a
    household fact of the snapshot, ``area``, ``area:0`` (the top) and so on, or several joined by ``*``.
    ``welfare``, ``line`` (also a number) and ``weight`` (person, household, none) stand above what the
    package says in ``[statistics]``. ``data`` is where the snapshot is now, if it has been moved; ``memory``
    what the engine may take, as in ``4GB``.
    """

    by: Sequence[str] = ()
    measures: Sequence[str] = ()
    welfare: str | None = None
    line: str | None = None
    weight: str | None = None
    data: Path | None = None
    memory: str = MEMORY


def compute(
    run_folder: str | Path,
    asked: MeasureRequest,
    *,
    errors: bool = False,
    replicates: int = 0,
    seed: int = 1,
    most: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> StatisticsTable:
    """The measures of a run.

    ``errors``: each figure of a sample with its standard error, interval and design effect, by linearisation,
    or by so many bootstrap ``replicates``. ``most`` and ``progress`` as :func:`compute_run` takes them.
    """
    run = open_run(run_folder)
    return compute_run(
        run,
        _specified(run, asked),
        by=asked.by,
        measures=asked.measures,
        data=asked.data,
        memory=asked.memory,
        errors=errors,
        replicates=replicates,
        seed=seed,
        most=most,
        progress=progress,
    )


def compute_run(
    run: Run,
    specification: Specification,
    *,
    by: Sequence[str] = (),
    measures: Sequence[str] = (),
    data: Path | None = None,
    memory: str = MEMORY,
    errors: bool = False,
    replicates: int = 0,
    seed: int = 1,
    further: Sequence[Column] = (),
    most: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> StatisticsTable:
    """The measures of an open run by a specification; ``further`` columns beside them, as for a curve.

    Of each breakdown the first ``most`` groups become rows. ``progress`` is told the households counted.
    """
    relation = relation_of(run, specification, by=by, data=data, sampled=errors)
    return tabulate(
        relation,
        specification,
        by=by,
        measures=measures,
        provenance=provenance_of(run),
        memory=memory,
        sample=sample_of(run, relation, replicates=replicates, seed=seed) if errors else None,
        further=further,
        most=most,
        progress=progress,
    )


def compute_to_file(
    run_folder: str | Path,
    out: str | Path,
    asked: MeasureRequest,
    *,
    file_format: str,
    resume: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> FileReport:
    """The measures of a run straight to a new file, as :func:`compute` takes them, without errors.

    ``file_format`` is ``csv``, a figure a line, or ``parquet``, a group a row. Nothing is left half-written.
    ``resume`` goes on from the parts that a stopped count of the same kept beside the file.
    """
    run = open_run(run_folder)
    specification = _specified(run, asked)
    relation = relation_of(run, specification, by=asked.by, data=asked.data)
    return count_to_file(
        requested(relation, specification, by=asked.by, measures=asked.measures),
        specification,
        run,
        Path(out),
        file_format=file_format,
        memory=asked.memory,
        resume=resume,
        progress=progress,
    )


def _specified(run: Run, asked: MeasureRequest) -> Specification:
    return specification_for(run, welfare=asked.welfare, line=asked.line, weight=asked.weight)


def specification_for(
    run: Run, *, welfare: str | None = None, line: str | None = None, weight: str | None = None
) -> Specification:
    """What the frozen package of a run measures, with the caller's choices above it."""
    on = date.fromisoformat(run.record.on)
    return specification_of(run.policy, on, welfare=welfare, line=line, weight=weight)


def compute_over(
    files: Sequence[Path],
    *,
    by: Sequence[str] = (),
    measures: Sequence[str] = (),
    welfare: str | None = None,
    line: str | None = None,
    weight: str | None = None,
    specification: Specification | None = None,
    memory: str = MEMORY,
    sample: SampleRequest | None = None,
) -> StatisticsTable:
    """The measures of a Parquet table that is no run.

    ``weight`` is the column that holds the weight of a row; without it every row counts once. ``sample``
    names the columns of the design and asks for errors.
    """
    base = specification or Specification(weight="person" if weight else "none")
    chosen = replace(
        base,
        welfare=welfare or base.welfare,
        line=line_named(line) if line is not None else base.line,
        weight=checked_weight(base.weight),
    )
    return tabulate(
        relation_over(tuple(files)),
        chosen,
        by=by,
        measures=measures,
        provenance=Provenance(),
        memory=memory,
        weights={"person": weight} if weight else {},
        sample=sample,
    )
