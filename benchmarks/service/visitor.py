# SPDX-License-Identifier: Apache-2.0
"""Decides how a process asks pages without a server, as an officer who is signed in."""

from __future__ import annotations

from django.conf import settings
from django.test import Client
from django.utils import timezone

from hearthline.accounts.models import Officer
from hearthline.accounts.services.attempts import Device
from hearthline.accounts.services.sign_ins import enter_sign_in


def signed_in(username: str) -> Client:
    """A client of Django with the session of an officer."""
    settings.ALLOWED_HOSTS = ["testserver"]
    officer = Officer.objects.get(username=username)
    client = Client()
    client.force_login(officer)
    key = client.session.session_key or ""
    device = Device("benchmark", "benchmark", returned=True)
    enter_sign_in(officer=officer, on=timezone.localdate(), at=timezone.now(), session_key=key, device=device)
    return client
