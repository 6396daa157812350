# SPDX-License-Identifier: Apache-2.0
"""Decides what may be done to the register; these services are its only writers."""

from __future__ import annotations

from hearthline.registry.services.caches import Rebuilt, rebuild_current
from hearthline.registry.services.households import (
    add_member,
    end_membership,
    look_at_household,
    open_household,
    search_register,
)
from hearthline.registry.services.identities import erase_identity, open_sensitive
from hearthline.registry.services.observing import observe, observe_area

__all__ = [
    "Rebuilt",
    "add_member",
    "end_membership",
    "erase_identity",
    "look_at_household",
    "observe",
    "observe_area",
    "open_household",
    "open_sensitive",
    "rebuild_current",
    "search_register",
]
