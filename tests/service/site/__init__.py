# SPDX-License-Identifier: Apache-2.0
"""Decides that what the tests of this folder share ends with the last of them."""
