# SPDX-License-Identifier: Apache-2.0
"""Decides how policy packages are found: those published, and the one in force in a place on a date."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.db.models.functions import Length

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import required_scope
from hearthline.areas.queries import one_of_paths
from hearthline.areas.rules import paths_above
from hearthline.asking import Asked
from hearthline.engine.packages import PolicyListing, available_policies
from hearthline.policy.models import Activation, PackageVersion
from hearthline.policy.problems import NO_ACTIVATION, NO_VERSION
from hearthline.policy.rules import ACTIVATE_POLICY, VIEW_POLICY
from hearthline.policy.unpacking import check_of, folder_of, policy_of

__all__ = [
    "activations_in",
    "activations_over",
    "check_of",
    "find_activation_in_force",
    "folder_of",
    "get_activation",
    "get_version",
    "holds_on",
    "policy_of",
    "published_versions",
    "shipped_packages",
    "version_in_force",
]


def published_versions(*, by: Officer, on: date) -> QuerySet[PackageVersion]:
    """Every published version without its files, the newest first; a package belongs to no area."""
    required_scope(by=by, permission=VIEW_POLICY, on=on)
    return PackageVersion.objects.defer("files").select_related("published_by").order_by("-id")


def get_version(*, by: Officer, on: date, version_id: int) -> PackageVersion:
    """One published version. Raises ``policy.no-version``."""
    version = published_versions(by=by, on=on).filter(pk=version_id).first()
    if version is None:
        raise NO_VERSION.error(version=version_id)
    return version


def shipped_packages() -> list[PolicyListing]:
    """The packages that come with Hearthline and can be published by their id."""
    return [listing for listing in available_policies() if not listing.fault]


def activations_in(*, by: Officer, on: date) -> QuerySet[Activation]:
    """The activations in the officer's places that were not withdrawn, the latest period first."""
    scope = required_scope(by=by, permission=VIEW_POLICY, on=on)
    return (
        Activation.objects.filter(scope.filter(), withdrawn_at=None)
        .select_related("area", "version", "activated_by")
        .defer("version__files")
        .order_by("-starts_on", "-id")
    )


def get_activation(*, by: Officer, on: date, activation_id: int) -> Activation:
    """One activation that the officer may withdraw. Raises ``policy.no-activation``."""
    scope = required_scope(by=by, permission=ACTIVATE_POLICY, on=on)
    rows = Activation.objects.filter(scope.filter(), pk=activation_id, withdrawn_at=None)
    found = rows.select_related("area", "version").defer("version__files").first()
    if found is None:
        raise NO_ACTIVATION.error(activation=activation_id)
    return found


_OVER = Asked(
    lambda: (
        Activation.objects.filter(one_of_paths("area_path"), withdrawn_at=None)
        .select_related("area", "version")
        .defer("version__files")
        .order_by(Length("area_path").desc(), "-starts_on")
    )
)


def activations_over(area_path: str) -> list[Activation]:
    """The activations not withdrawn in an area and those above it, the nearest area first."""
    return _OVER.rows(paths=paths_above(area_path))


def find_activation_in_force(area_path: str, on: date) -> Activation | None:
    """The activation that holds in an area on a date: that of the nearest area above with one."""
    return next((one for one in activations_over(area_path) if holds_on(one, on)), None)


def holds_on(activation: Activation, on: date) -> bool:
    """Whether a date lies in the period of an activation."""
    return activation.starts_on <= on and (activation.ends_on is None or on <= activation.ends_on)


def version_in_force(area_path: str, on: date) -> PackageVersion | None:
    """The version in force in an area on a screening date, or None."""
    activation = find_activation_in_force(area_path, on)
    return activation.version if activation else None
