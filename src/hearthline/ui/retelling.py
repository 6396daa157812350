# SPDX-License-Identifier: Apache-2.0
"""Decides how a sentence that was stored in English is told in the reader's language.

Reports of imports, refused rows and values of a failure hold sentences of the catalogue as they were written.
Their values are read back out of them by their templates, in one pass without going back: a text of a
stranger must not make that slow. A value may be a sentence of the catalogue itself, and is told the same way.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import yaml

from hearthline.base.problems import Problem, catalogue
from hearthline.ui.wording import in_chinese

TEXTS = Path(__file__).parent / "problems_zh.yaml"

_CHINESE_ENDS = ("。", "？", "！", "；")
LEAST_TEXT = 10
"""Letters that a template must hold beside its values before a sentence is known by it alone."""
_PLACE = re.compile(
    r"(?P<file>[^\s:'\"][^:'\"\n]*?),? line (?P<line>\d+)(?:, column (?P<column>[^:,'\"\n]+))?"
)
_FILE = re.compile(r"[\w./-]+\.[a-z]{2,7}")
_BETWEEN = re.compile(r"(?<=\d), (?!line |column )")
"""What stands between two places of a list."""


@dataclass(frozen=True)
class Told:
    """A problem in the reader's language."""

    code: str
    message: str
    remedy: str

    @property
    def sentence(self) -> str:
        """What happened and what to do next."""
        return f"{self.message}{'' if self.message.endswith(_CHINESE_ENDS) else ' '}{self.remedy}".strip()


@cache
def chinese_texts() -> Mapping[str, Mapping[str, str]]:
    """The Chinese sentences, by code."""
    texts: dict[str, dict[str, str]] = yaml.safe_load(TEXTS.read_text(encoding="utf-8"))
    return texts


def in_words(value: object) -> object:
    """A value of a sentence as the reader reads it: a place, or sentences of the catalogue; else as it is."""
    if not isinstance(value, str) or " " not in value or value[0] == value[-1] == "'" or not in_chinese():
        return value  # the cell of a file stands between quotes
    return place_in_words(value) or _retold_lines(value) or value


def place_in_words(text: str) -> str | None:
    """Places such as ``people.csv line 3`` in the reader's language; None for what is no place."""
    if not in_chinese():
        return text
    parts = [_PLACE.fullmatch(part) for part in _BETWEEN.split(text)]
    if all(parts):
        return "、".join(_one_place(part) for part in parts if part)
    return text if _FILE.fullmatch(text) else None


def _one_place(found: re.Match[str]) -> str:
    column = found["column"]
    if not column:
        return f"{found['file']}第{found['line']}行"
    return f"{found['file']}第{found['line']}行，" + (f"第{column}列" if column.isdigit() else f"列{column}")


def retold(code: str, message: str, remedy: str = "") -> Told:
    """A problem that was stored as its English sentence, in the reader's language where that can be told."""
    template = _templates(len(catalogue())).get(code) if in_chinese() else None
    told = template and template.told(message, remedy)
    return told or Told(code, message, remedy)


def retold_row(reason: str, remedy: str) -> Told:
    """The same of a sentence whose code was not kept, such as that of a refused row: known by its words."""
    told = _known(f"{reason} {remedy}".strip()) if in_chinese() else None
    return told or Told("", reason, remedy)


def _retold_lines(text: str) -> str | None:
    """Sentences, one on a line; None where none is known."""
    lines = [(line, _known(line)) for line in text.split("\n")]
    if not any(told for _, told in lines):
        return None
    return "\n".join(told.sentence if told else line for line, told in lines)


def _known(sentence: str) -> Told | None:
    """A sentence of the catalogue, with or without its remedy; None if it is of none, or may be of two.

    A sentence inside another may have lost its full stop.
    """
    for form, ending in ((_SENTENCES, ""), (_MESSAGES, ""), (_MESSAGES, ".")):
        whole = sentence + ending
        found = [
            (template.length, told)
            for template in _known_by(whole, form)
            if (told := template.told(whole, "", form))
        ]
        if not found:
            continue
        longest = max(length for length, _ in found)
        best = {told.sentence: told for length, told in found if length == longest}
        if len(best) > 1:
            return None
        told = next(iter(best.values()))
        return told if not ending else Told(told.code, told.message.removesuffix("。"), "")
    return None


# --- templates -----------------------------------------------------------------------------------

_MESSAGES, _REMEDIES, _SENTENCES = "message", "remedy", "sentence"


@dataclass(frozen=True)
class _Pieces:
    """A template taken apart: the texts, and the names of the values between them."""

    texts: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def longest(self) -> str:
        """The text by which most other templates are told at once not to be meant."""
        return max((text[1:] if place == 0 else text for place, text in enumerate(self.texts)), key=len)

    def values_in(self, sentence: str) -> dict[str, str] | None:
        """The values of a sentence of this template; None if it is of another."""
        first, last = self.texts[0], self.texts[-1]
        if first and sentence[:1].lower() == first[0].lower():  # a sentence that stands alone has a capital
            sentence = first[0] + sentence[1:]
        if not (sentence.startswith(first) and sentence.endswith(last)):
            return None
        if not self.names:
            return {} if len(sentence) == len(first) else None
        at, end = len(first), len(sentence) - len(last)
        values: dict[str, str] = {}
        for number, name in enumerate(self.names, 1):
            text = self.texts[number]
            stop = end if number == len(self.names) else sentence.find(text, at, end)
            if stop < at or values.setdefault(name, sentence[at:stop]) != sentence[at:stop]:
                return None
            at = stop + len(text)
        return values


@dataclass(frozen=True)
class _Template:
    """What a problem says in English, taken apart, and what it says in Chinese."""

    code: str
    pieces: Mapping[str, _Pieces]
    chinese: Mapping[str, str]

    @property
    def length(self) -> int:
        """How many letters of the message are its own."""
        return sum(map(len, self.pieces[_MESSAGES].texts))

    def told(self, sentence: str, remedy: str, form: str = _MESSAGES) -> Told | None:
        """The problem in Chinese; None if the sentence is not of this template."""
        place, rest = _after_place(sentence)
        values = self.pieces[form].values_in(rest)
        if values is None and place:  # a template that tells the place itself
            place, values = "", self.pieces[form].values_in(sentence)
        if values is None:
            return None
        values |= self.pieces[_REMEDIES].values_in(remedy) or {}
        said = {name: in_words(value) for name, value in values.items()}
        try:
            message = self.chinese["message"].format(**said)
            wanted = form == _SENTENCES or remedy
            next_step = self.chinese.get("remedy", "").format(**said) if wanted else ""
        except KeyError:
            return None
        return Told(self.code, place + message, next_step)


def _after_place(sentence: str) -> tuple[str, str]:
    """The place at which a sentence begins, in the reader's language, and the sentence itself."""
    before, colon, after = sentence.partition(": ")
    place = place_in_words(before) if colon else None
    return (f"{place}：", after) if place else ("", sentence)


def _known_by(sentence: str, form: str) -> list[_Template]:
    """The templates whose longest text stands in the sentence."""
    return [template for text, template in _by_text(len(catalogue()), form) if text in sentence]


@lru_cache(maxsize=6)
def _by_text(declared: int, form: str) -> Sequence[tuple[str, _Template]]:
    """The longest text of each template, and the template; those with too few words of their own left out."""
    listed = [(template.pieces[form].longest, template) for template in _templates(declared).values()]
    return [(text, template) for text, template in listed if len(text) >= LEAST_TEXT]


@lru_cache(maxsize=1)
def _templates(_declared: int) -> Mapping[str, _Template]:
    """Every problem that has Chinese, by code; taken apart again once modules have declared more."""
    chinese = chinese_texts()
    return {
        problem.code: _template(problem, chinese[problem.code])
        for problem in catalogue()
        if problem.code in chinese
    }


def _template(problem: Problem, chinese: Mapping[str, str]) -> _Template:
    sentence = f"{problem.message} {problem.remedy}".strip()
    forms = {_MESSAGES: problem.message, _REMEDIES: problem.remedy, _SENTENCES: sentence}
    return _Template(problem.code, {form: _pieces(text) for form, text in forms.items()}, chinese)


def _pieces(template: str) -> _Pieces:
    texts, names = [""], []
    for text, name, _form, _conversion in string.Formatter().parse(template):
        texts[-1] += text
        if name:
            names.append(name)
            texts.append("")
    return _Pieces(tuple(texts), tuple(names))
