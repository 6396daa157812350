# SPDX-License-Identifier: Apache-2.0
"""Decides what the request of a screening asks."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from hearthline.accounts.queries import Scope
from hearthline.policy.forms import Choice, Day, PlaceForm


class ScreeningForm(PlaceForm):
    """Where and for which date; which package, and the register of which day."""

    screening_date = Day(
        label=_("Screening date"), help_text=_("Ages, income and parameters are those of this date.")
    )
    version = forms.ChoiceField(label=_("Package"), required=False)
    as_of = Day(
        label=_("Register as of"),
        required=False,
        help_text=_("Empty: as it is today. An earlier day reads what was so on that day."),
    )
    activate = forms.BooleanField(
        label=_("Make it the run that holds in this place"),
        required=False,
        help_text=_("Without it the run can be compared, and pages go on showing the one before."),
    )

    def __init__(
        self, scope: Scope, versions: Sequence[Choice], data: object = None, initial: object = None
    ) -> None:
        super().__init__(scope, data, initial)
        field = self.fields["version"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("The one in force there on that date")), *versions]
