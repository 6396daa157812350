# SPDX-License-Identifier: Apache-2.0
"""Decides how the reasons of one household of a run are read on demand, each value with its observation."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.conf import settings

from hearthline.accounts.models import Officer
from hearthline.engine.backends import Run as EngineRun
from hearthline.engine.backends import open_run
from hearthline.engine.backends.reasons import Explanation, explain
from hearthline.policy.reading import package_language
from hearthline.runs.models import Run
from hearthline.runs.queries import household_result

_OPENED: dict[Path, EngineRun] = {}


def engine_run(run: Run) -> EngineRun:
    """The run folder, opened once in a process; its files are hashed when first read."""
    folder: Path = settings.HOME / run.folder
    if folder not in _OPENED:
        _OPENED[folder] = open_run(folder)
    return _OPENED[folder]


def explanation_of(*, by: Officer, on: date, run: Run, household_id: int, language: str) -> Explanation:
    """Why a household has its status in a run. Raises ``runs.no-result``."""
    result = household_result(by=by, on=on, run=run, household_id=household_id)
    return explain(engine_run(run), result.number, language=package_language(language))
