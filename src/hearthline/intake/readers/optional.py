# SPDX-License-Identifier: Apache-2.0
"""Decides what is said where a file needs a reader that is not installed."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from hearthline.base.extras import find_extra
from hearthline.intake.problems import READER_MISSING


def optional_reader(extra: str, path: Path, format_name: str) -> ModuleType:
    """The module of an extra; refused with the command that installs it if it is not there."""
    module = find_extra(extra)
    if module is None:
        raise READER_MISSING.error(file=path.name, format=format_name, extra=extra)
    return module
