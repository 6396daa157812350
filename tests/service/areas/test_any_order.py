# SPDX-License-Identifier: Apache-2.0
"""Decides that places stay a tree, whatever is opened, renamed, moved, closed and imported in any turn."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from hearthline.accounts.models import Officer
from hearthline.accounts.rules import Role
from hearthline.areas.loading import import_areas
from hearthline.areas.models import Area
from hearthline.areas.queries import EVERYWHERE, levels
from hearthline.areas.reading import AreaRow
from hearthline.areas.services import close_area, move_area, open_area, rename_area
from hearthline.audit.models import AuditRow
from hearthline.base.problems import HearthlineError

from ..conftest import TODAY, Hire
from .test_tree import demand_a_tree

STEPS = 120


def some(chance: random.Random) -> Area:
    """Any place, open or closed."""
    return chance.choice(list(Area.objects.order_by("pk")))


def rows_of_the_tree() -> list[AreaRow]:
    """The open places as a file would name them."""
    codes = dict(Area.objects.values_list("pk", "code"))
    return [
        AreaRow(area.code, area.name, area.level, codes.get(area.parent_id or 0, ""))
        for area in Area.objects.filter(closed_on__isnull=True).order_by("name", "pk")
    ]


def one_change(chance: random.Random, step: int, by: Officer) -> None:
    """One change of any kind, sensible or not."""
    kind = chance.choice(["open", "open", "rename", "move", "move", "close", "import"])
    area, other = some(chance), some(chance)
    if kind == "open":
        level, code = chance.choice(levels()), f"{step:06}"
        open_area(
            by=by, on=TODAY, where=EVERYWHERE, parent_id=other.pk, level=level, code=code, name=f"地{step}"
        )
    elif kind == "rename":
        rename_area(by=by, on=TODAY, where=EVERYWHERE, area_id=area.pk, name=f"名{step}")
    elif kind == "move":
        move_area(by=by, on=TODAY, where=EVERYWHERE, area_id=area.pk, parent_id=other.pk)
    elif kind == "close":
        close_area(by=by, on=TODAY, where=EVERYWHERE, area_id=area.pk)
    else:
        rows = rows_of_the_tree()
        moved = chance.choice(rows)
        edition = AreaRow(moved.code, f"版{step}", moved.level, chance.choice(rows).code)
        import_areas(
            by=by,
            on=TODAY,
            where=EVERYWHERE,
            source=[edition, AreaRow(f"i{step}", "新村", "village", moved.code)],
        )


@pytest.mark.parametrize("seed", range(3))
def test_the_places_stay_a_tree_whatever_is_done_to_them(
    places: dict[str, Area], hire: Hire, seed: int
) -> None:
    by, chance, outcomes = hire(Role.ADMINISTRATOR), random.Random(seed), Counter[str]()
    for step in range(STEPS):
        before, traces = list(Area.objects.order_by("pk").values()), AuditRow.objects.count()
        try:
            one_change(chance, step, by)
        except HearthlineError as refusal:
            outcomes[refusal.code] += 1
            assert list(Area.objects.order_by("pk").values()) == before
            assert AuditRow.objects.count() == traces
        else:
            outcomes["done"] += 1
        demand_a_tree()
    same = import_areas(by=by, on=TODAY, where=EVERYWHERE, source=rows_of_the_tree())
    assert (same.opened, same.changed) == (0, 0)
    assert outcomes["done"] > STEPS / 5
    assert outcomes["areas.level-out-of-order"] > 0
    print(dict(outcomes))
