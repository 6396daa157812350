# SPDX-License-Identifier: Apache-2.0
"""Decides how the services of accounts, places, jobs and policy are called, and what each needs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils import timezone

from hearthline.accounts import queries as accounts
from hearthline.accounts import services as accounts_services
from hearthline.accounts.rules import (
    IMPORT_AREAS,
    Role,
)
from hearthline.accounts.services.grants import check_place
from hearthline.areas import loading as areas_loading
from hearthline.areas import services as areas_services
from hearthline.areas.reading import AreaRow
from hearthline.jobs import services as jobs_services
from hearthline.policy import queries as policy
from hearthline.policy import services as policy_services
from hearthline.policy.rules import ACTIVATE_POLICY, PUBLISH_POLICY, VIEW_POLICY
from hearthline.site.rules import STEER_JOBS
from tests.service.security.call import (
    MANAGES,
    READS,
    REASON,
    SCREENED,
    TODAY,
    Call,
    in_list,
    is_everywhere,
    of_officer,
    within_of,
)
from tests.service.security.world import PLACES

ACCOUNTS: Mapping[str, Call] = {
    "officers_in": Call(
        needs=READS,
        do=lambda by, to, world: accounts.officers_in(by=by, on=TODAY()),
        lists=lambda given, to: in_list(given, to.officer),
    ),
    "get_officer": Call(needs=READS, do=of_officer(accounts.get_officer)),
    "get_officer_to_manage": Call(needs=MANAGES, do=of_officer(accounts.get_officer_to_manage)),
    "grants_in": Call(
        needs=READS,
        do=lambda by, to, world: accounts.grants_in(by=by, on=TODAY()),
        lists=lambda given, to: in_list(given, to.grant),
    ),
    "grants_of": Call(
        needs=READS,
        do=lambda by, to, world: accounts.grants_of(by=by, on=TODAY(), officer=to.officer),
        lists=lambda given, to: in_list(given, to.grant),
    ),
    "get_grant": Call(
        needs=MANAGES,
        do=lambda by, to, world: accounts.get_grant(by=by, on=TODAY(), grant_id=to.grant.pk),
    ),
    "areas_to_grant": Call(
        needs=MANAGES,
        do=lambda by, to, world: accounts.areas_to_grant(by=by, on=TODAY()),
        lists=lambda given, to: in_list(given, to.area),
    ),
    "sign_ins_of": Call(
        needs=READS,
        do=lambda by, to, world: list(
            accounts.sign_ins_of(by=by, on=TODAY(), officer=to.officer, at=timezone.now())
        ),
    ),
    "open_account": Call(
        needs=MANAGES,
        do=lambda by, to, world: accounts_services.open_account(
            by=by, on=TODAY(), username="sun.li", name="孙丽", role=Role.VIEWER, area=to.area
        ),
    ),
    "grant_role": Call(
        needs=MANAGES,
        do=lambda by, to, world: accounts_services.grant_role(
            by=by, on=TODAY(), officer_id=to.officer.pk, role=Role.ANALYST, area=to.area
        ),
    ),
    "check_place": Call(needs=MANAGES, do=lambda by, to, world: check_place(by=by, on=TODAY(), area=to.area)),
    "withdraw_grant": Call(
        needs=MANAGES,
        do=lambda by, to, world: accounts_services.withdraw_grant(by=by, on=TODAY(), grant_id=to.grant.pk),
    ),
    "close_account": Call(needs=MANAGES, do=of_officer(accounts_services.close_account)),
    "reopen_account": Call(
        needs=MANAGES,
        do=lambda by, to, world: accounts_services.reopen_account(by=by, on=TODAY(), officer_id=to.closed.pk),
    ),
    "reset_password": Call(needs=MANAGES, do=of_officer(accounts_services.reset_password)),
    "remove_totp": Call(needs=MANAGES, do=of_officer(accounts_services.remove_totp)),
    "end_sign_ins_of": Call(needs=MANAGES, do=of_officer(accounts_services.end_sign_ins_of)),
    "end_sign_in": Call(
        needs=MANAGES,
        do=lambda by, to, world: accounts_services.end_sign_in(by=by, on=TODAY(), sign_in_id=to.sign_in.pk),
    ),
}
AREAS: Mapping[str, Call] = {
    "open_area": Call(
        needs=(IMPORT_AREAS,),
        hides=True,
        do=lambda by, to, world: areas_services.open_area(
            by=by,
            on=TODAY(),
            where=within_of(by, IMPORT_AREAS, "path"),
            parent_id=to.area.pk,
            level="village",
            code=f"new-{to.place}",
            name="新村",
        ),
    ),
    "rename_area": Call(
        needs=(IMPORT_AREAS,),
        hides=True,
        do=lambda by, to, world: areas_services.rename_area(
            by=by, on=TODAY(), where=within_of(by, IMPORT_AREAS, "path"), area_id=to.area.pk, name="改名"
        ),
    ),
    "move_area": Call(
        needs=(IMPORT_AREAS,),
        hides=True,
        reach=frozenset(),
        where=SCREENED,
        do=lambda by, to, world: areas_services.move_area(
            by=by,
            on=TODAY(),
            where=within_of(by, IMPORT_AREAS, "path"),
            area_id=to.area.pk,
            parent_id=world.county.neighbour.pk if to.place in SCREENED else 0,
        ),
    ),
    "close_area": Call(
        needs=(IMPORT_AREAS,),
        hides=True,
        where=frozenset({"other"}),
        reach=frozenset(),
        do=lambda by, to, world: areas_services.close_area(
            by=by,
            on=TODAY(),
            where=within_of(by, IMPORT_AREAS, "path"),
            area_id=to.area.pk if to.place == "other" or not is_everywhere(by) else 0,
        ),
    ),
    "import_areas": Call(
        needs=(IMPORT_AREAS,),
        hides=True,
        reach=frozenset(),
        do=lambda by, to, world: areas_loading.import_areas(
            by=by,
            on=TODAY(),
            source=[AreaRow(f"new-{to.place}", "新村", "village", to.area.code)],
            where=within_of(by, IMPORT_AREAS, "path"),
        ),
    ),
}
JOBS: Mapping[str, Call] = {
    "cancel_job": Call(
        needs=(STEER_JOBS,),
        hides=True,
        do=lambda by, to, world: jobs_services.cancel_job(
            by=by, on=TODAY(), job_id=to.job.pk, where=within_of(by, STEER_JOBS, "area_path")
        ),
    ),
    "retry_job": Call(
        needs=(STEER_JOBS,),
        hides=True,
        do=lambda by, to, world: jobs_services.retry_job(
            by=by, on=TODAY(), job_id=to.failed.pk, where=within_of(by, STEER_JOBS, "area_path")
        ),
    ),
}
POLICY: Mapping[str, Call] = {
    "published_versions": Call(
        needs=(VIEW_POLICY,),
        reach=frozenset(PLACES),
        do=lambda by, to, world: list(policy.published_versions(by=by, on=TODAY())),
    ),
    "get_version": Call(
        needs=(VIEW_POLICY,),
        reach=frozenset(PLACES),
        do=lambda by, to, world: policy.get_version(by=by, on=TODAY(), version_id=world.version.pk),
    ),
    "activations_in": Call(
        needs=(VIEW_POLICY,),
        do=lambda by, to, world: policy.activations_in(by=by, on=TODAY()),
        lists=lambda given, to: in_list(given, to.activation),
    ),
    "get_activation": Call(
        needs=(ACTIVATE_POLICY,),
        do=lambda by, to, world: policy.get_activation(by=by, on=TODAY(), activation_id=to.activation.pk),
    ),
    "publish": Call(
        needs=(PUBLISH_POLICY,),
        reach=frozenset(PLACES),
        do=lambda by, to, world: policy_services.publish(by=by, on=TODAY(), folder="cn/2014-2020"),
    ),
    "activate": Call(
        needs=(ACTIVATE_POLICY,),
        do=lambda by, to, world: policy_services.activate(
            by=by,
            on=TODAY(),
            version=world.version,
            area=to.area,
            starts_on=date(2018, 5, 1),
            ends_on=date(2018, 5, 31),
        ),
    ),
    "withdraw_activation": Call(
        needs=(ACTIVATE_POLICY,),
        do=lambda by, to, world: policy_services.withdraw_activation(
            by=by, on=TODAY(), activation_id=to.activation.pk, reason=REASON
        ),
    ),
}
