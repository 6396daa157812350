# SPDX-License-Identifier: Apache-2.0
"""Decides what would be if a package said something else: who enters, who leaves, and what it costs."""
