# SPDX-License-Identifier: Apache-2.0
"""Decides which control asks for a fact, in the words of the package, and what may be typed into it.

Nothing typed means that it was not asked; ``?`` that it was asked and nobody knows.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext

from hearthline.base.problems import HearthlineError
from hearthline.engine.rules import wording
from hearthline.engine.rules.policy import Fact
from hearthline.engine.rules.types import Kind
from hearthline.policy.reading import package_language
from hearthline.registry.documents import document_value
from hearthline.site.facts import said
from hearthline.ui.problems import told
from hearthline.ui.wording import short_day

UNKNOWN = "?"
_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,20})?", re.ASCII)
_NO_UNIT = "1"


class NotTaken:
    """What a field gives whose fact was not asked."""


NOT_TAKEN = NotTaken()


class FactField(forms.CharField):
    """Asks for one fact; gives its text, None for not known, ``NOT_TAKEN`` where nothing was typed."""

    of_many = True

    def __init__(self, fact: Fact, language: str, *, so_far: str = "", needed: bool = False) -> None:
        self.fact = fact
        question = said(fact.question, language) if fact.question else ""
        hint = format_html('{} <span class="so-far">{}</span>', question, so_far) if so_far else question
        super().__init__(
            label=label_of(fact, language),
            required=needed,
            help_text=hint,
            widget=_widget(fact, language, needed=needed),
        )

    def clean(self, value: Any) -> Any:  # Any: what a form posts, and what Django declares to give
        """The text, None or ``NOT_TAKEN``."""
        text = super().clean(value)
        if not text:
            return NOT_TAKEN
        if text in (UNKNOWN, "？") and not self.fact.required:
            return None
        fault = _fault(self.fact, text)
        if fault:
            raise forms.ValidationError(fault)
        return text


def label_of(fact: Fact, language: str) -> str:
    """The name of a fact, with the unit in which it is written."""
    unit = str(fact.type.unit)
    if fact.type.kind not in (Kind.NUMBER, Kind.DOUBLE) or unit in (_NO_UNIT, "year"):
        return said(fact.label, language)
    words = wording.unit_words(unit, package_language(language))
    return gettext("%(label)s (%(unit)s)") % {"label": said(fact.label, language), "unit": words}


def is_choice(fact: Fact) -> bool:
    """Whether a fact is chosen from a list, where "not known" is one of the choices."""
    return bool(fact.codes) or fact.type.kind is Kind.BOOLEAN


def _widget(fact: Fact, language: str, *, needed: bool) -> forms.Widget:
    if is_choice(fact):
        choices = [("", gettext("choose") if needed else gettext("not asked"))]
        if fact.codes:
            choices += [(code, said(words, language)) for code, words in fact.codes.items()]
        else:
            choices += [("true", gettext("Yes")), ("false", gettext("No"))]
        if not fact.required:
            choices.append((UNKNOWN, gettext("not known")))
        return forms.Select(choices=choices)
    if fact.type.kind is Kind.DATE:
        limits = {"min": fact.minimum, "max": fact.maximum}
        attributes = {name: day.isoformat() for name, day in limits.items() if isinstance(day, date)}
        return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **attributes})
    if fact.type.kind in (Kind.NUMBER, Kind.DOUBLE):
        mode = "numeric" if fact.declared == "integer" else "decimal"
        return forms.TextInput(attrs={"inputmode": mode, "autocomplete": "off", "maxlength": "40"})
    return forms.TextInput(attrs={"autocomplete": "off", "maxlength": "200"})


def _fault(fact: Fact, text: str) -> str:
    """What is wrong with a text, for who typed it; empty where it can be the value of the fact."""
    if fact.type.kind is Kind.DATE:
        fault = _date_fault(fact, text)
    elif fact.type.kind in (Kind.NUMBER, Kind.DOUBLE):
        fault = _number_fault(fact, text)
    else:
        fault = ""
    if fault:
        return fault
    try:
        document_value(fact, text)
    except HearthlineError as error:
        return told(error).sentence
    return ""


def _date_fault(fact: Fact, text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return gettext("Write a day as year, month and day, such as 2017-12-31.")
    if isinstance(fact.minimum, date) and day < fact.minimum:
        return gettext("Give a day on or after %(day)s.") % {"day": short_day(fact.minimum)}
    if isinstance(fact.maximum, date) and day > fact.maximum:
        return gettext("Give a day on or before %(day)s.") % {"day": short_day(fact.maximum)}
    return ""


def _number_fault(fact: Fact, text: str) -> str:
    if not _NUMBER.fullmatch(text):
        return gettext("Write a number in digits, such as 1250 or 12.5, without unit or commas.")
    number = Decimal(text)
    if fact.declared == "integer" and number != number.to_integral_value():
        return gettext("Write a whole number.")
    if fact.type.kind is Kind.NUMBER and -int(number.normalize().as_tuple().exponent) > fact.type.scale:
        digits = fact.type.scale
        return ngettext("Write at most %(digits)d decimal.", "Write at most %(digits)d decimals.", digits) % {
            "digits": digits
        }
    if isinstance(fact.minimum, Decimal) and number < fact.minimum:
        return gettext("It cannot be less than %(bound)s.") % {"bound": f"{fact.minimum:,f}"}
    if isinstance(fact.maximum, Decimal) and number > fact.maximum:
        return gettext("It cannot be more than %(bound)s.") % {"bound": f"{fact.maximum:,f}"}
    return ""
