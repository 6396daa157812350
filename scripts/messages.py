# SPDX-License-Identifier: Apache-2.0
"""Gathers the texts of pages and compiles their Chinese: ``python -m scripts.messages [--check] [APP ...]``.

Each app of the service has its own ``locale/zh_Hans/LC_MESSAGES/django.po``. Without ``--check`` new
texts are entered there with an empty translation, unused ones leave, and ``django.mo`` is written anew. With
``--check`` nothing is written: a text without a translation, a placeholder lost in it, or a file that is
not as it would be written is a failure. Nothing but Python is needed.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils.translation.template import templatize

from scripts.measure import ROOT
from scripts.message_files import Catalogue, Key, Message, mo_bytes, po_text, read_po

SOURCES = ROOT / "src" / "hearthline"
PLACE = Path("locale") / "zh_Hans" / "LC_MESSAGES" / "django.po"
SINGLE = {"gettext", "gettext_lazy", "gettext_noop", "_"}
WITH_CONTEXT = {"pgettext", "pgettext_lazy"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT_AND_PLURAL = {"npgettext", "npgettext_lazy"}
CALLS = SINGLE | WITH_CONTEXT | PLURAL | CONTEXT_AND_PLURAL
IN_TEMPLATE = re.compile(r"(?<![\w.])(?:n?p?gettext|_)\(")
NAMED = re.compile(r"%\((\w+)\)[sd]")


def apps() -> list[str]:
    """The apps of the service, by name."""
    return sorted(file.parent.name for file in SOURCES.glob("*/apps.py"))


def texts_of(app: str) -> Catalogue:
    """Every text of an app's sources that is to be translated."""
    found: Catalogue = {}
    folder = SOURCES / app
    for file in sorted([*folder.rglob("*.py"), *folder.rglob("*.html"), *folder.rglob("*.txt")]):
        name = file.relative_to(SOURCES).as_posix()
        source = file.read_text(encoding="utf-8")
        calls = _calls_of_python(source) if file.suffix == ".py" else _calls_of_template(source, name)
        for call in calls:
            for message in _message(call):
                kept = found.setdefault(message.key, message)
                kept.plural = kept.plural or message.plural
                kept.files.add(name)
    return found


def _calls_of_python(source: str) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in CALLS:
            yield node


def _calls_of_template(source: str, name: str) -> Iterator[ast.Call]:
    """The calls that Django makes of the tags of a template, for gettext to read."""
    text = templatize(source, origin=name)
    for match in IN_TEMPLATE.finditer(text):
        end = match.end()
        while (end := text.find(")", end) + 1) > 0:
            try:
                call = ast.parse(text[match.start() : end].strip(), mode="eval").body
            except SyntaxError:
                continue
            if isinstance(call, ast.Call):
                yield call
            break


def _message(call: ast.Call) -> Iterator[Message]:
    name = ast.unparse(call.func).split(".")[-1]
    words = [arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    context = words.pop(0) if name in WITH_CONTEXT | CONTEXT_AND_PLURAL and words else ""
    if not words:
        return
    plural = words[1] if name in PLURAL | CONTEXT_AND_PLURAL and len(words) > 1 else ""
    yield Message(Key(context, words[0]), plural)


def merged(texts: Catalogue, kept: Catalogue) -> Catalogue:
    """The texts of the sources with the translations there are."""
    for key, message in texts.items():
        message.translation = kept[key].translation if key in kept else ""
    return texts


def faults_of(app: str) -> list[str]:
    """What is missing or stale in the message files of an app."""
    file = SOURCES / app / PLACE
    kept = read_po(file) if file.is_file() else {}
    texts = merged(texts_of(app), kept)
    if not texts and not file.is_file():
        return []
    faults = [
        f"{app}: no Chinese for {key.text!r} ({', '.join(sorted(message.files))})"
        for key, message in sorted(texts.items())
        if not message.translation
    ]
    faults += [
        f"{app}: the Chinese of {key.text!r} names {sorted(_names(message.translation))}"
        for key, message in sorted(texts.items())
        if message.translation and not _names(message.translation) <= _names(key.text + message.plural)
    ]
    if not faults and not _is_current(file, texts):
        faults.append(f"{app}: the message files are not current; run python -m scripts.messages {app}")
    return faults


def _names(text: str) -> set[str]:
    return set(NAMED.findall(text))


def _is_current(file: Path, texts: Catalogue) -> bool:
    compiled = file.with_suffix(".mo")
    return (
        file.is_file()
        and compiled.is_file()
        and file.read_text(encoding="utf-8") == po_text(texts)
        and compiled.read_bytes() == mo_bytes(texts)
    )


def write(app: str) -> list[str]:
    """Write the message files of an app anew; the texts that still lack Chinese."""
    file = SOURCES / app / PLACE
    kept = read_po(file) if file.is_file() else {}
    texts = merged(texts_of(app), kept)
    if not texts and not file.is_file():
        return []
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(po_text(texts), encoding="utf-8")
    file.with_suffix(".mo").write_bytes(mo_bytes(texts))
    return [f"{app}: no Chinese yet for {key.text!r}" for key in sorted(texts) if not texts[key].translation]


def main(arguments: list[str]) -> int:
    """Run the command; 1 where a check fails."""
    parser = argparse.ArgumentParser(prog="python -m scripts.messages", description=__doc__)
    parser.add_argument("apps", nargs="*", metavar="APP", help="apps of the service; all without one")
    parser.add_argument("--check", action="store_true", help="write nothing, fail where something is missing")
    asked = parser.parse_args(arguments)
    if not settings.configured:
        settings.configure()
    lines = [line for app in asked.apps or apps() for line in (faults_of(app) if asked.check else write(app))]
    print("\n".join(lines) if lines else "Every text has its Chinese.")
    return 1 if lines and asked.check else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
