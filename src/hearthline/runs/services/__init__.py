# SPDX-License-Identifier: Apache-2.0
"""Decides what others may ask of runs: a screening, that one is forgotten, what would be otherwise."""

from __future__ import annotations

from hearthline.runs.services.asking import (
    SCREENING,
    forget_run,
    request_screening,
)
from hearthline.runs.services.screening import screen_register
from hearthline.runs.services.simulating import request_simulation, simulate_register

__all__ = [
    "SCREENING",
    "forget_run",
    "request_screening",
    "request_simulation",
    "screen_register",
    "simulate_register",
]
