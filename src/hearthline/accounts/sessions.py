# SPDX-License-Identifier: Apache-2.0
"""Decides how a session is read: by Django's own store in the database, its query built once in a process."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField
from django.utils import timezone

from hearthline.asking import Asked, Given

_SESSION = Asked(
    lambda: Session.objects.filter(
        session_key=Given("key", CharField()), expire_date__gt=Given("now", DateTimeField())
    )
)


class SessionStore(db.SessionStore):
    """Sessions in the database; what is no session, or no longer one, loses its key."""

    def _get_session_from_db(self) -> Session | None:
        found = _SESSION.find(key=self.session_key, now=timezone.now()) if self.session_key else None
        if found is None:
            self._session_key = None
        return found

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Django's own table."""
        return Session
