# SPDX-License-Identifier: Apache-2.0
"""Decides how a change leaves its trace: append-only rows, sealed in chains, verified."""
