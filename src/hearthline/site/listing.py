# SPDX-License-Identifier: Apache-2.0
"""Decides the list of households of an area: its columns, filters by status, criterion and cause."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from django.db.models import F
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hearthline.runs.models import Run, Status
from hearthline.runs.words import ANSWERS, RunWords, bit_of, named
from hearthline.ui.addresses import addresses_of
from hearthline.ui.badges import STATUSES, status
from hearthline.ui.tables import Choices, Column, Table, call
from hearthline.ui.tables.filters import Rows

BY_PLACE = "place"
"""Village by village: the order of the index, so that a page of a province is read where it begins."""
_ORDER = (Status.POOR, Status.UNKNOWN, Status.NOT_POOR)
_OF_RESULT = (
    "household_id", "household__number", "household__head_name", "household__area__name", "people", "status",
    "not_met", "unknown", "causes",
)  # fmt: skip
_OF_HOUSEHOLD = ("number", "head_name", "area__name", "members", "registered_on")


call(
    "households",
    {
        "number": _("Household number"),
        "head": _("Head"),
        "place": _("Village"),
        "people": _("People"),
        "status": _("Status"),
        "not_met": _("Not met"),
        "unknown": _("Unknown"),
        "causes": _("Causes"),
        "since": _("Registered"),
    },
    {"status": _("Status"), "not_met": _("Not met"), "unknown": _("Unknown"), "cause": _("Cause")},
)


def screened_table(run: Run, words: RunWords) -> Table:
    """The list of the households that a run screened, in the words of its package."""
    criteria = tuple((name, words.criteria[name]) for name in words.deciding)
    said = {one: words.statuses[int(one)] or STATUSES[ANSWERS[one]][0] for one in Status}
    household = _household("household_id")
    return Table(
        name="households",
        caption=_("Households"),
        columns=(
            Column(
                key="number",
                label=_("Household number"),
                value="household__number",
                sort="household__number",
                link=household,
            ),
            Column(key="head", label=_("Head"), value="household__head_name", link=household),
            Column(key="place", label=_("Village"), value="household__area__name", sort="area_path"),
            Column(key="people", label=_("People"), sort="people", show="number", first_down=True),
            Column(
                key="status",
                label=_("Status"),
                value=lambda row: said[row["status"]],  # type: ignore[index]  # fields of a Result
                show=_badge(said),
            ),
            Column(key="not_met", label=_("Not met"), value=_names_of(run, words, "not_met")),
            Column(key="unknown", label=_("Unknown"), value=_names_of(run, words, "unknown")),
            Column(key="causes", label=_("Causes"), value=_causes_of(run, words)),
        ),
        filters=(
            Choices(
                name="status",
                label=_("Status"),
                options=tuple((str(int(one)), said[one]) for one in _ORDER),
            ),
            Choices(
                name="not_met", label=_("Not met"), options=criteria, by=_with_bit(run, "criteria", "not_met")
            ),
            Choices(
                name="unknown", label=_("Unknown"), options=criteria, by=_with_bit(run, "criteria", "unknown")
            ),
            Choices(
                name="cause",
                label=_("Cause"),
                options=tuple(words.causes.items()),
                by=_with_bit(run, "causes", "causes"),
            ),
        ),
        sort=BY_PLACE,
        reads=_OF_RESULT,
        empty=_("No household of this area was screened."),
    )


def registered_table() -> Table:
    """The list where nothing was screened yet."""
    return Table(
        name="households",
        caption=_("Households"),
        columns=(
            Column(key="number", label=_("Household number"), sort="number", link=_household("pk")),
            Column(key="head", label=_("Head"), value="head_name"),
            Column(key="place", label=_("Village"), value="area__name", sort="area_path"),
            Column(
                key="people",
                label=_("People"),
                value="members",
                sort="members",
                show="number",
                first_down=True,
            ),
            Column(
                key="since", label=_("Registered"), value="registered_on", sort="registered_on", show="day"
            ),
        ),
        sort=BY_PLACE,
        reads=_OF_HOUSEHOLD,
        empty=_("No household of this area is in the register yet."),
    )


def _household(field: str) -> Callable[[object], str]:
    """The address of the household of a row, whose number stands in ``field``."""
    address = addresses_of("site:household")
    return lambda row: address(row[field])  # type: ignore[index]  # fields of a row


def _with_bit(run: Run, kind: str, column: str) -> Callable[[Rows, str], Rows]:
    def narrow(rows: Rows, name: str) -> Rows:
        marked = rows.alias(**{f"has_{column}": F(column).bitand(bit_of(run, kind, name))})
        narrowed: Rows = marked.filter(**{f"has_{column}__gt": 0})
        return narrowed

    return narrow


def _badge(said: Mapping[Status, object]) -> Callable[[object], str]:
    badges = {words: status(ANSWERS[one], words) for one, words in said.items()}
    return lambda value: badges[value]


def _names_of(run: Run, words: RunWords, column: str) -> Callable[[object], object]:
    names = run.names["criteria"]
    joined, deciding = gettext("; "), frozenset(words.deciding)

    @cache
    def said(bits: int) -> str:
        return joined.join(words.criteria[name] for name in named(bits, names) if name in deciding)

    return lambda row: said(row[column])  # type: ignore[index]  # fields of a Result


def _causes_of(run: Run, words: RunWords) -> Callable[[object], object]:
    names = run.names["causes"]
    joined = gettext("; ")

    @cache
    def said(bits: int) -> str:
        return joined.join(words.causes[name] for name in named(bits, names))

    return lambda row: said(row["causes"])  # type: ignore[index]  # fields of a Result
