# SPDX-License-Identifier: Apache-2.0
"""Decides which modules are loaded only when they are needed: extras, and what a command alone uses."""

from __future__ import annotations

import importlib
from types import ModuleType

MODULES = {
    "stata": ("pyreadstat",),
    "spark": ("pyspark.sql",),
    "service": ("hearthline.site.starting", "hearthline.site.commands"),
    "publishing": ("scipy.optimize",),
    "matrices": ("scipy.sparse",),  # comes with scipy
    "factors": ("scipy.sparse.linalg",),  # the same
    "learning": ("sklearn.linear_model", "sklearn.ensemble", "sklearn"),
    "threads": ("threadpoolctl",),  # comes with scikit-learn
}
"""Each extra of the package and the modules that need it, in the order of loading."""


def find_extra(extra: str) -> ModuleType | None:
    """The last module of an extra, or None where the extra is not installed."""
    try:
        return [importlib.import_module(name) for name in MODULES[extra]][-1]
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("hearthline"):
            raise
        return None


def get_extra(extra: str) -> ModuleType:
    """The last module of an extra that is known to be installed."""
    module = find_extra(extra)
    if module is None:
        raise ModuleNotFoundError(f"the extra {extra} is not installed")
    return module


def loaded_when_asked(module: str) -> ModuleType:
    """A module of the core that only what asks for it needs, such as that of one command."""
    return importlib.import_module(module)
