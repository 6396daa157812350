# SPDX-License-Identifier: Apache-2.0
"""Decides which components templates have."""
