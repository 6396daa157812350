# SPDX-License-Identifier: Apache-2.0
"""Decides what of the reasons is kept from who may not see sensitive facts, such as health.

Hidden are sensitive facts, the values that rest on them unless the package releases them, and every condition
or count made of these. The answer of a household's criterion stays, since the decision rests on it.
"""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext

from hearthline.engine.rules.policy import HOUSEHOLD, Policy
from hearthline.engine.rules.reasons import Reason
from hearthline.engine.rules.sensitivity import Sensitive, sensitive_of

_FOUND: dict[str, Sensitive] = {}
_KEPT = 16


def sensitive_in(policy: Policy) -> Sensitive:
    """What is sensitive of a package, worked out once in a process."""
    if policy.version_hash not in _FOUND:
        while len(_FOUND) >= _KEPT:
            _FOUND.pop(next(iter(_FOUND)), None)
        _FOUND[policy.version_hash] = sensitive_of(policy)
    return _FOUND[policy.version_hash]


def masked(reason: Reason, sensitive: Sensitive) -> Reason:
    """The reason without what is sensitive."""
    return _masked(reason, sensitive)[0]


def _masked(reason: Reason, sensitive: Sensitive) -> tuple[Reason, bool]:
    """The same, and whether anything directly below was hidden."""
    if is_kept(reason, sensitive):
        return _hidden(reason), True
    if not reason.children:
        return reason, False
    parts = [_masked(child, sensitive) for child in reason.children]
    children = tuple(part for part, _ in parts)
    touched = any(hidden for _, hidden in parts)
    if touched and not _stays(reason):
        return replace(_hidden(reason), children=children), True
    return replace(reason, children=children), False


def is_kept(reason: Reason, sensitive: Sensitive) -> bool:
    """Whether a line itself is a sensitive fact, value or table."""
    if reason.kind == "fact":
        return (reason.level, reason.name) in sensitive.facts
    if reason.kind == "rows":
        return reason.level in sensitive.levels
    return reason.kind in ("rule", "criterion") and reason.name in sensitive.rules


def _stays(reason: Reason) -> bool:
    """Answers of the household, and values that the package releases."""
    return reason.kind == "rule" or (reason.kind == "criterion" and reason.level == HOUSEHOLD)


def _hidden(reason: Reason) -> Reason:
    return replace(
        reason,
        value=gettext("not shown: sensitive"),
        answer=None,
        unknown=False,
        source="",
        children=(),
    )
