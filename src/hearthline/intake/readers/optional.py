# SPDX-License-Identifier: Apache-2.0
"""Decides which readers are loaded only when a file needs them: the registry of optional readers."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

from hearthline.intake.problems import READER_MISSING

MODULES = {"stata": "pyreadstat"}
"""Each extra of the package and the module that it installs."""


def optional_reader(extra: str, path: Path, format_name: str) -> ModuleType:
    """The module of an extra; refused with the command that installs it if it is not there."""
    try:
        return importlib.import_module(MODULES[extra])
    except ImportError as error:
        raise READER_MISSING.error(file=path.name, format=format_name, extra=extra) from error
