# SPDX-License-Identifier: Apache-2.0
"""The programs that a benchmark starts, each in a process of its own, so that none pays for another."""
