# SPDX-License-Identifier: Apache-2.0
"""Decides the sections of a report, each a function from an edition to its part of the page."""
