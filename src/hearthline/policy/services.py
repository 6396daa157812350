# SPDX-License-Identifier: Apache-2.0
"""Decides how a package is published, put in force in an area for a period, and withdrawn again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import required_scope
from hearthline.areas.models import Area
from hearthline.audit.services import record
from hearthline.engine.packages import check_policy, policy_files
from hearthline.policy.models import Activation, PackageVersion
from hearthline.policy.problems import (
    NO_ACTIVATION,
    NOT_UTF8,
    OUTSIDE_VALIDITY,
    OVERLAPS,
    PERIOD_TURNED,
    SCENARIO_FAILS,
)
from hearthline.policy.rules import ACTIVATE_POLICY, PUBLISH_POLICY
from hearthline.policy.unpacking import policy_of

FURTHER_NOTICE = "until further notice"


def publish(*, by: Officer, on: date, folder: str | Path, note: str = "") -> PackageVersion:
    """Store a package word for word: a folder by its path, or a package that comes with Hearthline by its id.

    It must check and its scenarios must hold. What was published before is given back as it is.
    """
    required_scope(by=by, permission=PUBLISH_POLICY, on=on)
    check = check_policy(folder)
    policy = check.policy
    if not check.passed:
        failed = [result for result in check.results if not result.passed]
        raise SCENARIO_FAILS.error(
            package=policy.id, failed=len(failed), scenarios=len(check.results), first=failed[0].name
        )
    files = {name: _text(policy.id, name, content) for name, content in policy_files(folder).items()}
    with transaction.atomic():
        version, made = PackageVersion.objects.get_or_create(
            version_hash=policy.version_hash,
            defaults={
                "package_id": policy.id,
                "title": dict(policy.title),
                "files": files,
                "note": note,
                "published_at": timezone.now(),
                "published_by": by,
            },
        )
        if made:
            record(
                by=by,
                on=on,
                action="policy.publish",
                subject="policy_version",
                subject_id=version.pk,
                facts={"package": policy.id, "version": policy.version_hash, "note": note},
            )
    return version


def _text(package: str, name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NOT_UTF8.error(package=package, file=name) from error


def activate(
    *,
    by: Officer,
    on: date,
    version: PackageVersion,
    area: Area,
    starts_on: date,
    ends_on: date | None = None,
) -> Activation:
    """Put a version in force in an area and all within it, for screening dates of a period.

    Raises ``policy.period-turned``, ``policy.outside-validity``, ``policy.overlaps``.
    """
    required_scope(by=by, permission=ACTIVATE_POLICY, on=on, path=area.path)
    if ends_on is not None and ends_on < starts_on:
        raise PERIOD_TURNED.error(starts_on=starts_on, ends_on=ends_on)
    _check_validity(version, starts_on, ends_on)
    with transaction.atomic():
        # one activation of an area at a time, so that two cannot pass the check for overlap together
        locked = Area.objects.select_for_update().get(pk=area.pk)
        _check_overlap(locked, starts_on, ends_on)
        activation = Activation.objects.create(
            version=version,
            area=locked,
            area_path=locked.path,
            starts_on=starts_on,
            ends_on=ends_on,
            activated_at=timezone.now(),
            activated_by=by,
        )
        record(
            by=by,
            on=on,
            action="policy.activate",
            subject="policy_activation",
            subject_id=activation.pk,
            area_path=locked.path,
            facts={
                "package": version.package_id,
                "version": version.version_hash,
                "starts_on": starts_on.isoformat(),
                "ends_on": ends_on.isoformat() if ends_on else None,
            },
        )
    return activation


def _check_validity(version: PackageVersion, starts_on: date, ends_on: date | None) -> None:
    policy = policy_of(version)
    late = policy.end is not None and (ends_on or starts_on) > policy.end
    if starts_on < policy.start or late:
        raise OUTSIDE_VALIDITY.error(
            package=policy.id,
            start=policy.start,
            end=policy.end or FURTHER_NOTICE,
            starts_on=starts_on,
            ends_on=ends_on or FURTHER_NOTICE,
        )


def _check_overlap(area: Area, starts_on: date, ends_on: date | None) -> None:
    beside = Q(ends_on=None) | Q(ends_on__gte=starts_on)
    if ends_on is not None:
        beside &= Q(starts_on__lte=ends_on)
    other = (
        Activation.objects.filter(beside, area=area, withdrawn_at=None)
        .select_related("version")
        .order_by("starts_on")
        .first()
    )
    if other is not None:
        raise OVERLAPS.error(
            package=other.version.package_id,
            area=area.name,
            start=other.starts_on,
            end=other.ends_on or FURTHER_NOTICE,
        )


def withdraw_activation(*, by: Officer, on: date, activation_id: int, reason: str) -> Activation:
    """Take an activation back; it stays on record. Raises ``policy.no-activation``."""
    scope = required_scope(by=by, permission=ACTIVATE_POLICY, on=on)
    with transaction.atomic():
        activation = (
            Activation.objects.select_for_update()
            .filter(scope.filter(), pk=activation_id, withdrawn_at=None)
            .first()
        )
        if activation is None:
            raise NO_ACTIVATION.error(activation=activation_id)
        activation.withdrawn_at = timezone.now()
        activation.save(update_fields=["withdrawn_at"])
        record(
            by=by,
            on=on,
            action="policy.withdraw_activation",
            subject="policy_activation",
            subject_id=activation.pk,
            area_path=activation.area_path,
            facts={"reason": reason},
        )
    return activation
