# SPDX-License-Identifier: Apache-2.0
"""Decides how a policy package becomes an answer: rules, SQL, packages, snapshots, backends."""
