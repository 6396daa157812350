# SPDX-License-Identifier: Apache-2.0
"""Decides how templates say a role and its state."""

from __future__ import annotations

from django import template

from hearthline.accounts.words import role_words, state_badge

register = template.Library()
register.filter("role_words", role_words)
register.filter("state_badge", state_badge)
