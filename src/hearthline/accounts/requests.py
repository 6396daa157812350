# SPDX-License-Identifier: Apache-2.0
"""Decides what a view is given: who asks, the day, and what he may do."""

from __future__ import annotations

from collections.abc import Set
from datetime import date

from django.http import HttpRequest

from hearthline.accounts.models import Officer, SignIn


class OfficerRequest(HttpRequest):
    """A request of a signed-in officer, as ``accounts.middleware.SignedIn`` hands it on."""

    user: Officer
    on: date
    may: Set[str]
    sign_in: SignIn
