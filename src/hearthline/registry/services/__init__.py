# SPDX-License-Identifier: Apache-2.0
"""Decides what may be done to the register; these services are its only writers."""

from __future__ import annotations

from hearthline.registry.services.caches import Rebuilt, rebuild_current
from hearthline.registry.services.correcting import correct_value
from hearthline.registry.services.entering import (
    GivenPerson,
    enter_household,
    enter_member,
    record_leaving,
)
from hearthline.registry.services.households import (
    add_member,
    end_membership,
    look_at_household,
    look_at_observation,
    open_household,
    search_register,
)
from hearthline.registry.services.identities import erase_identity, open_sensitive
from hearthline.registry.services.imports import (
    hand_out_refused,
    refused_file,
    request_import,
    request_loading,
    undo_import,
)
from hearthline.registry.services.observing import LinesChanged, observe, observe_area
from hearthline.registry.services.settling import correct_identity
from hearthline.registry.services.visiting import write_visit

__all__ = [
    "GivenPerson",
    "LinesChanged",
    "Rebuilt",
    "add_member",
    "correct_identity",
    "correct_value",
    "end_membership",
    "enter_household",
    "enter_member",
    "erase_identity",
    "hand_out_refused",
    "look_at_household",
    "look_at_observation",
    "observe",
    "observe_area",
    "open_household",
    "open_sensitive",
    "rebuild_current",
    "record_leaving",
    "refused_file",
    "request_import",
    "request_loading",
    "search_register",
    "undo_import",
    "write_visit",
]
