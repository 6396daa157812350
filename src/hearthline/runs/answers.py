# SPDX-License-Identifier: Apache-2.0
"""Decides how the answer of a simulation is laid out on its page, protected for who may see less."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from hearthline.engine.rules.policy import Policy
from hearthline.engine.rules.wording import said, unit_words
from hearthline.policy.queries import policy_of
from hearthline.runs.models import Simulation
from hearthline.runs.simulations import Told, told, told_amount
from hearthline.simulation.figure_formats import band_words
from hearthline.simulation.warning import CLIFF, REVERSALS
from hearthline.statistics.numerals import amount, percent
from hearthline.ui.addresses import address_or_none
from hearthline.ui.parts import Bar, Bars
from hearthline.ui.wording import number

NEAR = 10
"""Bands on either side of the line that the page draws: half the line."""


@dataclass(frozen=True)
class CostRow:
    """What the benefits cost on one side; None is hidden."""

    side: str
    households: int | None
    people: float | None
    amount: float | None


@dataclass(frozen=True)
class Linked:
    """Words or a count with what it opens; without an address it opens nothing."""

    shown: object
    href: str = ""


@dataclass(frozen=True)
class GroupRow:
    """One group: its name, and a count for every change."""

    name: Linked
    counts: list[Linked]


def section_of(policy: Policy, rule: str) -> str:
    """The section of the package in which a rule stands; empty where it has no such rule any more."""
    return "derived" if rule in policy.derived else "criteria" if rule in policy.criteria else ""


def rule_words(policy: Policy, name: str, language: str) -> str:
    """How a derived value or a criterion is called; its name where the package no longer has it."""
    rule = policy.derived.get(name) or policy.criteria.get(name)
    return (said(rule.label, language) if rule else "") or name


def address_words(policy: Policy, address: str, language: str) -> str:
    """How what was set is called; its address where the package no longer has it."""
    head, _dot, rest = address.removeprefix("parameters.").partition(".")
    parameter, criterion = policy.parameters.get(head), policy.criteria.get(rest)
    if parameter is not None:
        label = said(parameter.label, language) or head
        return f"{label} ({rest})" if rest else label
    if head == "criteria" and criterion is not None:
        return said(criterion.label, language) or rest
    return address


def set_words(policy: Policy, text: str, language: str) -> str:
    """What something was set to: asked or not, a figure with its unit, or the text as it was written."""
    switches = {"on": _("is asked"), "off": _("is not asked")}
    if text in switches:
        return switches[text]
    figure, space, unit = text.partition(" ")
    if "/" not in unit and unit != policy.currency:
        return text
    gap = "" if language == "zh" else space
    return f"{figure}{gap}{unit_words(unit, language)}"


@dataclass(frozen=True)
class Answer:
    """One simulation as its page tells it. ``whole``: the reader may open the households of the place.

    ``listed`` gives the address of the households of a change, a place or a rule; ``meaning`` that of an
    entry of the package by section and name; ``places`` the number of a place by its code.
    """

    simulation: Simulation
    language: str
    whole: bool
    titles: Mapping[str, Promise]
    listed: Callable[..., str]
    meaning: Callable[[str, str], str]
    places: Mapping[str, int]

    @property
    def _told(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.simulation.answer
        return found

    @property
    def policy(self) -> Policy:
        """The package that was changed."""
        return policy_of(self.simulation.version)

    @property
    def settings(self) -> list[tuple[Linked, str, str]]:
        """What was set: its name, what it was and what it becomes, in words where there are any."""
        return [
            (
                Linked(
                    address_words(self.policy, each["address"], self.language),
                    self._meaning_of(each["address"]),
                ),
                set_words(self.policy, each["was"], self.language),
                set_words(self.policy, each["becomes"], self.language),
            )
            for each in self._told["settings"]
        ]

    def _meaning_of(self, address: str) -> str:
        head, _dot, rest = address.removeprefix("parameters.").partition(".")
        if head in self.policy.parameters:
            return self.meaning("parameters", head)
        known = head == "criteria" and rest in self.policy.criteria
        return self.meaning("criteria", rest) if known else ""

    @property
    def version_hash(self) -> str:
        """The fingerprint of the changed package."""
        return str(self._told["later"]["version_hash"])

    def _changes(self, group: Mapping[str, object]) -> dict[str, Mapping[str, object]]:
        return {each["change"]: each for each in self._told["changes"] if each["group"] == group}

    @property
    def changes(self) -> list[tuple[Promise, Told, str]]:
        """For every change its title, its count, and where its households are listed."""
        found = self._changes({})
        nobody = {"households": 0, "people": 0}
        rows = []
        for change, title in self.titles.items():
            count = told(found.get(change, nobody), whole=self.whole)
            rows.append((title, count, self.listed(change) if count.households else ""))
        return rows

    @property
    def groups(self) -> list[tuple[str, list[GroupRow]]]:
        """Tables by place and by group: a title, then rows with a count for every change."""
        if not self.whole:
            return []
        tables: dict[str, dict[str, GroupRow]] = {}
        for each in self._told["changes"]:
            if each["group"]:
                [(key, value)] = each["group"].items()
                place = self.places.get(value) if key.startswith("area") else None
                href = address_or_none("site:area", place) if place else ""
                self._put(tables.setdefault(key, {}), Linked(self._group(key, value), href), each, place)
        return [(self._key(key), list(rows.values())) for key, rows in tables.items()]

    @property
    def by_fact(self) -> bool:
        """Whether households are also counted by a fact: of such a group, as of a cause, none is kept."""
        return self.whole and any(
            not key.startswith("area") for each in self._told["changes"] for key in each["group"]
        )

    def _key(self, key: str) -> str:
        if key.startswith("area"):
            return _("By place")
        fact = self.policy.facts["household"].get(key)
        return _("By %(group)s") % {"group": said(fact.label, self.language) if fact else key}

    def _group(self, key: str, value: str | None) -> str:
        if value is None:
            return _("unknown")
        if key.startswith("area"):
            return str(self._told["area_names"].get(value, value))
        fact = self.policy.facts["household"].get(key)
        code = fact.codes.get(value) if fact else None
        return said(code, self.language) if code else value

    @property
    def rules(self) -> list[tuple[Promise, Linked, Told, str]]:
        """The changed rules behind each change, each with its meaning and its households."""
        rows = []
        for each in self._told["rules"]:
            if each["change"] not in self.titles:
                continue
            section = section_of(self.policy, each["rule"])
            words = rule_words(self.policy, each["rule"], self.language)
            rule = Linked(words, self.meaning(section, each["rule"]) if section else "")
            count = told(each, whole=self.whole)
            listed = self.listed(each["change"], rule=each["rule"]) if count.households else ""
            rows.append((self.titles[each["change"]], rule, count, listed))
        standard = self.policy.default_standard.name
        itself = Linked(_("The standard itself"), self.meaning("standards", standard))
        for change, counted in self._told["standard_itself"].items():
            count = told(counted, whole=self.whole)
            listed = self.listed(change, rule="") if count.households else ""
            rows.append((self.titles[change], itself, count, listed))
        return rows

    @property
    def causes(self) -> list[GroupRow]:
        """The causes of who would change, with a count for every change, for who may see households."""
        if not self.whole:
            return []
        rows: dict[str, GroupRow] = {}
        for each in self._told["causes"]:
            cause = self.policy.causes.get(each["cause"])
            label = said(cause.label, self.language) if cause else each["cause"]
            href = self.meaning("causes", each["cause"]) if cause else ""
            self._put(rows, Linked(label, href), each, None)
        return list(rows.values())

    def _put(
        self, rows: dict[str, GroupRow], name: Linked, each: Mapping[str, Any], place: int | None
    ) -> None:
        """A count into its row, under its change; that of a place opens its households."""
        row = rows.setdefault(str(name.shown), GroupRow(name, [Linked(0) for _change in self.titles]))
        if each["change"] in self.titles:
            listed = self.listed(each["change"], area=place) if place and each["households"] else ""
            row.counts[list(self.titles).index(each["change"])] = Linked(each["households"], listed)

    @property
    def costs(self) -> list[CostRow]:
        """What the benefits cost before and after."""
        rows = []
        sides = {"before": _("As it is"), "after": _("As it would be")}
        for each in self._told["costs"]:
            if not each["group"]:
                count = told(each, whole=self.whole)
                amount = told_amount(float(each["exact"]), each["households"], whole=self.whole)
                rows.append(CostRow(sides[each["side"]], count.households, count.people, amount))
        return rows

    @property
    def benefits(self) -> str:
        """The benefits that were asked about, in words."""
        kinds = {
            "household": _("%(amount)s %(currency)s for each household"),
            "person": _("%(amount)s %(currency)s for each person"),
            "gap": _("%(amount)s of the gap to the line"),
        }
        found = []
        for text in self._told["benefits"]:
            kind, _equals, much = text.partition("=")
            words = kinds.get(kind, text.replace("%", "%%"))
            found.append(words % {"amount": much, "currency": self.currency})
        return ("；" if self.language == "zh" else "; ").join(found)

    @property
    def currency(self) -> str:
        """The currency of amounts."""
        return unit_words(self.policy.currency, self.language)

    @property
    def cliff(self) -> Bars | None:
        """The mean benefit per person by distance to the line, after the change."""
        cliff = self._told["cliff"].get("after") if self.whole else None
        if not cliff:
            return None
        near = [band for band in cliff["bands"] if -NEAR <= band["place"] < NEAR]
        bars = [
            Bar(
                band_words(band["place"]),
                band["benefit_per_person"] or 0.0,
                number(round(band["benefit_per_person"] or 0)),
            )
            for band in near
        ]
        return Bars(
            _("Mean benefit per person by distance to the line"),
            bars,
            _("Distance to the line"),
            self.currency,
        )

    @property
    def cliff_warnings(self) -> list[str]:
        """The cliff where it is over the threshold that was asked for, for who may see it."""
        words = _("%(side)s: a person who crosses the line falls by %(share)s of it, more than %(over)s.")
        return self._warned(CLIFF, words) if self.whole else []

    @property
    def reversal_warnings(self) -> list[str]:
        """Rank reversals where they are over the threshold; of hidden counts nothing is told."""
        shown = [share for _side, _count, share in self.reversals if share is not None]
        words = _("%(side)s: %(share)s of people end below someone poorer before help, more than %(over)s.")
        return self._warned(REVERSALS, words) if len(shown) == len(self.reversals) else []

    def _warned(self, kind: str, words: str) -> list[str]:
        sides = {"before": _("As it is"), "after": _("As it would be")}
        digits = 1 if self.whole else 0
        return [
            words
            % {
                "side": sides[each["side"]],
                "share": percent(each["share"], digits),
                "over": percent(each["over"], 0),
            }
            for each in self._told.get("warnings", ())
            if each["kind"] == kind
        ]

    @property
    def reversals(self) -> list[tuple[str, Told, float | None]]:
        """Households that end below one that was poorer before help, before and after the change."""
        sides = {"before": _("As it is"), "after": _("As it would be")}
        rows = []
        for side, cliff in self._told["cliff"].items():
            found = cliff["reversals"]
            count = told(
                {"households": found["overtaken"], "people": found["overtaken_people"]}, whole=self.whole
            )
            share = found["share"]
            if share is not None and not self.whole:
                share = None if count.households is None else round(share, 2)
            rows.append((sides[side], count, share))
        return rows

    @property
    def errors(self) -> list[tuple[str, Told, float | None, Told, float | None]]:
        """Inclusion and exclusion errors before and after the change, with their shares."""
        sides = {"before": _("As it is"), "after": _("As it would be")}
        rows = []
        for side, found in self._told["errors"].items():
            wrong, missed = (
                told(found["inclusion"], whole=self.whole),
                told(found["exclusion"], whole=self.whole),
            )
            shares = [found["inclusion_share"], found["exclusion_share"]]
            if not self.whole:
                shares = [
                    None if count.households is None or share is None else round(share, 2)
                    for count, share in zip((wrong, missed), shares, strict=True)
                ]
            rows.append((sides[side], wrong, shares[0], missed, shares[1]))
        return rows

    @property
    def curve(self) -> Bars | None:
        """How many households would be poor at each value of the parameter."""
        curve = self._told["curve"]
        if curve is None:
            return None
        parameter = self.policy.parameters[curve["parameter"]]
        bars = []
        for point in curve["points"]:
            count = told(point, whole=self.whole)
            words = _("hidden") if count.households is None else number(count.households)
            bars.append(Bar(amount(Decimal(point["value"])), float(count.households or 0), words))
        label = said(parameter.label, self.language)
        return Bars(
            _("Poor households by the value of: %(parameter)s") % {"parameter": label},
            bars,
            label,
            _("Households"),
        )
