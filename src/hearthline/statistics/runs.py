# SPDX-License-Identifier: Apache-2.0
"""Decides what statistics read of a run: its table of households and, where asked for, its snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from hearthline.engine.backends.runs import Run
from hearthline.engine.rules.policy import AREA, HOUSEHOLD
from hearthline.engine.snapshots import Snapshot
from hearthline.engine.snapshots.schema import DESIGN_COLUMNS
from hearthline.statistics.estimation import SampleRequest
from hearthline.statistics.figures import Provenance
from hearthline.statistics.grouping import is_area
from hearthline.statistics.problems import BAD_REPLICATES, NO_SAMPLE
from hearthline.statistics.relation import Facts, Relation, column_kinds, relation_over
from hearthline.statistics.specification import Specification

LEAST_REPLICATES, MOST_REPLICATES = 2, 10_000


def relation_of(
    run: Run,
    specification: Specification,
    *,
    by: Sequence[str] = (),
    data: Path | None = None,
    sampled: bool = False,
) -> Relation:
    """The households of a run, with the facts and areas of its snapshot if a name asks for them.

    The snapshot is opened only when it is needed, and each of its files is hashed before it is read.
    ``data`` is where the snapshot is now, if it has been moved. ``sampled``: the design is needed too.
    """
    own = relation_over(tuple(run.paths("households")))
    names = {part.strip() for wanted in by for part in wanted.split("*")}
    names |= {name for name in _measured(specification) if name}
    if names <= {*own.types, AREA} and not sampled:
        return own
    asked = {name for name in names - {*own.types} if not is_area(name)}
    return with_snapshot(own, run.snapshot(data), facts=bool(asked) or sampled)


def _measured(specification: Specification) -> Iterable[str | None]:
    return (specification.welfare, specification.line.column if specification.line else None)


def with_snapshot(relation: Relation, snapshot: Snapshot, *, facts: bool = True) -> Relation:
    """The same rows with the areas of the snapshot they came from, and its facts where they are asked for.

    Only files that are read are hashed before: those of a nation's households take longer than its figures.
    """
    areas = snapshot.path(AREA) if snapshot.has_areas else None
    if not facts:
        return Relation(relation.files, relation.types, None, areas)
    table = snapshot.manifest.tables[HOUSEHOLD]
    files = tuple(snapshot.paths(HOUSEHOLD))
    kinds = column_kinds(files[0])
    design = [name for name in DESIGN_COLUMNS if name in kinds]
    found = Facts(
        files=files,
        scales={name: entry.scale for name, entry in table.columns.items()} | dict.fromkeys(design, 0),
        types={name: _kind(kinds.get(name, "other"), entry.scale) for name, entry in table.columns.items()}
        | dict.fromkeys(design, "text"),
    )
    return Relation(relation.files, relation.types, found, areas)


def _kind(kind: str, scale: int) -> str:
    return "number" if kind == "whole" and scale else kind


def provenance_of(run: Run) -> Provenance:
    """The versions behind the figures of a run."""
    record = run.record
    return Provenance(
        run=run.folder.name,
        package=record.package.id,
        version_hash=record.package.version_hash,
        snapshot_hash=record.snapshot.hash,
        on=record.on,
    )


def sample_of(run: Run, relation: Relation, *, replicates: int = 0, seed: int = 1) -> SampleRequest:
    """How the households of a run were drawn, by the design of its snapshot; refused if they were not.

    A package that weighs households, or a snapshot with a design, speaks of a sample. Without columns of
    the design each household counts as drawn for itself, with replacement.
    """
    columns = relation.facts.scales if relation.facts is not None else {}
    stratum, cluster = (name if name in columns else None for name in DESIGN_COLUMNS)
    if run.policy.household_weight is None and stratum is None and cluster is None:
        raise NO_SAMPLE.error(package=run.record.package.id)
    if replicates and not LEAST_REPLICATES <= replicates <= MOST_REPLICATES:
        raise BAD_REPLICATES.error(number=replicates, least=LEAST_REPLICATES, most=MOST_REPLICATES)
    return SampleRequest(stratum=stratum, cluster=cluster, replicates=replicates, seed=seed)
