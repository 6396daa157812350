# SPDX-License-Identifier: Apache-2.0
"""Decides where a plan runs and what a run leaves behind: engines, the run folder, reasons."""

from hearthline.engine.backends.reasons import Explanation, explain, household_by_key
from hearthline.engine.backends.runs import Run, open_run
from hearthline.engine.backends.screening import ScreeningReport, screen

__all__ = ["Explanation", "Run", "ScreeningReport", "explain", "household_by_key", "open_run", "screen"]
