# SPDX-License-Identifier: Apache-2.0
"""Decides how files become a snapshot: maps, readers, checks, and what is rejected with its reason."""
