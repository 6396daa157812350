# SPDX-License-Identifier: Apache-2.0
"""Decides how poverty is measured over a run: headcount, gap, inequality, Alkire-Foster."""
