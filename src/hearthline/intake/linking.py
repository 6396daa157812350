# SPDX-License-Identifier: Apache-2.0
"""Decides which rows belong together and which are refused for what they are to one another.

Every step is one statement over the staged rows. Its first reason is the one a row keeps: a copy of a
key is called a copy before its household is called refused because of it.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import pyarrow as pa

from hearthline.base.problems import Problem
from hearthline.engine.rules.policy import HOUSEHOLD, PERSON
from hearthline.engine.snapshots.partition import ROWS_PER_HOUSEHOLD
from hearthline.intake import link_steps as steps
from hearthline.intake import row_problems as problem
from hearthline.intake.areas import AreaBook
from hearthline.intake.staging import Staging


def link(staging: Staging, book: AreaBook) -> None:
    """Find what belongs together and refuse what does not; afterwards every staged row has its fate."""
    checks = staging.plan.map.checks
    staging.insert("area_steps", book.steps())
    staging.connection.execute(steps.FIND_BY_PERSON)
    staging.connection.execute(steps.HOUSEHOLDS)
    staging.connection.execute(steps.MERGED)
    staging.connection.execute(steps.COPIES)
    _refuse(staging, problem.DUPLICATE, steps.REFUSE_COPIES)
    staging.drop("copies")
    _note_disagreeing(staging)
    _refuse(staging, problem.DISAGREE, steps.REFUSE_DISAGREEING)
    _refuse(staging, problem.AREA_TWO_PARENTS, steps.REFUSE_AREAS)
    _refuse(staging, problem.ORPHAN, steps.REFUSE_ORPHANS)
    _refuse(staging, problem.ORPHAN, steps.REFUSE_ORPHANS_OF_PERSONS)
    _refuse(staging, problem.NOT_IN_JOINED, steps.REFUSE_UNJOINED)
    if checks.incomplete_households == "refuse":
        _refuse(staging, problem.MEMBER_REFUSED, steps.REFUSE_INCOMPLETE)
    else:
        _refuse(staging, problem.PERSON_REFUSED, steps.REFUSE_WITH_PERSON)
    staging.connection.execute(steps.SOUND)
    _check_counts(staging)
    if checks.size is not None:
        _note_declared(staging, checks.size)
        _refuse(staging, problem.SIZE_DIFFERS, steps.REFUSE_BY_SIZE)
    member = staging.kinds.number(problem.MEMBER_REFUSED.code, problem.MEMBER_REFUSED.remedy)
    _refuse(staging, problem.OWNER_REFUSED, steps.REFUSE_WITH_HOUSEHOLD, member=member)
    staging.drop("sound")
    staging.insert("kinds", staging.kinds.table())


def _refuse(staging: Staging, reason: Problem, statement: str, **values: object) -> None:
    kind = staging.kinds.number(reason.code, reason.remedy)
    staging.connection.execute(statement, {"message": reason.message, "kind": kind} | values)


def _check_counts(staging: Staging) -> None:
    plan, checks = staging.plan, staging.plan.map.checks
    most = ROWS_PER_HOUSEHOLD
    if plan.listing(PERSON) and checks.persons_listed:
        _refuse_by_count(staging, problem.NO_PERSONS, PERSON, 1, 2**62)
    if any(entry.rule.head for entry in plan.listing(PERSON)):
        _refuse_by_count(staging, problem.HEADS, PERSON, 1, 1, heads=True)
    for name, level in plan.counted.items():
        fact = plan.policy.facts[HOUSEHOLD][name]
        least = int(fact.minimum) if isinstance(fact.minimum, Decimal) else 0
        limit = int(fact.maximum) if isinstance(fact.maximum, Decimal) else most
        _refuse_by_count(staging, problem.COUNT_OUTSIDE, level, least, limit, fact=name)
    for level in {entry.level for entry in plan.entries if entry.level in plan.policy.levels} - {HOUSEHOLD}:
        _refuse_by_count(staging, problem.ROWS_WITHOUT_END, level, 0, most, limit=str(most))


def _refuse_by_count(
    staging: Staging,
    reason: Problem,
    level: str,
    least: int,
    most: int,
    *,
    heads: bool | None = None,
    **words: str,
) -> None:
    message = reason.message.replace("{level}", level)
    for name, word in words.items():
        message = message.replace(f"{{{name}}}", word)
    bounds = {"level": level, "least": least, "most": most, "heads": heads}
    _refuse(staging, reason, steps.REFUSE_BY_COUNT, **{"message": message} | bounds)


def _note_disagreeing(staging: Staging) -> None:
    """Which households have rows that should agree and do not, and on which facts."""
    connection = staging.connection
    connection.execute("create table disagreeing (_hkey varchar, n bigint, columns varchar)")
    if not any(entry.rule.repeated for entry in staging.plan.entries):
        return
    connection.table("facts_of_household").create_view("household_facts")
    rows: pa.Table = connection.sql(steps.DISAGREEING).to_arrow_table()
    seen: dict[str, list[dict[str, object]]] = defaultdict(list)
    for row in rows.to_pylist():
        seen[row.pop("_hkey")].append(row)
    found = [
        (
            key,
            len(copies),
            ", ".join(name for name in copies[0] if len({str(c[name]) for c in copies}) > 1) or "its area",
        )
        for key, copies in seen.items()
    ]
    if found:
        keys, counts, names = zip(*found, strict=True)
        table = pa.table({"_hkey": keys, "n": pa.array(counts, pa.int64()), "columns": names})
        connection.from_arrow(table).insert_into("disagreeing")


def _note_declared(staging: Staging, fact: str) -> None:
    """The size that each household declares."""
    plan = staging.plan
    entry = next(
        e
        for e in [*plan.listing(HOUSEHOLD), *plan.joining(HOUSEHOLD)]
        if any(p.fact.name == fact for p in e.facts)
    )
    name = "facts_of_household" if entry.lists else f"facts_joined_{entry.number}"
    staging.connection.table(name).project(f'_rid, "{fact}" as size').create_view("declared_rows")
    staging.connection.execute(steps.DECLARED)
