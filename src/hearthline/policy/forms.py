# SPDX-License-Identifier: Apache-2.0
"""Decides what the forms of the policy pages ask, and what is no answer."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from hearthline.accounts.queries import Scope
from hearthline.areas.models import Area
from hearthline.areas.queries import find_area_by_code

Choice = tuple[str, str]
LONGEST_NOTE = 500


class Day(forms.DateField):
    """A day, by the browser's own calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PublishForm(forms.Form):
    """Which of the packages that come with Hearthline to publish."""

    package = forms.ChoiceField(label=_("Package"))
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=LONGEST_NOTE,
        help_text=_("Why this version is published."),
    )

    def __init__(self, packages: Sequence[Choice], data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # what a request holds
        field = self.fields["package"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = packages


class PlaceForm(forms.Form):
    """A form that names a place by its code, within the officer's places."""

    place = forms.CharField(
        label=_("Place (code)"), max_length=40, help_text=_("It holds there and in all that lies within.")
    )

    def __init__(self, scope: Scope, data: object = None, initial: object = None) -> None:
        super().__init__(data, initial=initial)  # type: ignore[arg-type]  # what a request holds
        self._scope = scope

    def clean_place(self) -> Area:
        """The place of the code."""
        area = find_area_by_code(self.cleaned_data["place"].strip(), self._scope.filter("path"))
        if area is None:
            raise forms.ValidationError(_("There is no place with this code among yours."))
        return area


class ActivateForm(PlaceForm):
    """Where, and from when to when, a version is in force."""

    starts_on = Day(label=_("First screening date"))
    ends_on = Day(label=_("Last screening date"), required=False, help_text=_("Empty: until further notice."))


class WithdrawForm(forms.Form):
    """Why an activation is withdrawn."""

    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_NOTE)
