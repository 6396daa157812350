# SPDX-License-Identifier: Apache-2.0
"""Decides how the account of the poor and the growth of welfare are written, for people and for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence

from hearthline.statistics import numerals
from hearthline.statistics.account_errors import CHANGE, STOCKS
from hearthline.statistics.balance import FLOWS, Balance, BalanceSheet, Flow
from hearthline.statistics.design import Precision
from hearthline.statistics.difference_formats import run_words
from hearthline.statistics.error_formats import error_words
from hearthline.statistics.figures import Group
from hearthline.statistics.formats import aligned, filed
from hearthline.statistics.growth import Growth, GrowthPoint

SHOWN_PLACES = (5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95)

_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "runs": "Earlier: {earlier}. Later: {later}.",
        "history": "Returns are told from: {runs}.",
        "no_history": "No run before the earlier one was given (--history): returns count among entries.",
        "account": "Poor people, from the earlier run to the later",
        "growth": "Growth of welfare by place in the distribution",
        "group": "Group",
        "total": "Total",
        "unknown": "unknown",
        "before": "Poor before",
        "after": "Poor after",
        "errors": "How sure the account is",
        "change": "Change",
        "place": "the poorest {place}%",
        "percentile": "Percentile",
        "welfare_before": "Before",
        "welfare_after": "After",
        "rate": "Growth",
        "interval": "95% interval",
        "mean": "mean",
        Flow.ENTERED.name: "Entered",
        Flow.RETURNED.name: "Returned",
        Flow.FOUND_POOR.name: "Found poor",
        Flow.NEW.name: "New households",
        Flow.STAYED.name: "Grown, less shrunk",
        Flow.LEFT.name: "Left",
        Flow.BECAME_UNKNOWN.name: "Became unknown",
        Flow.GONE.name: "Gone households",
    },
    "zh": {
        "runs": "前次：{earlier}。本次：{later}。",
        "history": "返贫依据以下批次判断：{runs}。",
        "no_history": "未给出更早的批次（--history）：返贫计入新增贫困。",
        "account": "前次至本次贫困人口的变动",
        "growth": "分布各位置的福利增长",
        "group": "分组",
        "total": "合计",
        "unknown": "未知",
        "before": "前次贫困人口",
        "after": "本次贫困人口",
        "errors": "各项变动的抽样误差",
        "change": "净变动",
        "place": "最低的{place}%",
        "percentile": "百分位",
        "welfare_before": "前次",
        "welfare_after": "本次",
        "rate": "增长率",
        "interval": "95%置信区间",
        "mean": "均值",
        Flow.ENTERED.name: "新致贫",
        Flow.RETURNED.name: "返贫",
        Flow.FOUND_POOR.name: "由未知转为贫困",
        Flow.NEW.name: "新增户",
        Flow.STAYED.name: "人口增减",
        Flow.LEFT.name: "脱贫",
        Flow.BECAME_UNKNOWN.name: "转为未知",
        Flow.GONE.name: "消失户",
    },
}


def text_of_change(sheet: BalanceSheet, growth: Growth | None, language: str) -> str:
    """The account and the growth as aligned tables, under the two runs."""
    words = _WORDS[language]
    earlier, later = (run_words(part, language) for part in (sheet.earlier, sheet.later))
    told = words["no_history"]
    if sheet.history:
        told = words["history"].format(runs=", ".join(part.run for part in sheet.history))
    parts = [
        words["runs"].format(earlier=earlier, later=later) + "\n" + told,
        f"{words['account']}\n{aligned(_account_rows(sheet, language), left=1)}",
    ]
    if sheet.has_errors:
        parts.append(f"{words['errors']}\n{aligned(_error_rows(sheet, language), left=2)}")
    if growth is not None:
        parts.append(f"{words['growth']}\n{aligned(_growth_rows(growth, language), left=1)}")
    return "\n\n".join(parts) + "\n"


def _shown_flows(sheet: BalanceSheet) -> list[Flow]:
    """The flows that any group has; the three of the question always."""
    always = {Flow.ENTERED, Flow.LEFT} | ({Flow.RETURNED} if sheet.history else set())
    return [
        flow for flow in Flow if flow in always or any(balance.people(flow) for balance in sheet.balances)
    ]


def _account_rows(sheet: BalanceSheet, language: str) -> list[list[str]]:
    words, flows = _WORDS[language], _shown_flows(sheet)
    rows = [[words["group"], words["before"], *(words[flow.name] for flow in flows), words["after"]]]
    for balance in sheet.balances:
        moved = [_signed(balance.people(flow)) for flow in flows]
        before, after = numerals.whole(balance.poor_before), numerals.whole(balance.poor_after)
        rows.append([_group_words(sheet, balance.group, language), before, *moved, after])
    return rows


def _error_rows(sheet: BalanceSheet, language: str) -> list[list[str]]:
    """One figure of the account a line, with its error, interval and design effect."""
    words, told = _WORDS[language], error_words(language)
    names = {
        "poor_before": words["before"],
        **{FLOWS[flow.value]: words[flow.name] for flow in _shown_flows(sheet)},
        "poor_after": words["after"],
        CHANGE: words["change"],
    }
    rows = [[words["group"], *(told[name] for name in ("figure", "value", "error", "interval", "effect"))]]
    for balance in sheet.balances:
        figures = _all_figures(balance)
        for name, label in names.items():
            precision = balance.precisions.get(name)
            value = numerals.whole(figures[name]) if name in STOCKS else _signed(figures[name])
            cells = [numerals.NONE] * 3
            if precision is not None:
                low, high = numerals.whole(precision.low), numerals.whole(precision.high)
                effect = numerals.NONE if precision.effect is None else f"{precision.effect:.2f}"
                cells = [numerals.whole(precision.error), f"{low} – {high}", effect]
            rows.append([_group_words(sheet, balance.group, language), label, value, *cells])
    return rows


def _all_figures(balance: Balance) -> Mapping[str, float]:
    """Stocks, the change and every flow, by their names in files."""
    flows = {FLOWS[flow.value]: balance.people(flow) for flow in Flow}
    return {**_figures(balance), CHANGE: balance.change, **flows}


def _signed(people: float) -> str:
    return numerals.NONE if not people else f"{'+' if people > 0 else '−'}{numerals.whole(abs(people))}"


def _group_words(sheet: BalanceSheet, group: Group, language: str) -> str:
    if not group.names:
        return _WORDS[language]["total"]
    specification = sheet.specification
    return " · ".join(
        _WORDS[language]["unknown"]
        if value is None
        else sheet.area_names.get(value, value)
        if name.startswith("area")
        else specification.code_label(name, value, language)
        for name, value in zip(group.names, group.values, strict=True)
    )


def _growth_rows(growth: Growth, language: str) -> list[list[str]]:
    words = _WORDS[language]
    head = [words["percentile"], words["welfare_before"], words["welfare_after"], words["rate"]]
    rows = [head]
    precisions = []
    for place in SHOWN_PLACES:
        point = growth.at(place)
        cells = [numerals.amount(point.before), numerals.amount(point.after), rate_words(point.growth)]
        rows.append([str(place), *cells])
        precisions.append(point.precision)
    rows.append([words["mean"], "", "", rate_words(growth.mean)])
    if not growth.has_errors:
        return rows
    intervals = [words["interval"], *map(_interval, [*precisions, growth.mean_precision])]
    return [[*row, interval] for row, interval in zip(rows, intervals, strict=True)]


def _interval(found: Precision | None) -> str:
    return numerals.NONE if found is None else f"{rate_words(found.low)} – {rate_words(found.high)}"


def rate_words(rate: float | None) -> str:
    """A rate of growth with its sign, in per cent."""
    return numerals.NONE if rate is None else f"{'−' if rate < 0 else '+'}{100 * abs(rate):.1f}%"


def csv_of_change(sheet: BalanceSheet, growth: Growth | None) -> str:
    """One figure a line: the account of every group, then the growth of every percentile."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    with_errors = sheet.has_errors or (growth is not None and growth.has_errors)
    beside = ["error", "low", "high", "design_effect"] if with_errors else []
    writer.writerow(["table", "by", "group", "figure", "value", "households", *beside])

    def put(cells: Sequence[object], precision: Precision | None) -> None:
        writer.writerow([*cells, *(_precise(precision) if with_errors else [])])

    for balance in sheet.balances:
        group = "|".join(value or "" for value in balance.group.values)
        start = ["account", balance.group.by or "total", group]
        for name, value in _figures(balance).items():
            put([*start, name, filed(value), ""], balance.precisions.get(name))
        for flow in Flow:
            movement, name = balance.flows.get(flow), FLOWS[flow.value]
            moved = (filed(movement.people), movement.households) if movement else (0, 0)
            put([*start, name, *moved], balance.precisions.get(name))
        if sheet.has_errors:
            put([*start, CHANGE, filed(balance.change), ""], balance.precisions.get(CHANGE))
    for point in growth.points if growth is not None else ():
        rate = "" if point.growth is None else filed(point.growth)
        put(["growth", "percentile", point.place, "growth", rate, ""], point.precision)
    if growth is not None and growth.has_errors and growth.mean is not None:
        put(["growth", "mean", "", "growth", filed(growth.mean), ""], growth.mean_precision)
    return out.getvalue()


def _precise(precision: Precision | None) -> list[object]:
    """Error, interval and design effect as files hold them; nothing where there are none."""
    if precision is None:
        return ["", "", "", ""]
    effect = "" if precision.effect is None else filed(precision.effect)
    return [filed(precision.error), filed(precision.low), filed(precision.high), effect]


def _figures(balance: Balance) -> Mapping[str, float]:
    return {
        "poor_before": balance.poor_before,
        "poor_after": balance.poor_after,
        "people_before": balance.people_before,
        "people_after": balance.people_after,
    }


def json_of_change(sheet: BalanceSheet, growth: Growth | None) -> str:
    """Everything, for another program."""
    document: dict[str, object] = {
        "earlier": vars(sheet.earlier),
        "later": vars(sheet.later),
        "history": [vars(part) for part in sheet.history],
        "account": [_document(balance) for balance in sheet.balances],
        "growth": _growth_documents(growth.points) if growth is not None else None,
        "mean_growth": None if growth is None or growth.mean is None else filed(growth.mean),
        "mean_growth_errors": _precision_document(growth.mean_precision) if growth is not None else None,
    }
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _document(balance: Balance) -> dict[str, object]:
    flows = {
        FLOWS[flow.value]: {"households": moved.households, "people": filed(moved.people)}
        for flow, moved in balance.flows.items()
    }
    figures = {name: filed(value) for name, value in _figures(balance).items()}
    errors = {name: _precision_document(found) for name, found in balance.precisions.items()}
    document = {"by": balance.group.by or "total", "group": balance.group.keys, **figures, "flows": flows}
    return document | ({"errors": errors} if errors else {})


def _precision_document(found: Precision | None) -> dict[str, object]:
    names = ("error", "low", "high", "design_effect")
    return {name: None if cell == "" else cell for name, cell in zip(names, _precise(found), strict=True)}


def _growth_documents(points: Sequence[GrowthPoint]) -> list[dict[str, object]]:
    return [
        {
            "percentile": point.place,
            "before": filed(point.before),
            "after": filed(point.after),
            "growth": None if point.growth is None else filed(point.growth),
            **_precision_document(point.precision),
        }
        for point in points
    ]
