# SPDX-License-Identifier: Apache-2.0
"""Decides which SQL steps a policy becomes, as sqlglot trees. No I/O here."""
