# SPDX-License-Identifier: Apache-2.0
"""Decides what others may ask of runs: a screening, that a run holds from now on, that one is forgotten."""

from __future__ import annotations

from hearthline.runs.services.asking import (
    SCREENING,
    follow_move,
    forget_run,
    note_file,
    request_screening,
)
from hearthline.runs.services.screening import screen_register

__all__ = ["SCREENING", "follow_move", "forget_run", "note_file", "request_screening", "screen_register"]
