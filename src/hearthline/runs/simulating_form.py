# SPDX-License-Identifier: Apache-2.0
"""Decides what the request of a simulation asks: other values, criteria on and off, benefits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from hearthline.engine.rules.parameters import find_parameter_value
from hearthline.engine.rules.policy import HOUSEHOLD, Combine, Parameter, ParameterValue, Policy
from hearthline.engine.rules.wording import said, value_words
from hearthline.policy.forms import Choice
from hearthline.runs.services.simulating import Asked
from hearthline.simulation.warning import CLIFF, DEFAULTS, REVERSALS

_SET, _CRITERION, _WARN = "set_", "criterion_", "warn_"
LONGEST = 40


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
        return value_words(found.value, parameter.type, self._language).replace(",", "")

    def asked(self) -> Asked:
        """What was filled in, as the texts that the command line takes."""
        given = self.cleaned_data
        settings = [
            f"parameters.{name.removeprefix(_SET)}={value.strip()}"
            for name, value in given.items()
            if name.startswith(_SET) and value.strip()
        ]
        default = self._policy.default_standard.criteria
        for name, value in given.items():
            criterion = name.removeprefix(_CRITERION)
            if name.startswith(_CRITERION) and value is not (criterion in default):
                settings.append(f"criteria.{criterion}={'on' if value else 'off'}")
        benefits = [
            f"{kind}={given[kind].strip()}" for kind in ("household", "person", "gap") if given[kind].strip()
        ]
        return Asked(
            settings=tuple(settings),
            benefits=tuple(benefits),
            warn=tuple(
                f"{kind}={given[_WARN + kind].strip()}" for kind in DEFAULTS if given[_WARN + kind].strip()
            ),
            by=given["by"],
            reference=given["reference"],
            curve=given["curve"],
        )
