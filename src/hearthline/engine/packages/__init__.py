# SPDX-License-Identifier: Apache-2.0
"""Decides which folders are policy packages, reads and checks them, and layers one over another."""
