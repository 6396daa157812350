# SPDX-License-Identifier: Apache-2.0
"""Decides how a place is opened, renamed, moved and closed; places in numbers come by ``loading``.

This app stands below accounts: the caller checks the permission and passes ``where``, the places in scope.
Other apps keep the path of a place in their rows. When a place moves, each of them rewrites its own paths in
the same transaction: it names a follower with ``on_move`` when the service starts. A move that would leave
rows of any table behind is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, models, transaction
from django.db.models import F, Max, Q, Value
from django.db.models.functions import Concat, Substr

from hearthline.areas import problems
from hearthline.areas.models import Area, AreaName
from hearthline.areas.queries import count_within, find_area_by_code, get_area, levels, places_within
from hearthline.areas.rules import PATH_LENGTH, PATH_STEP, lies_below, range_of, step_of
from hearthline.audit.services import record

DEEPEST = PATH_LENGTH // PATH_STEP
BY_HAND = "register"
"""The source of a name that was given here, not in a file."""
LONGEST = {"code": 40, "name": 120}
KEEPS_THE_OLD = {"audit"}
"""Apps whose rows say where something was done at the time; they do not follow a place that moves."""


@dataclass(frozen=True)
class Move:
    """A place and all within it go from one path to another."""

    old: str
    new: str


Follower = Callable[[Move], object]
_FOLLOWERS: dict[str, Follower] = {}


def on_move(app: str, follower: Follower) -> None:
    """Name what rewrites the paths in the tables of an app; apps do so when the service starts."""
    _FOLLOWERS[app] = follower


def paths_follow(app: str, *tables: type[models.Model]) -> None:
    """Let the column ``area_path`` of the tables of an app follow a place that moves, and nothing else."""

    def follow(move: Move) -> None:
        for table in tables:
            rewrite_paths(table._default_manager.all(), "area_path", move)

    on_move(app, follow)


def rewrite_paths(rows: models.QuerySet[models.Model], field: str, move: Move) -> int:
    """Rewrite the paths in ``field`` of the rows that lie within the place that moves: for followers."""
    part = range_of(move.old)
    within = rows.filter(**{f"{field}__gte": part.low, f"{field}__lt": part.high})
    return within.update(**{field: Concat(Value(move.new), Substr(F(field), len(move.old) + 1))})


def open_area(
    *,
    by: AbstractBaseUser | None,
    on: date,
    where: Q,
    parent_id: int | None,
    level: str,
    code: str,
    name: str,
    source: str = BY_HAND,
) -> Area:
    """Open a place below another; without a parent, at the top.

    Raises ``areas.not-found``, ``areas.code-taken``, ``areas.unknown-level``, ``areas.level-out-of-order``,
    ``areas.too-deep``, ``areas.closed``, ``areas.empty-text``, ``areas.too-long``,
    ``areas.top-needs-everywhere``.
    """
    code, name = checked_text("code", code), checked_text("name", name)
    with transaction.atomic():
        lock_tree()
        parent = _upper(parent_id, where)
        demand_level(code, level, parent)
        demand_code_free(code)
        depth = parent.depth + 1 if parent else 1
        demand_depth(code, depth)
        area = Area(parent=parent, depth=depth, level=level, code=code, name=name, opened_on=on)
        area.path = f"new {uuid4()}"
        area.save()
        area.path = (parent.path if parent else "") + step_of(area.pk)
        area.save(update_fields=["path"])
        AreaName.objects.create(area=area, code=code, name=name, valid_from=on, source=source[:200])
        _record(area, by=by, on=on, action="areas.open", level=level, code=code, name=name)
    return area


def rename_area(
    *,
    by: AbstractBaseUser | None,
    on: date,
    where: Q,
    area_id: int,
    name: str,
    code: str | None = None,
    source: str = BY_HAND,
) -> Area:
    """Give a place another name, and code where one is given, from a day on; the same again changes nothing.

    Raises ``areas.not-found``, ``areas.code-taken``, ``areas.before-last-name``, ``areas.closed``,
    ``areas.empty-text``, ``areas.too-long``.
    """
    name = checked_text("name", name)
    with transaction.atomic():
        lock_tree()
        area = get_area(area_id, where)
        code = area.code if code is None else checked_text("code", code)
        if (area.name, area.code) == (name, code):
            return area
        demand_open(area)
        if code != area.code:
            demand_code_free(code)
        before = {"name_before": area.name, "code_before": area.code}
        give_name(area, on=on, name=name, code=code, source=source)
        _record(area, by=by, on=on, action="areas.rename", name=name, code=code, **before)
    return area


def move_area(
    *, by: AbstractBaseUser | None, on: date, where: Q, area_id: int, parent_id: int | None
) -> Area:
    """Put a place, with all that lies within it, below another; every path of it is rewritten.

    Raises ``areas.not-found``, ``areas.cycle``, ``areas.level-out-of-order``, ``areas.too-deep``,
    ``areas.closed``, ``areas.top-needs-everywhere``, ``areas.move-would-lose``.
    """
    with transaction.atomic():
        lock_tree()
        area = get_area(area_id, where)
        parent = _upper(parent_id, where)
        if area.parent_id == parent_id:
            return area
        demand_open(area)
        demand_level(area.code, area.level, parent)
        before = area.path
        carry(area, parent)
        _record(area, by=by, on=on, action="areas.move", path_before=before)
    return area


def close_area(*, by: AbstractBaseUser | None, on: date, where: Q, area_id: int) -> Area:
    """Close a place in which no open place lies; what is recorded there stays.

    Raises ``areas.not-found``, ``areas.not-empty``, ``areas.closed``, ``areas.before-opened``.
    """
    with transaction.atomic():
        lock_tree()
        area = get_area(area_id, where)
        demand_open(area)
        if count := count_within(area.path):
            raise problems.NOT_EMPTY.error(count=count, name=area.name, code=area.code)
        if area.opened_on and on < area.opened_on:
            raise problems.BEFORE_OPENED.error(name=area.name, opened_on=area.opened_on, on=on)
        area.closed_on = on
        area.save(update_fields=["closed_on"])
        _record(area, by=by, on=on, action="areas.close")
    return area


def lock_tree() -> None:
    """One change of the tree at a time, so that two moves cannot make a circle; readers do not wait."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE areas_area IN SHARE ROW EXCLUSIVE MODE")


def give_name(area: Area, *, on: date | None, name: str, code: str, source: str) -> None:
    """End the present name of a place on a day and begin another; ``on`` None corrects the present one."""
    present = AreaName.objects.filter(area=area, valid_to__isnull=True).order_by("-pk").first()
    if on is None or (present and present.valid_from == on):
        if present:
            AreaName.objects.filter(pk=present.pk).update(name=name, code=code, source=source[:200])
    else:
        if present and present.valid_from and on < present.valid_from:
            raise problems.BEFORE_LAST_NAME.error(name=present.name, since=present.valid_from, on=on)
        if present:
            AreaName.objects.filter(pk=present.pk).update(valid_to=on)
        AreaName.objects.create(area=area, code=code, name=name, valid_from=on, source=source[:200])
    area.name, area.code = name, code
    area.save(update_fields=["name", "code"])


def give_level(area: Area, level: str) -> None:
    """Say that a place is of another level, as a county that became a district; its path stays."""
    area.level = level
    area.save(update_fields=["level"])


def carry(area: Area, parent: Area | None) -> None:
    """Rewrite the path of a place and of all that lies within it, here and in the tables above."""
    move = Move(area.path, (parent.path if parent else "") + step_of(area.pk))
    if parent and range_of(area.path).holds(parent.path):
        raise problems.CYCLE.error(code=area.code, parent=parent.code)
    deepest = places_within(area.path).aggregate(depth=Max("depth"))["depth"] or area.depth
    change = (parent.depth + 1 if parent else 1) - area.depth
    demand_depth(area.code, deepest + change)
    _demand_followers(area)
    places_within(move.old).update(depth=F("depth") + change)
    rewrite_paths(Area.objects.all(), "path", move)
    Area.objects.filter(pk=area.pk).update(parent=parent)
    for follower in _FOLLOWERS.values():
        follower(move)
    area.refresh_from_db()


def checked_text(field: str, text: str) -> str:
    """A name or code without blanks around it. Raises ``areas.empty-text``, ``areas.too-long``."""
    text, limit = text.strip(), LONGEST[field]
    if not text:
        raise problems.EMPTY_TEXT.error(field=field)
    if len(text) > limit:
        raise problems.TOO_LONG.error(field=field, text=text[:20], limit=limit)
    return text


def demand_level(code: str, level: str, parent: Area | None) -> None:
    """Raises ``areas.unknown-level``, ``areas.level-out-of-order``."""
    known = levels()
    if level not in known:
        raise problems.UNKNOWN_LEVEL.error(code=code, level=level, known=", ".join(known))
    if parent and parent.level in known and not lies_below(level, parent.level, known):
        raise problems.LEVEL_OUT_OF_ORDER.error(
            code=code, level=level, parent=parent.code, upper=parent.level, known=", ".join(known)
        )


def demand_code_free(code: str) -> None:
    """Raises ``areas.code-taken``."""
    taken = find_area_by_code(code)
    if taken:
        raise problems.CODE_TAKEN.error(code=code, name=taken.name)


def demand_depth(code: str, depth: int) -> None:
    """Raises ``areas.too-deep``."""
    if depth > DEEPEST:
        raise problems.TOO_DEEP.error(code=code, depth=depth, limit=DEEPEST)


def demand_open(area: Area) -> None:
    """Raises ``areas.closed``."""
    if area.closed_on:
        raise problems.CLOSED.error(name=area.name, code=area.code, closed_on=area.closed_on)


def _upper(parent_id: int | None, where: Q) -> Area | None:
    if parent_id is None:
        if where:  # a scope that bounds anything
            raise problems.TOP_NEEDS_EVERYWHERE.error()
        return None
    parent = get_area(parent_id, where)
    demand_open(parent)
    return parent


def _demand_followers(area: Area) -> None:
    """Refuse a move while a table above holds paths of the place and its app has named no follower."""
    part = range_of(area.path)
    for model in apps.get_models():
        app = model._meta.app_label
        if app in _FOLLOWERS or app in KEEPS_THE_OLD or model is Area:
            continue
        for field in model._meta.concrete_fields:
            bounds = {f"{field.name}__gte": part.low, f"{field.name}__lt": part.high}
            if field.name.endswith("area_path") and model._base_manager.filter(**bounds).exists():
                raise problems.MOVE_WOULD_LOSE.error(name=area.name, table=model._meta.db_table)


def _record(area: Area, *, by: AbstractBaseUser | None, on: date, action: str, **facts: object) -> None:
    record(
        by=by,
        on=on,
        action=action,
        subject="area",
        subject_id=area.pk,
        area_path=area.path,
        facts=facts,
    )
