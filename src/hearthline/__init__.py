# SPDX-License-Identifier: Apache-2.0
"""Decides nothing: the root of the package, with its version."""

__version__ = "0.1.0"
