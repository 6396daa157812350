# SPDX-License-Identifier: Apache-2.0
"""Decides the menu of the documentation: four kinds of page and the decisions, each from its folder."""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path

SECTIONS = {
    "Tutorial": "tutorial",
    "How-to": "how-to",
    "Reference": "reference",
    "Explanation": "explanation",
    "Decisions": "decisions",
}


def pages_of(folder: Path, docs: Path) -> list[str]:
    """The pages of a section: its overview first, then the rest by name."""
    pages = sorted(folder.rglob("*.md"), key=lambda page: (page.name != "index.md", page.as_posix()))
    return [page.relative_to(docs).as_posix() for page in pages]


def on_config(config: MutableMapping[str, object]) -> MutableMapping[str, object]:
    """Called by the builder: put the menu together from the folders."""
    docs = Path(str(config["docs_dir"]))
    sections: list[object] = ["index.md"]
    for title, name in SECTIONS.items():
        sections.append({title: pages_of(docs / name, docs)})
    config["nav"] = [*sections, {"Plan": "plan.md"}]
    return config
