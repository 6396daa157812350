# SPDX-License-Identifier: Apache-2.0
"""Decides how the services of releases are called, and what each needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from hearthline.releases import queries, services
from hearthline.releases.rules import PREPARE_RELEASE, PUBLISH_RELEASE, VIEW_RELEASES
from hearthline.statistics.gate import Method
from hearthline.statistics.place_tables import Subject
from tests.service.security.call import RUN_REACH, TODAY, Call, in_list
from tests.service.security.world import Site, World


class Table(TypedDict):
    run_id: int
    area_id: int
    subject: Subject
    method: Method
    levels: list[str]


def table(to: Site, world: World) -> Table:
    return {
        "run_id": world.county.run.pk,
        "area_id": to.area.pk,
        "subject": Subject.STATUS,
        "method": Method.SUPPRESS,
        "levels": [],
    }


RELEASES: Mapping[str, Call] = {
    "releases_in": Call(
        needs=(VIEW_RELEASES,),
        reach=RUN_REACH,
        do=lambda by, to, world: queries.releases_in(by=by, on=TODAY()),
        lists=lambda given, to: in_list(given, to.release),
    ),
    "get_release": Call(
        needs=(VIEW_RELEASES,),
        reach=RUN_REACH,
        do=lambda by, to, world: queries.get_release(by=by, on=TODAY(), release_id=to.release.pk),
    ),
    "get_release_to_withdraw": Call(
        needs=(PUBLISH_RELEASE,),
        do=lambda by, to, world: queries.get_release_to_withdraw(by=by, on=TODAY(), release_id=to.release.pk),
    ),
    "runs_to_publish": Call(
        needs=(PREPARE_RELEASE,),
        reach=RUN_REACH,
        do=lambda by, to, world: queries.runs_to_publish(by=by, on=TODAY()),
        lists=lambda given, to: in_list(given, to.run),
    ),
    "proposal": Call(
        needs=(PREPARE_RELEASE,),
        where=frozenset({"own", "parent", "sibling"}),
        do=lambda by, to, world: queries.proposal(by=by, on=TODAY(), **table(to, world)),
    ),
    "request_release": Call(
        needs=(PUBLISH_RELEASE,),
        where=frozenset({"own", "parent", "sibling"}),
        do=lambda by, to, world: services.request_release(
            by=by, on=TODAY(), **table(to, world), seen="0" * 64
        ),
    ),
    "withdraw_release": Call(
        needs=(PUBLISH_RELEASE,),
        do=lambda by, to, world: services.withdraw_release(
            by=by, on=TODAY(), release_id=to.release.pk, reason="a figure was wrong"
        ),
    ),
}
