# SPDX-License-Identifier: Apache-2.0
"""Decides where the sentences of a report stand: one file per language beside this module."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from hearthline.engine.rules.types import Text


class Phrases:
    """The sentences of one language."""

    def __init__(self, language: str, sentences: Mapping[str, str]) -> None:
        self.language = language
        self._sentences = sentences

    def __call__(self, key: str, **values: object) -> str:
        """A sentence with its places filled."""
        return self._sentences[key].format(**values)

    def __contains__(self, key: str) -> bool:
        return key in self._sentences

    def said(self, text: Text, otherwise: str = "") -> str:
        """Words of a package in this language, else in English, else any."""
        found = text.get(self.language) or text.get("en") or next(iter(text.values()), "")
        return found or otherwise


@cache
def sentences(language: str) -> Mapping[str, str]:
    """The sentences of a language, by key."""
    file = resources.files("hearthline.reporting").joinpath(f"{language}.toml")
    content: dict[str, str] = tomllib.loads(file.read_text(encoding="utf-8"))
    return content


def phrases(language: str) -> Phrases:
    """The sentences of a language."""
    return Phrases(language, sentences(language))
