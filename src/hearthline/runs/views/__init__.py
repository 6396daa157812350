# SPDX-License-Identifier: Apache-2.0
"""Decides the pages of runs: the list, one run, the request of a screening, two runs compared."""
