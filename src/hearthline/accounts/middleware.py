# SPDX-License-Identifier: Apache-2.0
"""Decides who speaks: every page but the public ones needs a signed-in officer with a living session."""

from __future__ import annotations

from django.contrib.auth.middleware import LoginRequiredMiddleware


class SignedIn(LoginRequiredMiddleware):
    """Sends who is not signed in to the sign-in page."""
