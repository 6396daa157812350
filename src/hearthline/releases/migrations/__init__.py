# SPDX-License-Identifier: Apache-2.0
"""Decides how the tables of releases came to be."""
