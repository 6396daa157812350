# SPDX-License-Identifier: Apache-2.0
"""Decides who is likely poor where income cannot be seen: scores learned from a survey, always as leads."""
