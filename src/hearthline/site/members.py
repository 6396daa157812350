# SPDX-License-Identifier: Apache-2.0
"""Decides what is asked of a person who joins or leaves a household, as the package has facts for it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hearthline.areas.models import Area
from hearthline.base.problems import HearthlineError
from hearthline.engine.rules.policy import PERSON, Policy
from hearthline.registry.models import Household
from hearthline.registry.national_ids import checked_national_id
from hearthline.registry.rules import LEAST_REASON
from hearthline.registry.services import GivenPerson
from hearthline.site.fact_fields import NOT_TAKEN, FactField
from hearthline.site.visits import sources_of
from hearthline.ui.problems import told

JOINING = ("relation", "sex", "birth_date", "age_stated", "age", "member_state", "joined_on")
LEAVING = ("member_state", "died_on", "left_on")
"""Facts of a person that are asked at once, where the dictionary has them under these names."""
STATED, STATED_ON = "age_stated", "age_stated_on"
_DAY = "%Y-%m-%d"
_BAD_DAY = _("Write a day as year, month and day, such as 2017-12-31.")


def day_field(label: Any, help_text: Any = "") -> forms.DateField:  # Any: texts that are not translated yet
    """Asks for a day."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=forms.DateInput(format=_DAY, attrs={"type": "date"}),
        error_messages={"invalid": _BAD_DAY},
    )


def text_field(label: Any, longest: int, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    """Asks for a short text that no browser is to remember."""
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(
        label=label, max_length=longest, help_text=help_text, required=required, widget=widget
    )


class Sent(forms.Form):
    """What every form here carries: its token, and the version of the household that was seen."""

    token = forms.CharField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class OfPerson(Sent):
    """A form that asks facts of a person from the source a visitor has."""

    def __init__(
        self, policy: Policy, language: str, on: date, names: tuple[str, ...], *args: Any, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.policy, self.on = policy, on
        found = sources_of(policy, PERSON) or list(policy.sources)
        self.source = found[0]
        known = policy.facts.get(PERSON, {})
        self.facts = [
            known[name]
            for name in names
            if name in known and (not known[name].sources or self.source in known[name].sources)
        ]
        for fact in self.facts:
            self.fields[f"f-{fact.name}"] = FactField(fact, language, needed=fact.required)

    def given_facts(self) -> dict[str, object]:
        """The facts that were given; a stated age is of the day it was stated."""
        given = {fact.name: self.cleaned_data[f"f-{fact.name}"] for fact in self.facts}
        given = {name: value for name, value in given.items() if value is not NOT_TAKEN}
        if given.get(STATED) is not None and STATED_ON in self.policy.facts.get(PERSON, {}):
            given[STATED_ON] = self.on.isoformat()
        return given


class PersonForm(OfPerson):
    """A person who joins a household."""

    name = text_field(_("Name"), 80, _("As in the identity card or the household register."))
    national_id = text_field(
        _("National ID"),
        30,
        _("It is sealed at once. The check character tells most slips of the pen."),
        required=False,
    )
    phone = text_field(_("Telephone"), 30, _("It is sealed at once."), required=False)
    starts_on = day_field(
        _("Belongs to the household since"), _("A birth, a marriage, a moving in, or the opening.")
    )
    field_order = ("name", "national_id")

    def __init__(self, policy: Policy, language: str, on: date, *args: Any, **options: Any) -> None:
        super().__init__(policy, language, on, JOINING, *args, **options)
        facts = [f"f-{fact.name}" for fact in self.facts]
        self.order_fields(["number", "registered_on", "name", *facts, "national_id", "phone", "starts_on"])

    def clean_national_id(self) -> str:
        """The number in its one form."""
        try:
            return checked_national_id(
                self.cleaned_data["national_id"], on=self.on, jurisdiction=self.policy.jurisdiction
            )
        except HearthlineError as error:
            raise forms.ValidationError(told(error).sentence) from error

    def clean_starts_on(self) -> date:
        """A day that has come."""
        return _come(self.cleaned_data["starts_on"], self.on)

    def person(self) -> GivenPerson:
        """Who is entered."""
        data = self.cleaned_data
        return GivenPerson(data["name"], data["national_id"], data["phone"], self.given_facts())


class HouseholdForm(PersonForm):
    """A household that is opened, with its head."""

    number = text_field(
        _("Number of the household"), 60, _("The next free number of the place is suggested.")
    )
    name = text_field(_("Name of the head"), 80, _("As in the identity card or the household register."))
    starts_on = day_field(_("Day of registration"))


class LeavingForm(OfPerson):
    """A person who leaves a household."""

    ends_on = day_field(_("Last day in the household"))

    def __init__(self, policy: Policy, language: str, on: date, *args: Any, **options: Any) -> None:
        super().__init__(policy, language, on, LEAVING, *args, **options)

    def clean_ends_on(self) -> date:
        """A day that has come."""
        return _come(self.cleaned_data["ends_on"], self.on)


class RightId(Sent):
    """The national ID that is right, and why."""

    national_id = text_field(
        _("Right national ID"), 30, _("Leave it empty where the person's own number is not known."),
        required=False,
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Say which paper was looked at. It is kept with your name."),
        min_length=LEAST_REASON,
        max_length=300,
    )

    def __init__(self, policy: Policy, on: date, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._policy, self._on = policy, on

    def clean_national_id(self) -> str:
        """The number in its one form."""
        try:
            return checked_national_id(
                self.cleaned_data["national_id"], on=self._on, jurisdiction=self._policy.jurisdiction
            )
        except HearthlineError as error:
            raise forms.ValidationError(told(error).sentence) from error


def next_number(area: Area) -> str:
    """The next free number of a household in a place: its code and four digits."""
    place = Household.objects.filter(area=area).count() + 1
    while Household.objects.filter(number=f"{area.code}-{place:04d}").exists():
        place += 1
    return f"{area.code}-{place:04d}"


def _come(day: date, on: date) -> date:
    if day > on:
        raise forms.ValidationError(gettext("This day is still to come."))
    return day
