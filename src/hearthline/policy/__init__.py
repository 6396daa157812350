# SPDX-License-Identifier: Apache-2.0
"""Decides which policy package is in force where and when."""
