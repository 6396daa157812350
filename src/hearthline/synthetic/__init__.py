# SPDX-License-Identifier: Apache-2.0
"""Decides what a made-up county looks like: the seeded generator."""
