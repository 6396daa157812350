# SPDX-License-Identifier: Apache-2.0
"""Decides what is said where a list cannot be given as a file."""

from __future__ import annotations

from hearthline.base.problems import Kind, declare

TOO_LONG = declare(
    "ui.list-too-long",
    Kind.BAD_INPUT,
    "the list has more than {most} rows, too many for one file.",
    "Narrow the list by its filters or by a smaller area, and export again.",
)
UNKNOWN_FORMAT = declare(
    "ui.unknown-format",
    Kind.BAD_INPUT,
    "'{format}' is no format of a list.",
    "Ask for xlsx or csv.",
)
