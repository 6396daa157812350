# SPDX-License-Identifier: Apache-2.0
"""Decides the words everything above shares: problems, money, periods."""
