# SPDX-License-Identifier: Apache-2.0
"""Decides how the figures of a run become the counts of a table: those that its pages show, area by area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from hearthline.areas.models import Area
from hearthline.areas.queries import levels as levels_of_service
from hearthline.areas.rules import PATH_STEP, range_of
from hearthline.base.sealing import keys_of
from hearthline.policy.queries import policy_of
from hearthline.releases.problems import NO_SUCH_LEVEL, NOT_OF_THE_RUN, NOTHING_COUNTED
from hearthline.runs.models import AreaFigures, Run
from hearthline.statistics.place_tables import Edition, PlaceTable, Subject, Tally, table_of
from hearthline.statistics.publishing import deciding_of, names_counted

_LETTERS = 16
"""Of a mark: enough that two different counts never share one."""


@dataclass(frozen=True)
class Counted:
    """What a run counts in its places, and which of them lie within the place of the table."""

    tallies: tuple[Tally, ...]
    within: frozenset[str]


def counted_in(run: Run, area: Area) -> Counted:
    """The counts of every area of a run. Raises ``releases.not-of-the-run``."""
    part = range_of(run.area_path)
    rows = AreaFigures.objects.filter(run=run, area_path__gte=part.low, area_path__lt=part.high)
    found = list(rows.select_related("area").order_by("area_path"))
    keys = {row.area_path: f"{row.area.code}/{row.area_id}" for row in found}
    if area.path not in keys:
        raise NOT_OF_THE_RUN.error(run=run.pk, area=area.name)
    order = {level: number for number, level in enumerate(levels_of_service())}
    policy = policy_of(run.version)
    criteria, causes = names_counted(policy, Subject.CRITERIA), names_counted(policy, Subject.CAUSES)
    tallies = tuple(
        Tally(
            key=keys[row.area_path],
            parent=keys.get(row.area_path[:-PATH_STEP]),
            level=order.get(row.area.level, len(order)),
            code=row.area.code,
            name=row.area.name,
            households=row.households,
            poor=row.poor_households,
            unknown=row.unknown_households,
            criteria={name: _pair(row.criteria.get(name, (0, 0, 0, 0))) for name in criteria},
            causes={name: int(row.causes.get(name, (0, 0))[0]) for name in causes},
        )
        for row in found
    )
    inside = range_of(area.path)
    return Counted(tallies, frozenset(key for path, key in keys.items() if inside.holds(path)))


def _pair(counts: Sequence[int]) -> tuple[int, int]:
    """Households not met and unknown, of what a row holds."""
    return int(counts[0]), int(counts[2])


def table_for(run: Run, area: Area, levels: Sequence[str], subject: Subject) -> PlaceTable:
    """The table of a place, with the levels below it that are asked for.

    Raises ``releases.not-of-the-run``, ``releases.no-level``, ``releases.nothing-counted``.
    """
    counted = counted_in(run, area)
    order = list(levels_of_service())
    there = {tally.level for tally in counted.tallies if tally.key in counted.within}
    known = [level for number, level in enumerate(order) if number in there and level != area.level]
    for level in levels:
        if level not in known:
            raise NO_SUCH_LEVEL.error(area=area.name, level=level, levels=", ".join(known) or "none")
    policy = policy_of(run.version)
    if subject is not Subject.STATUS and not names_counted(policy, subject):
        raise NOTHING_COUNTED.error(run=run.pk, subject=subject.value)
    edition = Edition(
        policy.default_standard.name,
        run.on.isoformat(),
        deciding=deciding_of(policy),
        told_apart=_mark,
    )
    chosen = [order.index(level) for level in levels]
    return table_of(counted.tallies, chosen, subject, edition, within=counted.within)


def _mark(series: str, count: int) -> str:
    """Counts of one place and day that are equal in two runs have one name, others have two: under a key.

    So a table of the same households meets its earlier ones, whichever run it is of, and the name betrays
    no count to who has the memory without the keys.
    """
    return keys_of(settings.KEY_FILE).index(f"release|{series}|{count}")[:_LETTERS]
