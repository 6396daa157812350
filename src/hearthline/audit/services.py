# SPDX-License-Identifier: Apache-2.0
"""Decides how a trace is left: one row in the transaction of the change, or of the look."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone

from hearthline.audit.models import AuditRow


def record(
    *,
    by: AbstractBaseUser | None,
    on: date,
    action: str,
    subject: str,
    subject_id: int | str,
    area_path: str = "",
    facts: Mapping[str, object] | None = None,
) -> AuditRow:
    """Leave a trace of ``action`` (such as ``registry.observe``) on a subject. Call it in the transaction.

    ``facts`` is an allow-list of what explains the change; never a name, ID, phone or account of a person.
    """
    return AuditRow.objects.create(
        at=timezone.now(),
        on=on,
        officer_id=by.pk if by else None,
        officer_name=by.get_username() if by else "",
        action=action,
        subject=subject,
        subject_id=str(subject_id),
        area_path=area_path,
        facts=dict(facts or {}),
    )
