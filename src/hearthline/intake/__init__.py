# SPDX-License-Identifier: Apache-2.0
"""Decides how files from outside become a snapshot: read by a map, checked by row, sealed or not at all."""

from hearthline.intake.importing import FileReport, ImportReport, Progress, Reason, import_files
from hearthline.intake.suggesting import suggest_map

__all__ = ["FileReport", "ImportReport", "Progress", "Reason", "import_files", "suggest_map"]
