# SPDX-License-Identifier: Apache-2.0
"""Decides what a person types and reads on the terminal."""
