# SPDX-License-Identifier: Apache-2.0
"""Decides how templates say a role and its state."""

from __future__ import annotations

from django import template

from hearthline.accounts.words import place_words, role_words, state_badge, until_words

register = template.Library()
register.filter("role_words", role_words)
register.filter("state_badge", state_badge)
register.filter("place_words", place_words)
register.filter("until_words", until_words)
