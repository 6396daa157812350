# SPDX-License-Identifier: Apache-2.0
"""Decides how the household of a scenario becomes a record, as strictly as an import would read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hearthline.base.problems import Place
from hearthline.engine.packages.collecting import Faults, shown
from hearthline.engine.packages.document import Document, Path
from hearthline.engine.packages.names import unknown_reference
from hearthline.engine.packages.problems import BAD_SCENARIO, WRONG_TYPE
from hearthline.engine.packages.typed_values import expected_of, typed_value
from hearthline.engine.rules.evaluator import OWNER_KEY, Record
from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON, Policy, Value


@dataclass(frozen=True)
class Written:
    """A piece of a scenario or template, with the file and path it stands at."""

    data: object
    document: Document
    path: Path

    @property
    def place(self) -> Place:
        """Where the piece stands."""
        return self.document.place(*self.path)

    @property
    def key_place(self) -> Place:
        """Where the key of the piece stands."""
        return self.document.key_place(*self.path)

    def parts(self) -> dict[str, Written]:
        """The pieces of a mapping by key."""
        assert isinstance(self.data, dict)
        return {key: Written(each, self.document, (*self.path, key)) for key, each in self.data.items()}

    def items(self) -> list[Written]:
        """The pieces of a list."""
        assert isinstance(self.data, list)
        return [Written(each, self.document, (*self.path, index)) for index, each in enumerate(self.data)]


def merged_household(template: Written | None, given: Written, faults: Faults) -> dict[str, object]:
    """The template with what is given over it.

    Household and area are dicts of pieces, merged fact by fact; any other level is one piece, replaced whole.
    """
    household: dict[str, object] = {}
    for layer in (template, given):
        if layer is None:
            continue
        for level, piece in layer.parts().items():
            if level not in (HOUSEHOLD, AREA):
                household[level] = piece
            elif _is(dict, piece, "facts with their values below it", faults):
                below = household.get(level)
                household[level] = {**(below if isinstance(below, dict) else {}), **piece.parts()}
    return household


def _is(kind: type, piece: Written, expected: str, faults: Faults) -> bool:
    if isinstance(piece.data, kind):
        return True
    hint = (
        "Write fact: value on the lines below."
        if kind is dict
        else "Write one line - {fact: value} for each."
    )
    key = next((str(part) for part in reversed(piece.path) if isinstance(part, str)), "it")
    faults.add(WRONG_TYPE.error(piece.place, key=key, value=shown(piece.data), expected=expected, hint=hint))
    return False


class RecordReader:
    """Turns merged pieces into a record; unknown levels, facts and codes are refused with the nearest."""

    def __init__(self, policy: Policy, name: str, place: Place, faults: Faults) -> None:
        self.policy = policy
        self.name = name
        self.place = place
        self.faults = faults
        self.record = Record(tables={level.name: [] for level in policy.record_levels()})

    def read(self, household: Mapping[str, object]) -> Record:
        """The record of one household."""
        levels = self.policy.levels
        inner = {name for name, level in levels.items() if level.belongs_to == PERSON}
        for level, piece in household.items():
            if level in (HOUSEHOLD, AREA) or not isinstance(piece, Written):
                continue
            if level in inner:
                reason = f"rows of {level} belong to a person"
                hint = f"Write {level}: inside the row of the person."
                self.faults.add(BAD_SCENARIO.error(piece.key_place, name=self.name, reason=reason, hint=hint))
            elif level not in levels:
                self.faults.add(unknown_reference(level, "a level", levels, piece.key_place))
            else:
                self._rows(level, piece, None)
        for level in (HOUSEHOLD, AREA):
            pieces = household.get(level)
            facts = self._facts(level, pieces if isinstance(pieces, dict) else {}, self.place)
            if level == HOUSEHOLD:
                self.record.household = facts
            else:
                self.record.area = facts
        return self.record

    def _rows(self, level: str, piece: Written, owner: int | None) -> None:
        if not _is(list, piece, "a list of rows", self.faults):
            return
        inner = [each.name for each in self.policy.levels.values() if each.belongs_to == level]
        for row in piece.items():
            if not _is(dict, row, "facts with their values", self.faults):
                continue
            parts = row.parts()
            index = len(self.record.tables[level])
            own = {key: part for key, part in parts.items() if level != PERSON or key not in inner}
            facts = self._facts(level, own, row.place, also=inner if level == PERSON else ())
            if owner is not None:
                facts[OWNER_KEY] = owner
            self.record.tables[level].append(facts)
            for name in inner if level == PERSON else ():
                if name in parts:
                    self._rows(name, parts[name], index)

    def _facts(
        self, level: str, parts: Mapping[str, Written], row: Place, also: Iterable[str] = ()
    ) -> dict[str, Value]:
        """Every fact of the level, unknown where it is not given; a required one must be."""
        known = self.policy.facts.get(level, {})
        for name, part in parts.items():
            if name not in known:
                noun = f"a fact of the level {level}" if level in self.policy.levels else "a level"
                self.faults.add(unknown_reference(name, noun, [*known, *also], part.key_place))
        values: dict[str, Value] = dict.fromkeys(known)
        for name, fact in known.items():
            given = parts.get(name)
            if given is not None and given.data is not None:
                with self.faults.kept():
                    values[name] = typed_value(given.data, expected_of(fact), given.place)
            elif fact.required:
                reason = f"the fact {name} of the level {level} is required, but unknown"
                place = given.place if given is not None else row
                hint = f"Give {name} a value."
                self.faults.add(BAD_SCENARIO.error(place, name=self.name, reason=reason, hint=hint))
        return values
