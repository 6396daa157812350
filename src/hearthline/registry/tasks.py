# SPDX-License-Identifier: Apache-2.0
"""Decides which later work the register does, and that its paths follow a place that moves."""

from __future__ import annotations

from hearthline.areas.services import on_move
from hearthline.jobs.services import register
from hearthline.registry.services.following import follow
from hearthline.registry.services.imports import IMPORT, UNDO, import_register
from hearthline.registry.services.undoing import undo_register_import


def register_tasks() -> None:
    """Name the handlers of the register's jobs and what follows a moved place."""
    register(IMPORT, import_register)
    register(UNDO, undo_register_import)
    on_move("registry", follow)
