# SPDX-License-Identifier: Apache-2.0
"""Reads and writes message files: .po for people, .mo for the service; no tool of gettext is needed."""

from __future__ import annotations

import ast
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

HEADER = (
    "Project-Id-Version: hearthline\n"
    "Language: zh_Hans\n"
    "MIME-Version: 1.0\n"
    "Content-Type: text/plain; charset=UTF-8\n"
    "Content-Transfer-Encoding: 8bit\n"
    "Plural-Forms: nplurals=1; plural=0;\n"
)
LICENCE = "# SPDX-License-Identifier: Apache-2.0\n"
MAGIC = 0x950412DE


@dataclass(frozen=True, order=True)
class Key:
    """A text of the sources: its context and itself."""

    context: str
    text: str


@dataclass
class Message:
    """A text with its plural, its translation and the files it stands in."""

    key: Key
    plural: str = ""
    translation: str = ""
    files: set[str] = field(default_factory=set)


Catalogue = dict[Key, Message]


def read_po(file: Path) -> Catalogue:
    """The messages of a .po file; a doubtful (fuzzy) one counts as not translated."""
    found: Catalogue = {}
    for message, fuzzy in _entries(file.read_text(encoding="utf-8").splitlines()):
        if message.key.text:
            found[message.key] = Message(message.key, message.plural, "" if fuzzy else message.translation)
    return found


def _entries(lines: Iterable[str]) -> Iterator[tuple[Message, bool]]:
    parts: dict[str, str] = {}
    current, fuzzy = "", False
    for line in [*lines, ""]:
        text = line.strip()
        if text.startswith("#,"):
            fuzzy = "fuzzy" in text
        elif text.startswith("msg"):
            current, _, literal = text.partition(" ")
            parts[current] = ast.literal_eval(literal)
        elif text.startswith('"') and current:
            parts[current] += ast.literal_eval(text)
        elif not text and parts:
            key = Key(parts.get("msgctxt", ""), parts["msgid"])
            said = parts.get("msgstr", parts.get("msgstr[0]", ""))
            yield Message(key, parts.get("msgid_plural", ""), said), fuzzy
            parts, current, fuzzy = {}, "", False


def po_text(catalogue: Catalogue) -> str:
    """The .po file of a catalogue, in the order of its texts, so that two people's additions seldom meet."""
    blocks = [f'{LICENCE}msgid ""\nmsgstr ""\n' + "".join(f"{_quoted(line)}\n" for line in _lines(HEADER))]
    for key in sorted(catalogue):
        message = catalogue[key]
        lines = [f"#: {name}" for name in sorted(message.files)]
        if key.context:
            lines.append(f"msgctxt {_quoted(key.context)}")
        lines.append(f"msgid {_quoted(key.text)}")
        if message.plural:
            lines.append(f"msgid_plural {_quoted(message.plural)}")
        name = "msgstr[0]" if message.plural else "msgstr"
        lines.append(f"{name} {_quoted(message.translation)}")
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def mo_bytes(catalogue: Catalogue) -> bytes:
    """The .mo file of a catalogue: its translated texts, sorted, behind two tables of lengths and places."""
    pairs = [("", HEADER)]
    for key, message in catalogue.items():
        if message.translation:
            text = f"{key.context}\x04{key.text}" if key.context else key.text
            pairs.append((f"{text}\x00{message.plural}" if message.plural else text, message.translation))
    texts = sorted((text.encode(), said.encode()) for text, said in pairs)
    start = 28 + 16 * len(texts)
    ids = b"".join(text + b"\x00" for text, _ in texts)
    said = b"".join(words + b"\x00" for _, words in texts)
    tables, places = [b"", b""], [start, start + len(ids)]
    for pair in texts:
        for side in (0, 1):
            tables[side] += struct.pack("<II", len(pair[side]), places[side])
            places[side] += len(pair[side]) + 1
    head = struct.pack("<7I", MAGIC, 0, len(texts), 28, 28 + 8 * len(texts), 0, start)
    return head + tables[0] + tables[1] + ids + said
