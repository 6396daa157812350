# SPDX-License-Identifier: Apache-2.0
"""Decides how long work is done: rows with state and progress, a worker, retry, cancel, resume."""
