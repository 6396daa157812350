# SPDX-License-Identifier: Apache-2.0
"""Decides how the reasons of one household of a run are read on demand, each value with its observation.

The row-by-row evaluation must agree with the row of results that pages show; where it does not, no reason is
given. Run and snapshot are opened once in a process, their files hashed when first read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils import translation

from hearthline.accounts.models import Officer
from hearthline.accounts.queries import scope_of
from hearthline.base.problems import HearthlineError
from hearthline.engine.backends import Run as EngineRun
from hearthline.engine.backends import open_run
from hearthline.engine.backends.problems import RUN_UNSEALED
from hearthline.engine.backends.reasons import Explanation, explain_rows
from hearthline.engine.rules.policy import Policy
from hearthline.engine.snapshots import open_snapshot
from hearthline.policy.queries import policy_of
from hearthline.policy.reading import package_language
from hearthline.registry.rules import VIEW_SENSITIVE
from hearthline.runs.masking import masked, sensitive_in
from hearthline.runs.models import Result, Run, Status
from hearthline.runs.origins import Origins
from hearthline.runs.problems import MADE_UNSEALED
from hearthline.runs.queries import household_result
from hearthline.runs.rows import SnapshotReader
from hearthline.runs.words import ANSWERS, named

_OPENED: dict[Path, _Opened] = {}
_KEPT = 8


@dataclass(frozen=True)
class _Opened:
    """A run with the reader of its snapshot."""

    run: EngineRun
    policy: Policy
    reader: SnapshotReader


def explanation_of(
    *, by: Officer, on: date, run: Run, household_id: int, language: str, whole: bool = True
) -> Explanation:
    """Why a household has its status in a run. Raises ``runs.no-result``, ``reasons.disagree``,
    ``runs.made-unsealed``.

    The ``source`` of a fact is an ``origins.Origin``: words, and the number of the observation. Sensitive
    values are left out for who may not see them there. Without ``whole``, what is met is one line.
    """
    result = household_result(by=by, on=on, run=run, household_id=household_id)
    opened = _opened(run)
    spoken, language = language, package_language(language)
    found = opened.reader.household(result.number)
    people = opened.reader.keys_of_people(found.people)
    area = result.household.area_id
    origins = Origins(opened.policy, run.snapshot, found, household_id, people, area, language)
    explanation = explain_rows(
        opened.run,
        opened.policy,
        found.rows,
        _stored(run, result),
        origins.where,
        language=language,
        whole=whole,
    )
    if scope_of(by=by, permission=VIEW_SENSITIVE, on=on).covers(result.area_path):
        return explanation
    sensitive = sensitive_in(opened.policy)
    with translation.override(spoken):
        return replace(explanation, criteria=tuple(masked(each, sensitive) for each in explanation.criteria))


def _opened(run: Run) -> _Opened:
    folder: Path = settings.HOME / run.folder
    if folder not in _OPENED:
        while len(_OPENED) >= _KEPT:
            _OPENED.pop(next(iter(_OPENED)), None)
        policy = policy_of(run.version)
        snapshot = open_snapshot(settings.HOME / run.snapshot.folder, verify=False)
        _OPENED[folder] = _Opened(_sealed(run, folder), policy, SnapshotReader(snapshot, policy))
    return _OPENED[folder]


def _sealed(run: Run, folder: Path) -> EngineRun:
    try:
        return open_run(folder)
    except HearthlineError as error:
        if error.code != RUN_UNSEALED.code:
            raise
        raise MADE_UNSEALED.error(on=run.on, area=run.area.name) from error


def _stored(run: Run, result: Result) -> dict[str, object]:
    """The answers of the row of results, in the engine's words."""
    names = run.names["criteria"]
    answers: dict[str, object] = dict.fromkeys(names, "met")
    answers |= dict.fromkeys(named(result.not_met, names), "not met")
    answers |= dict.fromkeys(named(result.unknown, names), "unknown")
    return answers | {"status": ANSWERS[Status(result.status)]}
