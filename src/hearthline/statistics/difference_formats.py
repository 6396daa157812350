# SPDX-License-Identifier: Apache-2.0
"""Decides how the difference between two runs is written: for people in two languages, and for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping

from hearthline.statistics.differences import CHANGES, Change, Count, Difference, RunDifference
from hearthline.statistics.figures import Group
from hearthline.statistics.formats import aligned, filed

_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "runs": "Earlier: {earlier}. Later: {later}.",
        "run": "{run}, package {package} version {version}, on {on}",
        "matched": "Households are matched by {by}.",
        "snapshot": "their number in the snapshot that both runs used",
        "keys": "the keys of the source files",
        "group": "Group",
        "total": "Total",
        "unknown": "unknown",
        "changes": "Households whose status changed (people in brackets)",
        "criteria": "Criteria whose answer changed among these households",
        "criterion": "Criterion",
        "change": "Change",
        "alone": "as the only one",
        "households": "Households",
        "people": "People",
        "unexplained": "no criterion: the standard itself differs",
        "only": "Households that one run alone knows",
        "status": "Status",
        "list": "Households ({shown} of {all})",
        "earlier_id": "earlier",
        "later_id": "later",
        "area": "Area",
        "why": "What changed",
        "none": "No household changed its status.",
    },
    "zh": {
        "runs": "前次：{earlier}。本次：{later}。",
        "run": "{run}，政策包 {package} 版本 {version}，认定日期 {on}",
        "matched": "按{by}匹配农户。",
        "snapshot": "同一数据快照中的户号",
        "keys": "原始文件的编号",
        "group": "分组",
        "total": "合计",
        "unknown": "不明",
        "changes": "认定结果发生变化的户数（括号内为人数）",
        "criteria": "上述农户中结论发生变化的标准",
        "criterion": "标准",
        "change": "变化",
        "alone": "仅此一项",
        "households": "户数",
        "people": "人数",
        "unexplained": "各项标准均无变化：贫困标准本身不同",
        "only": "仅一次认定中出现的农户",
        "status": "结果",
        "list": "农户清单（列出 {shown} 户，共 {all} 户）",
        "earlier_id": "前次户号",
        "later_id": "本次户号",
        "area": "地区",
        "why": "变化的标准",
        "none": "没有农户的认定结果发生变化。",
    },
}

CHANGE_WORDS: dict[str, dict[Change, str]] = {
    "en": {change: change.value.capitalize() for change in Change},
    "zh": {
        Change.ENTERED: "新识别为贫困",
        Change.LEFT: "不再贫困",
        Change.FOUND_POOR: "由不明转为贫困",
        Change.FOUND_NOT_POOR: "由不明转为非贫困",
        Change.BECAME_UNKNOWN: "转为不明",
        Change.NONE: "无变化",
        Change.ONLY_EARLIER: "仅前次有",
        Change.ONLY_LATER: "仅本次有",
    },
}

ANSWER_WORDS: dict[str, dict[str, str]] = {
    "en": {"absent": "not in the standard"},
    "zh": {
        "met": "达标",
        "not met": "未达标",
        "unknown": "不明",
        "absent": "标准中无此项",
        "poor": "贫困",
        "not poor": "非贫困",
    },
}


def text_of_difference(comparison: RunDifference, language: str) -> str:
    """Counts, criteria and the list for people."""
    words = _WORDS[language]
    parts = [_heading(comparison, words)]
    if not any(comparison.count(change).households for change in CHANGES):
        parts.append(words["none"])
    else:
        parts.append(f"{words['changes']}\n{_changes(comparison, words, language)}")
        parts.append(f"{words['criteria']}\n{_criteria(comparison, words, language)}")
    if comparison.only:
        rows = [[words["change"], words["status"], words["households"], words["people"]]]
        rows += [
            [CHANGE_WORDS[language][change], _answer(status, language), *_cells(count)]
            for (change, status), count in comparison.only.items()
        ]
        parts.append(f"{words['only']}\n{aligned(rows, left=2)}")
    if comparison.households:
        parts.append(_list(comparison, words, language))
    return "\n\n".join(parts) + "\n"


def _heading(comparison: RunDifference, words: Mapping[str, str]) -> str:
    runs = {
        name: words["run"].format(run=of.run, package=of.package, version=of.version_hash[:12], on=of.on)
        for name, of in (("earlier", comparison.earlier), ("later", comparison.later))
    }
    return words["runs"].format(**runs) + "\n" + words["matched"].format(by=words[comparison.matched_by])


def _changes(comparison: RunDifference, words: Mapping[str, str], language: str) -> str:
    rows = [[words["group"], *(CHANGE_WORDS[language][change] for change in CHANGES)]]
    for group in comparison.groups:
        counts = [comparison.count(change, group) for change in CHANGES]
        cells = ["{} ({})".format(*_cells(count)) if count.households else "–" for count in counts]
        rows.append([_group(comparison, group, words, language), *cells])
    return aligned(rows, left=1)


def _group(comparison: RunDifference, group: Group, words: Mapping[str, str], language: str) -> str:
    specification = comparison.specification
    labels = [
        words["unknown"]
        if value is None
        else comparison.area_names.get(value, value)
        if name.startswith("area")
        else specification.code_label(name, value, language)
        for name, value in group.keys.items()
    ]
    return " · ".join(labels) or words["total"]


def _criteria(comparison: RunDifference, words: Mapping[str, str], language: str) -> str:
    rows = [[words["change"], words["criterion"], words["households"], words["people"], words["alone"]]]
    for (change, name), difference in comparison.criteria.items():
        label = comparison.specification.item_label("criteria", name, language)
        cells = [*_cells(difference), f"{difference.alone:,}"]
        rows.append([CHANGE_WORDS[language][change], label, *cells])
    for change, number in comparison.unexplained.items():
        rows.append([CHANGE_WORDS[language][change], words["unexplained"], f"{number:,}", "", ""])
    return aligned(rows, left=2)


def _cells(count: Count | Difference) -> list[str]:
    return [f"{count.households:,}", f"{count.people:,.0f}"]


def _list(comparison: RunDifference, words: Mapping[str, str], language: str) -> str:
    title = words["list"].format(shown=len(comparison.households), all=f"{comparison.listed_of:,}")
    rows = [[words["earlier_id"], words["later_id"], words["area"], words["change"], words["why"]]]
    for household in comparison.households:
        why = "; ".join(
            f"{comparison.specification.item_label('criteria', part.criterion, language)}: "
            f"{_answer(part.before, language)} → {_answer(part.after, language)}"
            for part in household.criteria
        )
        numbers = (household.earlier_id, household.later_id)
        ids = ["–" if number is None else str(number) for number in numbers]
        rows.append([*ids, household.area or "–", CHANGE_WORDS[language][household.change], why or "–"])
    return f"{title}\n{aligned(rows, left=5)}"


def _answer(answer: str, language: str) -> str:
    return ANSWER_WORDS[language].get(answer, answer)


def csv_of_difference(comparison: RunDifference) -> str:
    """The list of households, one criterion that changed a line."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["change", "earlier_id", "later_id", "area", "before", "after", "criterion", "was", "is"])
    for row in comparison.households:
        start = [row.change.value, row.earlier_id, row.later_id, row.area, row.before, row.after]
        parts = [(part.criterion, part.before, part.after) for part in row.criteria] or [("", "", "")]
        writer.writerows([*("" if cell is None else cell for cell in start), *part] for part in parts)
    return out.getvalue()


def json_of_difference(comparison: RunDifference) -> str:
    """Everything, for another program."""
    return json.dumps(_document(comparison), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _document(comparison: RunDifference) -> dict[str, object]:
    return {
        "earlier": vars(comparison.earlier),
        "later": vars(comparison.later),
        "matched_by": comparison.matched_by,
        "changes": [
            {"group": group.keys, "change": change.value, **_counted(count)}
            for (group, change), count in comparison.counts.items()
        ],
        "criteria": [
            {"change": change.value, "criterion": name, **_counted(of), "alone": of.alone}
            for (change, name), of in comparison.criteria.items()
        ],
        "unexplained": {change.value: number for change, number in comparison.unexplained.items()},
        "only": [
            {"run": change.value, "status": status, **_counted(count)}
            for (change, status), count in comparison.only.items()
        ],
        "households": [
            {
                "change": row.change.value,
                "earlier_id": row.earlier_id,
                "later_id": row.later_id,
                "area": row.area,
                "before": row.before,
                "after": row.after,
                "criteria": [vars(part) for part in row.criteria],
            }
            for row in comparison.households
        ],
        "listed_of": comparison.listed_of,
    }


def _counted(count: Count | Difference) -> dict[str, object]:
    return {"households": count.households, "people": filed(count.people)}
