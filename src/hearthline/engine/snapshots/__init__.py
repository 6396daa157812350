# SPDX-License-Identifier: Apache-2.0
"""Decides what a sealed snapshot is: its tables, its manifest, and how damage is found."""
