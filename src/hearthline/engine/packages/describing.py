# SPDX-License-Identifier: Apache-2.0
"""Decides how the effective package reads as plain text, in English or Chinese, for an official."""

from __future__ import annotations

from collections.abc import Iterator

from hearthline.base.problems import Kind, declare
from hearthline.engine.packages.showing import SECTIONS, ShownEntry, ShownField, shown_entries
from hearthline.engine.packages.words import word
from hearthline.engine.rules.policy import Policy
from hearthline.engine.rules.vocabulary import nearest_hint

NOTHING_TO_SHOW = declare(
    "package.nothing-to-show",
    Kind.NOT_FOUND,
    "the package {id} has no section or entry '{name}'.",
    "{hint}",
)


def describe_policy(policy: Policy, language: str = "en", only: str | None = None) -> str:
    """The effective package as text; ``only`` a section (``parameters``) or an entry (``poverty_line``).

    In a package of several layers, each entry and dated value says which layer it comes from.
    """
    entries = list(shown_entries(policy, language))
    if only is not None:
        entries = [
            entry for entry in entries if only in (entry.section, entry.name, entry.name.split(".")[-1])
        ]
        if not entries:
            names = {entry.name for entry in shown_entries(policy, language)}
            raise NOTHING_TO_SHOW.error(
                id=policy.id, name=only, hint=nearest_hint(only, names | set(SECTIONS))
            )
    layered = len(policy.layers) > 1
    lines: list[str] = []
    section = ""
    for entry in entries:
        if entry.section != section:
            section = entry.section
            lines += ["", word(section, language)] if lines else [word(section, language)]
        lines += _entry_lines(entry, language, layered)
    return "\n".join(lines) + "\n"


def _entry_lines(entry: ShownEntry, language: str, layered: bool) -> Iterator[str]:
    yield f"  {entry.name} — {entry.title}{_origin(entry.origin, language, layered)}"
    for field in entry.fields:
        yield from _field_lines(field, language, layered)


def _field_lines(field: ShownField, language: str, layered: bool) -> Iterator[str]:
    key = word(field.key, language)
    colon = "：" if language == "zh" else ":"
    gap = "" if language == "zh" else " "
    first, *more = field.text.split("\n")
    if more:
        yield f"    {key}{colon}"
        yield from (f"      {line}" for line in (first, *more))
    else:
        yield f"    {key}{colon}{gap}{first}{_origin(field.origin, language, layered)}"


def _origin(origin: str, language: str, layered: bool) -> str:
    brackets = "（{}{}）" if language == "zh" else "  ({} {})"
    return brackets.format(word("from", language), origin) if layered and origin else ""
