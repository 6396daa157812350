# SPDX-License-Identifier: Apache-2.0
"""Decides what two runs have to say about the same households, and when they may be compared at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from hearthline.engine.backends.runs import Run, open_run
from hearthline.engine.rules.dependence import Dependence, dependence_of
from hearthline.engine.snapshots import KEYS_OF
from hearthline.statistics.difference_formats import csv_of_difference, json_of_difference, text_of_difference
from hearthline.statistics.differences import Behind, RunDifference
from hearthline.statistics.grouping import Grouping, grouping_of, is_area, key_columns
from hearthline.statistics.measures import specification_for
from hearthline.statistics.pairing import (
    JUDGED,
    Side,
    ask_for_all,
    changed_rows,
    pair_steps,
    read_counts,
    read_criteria,
    read_households,
    read_only,
)
from hearthline.statistics.problems import DIFFERENT_SNAPSHOTS, NOT_A_KEY_FILE
from hearthline.statistics.relation import Relation, area_names
from hearthline.statistics.runs import provenance_of, relation_of
from hearthline.statistics.session import MEMORY, open_session
from hearthline.statistics.specification import Specification
from hearthline.statistics.tracing import (
    changed_rules,
    listed_rows,
    read_origins,
    read_rules,
    rule_labels,
)

KEY_COLUMNS = {"level", "source_key", "id"}
LISTED = 1000


@dataclass(frozen=True)
class Comparison(RunDifference):
    """Two runs held against each other, to ask or to print."""

    def to_text(self, language: str = "en") -> str:
        """Counts, criteria and the list for people."""
        return text_of_difference(self, language)

    def to_csv(self) -> str:
        """The list of households, one criterion that changed a line."""
        return csv_of_difference(self)

    def to_json(self) -> str:
        """Everything, for another program."""
        return json_of_difference(self)


def compare(
    earlier: str | Path,
    later: str | Path,
    *,
    by: Sequence[str] = (),
    keys: tuple[Path, Path] | None = None,
    listed: int | None = LISTED,
    list_to: Path | None = None,
    memory: str = MEMORY,
) -> Comparison:
    """Who entered, who left, whose status became known or unknown, and the criteria behind it.

    Each run answers by its own default standard. Households are matched by their number if both runs
    read the same snapshot; else by their source keys from the two key files (``keys``: earlier, later).
    ``by`` groups by values of the later run (of the earlier one for households it does not know).
    ``listed`` households are kept in the answer, None keeps all; ``list_to`` writes all to a Parquet file.
    """
    runs = open_run(earlier), open_run(later)
    check_comparable(*runs, keys)
    specifications = specification_for(runs[0]), specification_for(runs[1])
    return compare_runs(
        runs,
        specifications,
        by=by,
        keys=keys,
        listed=listed,
        list_to=list_to,
        memory=memory,
        dependence=None if keys else dependence_of(runs[0].policy, runs[1].policy, *_days(runs)),
    )


def compare_runs(
    runs: tuple[Run, Run],
    specifications: tuple[Specification, Specification],
    *,
    by: Sequence[str] = (),
    keys: tuple[Path, Path] | None = None,
    listed: int | None = LISTED,
    list_to: Path | None = None,
    memory: str = MEMORY,
    dependence: Dependence | None = None,
) -> Comparison:
    """The same for two open runs by the specification of each.

    ``dependence``: what differs between their packages, to name the changed rules behind each household. Of
    two snapshots there is none: what differs may come from the facts.
    """
    check_comparable(*runs, keys)
    criteria = _criteria(specifications)
    later_ones = [name for name, (_, is_later) in criteria.items() if is_later]
    rules = (
        {} if dependence is None else changed_rules(runs[0].policy, runs[1].policy, dependence, later_ones)
    )
    earlier, later, groupings = paired_sides(runs, specifications, by, keys, criteria)
    earlier, later = replace(earlier, rules=rules), replace(later, rules=rules)
    with open_session(memory=memory) as session:
        all_are_asked = dependence is not None and ask_for_all(*(run.policy for run in runs))
        for step in pair_steps(earlier, later, groupings[1], criteria, all_are_asked=all_are_asked):
            session.define(step)
        counts = read_counts(session, groupings[1])
        if list_to is not None:
            session.write(
                changed_rows(criteria) if dependence is None else listed_rows(criteria, rules, JUDGED),
                str(list_to),
            )
        differences, unexplained = read_criteria(session, criteria)
        households = read_households(session, criteria, listed)
        behind = None
        if dependence is not None:
            behind = Behind(
                traced=read_origins(session, rules, JUDGED),
                of=read_rules(session, criteria, rules, listed, JUDGED),
                origins=dependence.origins,
                labels=rule_labels(runs[1].policy, rules),
            )
        return Comparison(
            specification=merged_specification(specifications),
            earlier=provenance_of(runs[0]),
            later=provenance_of(runs[1]),
            matched_by="keys" if keys else "snapshot",
            groups=tuple(dict.fromkeys(group for group, _ in counts)),
            counts=counts,
            criteria=differences,
            unexplained=unexplained,
            only=read_only(session),
            households=households.listed,
            listed_of=households.number,
            area_names=area_names(later.relation) if any(map(is_area, by)) else {},
            behind=behind,
        )


def _days(runs: tuple[Run, Run]) -> tuple[date, date]:
    """The dates on which the later and the earlier run were asked."""
    return date.fromisoformat(runs[1].record.on), date.fromisoformat(runs[0].record.on)


def paired_sides(
    runs: tuple[Run, Run],
    specifications: tuple[Specification, Specification],
    by: Sequence[str],
    keys: tuple[Path, Path] | None,
    criteria: Mapping[str, tuple[bool, bool]] | None = None,
    *,
    sampled: bool = False,
) -> tuple[Side, Side, list[Grouping]]:
    """Both runs ready to be matched, and how each is broken down; ``sampled``: their designs are needed."""
    relations = [
        relation_of(run, part, by=by, sampled=sampled) for run, part in zip(runs, specifications, strict=True)
    ]
    groupings = [grouping_of(relation, by) for relation in relations]
    earlier, later = (
        _side(relation, grouping, criteria or {}, keys[place] if keys else None)
        for place, (relation, grouping) in enumerate(zip(relations, groupings, strict=True))
    )
    return earlier, later, groupings


def check_comparable(earlier: Run, later: Run, keys: tuple[Path, Path] | None) -> None:
    """Refuse two runs of different snapshots, unless the keys of both are given and fit them."""
    hashes = earlier.record.snapshot.hash, later.record.snapshot.hash
    if keys is None and hashes[0] != hashes[1]:
        raise DIFFERENT_SNAPSHOTS.error(earlier=hashes[0][:12], later=hashes[1][:12])
    for file, snapshot in zip(keys or (), hashes, strict=False):
        check_key_file(file, snapshot)


def check_key_file(file: Path, snapshot: str) -> None:
    """Refuse what is no key file, or that of another snapshot, whose numbers are other households."""
    if not file.is_file():
        raise NOT_A_KEY_FILE.error(file=file, reason="there is no such file")
    try:
        schema = pq.read_schema(file)
    except (OSError, pa.ArrowException) as error:
        raise NOT_A_KEY_FILE.error(file=file, reason="it is not a Parquet file") from error
    missing = KEY_COLUMNS - set(schema.names)
    if missing:
        raise NOT_A_KEY_FILE.error(file=file, reason=f"it has no column {', '.join(sorted(missing))}")
    stated = (schema.metadata or {}).get(KEYS_OF)
    if stated is not None and stated.decode("ascii", "replace") != snapshot:
        reason = f"it holds the keys of another snapshot than {snapshot[:12]}, which the run was made from"
        raise NOT_A_KEY_FILE.error(file=file, reason=reason)


def _criteria(specifications: tuple[Specification, Specification]) -> dict[str, tuple[bool, bool]]:
    """The criteria of the two default standards, and in which of them each is."""
    lists = [part.default_standard.criteria if part.default_standard else () for part in specifications]
    return {name: (name in lists[0], name in lists[1]) for name in dict.fromkeys([*lists[1], *lists[0]])}


def _side(
    relation: Relation, grouping: Grouping, criteria: Mapping[str, tuple[bool, bool]], keys: Path | None
) -> Side:
    return Side(relation, key_columns(grouping), [name for name in criteria if name in relation.types], keys)


def merged_specification(specifications: tuple[Specification, Specification]) -> Specification:
    """The later specification, with the words of criteria that only the earlier one has."""
    earlier, later = specifications
    values = {
        **vars(later),
        "criteria": {**earlier.criteria, **later.criteria},
        "counts_people": earlier.counts_people and later.counts_people,
    }
    return Specification(**values)
