# SPDX-License-Identifier: Apache-2.0
"""Decides who an officer is, what he may do and where: accounts, grants, sessions."""
