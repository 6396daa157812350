# SPDX-License-Identifier: Apache-2.0
"""Decides that a form does once what it says, however often it is sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from hearthline.accounts.models import Officer
from hearthline.base.problems import Kind, declare
from hearthline.base.sealing import keys_of
from hearthline.registry.documents import canonical
from hearthline.registry.models import SentForm

FORM_USED = declare(
    "registry.form-used",
    Kind.REFUSED,
    "this form was already sent, with other contents, and was saved as it was sent first.",
    "Look at what was saved; write down what differs by a correction, or on a new page.",
)
BAD_TOKEN = declare(
    "registry.bad-form-token",
    Kind.BAD_INPUT,
    "the form was not sent as the page gave it.",
    "Load the page again and fill it in once more.",
)
KEPT_DAYS = 30
TOKEN = re.compile(r"[0-9a-f]{32}")

Made = Mapping[str, int]


def sent_once(*, by: Officer, token: str, contents: object, do: Callable[[], Made]) -> Made:
    """What ``do`` makes; a second time what it made the first time, and nothing is done.

    ``do`` runs in the transaction that remembers the form, and asks itself what the officer may do. Without
    a token nothing is remembered. Raises ``registry.form-used`` where the second form says something else.
    """
    if not token:
        return do()
    if not TOKEN.fullmatch(token):
        raise BAD_TOKEN.error()
    hashed = keys_of(settings.KEY_FILE).index(f"sent form {canonical(contents)}")[:64]
    with transaction.atomic():
        row = SentForm(officer=by, token=token, contents=hashed, sent_at=timezone.now())
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            return _made_before(by, token, hashed)
        made = do()
        SentForm.objects.filter(pk=row.pk).update(made=dict(made))
        over = timezone.now() - timedelta(days=KEPT_DAYS)
        SentForm.objects.filter(officer=by, sent_at__lt=over).delete()
    return made


def _made_before(by: Officer, token: str, hashed: str) -> Made:
    row = SentForm.objects.get(officer=by, token=token)
    if row.contents != hashed:
        raise FORM_USED.error()
    made: Made = row.made
    return made
