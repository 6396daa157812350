# SPDX-License-Identifier: Apache-2.0
"""Decides what differs between two packages: every entry added or removed, every property changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hearthline.engine.packages.showing import ShownEntry, fields_by_key, shown_entries
from hearthline.engine.packages.words import word
from hearthline.engine.rules.policy import Policy


@dataclass(frozen=True)
class Difference:
    """One difference; ``field`` is empty where a whole entry was added or removed.

    ``what`` is ``added``, ``removed`` or ``changed``; a dated value of a parameter is a field.
    """

    section: str
    name: str
    title: str
    what: str
    field: str = ""
    old: str = ""
    new: str = ""


def policy_differences(old: Policy, new: Policy, language: str = "en") -> list[Difference]:
    """What differs, in the order of the sections; texts of every language are compared."""
    others = sorted((set(old.languages) | set(new.languages)) - {language})
    found = dict.fromkeys(_differences(old, new, language))
    told = {(each.section, each.name, each.field) for each in found}
    for other in others:
        for each in _differences(old, new, other):
            # a property told in the reader's language is not told again in another
            if (each.section, each.name, each.field) not in told:
                found[each] = None
    return list(found)


def _differences(old: Policy, new: Policy, language: str) -> Iterator[Difference]:
    before, after = _by_name(old, language), _by_name(new, language)
    for key in [*before, *(key for key in after if key not in before)]:
        left, right = before.get(key), after.get(key)
        if left is None and right is not None:
            yield Difference(right.section, right.name, right.title, "added")
        elif right is None and left is not None:
            yield Difference(left.section, left.name, left.title, "removed")
        elif left is not None and right is not None:
            yield from _changes(left, right, _Places(old.jurisdiction, new.jurisdiction))


@dataclass(frozen=True)
class _Places:
    """The places two packages are for: a layer for a place of its own begins with the values below it."""

    old: str
    new: str

    def key_before(self, key: str) -> str:
        """The dated value of the earlier package that one of the later package stands for."""
        return self._moved(key, self.new, self.old)

    def key_after(self, key: str) -> str:
        """The dated value of the later package that one of the earlier package stands for."""
        return self._moved(key, self.old, self.new)

    def _moved(self, key: str, here: str, there: str) -> str:
        place, comma, rest = key.partition(", ")
        return f"{there}, {rest}" if comma and place == here else key


def _by_name(policy: Policy, language: str) -> dict[tuple[str, str], ShownEntry]:
    """Entries by section and name; the package itself has one name in both."""
    return {
        (entry.section, "" if entry.section == "package" else entry.name): entry
        for entry in shown_entries(policy, language)
    }


def _changes(left: ShownEntry, right: ShownEntry, places: _Places) -> Iterator[Difference]:
    if left.section == "package" and left.name != right.name:
        yield Difference("package", right.name, right.title, "changed", "id", left.name, right.name)
    if left.title != right.title:
        yield Difference(right.section, right.name, right.title, "changed", "label", left.title, right.title)
    before, after = fields_by_key(left), fields_by_key(right)
    for key in [*before, *(key for key in after if key not in before)]:
        old, new = before.get(key, ""), after.get(key, "")
        if right.section == "parameters":
            old = old or before.get(places.key_before(key), "")
            new = new or after.get(places.key_after(key), "")
        if old != new:
            what = "added" if not old else "removed" if not new else "changed"
            yield Difference(right.section, right.name, right.title, what, key, old, new)


def differences_text(differences: Iterable[Difference], language: str = "en") -> str:
    """The differences as plain text; nothing for none."""
    lines: list[str] = []
    section = ""
    for each in differences:
        if each.section != section:
            section = each.section
            lines.append(word(section, language))
        lines += _lines(each, language)
    return "\n".join(lines) + "\n" if lines else ""


def _lines(each: Difference, language: str) -> Iterator[str]:
    colon, gap = ("：", "") if language == "zh" else (": ", " ")
    head = f"  {each.name} — {each.title}{colon}"
    if not each.field:
        yield f"{head}{word(each.what, language)}"
        return
    yield f"{head}{word(each.field, language)}{gap}{word(each.what, language)}"
    for sign, text in (("-", each.old), ("+", each.new)):
        if text:
            yield from (f"    {sign} {line}" for line in text.split("\n"))
