# SPDX-License-Identifier: Apache-2.0
"""Decides the words for roles, and for whether a role holds, that pages and forms show."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from hearthline.accounts.models import Grant
from hearthline.accounts.rules import Role
from hearthline.ui.badges import badge
from hearthline.ui.wording import short_day

Words = str | Promise

ROLES: Mapping[str, Words] = {
    Role.VIEWER: _("Viewer"),
    Role.VILLAGE_OFFICER: _("Village officer"),
    Role.ANALYST: _("Analyst"),
    Role.POLICY_DESIGNER: _("Policy designer"),
    Role.ADMINISTRATOR: _("Administrator"),
    Role.AUDITOR: _("Auditor"),
}
DUTIES: Mapping[str, Words] = {
    Role.VIEWER: _("sees places and their figures"),
    Role.VILLAGE_OFFICER: _("keeps the households of the place"),
    Role.ANALYST: _("screens, compares and counts"),
    Role.POLICY_DESIGNER: _("writes and publishes policy packages"),
    Role.ADMINISTRATOR: _("opens accounts and grants roles"),
    Role.AUDITOR: _("reads everything, changes nothing"),
}
STATES: Mapping[str, tuple[Words, str]] = {
    "holds": (pgettext_lazy("role", "Holds"), "good"),
    "later": (pgettext_lazy("role", "Begins later"), "note"),
    "ended": (pgettext_lazy("role", "Ended"), "plain"),
    "closed": (pgettext_lazy("role", "Account closed"), "plain"),
}
"""Words and tone of what a grant is on a day."""


def role_words(role: object) -> str:
    """The words of a role; a role that is no longer known stands as it was written."""
    return str(ROLES.get(str(role), role))


def state_badge(value: object) -> SafeString:
    """Whether a role holds, as a word on a tone."""
    return badge(*STATES.get(str(value), (str(value), "plain")))


def place_words(row: object) -> str:
    """The place of a grant, with its code."""
    area = row.area if isinstance(row, Grant) else None
    return f"{area.name} ({area.code})" if area is not None else pgettext("place", "everywhere")


def until_words(value: object) -> str:
    """The last day of a grant, or that it has none."""
    return short_day(value) if isinstance(value, date) else pgettext("role", "further notice")


def role_choice(role: Role) -> str:
    """A role and what it is for, as a list to choose from shows it."""
    return gettext("%(role)s: %(duty)s") % {"role": ROLES[role], "duty": DUTIES[role]}
