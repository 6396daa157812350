# SPDX-License-Identifier: Apache-2.0
"""Decides by which package the facts of a place are read and checked on a day."""

from __future__ import annotations

from datetime import date

from hearthline.areas.models import Area
from hearthline.areas.rules import paths_above
from hearthline.engine.rules.policy import Policy
from hearthline.policy.models import PackageVersion
from hearthline.policy.problems import NONE_IN_FORCE
from hearthline.policy.queries import activations_over, holds_on, policy_of


def dictionary_of(area_path: str, on: date) -> tuple[PackageVersion, Policy]:
    """The version in force, or where none is, the one that was last activated over the place.

    A register is still read and written when the validity of its package has run out; screening is not.
    Raises ``policy.none-in-force`` where no package was ever activated.
    """
    found = find_dictionary(area_path, on)
    if found is None:
        name = Area.objects.filter(path=paths_above(area_path)[-1]).values_list("name", flat=True).first()
        raise NONE_IN_FORCE.error(area=name or area_path, on=on)
    return found


def find_dictionary(area_path: str, on: date) -> tuple[PackageVersion, Policy] | None:
    """The same, or None where no package was ever activated."""
    over = activations_over(area_path)
    if not over:
        return None
    latest = max(over, key=lambda one: (one.starts_on, one.pk))
    version = next((one for one in over if holds_on(one, on)), latest).version
    return version, policy_of(version)
