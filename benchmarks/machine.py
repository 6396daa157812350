# SPDX-License-Identifier: Apache-2.0
"""Decides how the machine of a benchmark is described: in words, without its name or its paths."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path


def machine_in_words() -> str:
    """Cores, memory, processor, system and Python."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = f"{usable_cores()} cores"
    return f"{cores}, {memory:.0f} GiB of memory, {_processor()}, {_system()}, {_python()}"


def usable_cores() -> int:
    """The processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)


def versions_in_words(packages: Sequence[str]) -> str:
    """What was measured, by version."""
    return ", ".join(f"{name} {version(name)}" for name in packages)


def load_in_words() -> str:
    """How busy the machine was, since seconds on the wall say little where others work too."""
    return f"{os.getloadavg()[0]:.1f}"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        found = re.search(r"^model name\s*:\s*(.+)$", info.read_text(encoding="utf-8"), re.MULTILINE)
        if found:
            return found[1]
    return platform.processor() or platform.machine()


def _system() -> str:
    if hasattr(platform, "freedesktop_os_release") and platform.system() == "Linux":
        try:
            return platform.freedesktop_os_release()["PRETTY_NAME"]
        except (OSError, KeyError):
            return platform.system()
    return platform.system()


def _python() -> str:
    return f"Python {platform.python_version()}"
