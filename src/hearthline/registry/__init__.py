# SPDX-License-Identifier: Apache-2.0
"""Decides who is in the register: households, people, observations, current values."""
