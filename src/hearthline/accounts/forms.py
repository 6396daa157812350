# SPDX-License-Identifier: Apache-2.0
"""Decides what the pages of accounts ask for, and beside which field a problem is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hearthline.accounts.rules import Role
from hearthline.accounts.words import role_choice
from hearthline.areas.models import Area
from hearthline.base.problems import HearthlineError
from hearthline.ui.context import LANGUAGE_NAMES
from hearthline.ui.problems import told

FIELDS: Mapping[str, str | None] = {
    "accounts.wrong-sign-in": None,
    "accounts.wait": None,
    "accounts.wrong-code": "code",
    "accounts.wrong-password": "old",
    "accounts.weak-password": "new",
    "accounts.same-password": "new",
    "accounts.bad-username": "username",
    "accounts.username-taken": "username",
    "accounts.no-name": "name",
    "accounts.bad-period": "starts_on",
    "accounts.already-granted": "role",
    "accounts.account-closed": None,
    "accounts.own-grant": None,
    "accounts.whole-country": "place",
    "accounts.unknown-language": "language",
}
"""The field a problem speaks of; None is the whole form. Other problems are pages of their own."""
TOO_MANY = 429
NOT_TAKEN = 400


def put_into(form: forms.BaseForm, error: HearthlineError) -> int:
    """Tell a problem in the form it came from, and the HTTP status of that answer; others go on."""
    if error.code not in FIELDS:
        raise error
    field = FIELDS[error.code]
    form.add_error(field if field in form.fields else None, told(error).sentence)
    return TOO_MANY if error.code == "accounts.wait" else NOT_TAKEN


def _day(label: Any, hint: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=hint,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class SignInForm(forms.Form):
    """Name and password."""

    username = forms.CharField(
        label=_("Account name"),
        max_length=100,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    """The six digits that a phone shows."""

    code = forms.CharField(
        label=_("One-time code"),
        help_text=_("The six digits that your authenticator shows now."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class PresentPasswordForm(forms.Form):
    """The present password, before something is taken off."""

    old = forms.CharField(
        label=_("Present password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PasswordForm(PresentPasswordForm):
    """The present password and the new one, twice."""

    new = forms.CharField(
        label=_("New password"),
        help_text=_("Twelve characters or more; a few words in a row are good."),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password once more"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Both new passwords are one."""
        values = super().clean() or self.cleaned_data
        if "new" in values and "again" in values and values["new"] != values["again"]:
            self.add_error("again", gettext("The two new passwords differ. Type the same one twice."))
        return values


class LanguageForm(forms.Form):
    """The language of the pages."""

    language = forms.ChoiceField(
        label=_("Language"),
        choices=lambda: [(code, LANGUAGE_NAMES.get(code, code)) for code, _name in settings.LANGUAGES],
        widget=forms.RadioSelect,
    )


class GrantForm(forms.Form):
    """A role in a place, from one day to another."""

    role = forms.ChoiceField(
        label=_("Role"), choices=lambda: [(str(role), role_choice(role)) for role in Role]
    )
    place = forms.CharField(
        label=_("Place"),
        help_text=_("Its code or its name; the role holds there and in all places within."),
        max_length=120,
        widget=forms.TextInput(attrs={"list": "places", "autocomplete": "off"}),
    )
    starts_on = _day(_("First day"), _("Today, if left out."))
    ends_on = _day(_("Last day"), _("Until further notice, if left out."))

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, areas: QuerySet[Area], everywhere: bool, **more: Any
    ) -> None:
        super().__init__(data, **more)
        self._areas = areas
        if everywhere:
            self.fields["place"].required = False
            self.fields["place"].help_text = _(
                "Its code or its name; the role holds there and in all places within. "
                "Left out, it holds everywhere."
            )

    def clean_place(self) -> Area | None:
        """The place of a code or name, among those in which one may grant roles."""
        typed = self.cleaned_data["place"].strip()
        if not typed:
            return None
        found = list(self._areas.filter(Q(code=typed) | Q(name=typed))[:2])
        exact = [area for area in found if area.code == typed] or found
        if not exact:
            raise forms.ValidationError(
                gettext("There is no place %(typed)s in your area. Check its code."), params={"typed": typed}
            )
        if len(exact) > 1:
            raise forms.ValidationError(
                gettext("Several places are called %(typed)s. Give the code of one."), params={"typed": typed}
            )
        return exact[0]


class AccountForm(GrantForm):
    """A new account with its first role."""

    name = forms.CharField(label=_("Name of the officer"), max_length=80)
    username = forms.CharField(
        label=_("Account name"),
        help_text=_("With which the officer signs in, such as the name in pinyin; it never changes."),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=lambda: [(code, LANGUAGE_NAMES.get(code, code)) for code, _name in settings.LANGUAGES],
    )
    field_order = ("name", "username", "role", "place", "starts_on", "ends_on", "language")
