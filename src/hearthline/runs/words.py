# SPDX-License-Identifier: Apache-2.0
"""Decides how a run is said: labels of its criteria, causes and statuses, and which bit is which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hearthline.base.problems import HearthlineError
from hearthline.engine.rules.policy import HOUSEHOLD, Policy
from hearthline.engine.rules.wording import said
from hearthline.policy.reading import package_language
from hearthline.policy.unpacking import policy_of
from hearthline.runs.models import Run, Status
from hearthline.runs.problems import NO_NAME

ANSWERS = {Status.POOR: "poor", Status.NOT_POOR: "not poor", Status.UNKNOWN: "unknown"}
"""The words of the engine for each status."""
STATUS_OF = {word: status for status, word in ANSWERS.items()}


@dataclass(frozen=True)
class RunWords:
    """Labels in one language, in the order of the bits; ``deciding`` are the criteria of the standard."""

    criteria: Mapping[str, str]
    causes: Mapping[str, str]
    deciding: tuple[str, ...]
    statuses: Mapping[int, str]
    standard: str
    title: str


def names_of(policy: Policy) -> dict[str, list[str]]:
    """``Run.names``: the criteria and causes a row of results has bits for, and those that decide."""
    criteria = [name for name, each in policy.criteria.items() if each.level == HOUSEHOLD]
    causes = sorted((each for each in policy.causes.values() if each.evidence), key=lambda each: each.number)
    standard = policy.default_standard
    index = policy.indices.get(standard.index or "")
    deciding = list(index.weights) if index else list(standard.criteria)
    return {"criteria": criteria, "causes": [each.name for each in causes], "deciding": deciding}


def words_of(run: Run, language: str) -> RunWords:
    """How a run is said in a language of the pages; remembered by version and language."""
    language = package_language(language)
    key = (run.version.version_hash, language)
    if key not in _WORDS:
        _WORDS[key] = _words(policy_of(run.version), language)
    return _WORDS[key]


_WORDS: dict[tuple[str, str], RunWords] = {}


def _words(policy: Policy, language: str) -> RunWords:
    names = names_of(policy)
    standard = policy.default_standard
    return RunWords(
        criteria={name: said(policy.criteria[name].label, language) for name in names["criteria"]},
        causes={name: said(policy.causes[name].label, language) for name in names["causes"]},
        deciding=tuple(names["deciding"]),
        statuses={
            int(status): said(standard.answers.get(word, {}), language) for status, word in ANSWERS.items()
        },
        standard=said(standard.label, language),
        title=said(policy.title, language),
    )


def bit_of(run: Run, kind: str, name: str) -> int:
    """The bit of a criterion or cause (``kind``) in the rows of a run. Raises ``runs.no-name``."""
    names: list[str] = run.names.get(kind, [])
    if name not in names:
        raise no_name(name, names)
    return 1 << names.index(name)


def no_name(name: str, names: Sequence[str]) -> HearthlineError:
    """The failure that says which names there are."""
    return NO_NAME.error(name=name, known=", ".join(names) or "none")


def named(bits: int, names: Sequence[str]) -> tuple[str, ...]:
    """The names whose bits are set."""
    return tuple(name for index, name in enumerate(names) if bits >> index & 1)
