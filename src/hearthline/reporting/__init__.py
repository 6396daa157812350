# SPDX-License-Identifier: Apache-2.0
"""Decides how results are shown: tables and charts on the terminal, one report for the browser."""
