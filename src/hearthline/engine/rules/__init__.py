# SPDX-License-Identifier: Apache-2.0
"""Decides what a rule means: types, units, the typed tree, the row evaluator. No I/O here."""
