# SPDX-License-Identifier: Apache-2.0
"""Decides the standards and indices: existing criteria, exact weights, dates, one default."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from hearthline.base.problems import Place, Problem
from hearthline.engine.packages.collecting import Faults
from hearthline.engine.packages.layers import Entry
from hearthline.engine.packages.names import unknown_reference
from hearthline.engine.packages.problems import (
    BAD_INDEX,
    BAD_PERIOD,
    BAD_STANDARD,
    DEFAULT_STANDARD,
    NAMED_TWICE,
)
from hearthline.engine.packages.rule_entries import RuleEntries
from hearthline.engine.packages.schema.rules import DimensionEntry, IndexEntry, StandardEntry
from hearthline.engine.packages.settings import Settings
from hearthline.engine.rules.policy import HOUSEHOLD, Combine, Dimension, Index, Missing, Standard
from hearthline.engine.rules.types import Text


class StandardsBuilder:
    """Builds standards and indices, keeping every fault."""

    def __init__(self, entries: RuleEntries, settings: Settings, faults: Faults) -> None:
        self.entries = entries
        self.settings = settings
        self.faults = faults
        self.criteria = {name for name, entry in entries.criteria.items() if entry.model.level == HOUSEHOLD}

    def standards(self) -> dict[str, Standard]:
        """Every standard; exactly one is the default, and it can be asked on every day of the package."""
        built = {name: self._standard(entry) for name, entry in self.entries.standards.items()}
        defaults = [name for name, standard in built.items() if standard.default]
        if len(defaults) != 1:
            self._no_single_default(defaults)
        elif not self._always_in_force(built[defaults[0]]):
            reason = (
                f"the default standard {defaults[0]} is not in force on every date the package is valid for"
            )
            hint = "Widen its period, or narrow valid in package.toml."
            self._refuse_default(defaults[0], reason, hint)
        return built

    def _no_single_default(self, defaults: Sequence[str]) -> None:
        if defaults:
            reason = f"{len(defaults)} standards are the default: {', '.join(defaults)}"
            self._refuse_default(defaults[-1], reason, "Write default: true for one of them only.")
        else:
            name = next(iter(self.entries.standards), None)
            reason = "no standard is the default, so there would be no status"
            self._refuse_default(
                name, reason, "Write default: true for one standard, in a file under rules/."
            )

    def _refuse_default(self, name: str | None, reason: str, hint: str) -> None:
        top = self.settings.top
        place = top.manifest_document.place() if name is None else self.entries.standards[name].key_place()
        self.faults.add(DEFAULT_STANDARD.error(place, reason=reason, hint=hint))

    def _always_in_force(self, standard: Standard) -> bool:
        last = self.settings.end
        open_end = standard.end is None or (last is not None and last <= standard.end)
        return standard.start <= self.settings.start and open_end

    def _standard(self, entry: Entry[StandardEntry]) -> Standard:
        written = entry.model
        self.settings.check_words(
            written.label, "label", lambda *p: entry.key_place("label", *p), self.faults
        )
        self.settings.checked_note(written.note, entry.key_place, self.faults)
        self._check_combination(entry)
        self._check_criteria(written.criteria or [], entry)
        if written.index is not None and written.index not in self.entries.indices:
            error = unknown_reference(written.index, "an index", self.entries.indices, entry.place("index"))
            self.faults.add(error)
        start = written.start or self.settings.start
        end = written.end or self.settings.end
        self._check_period(entry, start, end)
        return Standard(
            name=entry.name,
            label=written.label,
            combine=Combine(written.combine),
            criteria=tuple(written.criteria or ()),
            at_least=written.at_least or 0,
            index=written.index,
            start=start,
            end=end,
            default=written.default,
            answers=_answers(written),
            source=self.settings.checked_source(written.source, entry.key_place, self.faults),
            origin=entry.origin,
        )

    def _check_combination(self, entry: Entry[StandardEntry]) -> None:
        written = entry.model
        needed = {"index": ("index",), "count": ("criteria", "at_least")}.get(written.combine, ("criteria",))
        for key in ("criteria", "at_least", "index"):
            present = getattr(written, key) is not None
            if key in needed and not present:
                self._refuse(
                    BAD_STANDARD,
                    entry,
                    "combine",
                    f"it has no {key}",
                    f"Add {key}: to combine by {written.combine}.",
                )
            if key not in needed and present:
                reason = f"{key} does not go with combine: {written.combine}"
                self._refuse(
                    BAD_STANDARD, entry, key, reason, f"Delete {key}, or choose another way to combine."
                )
        criteria = written.criteria or []
        if written.combine == "count" and criteria and (written.at_least or 0) > len(criteria):
            reason = f"at_least is {written.at_least}, but there are only {len(criteria)} criteria"
            self._refuse(
                BAD_STANDARD, entry, "at_least", reason, "Nobody could be poor; write a smaller number."
            )

    def _check_criteria(self, names: Sequence[str], entry: Entry[StandardEntry]) -> None:
        for index, name in enumerate(names):
            place = entry.place("criteria", index)
            self._check_criterion(name, place)
            if name in names[:index]:
                self.faults.add(NAMED_TWICE.error(place, name=name))

    def _check_criterion(self, name: str, place: Place) -> None:
        if name not in self.criteria:
            self.faults.add(unknown_reference(name, "a household criterion", self.criteria, place))

    def _check_period(self, entry: Entry[StandardEntry], start: date, end: date | None) -> None:
        first, last = self.settings.start, self.settings.end
        if (last is not None and start > last) or (end is not None and end < first):
            reason = "its period lies outside the dates the package is valid for"
            key = "from" if end is None or end >= first else "to"
            self._refuse(BAD_STANDARD, entry, key, reason, "Compare it with valid in package.toml.")
        elif end is not None and end < start:
            self.faults.add(BAD_PERIOD.error(entry.key_place("to"), start=start, end=end))

    def indices(self) -> dict[str, Index]:
        """Every index, with weights that sum to one exactly."""
        return {name: self._index(entry) for name, entry in self.entries.indices.items()}

    def _index(self, entry: Entry[IndexEntry]) -> Index:
        written = entry.model
        self.settings.check_words(
            written.label, "label", lambda *p: entry.key_place("label", *p), self.faults
        )
        self.settings.checked_note(written.note, entry.key_place, self.faults)
        if not 0 < written.cutoff <= 1:
            reason = f"its cutoff is {written.cutoff}, but a cutoff is more than 0 and at most 1"
            self._refuse(BAD_INDEX, entry, "cutoff", reason, "Write a share such as 1/3.")
        seen: dict[str, str] = {}
        dimensions = [self._dimension(entry, name, each, seen) for name, each in written.dimensions.items()]
        total = sum((dimension.weight for dimension in dimensions), Fraction())
        if total != 1:
            reason = f"the weights of its dimensions sum to {total}"
            self._refuse(BAD_INDEX, entry, "dimensions", reason, "Write weights that sum to 1 exactly.")
        return Index(
            name=entry.name,
            label=written.label,
            cutoff=written.cutoff,
            missing=Missing(written.missing),
            dimensions=tuple(dimensions),
            source=self.settings.checked_source(written.source, entry.key_place, self.faults),
            origin=entry.origin,
        )

    def _dimension(
        self, entry: Entry[IndexEntry], name: str, written: DimensionEntry, seen: dict[str, str]
    ) -> Dimension:
        path = ("dimensions", name)
        self.settings.check_words(
            written.label, "label", lambda *p: entry.key_place(*path, "label", *p), self.faults
        )
        for indicator, weight in written.indicators.items():
            place = entry.key_place(*path, "indicators", indicator)
            self._check_criterion(indicator, place)
            if indicator in seen:
                reason = f"the indicator {indicator} is already in the dimension {seen[indicator]}"
                self.faults.add(
                    BAD_INDEX.error(place, name=entry.name, reason=reason, hint="Keep it in one of the two.")
                )
            seen.setdefault(indicator, name)
            if weight <= 0:
                reason = f"the weight of {indicator} is {weight}"
                self.faults.add(
                    BAD_INDEX.error(place, name=entry.name, reason=reason, hint="Write a weight above 0.")
                )
        total = sum(written.indicators.values(), Fraction())
        if total != written.weight:
            reason = f"the indicators of {name} sum to {total}, but its weight is {written.weight}"
            self.faults.add(
                BAD_INDEX.error(
                    entry.key_place(*path, "weight"),
                    name=entry.name,
                    reason=reason,
                    hint="Make the two equal.",
                )
            )
        return Dimension(name, written.label, written.weight, dict(written.indicators))

    def _refuse(
        self,
        problem: Problem,
        entry: Entry[StandardEntry] | Entry[IndexEntry],
        key: str,
        reason: str,
        hint: str,
    ) -> None:
        self.faults.add(problem.error(entry.key_place(key), name=entry.name, reason=reason, hint=hint))


def _answers(written: StandardEntry) -> dict[str, Text]:
    if written.answers is None:
        return {}
    own = written.answers
    return {"poor": own.poor, "not poor": own.not_poor, "unknown": own.unknown}
