# SPDX-License-Identifier: Apache-2.0
"""Decides how a package is applied to the register: snapshots, runs, results, figures."""
