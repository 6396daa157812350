# SPDX-License-Identifier: Apache-2.0
"""Decides how a snapshot and the file of who is in it are brought into the register, many rows at once."""
