# SPDX-License-Identifier: Apache-2.0
"""Decides how the database is asked what every page asks: by queries whose SQL is made once in a process."""

from __future__ import annotations

from hearthline.asking.prepared import Asked, Given, GivenMany

__all__ = ["Asked", "Given", "GivenMany"]
