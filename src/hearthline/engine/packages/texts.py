# SPDX-License-Identifier: Apache-2.0
"""Decides whether a text of a package stands in each of its languages, and what one text alone means."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from hearthline.base.problems import Place
from hearthline.engine.packages.collecting import Faults
from hearthline.engine.packages.problems import NO_WORDS, UNDECLARED_LANGUAGE
from hearthline.engine.rules.types import Text
from hearthline.engine.rules.vocabulary import nearest_hint

PlaceOf = Callable[..., Place]


def words_of(written: str | Text | None, languages: Sequence[str]) -> Text:
    """A text by language; one text stands for all of them."""
    return {languages[0]: written} if isinstance(written, str) else written or {}


def check_words(
    words: Mapping[str, str],
    key: str,
    place: PlaceOf,
    faults: Faults,
    *,
    languages: Sequence[str],
    known: Collection[str],
) -> None:
    """Keep a fault for each language without a text, and for each text in a language that is not known."""
    for language in languages:
        if language not in words:
            listed = ", ".join(languages)
            faults.add(NO_WORDS.error(place(), key=key, language=language, languages=listed))
    for language in words:
        if language not in known:
            hint = nearest_hint(language, languages)
            faults.add(UNDECLARED_LANGUAGE.error(place(language), key=key, language=language, hint=hint))
