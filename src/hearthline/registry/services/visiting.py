# SPDX-License-Identifier: Apache-2.0
"""Decides that a visit that is sent twice is written down once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from hearthline.accounts.models import Officer
from hearthline.registry.services.observing import GivenFacts, LinesChanged, observe
from hearthline.registry.services.sending import sent_once


def write_visit(
    *,
    by: Officer,
    on: date,
    household_id: int,
    person_id: int | None,
    source: str,
    facts: GivenFacts,
    lines: Mapping[str, LinesChanged],
    observed_on: date,
    evidence: str,
    version: int | None,
    token: str,
) -> int:
    """Write down what one visit or declaration said of a household or person; the number of the observation.

    Raises what ``observe`` raises, and ``registry.form-used``.
    """

    def write() -> dict[str, int]:
        row = observe(
            by=by,
            on=on,
            household_id=household_id,
            person_id=person_id,
            source=source,
            facts=facts,
            lines=lines,
            observed_on=observed_on,
            evidence=evidence,
            version=version,
        )
        return {"observation": row.pk}

    added = {level: [_texts(line) for line in changed.added] for level, changed in lines.items()}
    left_out = {level: sorted(changed.left_out) for level, changed in lines.items()}
    contents = ["visit", household_id, person_id, source, str(observed_on), evidence]
    contents += [_texts(facts), added, left_out]
    return sent_once(by=by, token=token, contents=contents, do=write)["observation"]


def _texts(facts: GivenFacts) -> dict[str, str | None]:
    return {name: None if value is None else str(value) for name, value in facts.items()}
