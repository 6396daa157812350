# SPDX-License-Identifier: Apache-2.0
"""Decides the address of a style sheet or script: it names the content, so that browsers keep it for ever."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage

_DIGITS = 12


class FilesByContent(StaticFilesStorage):
    """The files of the package itself; after an update a page asks for other addresses."""

    def url(self, name: str | None) -> str:
        """The address of a file, with a mark of its content."""
        return f"{super().url(name)}?v={_mark(name)}" if name else super().url(name)


@lru_cache(maxsize=1000)
def _mark(name: str) -> str:
    found = finders.find(name)
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:_DIGITS] if isinstance(found, str) else ""
