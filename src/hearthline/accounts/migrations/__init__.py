# SPDX-License-Identifier: Apache-2.0
"""Decides how the tables of accounts came to be."""
