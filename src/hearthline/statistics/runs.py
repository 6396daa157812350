# SPDX-License-Identifier: Apache-2.0
"""Decides what statistics read of a run: its table of households and, where asked for, its snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from hearthline.engine.backends.runs import Run
from hearthline.engine.rules.policy import AREA, HOUSEHOLD
from hearthline.engine.snapshots import Snapshot
from hearthline.statistics.figures import Provenance
from hearthline.statistics.relation import Facts, Relation, column_kinds, relation_over
from hearthline.statistics.specification import Specification


def relation_of(
    run: Run, specification: Specification, *, by: Sequence[str] = (), data: Path | None = None
) -> Relation:
    """The households of a run, with the facts and areas of its snapshot if a name asks for them.

    The snapshot is opened only when it is needed, and each of its files is hashed before it is read.
    ``data`` is where the snapshot is now, if it has been moved.
    """
    own = relation_over(tuple(run.paths("households")))
    names = {part.strip() for wanted in by for part in wanted.split("*")}
    names |= {name for name in _measured(specification) if name}
    if names <= {*own.types, AREA}:
        return own
    return with_snapshot(own, run.snapshot(data))


def _measured(specification: Specification) -> Iterable[str | None]:
    return (specification.welfare, specification.line.column if specification.line else None)


def with_snapshot(relation: Relation, snapshot: Snapshot) -> Relation:
    """The same rows with the facts and areas of the snapshot they came from."""
    table = snapshot.manifest.tables[HOUSEHOLD]
    files = tuple(snapshot.paths(HOUSEHOLD))
    kinds = column_kinds(files[0])
    facts = Facts(
        files=files,
        scales={name: entry.scale for name, entry in table.columns.items()},
        types={name: _kind(kinds.get(name, "other"), entry.scale) for name, entry in table.columns.items()},
    )
    areas = snapshot.path(AREA) if snapshot.has_areas else None
    return Relation(relation.files, relation.types, facts, areas)


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
