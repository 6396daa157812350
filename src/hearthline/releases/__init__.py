# SPDX-License-Identifier: Apache-2.0
"""Decides what is published of runs: tables that passed one gate, and the memory of all of them."""
