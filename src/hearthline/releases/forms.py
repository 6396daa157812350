# SPDX-License-Identifier: Apache-2.0
"""Decides what the forms of releases ask."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from hearthline.accounts.queries import Scope
from hearthline.policy.forms import Choice, PlaceForm
from hearthline.releases.words import METHODS, SUBJECTS

LONGEST_REASON = 500


class ReleaseForm(PlaceForm):
    """Which table of which run, and how small counts are kept."""

    run = forms.ChoiceField(label=_("Screening"))
    subject = forms.ChoiceField(label=_("Table"), choices=list(SUBJECTS.items()))
    levels = forms.MultipleChoiceField(
        label=_("Levels of places"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Below the place itself. The lower the level, the more is hidden."),
    )
    method = forms.ChoiceField(
        label=_("How small counts are kept"),
        choices=list(METHODS.items()),
        help_text=_("Round from the start where tables come again and again: what is out stays known."),
    )

    def __init__(
        self,
        scope: Scope,
        runs: Sequence[Choice],
        levels: Sequence[Choice],
        data: object = None,
        initial: object = None,
    ) -> None:
        super().__init__(scope, data, initial)
        self.fields["place"].help_text = _("The place of the screening, or one within it.")
        for name, choices in (("run", runs), ("levels", levels)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = list(choices)


class WithdrawReleaseForm(forms.Form):
    """Why a release is withdrawn."""

    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON)
