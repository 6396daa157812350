# SPDX-License-Identifier: Apache-2.0
"""Decides how a measured program says what it did: one JSON file, with the seconds since its imports.

The whole process is measured from outside. What it measures itself is the job alone: without the start of
Python and the imports, which are the same for one household and for a million.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path


class Job:
    """Begins when it is made; ``done`` writes the report."""

    def __init__(self, report: Path) -> None:
        self._report = report
        self._wall = time.perf_counter()
        self._cpu = time.process_time()

    def done(self, **found: object) -> None:
        """Write the seconds of the job and what was found."""
        seconds: Mapping[str, object] = {
            "job_wall": time.perf_counter() - self._wall,
            "job_cpu": time.process_time() - self._cpu,
        }
        self._report.write_text(json.dumps({**seconds, **found}), encoding="utf-8")
