# SPDX-License-Identifier: Apache-2.0
"""Decides what the log says of a request that lies, such as one with a wrong Host: one line, no traceback."""

from __future__ import annotations

import logging

LYING = "django.security."
"""The loggers of what a sender did wrong; where in our program it was noticed helps nobody."""
THEIRS, OURS = "ALLOWED_HOSTS", "HEARTHLINE_HOSTS"
"""What Django names as the remedy of a wrong Host, and where it is set here."""


class OneLine(logging.Filter):
    """Takes the traceback off what a sender did wrong; whatever else is logged keeps its own."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, some of them shorter."""
        if record.name.startswith(LYING):
            record.exc_info = record.exc_text = None
            record.msg = str(record.msg).replace(THEIRS, OURS)
        return True
