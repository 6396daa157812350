# SPDX-License-Identifier: Apache-2.0
"""Decides the pages of accounts: signing in, one's own account, and the officers of an area."""
