# SPDX-License-Identifier: Apache-2.0
"""Decides the words that templates of accounts load."""
