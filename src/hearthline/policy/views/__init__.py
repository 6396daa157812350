# SPDX-License-Identifier: Apache-2.0
"""Decides the pages of policy: what is in force here, what a package says, how two differ, what changes."""
