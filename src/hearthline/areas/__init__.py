# SPDX-License-Identifier: Apache-2.0
"""Decides what a place is: the tree of areas, its dated names and codes, and what lies within what."""
