# SPDX-License-Identifier: Apache-2.0
"""Decides that a word of the code is a word of the glossary."""

from __future__ import annotations

import dataclasses
import enum
import inspect
import re
from pathlib import Path

from django.apps import apps
from django.db.models import Choices

from hearthline.accounts.rules import Role
from hearthline.engine.rules import policy
from scripts.measure import ROOT
from scripts.reference import commands, find_program

SOURCE = ROOT / "src" / "hearthline"
ROW = re.compile(r"^\| *([^|]+?) *\| *([^|]*?) *\| *([^|]*?) *\| *([^|]+?) *\|$", re.MULTILINE)
HAN = re.compile(r"[\u4e00-\u9fff]")


def rows() -> list[tuple[str, str, str, str]]:
    """English, Chinese, pinyin and meaning of every term."""
    text = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    return [row for row in ROW.findall(text) if row[0] != "English" and not set(row[0]) <= set("-: ")]


def terms() -> set[str]:
    """Every English term; ``a / b`` is two, and what stands in parentheses is left out."""
    return {
        re.sub(r"\(.*?\)|[`\"]", "", term).strip().lower().replace("-", " ")
        for english, *_ in rows()
        for term in english.split(" / ")
    }


def words_of(name: str) -> str:
    """The words of a name of code: ``LookupTable`` and ``lookup_table`` are 'lookup table'."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|[_-]", " ", name).lower()


def code_names() -> set[str]:
    """Names that must be words of the glossary: of policy classes, packages, commands and models."""
    classes = {
        words_of(name)
        for name, member in inspect.getmembers(policy, inspect.isclass)
        if member.__module__ == policy.__name__
        and (dataclasses.is_dataclass(member) or issubclass(member, enum.Enum))
    }
    packages = {words_of(folder.name) for folder in packages_of(SOURCE)}
    typed = {words_of(word) for command in commands(find_program()) for word in command.path.split()[1:]}
    return classes | packages | typed | model_names()


def model_names() -> set[str]:
    """The names of the models of our apps, of the states they name beside them, and of the roles."""
    models = [
        model
        for app in apps.get_app_configs()
        if app.name.startswith("hearthline.")
        for model in app.get_models()
    ]
    states = {
        choices
        for module in {inspect.getmodule(model) for model in models}
        for _, choices in inspect.getmembers(module, inspect.isclass)
        if issubclass(choices, Choices) and choices.__module__ == getattr(module, "__name__", "")
    }
    named = {member.name for choices in states for member in choices} | {role.value for role in Role}
    return {words_of(model.__name__) for model in models} | {words_of(name.lower()) for name in named}


def packages_of(root: Path) -> list[Path]:
    """Every package of the source, by folder."""
    return [file.parent for file in root.rglob("__init__.py") if file.parent != root]


def test_the_glossary_holds_the_words_of_the_field() -> None:
    found = rows()
    assert len(found) >= 80
    assert len(terms()) >= len(found), "A term stands there twice."
    for english, chinese, pinyin, meaning in found:
        assert meaning.endswith("."), f"The meaning of '{english}' is not a sentence."
        assert HAN.search(chinese), f"'{english}' has no Chinese term."
        assert pinyin, f"'{english}' has no pinyin."


def test_every_word_of_the_code_is_in_the_glossary() -> None:
    known = terms()
    missing = sorted(
        name
        for name in code_names()
        if not {name, f"{name}s", name.removesuffix("s"), f"{name} value"} & known
    )
    assert not missing, f"Add to GLOSSARY.md: {', '.join(missing)}"


def test_a_name_is_read_as_its_words() -> None:
    assert words_of("LookupTable") == "lookup table"
    assert {"standard", "lookup table", "engine", "snapshots"} <= code_names()


def test_models_their_states_and_roles_are_words_of_the_code() -> None:
    assert {
        "observation",
        "audit row",
        "sign in",
        "cancelled",
        "not poor",
        "village officer",
    } <= model_names()
