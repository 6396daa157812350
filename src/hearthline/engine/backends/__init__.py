# SPDX-License-Identifier: Apache-2.0
"""Decides where a plan runs and what a run leaves behind: engines and the run folder.

Reasons are in ``reasons``: they read rows with pyarrow, which a screening need not load.
"""

from hearthline.engine.backends.runs import Run, open_run
from hearthline.engine.backends.screening import ScreeningReport, ScreeningStopped, screen

__all__ = ["Run", "ScreeningReport", "ScreeningStopped", "open_run", "screen"]
