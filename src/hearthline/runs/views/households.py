# SPDX-License-Identifier: Apache-2.0
"""Decides by what a household is known in every list that runs make, and where it opens."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from hearthline.runs.models import Result, SimulatedHousehold
from hearthline.ui.addresses import address_or_none
from hearthline.ui.tables import Column


def _link(row: object) -> str | None:
    if not isinstance(row, Result | SimulatedHousehold):
        return None
    return address_or_none("site:household", row.household_id) or None


KNOWN_BY = (
    Column(key="number", label=gettext_lazy("Household number"), value="household.number", link=_link),
    Column(key="head", label=gettext_lazy("Head of household"), value="household.head_name"),
    Column(key="place", label=gettext_lazy("Place"), value="household.area.name", sort="area_path"),
)
