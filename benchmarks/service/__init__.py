# SPDX-License-Identifier: Apache-2.0
"""Decides how the service wing is measured: on a database of its own, beside what the machine can do."""
