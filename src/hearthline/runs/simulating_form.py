# SPDX-License-Identifier: Apache-2.0
"""Decides what the request of a simulation asks: other values, criteria on and off, benefits."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hearthline.base.problems import HearthlineError
from hearthline.engine.rules.parameters import find_parameter_value
from hearthline.engine.rules.policy import HOUSEHOLD, Combine, Parameter, ParameterValue, Policy
from hearthline.engine.rules.types import Kind
from hearthline.engine.rules.wording import said, value_words
from hearthline.policy.forms import Choice
from hearthline.runs.services.simulating import Asked
from hearthline.simulation.benefits import read_benefits
from hearthline.simulation.package import setting_faults
from hearthline.simulation.problems import LAST_CRITERION
from hearthline.simulation.warning import CLIFF, DEFAULTS, OFF, REVERSALS, read_thresholds
from hearthline.ui.problems import told, told_each

_SET, _CRITERION, _WARN = "set_", "criterion_", "warn_"
_OFF_IN_CHINESE = "关"
"""What the page in Chinese says to write for off."""
LONGEST = 40
_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,20})?", re.ASCII)


class SimulationForm(forms.Form):
    """What would be otherwise. Nothing but values and switches: no formula is taken from a page."""

    def __init__(
        self,
        policy: Policy,
        on: date,
        versions: Sequence[Choice],
        language: str,
        data: object = None,
    ) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # what a request holds
        self._policy, self._on, self._language = policy, on, language
        self.fields["version"] = forms.ChoiceField(
            label=_("Package"),
            required=False,
            choices=[("", _("That of the run")), *versions],
            help_text=_("Another one is held against the run whole."),
        )
        for parameter, found in self._parameters():
            self.fields[f"{_SET}{parameter.name}"] = forms.CharField(
                label=said(parameter.label, language) or parameter.name,
                required=False,
                max_length=LONGEST,
                help_text=_("In force: %(value)s. Empty leaves it so.")
                % {"value": self._words(parameter, found)},
            )
        for name, criterion in policy.criteria.items():
            if criterion.level == HOUSEHOLD and self._switches:
                self.fields[f"{_CRITERION}{name}"] = forms.BooleanField(
                    label=_("Asked: %(criterion)s") % {"criterion": said(criterion.label, language)},
                    required=False,
                    initial=name in policy.default_standard.criteria,
                )
        self._benefits()
        self._choices()
        for field in self.fields.values():
            field.of_many = True  # type: ignore[attr-defined]  # none is needed: saying so of each is noise

    def _benefits(self) -> None:
        self.fields["household"] = forms.CharField(
            label=_("Benefit for a poor household"), required=False, max_length=LONGEST
        )
        self.fields["person"] = forms.CharField(
            label=_("Benefit for each person in it"), required=False, max_length=LONGEST
        )
        self.fields["gap"] = forms.CharField(
            label=_("Share of the gap to the line that is filled"),
            required=False,
            max_length=LONGEST,
            help_text=_("Such as 100%. Benefits add up."),
        )
        for kind, label in (
            (CLIFF, _("Warn of a cliff over this share of the line")),
            (REVERSALS, _("Warn of rank reversals over this share of people")),
        ):
            self.fields[f"{_WARN}{kind}"] = forms.CharField(
                label=label,
                required=False,
                max_length=LONGEST,
                help_text=_("Empty is %(share)s; off warns of none.") % {"share": f"{DEFAULTS[kind]:.0%}"},
            )

    def _choices(self) -> None:
        policy, language = self._policy, self._language
        numbers = [
            (parameter.name, said(parameter.label, language) or parameter.name)
            for parameter, _found in self._parameters()
            if parameter.declared in ("money", "decimal", "integer", "double")
        ]
        groups = [
            (fact.name, said(fact.label, language) or fact.name)
            for fact in policy.facts[HOUSEHOLD].values()
            if fact.declared in ("code", "boolean") and fact.sensitivity in ("public", "internal")
        ]
        standards = [
            (f"standard.{name}", said(standard.label, language))
            for name, standard in policy.standards.items()
            if standard.in_force(self._on) and not standard.default
        ]
        for name, label, choices in (
            ("curve", _("Sensitivity to"), numbers),
            ("by", _("Also by"), groups),
            ("reference", _("Errors against the standard"), standards),
        ):
            self.fields[name] = forms.ChoiceField(
                label=label, required=False, choices=[("", _("Nothing")), *choices]
            )

    @property
    def _switches(self) -> bool:
        return self._policy.default_standard.combine is not Combine.INDEX

    def _parameters(self) -> list[tuple[Parameter, ParameterValue]]:
        found = []
        for parameter in self._policy.parameters.values():
            value = find_parameter_value(
                parameter, jurisdiction=self._policy.jurisdiction, purpose="standard", on=self._on
            )
            if value is not None:
                found.append((parameter, value))
        return sorted(found, key=lambda each: each[0].name != self._policy.line)

    def _words(self, parameter: Parameter, found: ParameterValue) -> str:
        """The value in force as it would be typed: without separators of thousands."""
        return value_words(found.value, parameter.type, self._language, named=parameter.label).replace(
            ",", ""
        )

    def clean(self) -> dict[str, object]:
        """Texts that can be no value, told at their fields before a package is read."""
        given: dict[str, object] = super().clean() or self.cleaned_data
        for name, text in self._filled(given).items():
            fault = self._fault(name, text)
            if fault:
                self.add_error(name, fault)
        return given

    def _fault(self, name: str, text: str) -> str:
        """What is wrong with a text, for who typed it; empty where it can be read."""
        example = ""
        try:
            if name.startswith(_SET):
                return self._fault_of_value(self._policy.parameters[name.removeprefix(_SET)], text)
            if name.startswith(_WARN):
                example = gettext("Write a share, such as 10%, or off.")
                read_thresholds([f"{name.removeprefix(_WARN)}={text}"])
            else:
                amount = gettext("Write an amount in digits, such as 1200.")
                example = gettext("Write a share of the gap, such as 50%.") if name == "gap" else amount
                read_benefits([f"{name}={text}"], self._policy)
        except HearthlineError:
            return example
        return ""

    def _fault_of_value(self, parameter: Parameter, text: str) -> str:
        """What is no number; all else the package tells, which knows units and what is in force."""
        number = parameter.type.kind in (Kind.NUMBER, Kind.DOUBLE)
        if not number or _NUMBER.fullmatch(text.partition(" ")[0]):
            return ""
        return gettext("Write a number in digits, such as %(value)s.") % {"value": self._example(parameter)}

    def _example(self, parameter: Parameter) -> str:
        """The value in force without its unit."""
        value = next(value for one, value in self._parameters() if one is parameter).value
        return str(value)

    def _filled(self, given: Mapping[str, object]) -> dict[str, str]:
        """What was typed, by the name of its field."""
        typed = ("household", "person", "gap")
        texts = {
            name: str(value).strip()
            for name, value in given.items()
            if name in typed or name.startswith((_SET, _WARN))
        }
        return {name: OFF if text == _OFF_IN_CHINESE else text for name, text in texts.items() if text}

    def asked(self) -> Asked:
        """What was filled in, as the texts that the command line takes."""
        given, filled = self.cleaned_data, self._filled(self.cleaned_data)
        return Asked(
            settings=tuple(self._settings()),
            benefits=tuple(
                f"{kind}={filled[kind]}" for kind in ("household", "person", "gap") if kind in filled
            ),
            warn=tuple(f"{kind}={filled[_WARN + kind]}" for kind in DEFAULTS if _WARN + kind in filled),
            by=given["by"],
            reference=given["reference"],
            curve=given["curve"],
        )

    def _settings(self) -> dict[str, str]:
        """The settings, each with the name of its field."""
        filled = self._filled(self.cleaned_data)
        settings = {
            f"parameters.{name.removeprefix(_SET)}={text}": name
            for name, text in filled.items()
            if name.startswith(_SET)
        }
        default = self._policy.default_standard.criteria
        for name, value in self.cleaned_data.items():
            criterion = name.removeprefix(_CRITERION)
            if name.startswith(_CRITERION) and value is not (criterion in default):
                settings[f"criteria.{criterion}={'on' if value else 'off'}"] = name
        return settings

    def tell(self, error: HearthlineError, package: Path) -> None:
        """A refusal, at the fields that it speaks of, else at the head of the form."""
        fields = self._settings()
        faults = setting_faults(package, list(fields), self._on)
        for text, fault in faults.items():
            self.add_error(fields[text], told(HearthlineError(fault.problem, fault.params, None)).sentence)
        if faults:
            return
        last = f"{_CRITERION}{error.params.get('name')}"
        if error.problem is LAST_CRITERION and last in self.fields:
            self.add_error(last, told(error).sentence)
            return
        for each in told_each(error):
            self.add_error(None, each.sentence)

    @property
    def groups(self) -> list[tuple[Promise, list[BoundField]]]:
        """The fields under their headings; a heading without fields is left out."""
        kinds: tuple[tuple[Promise, Callable[[str], bool]], ...] = (
            (_("Which package"), lambda name: name == "version"),
            (_("Other values"), lambda name: name.startswith(_SET)),
            (_("What is asked of a household"), lambda name: name.startswith(_CRITERION)),
            (_("Benefits"), lambda name: name in ("household", "person", "gap")),
            (_("When to warn"), lambda name: name.startswith(_WARN)),
            (_("What else to work out"), lambda name: name in ("curve", "by", "reference")),
        )
        found = [(title, [self[name] for name in self.fields if belongs(name)]) for title, belongs in kinds]
        return [(title, fields) for title, fields in found if fields]
