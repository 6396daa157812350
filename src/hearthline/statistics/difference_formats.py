# SPDX-License-Identifier: Apache-2.0
"""Decides how the difference between two runs is written: for people in two languages, and for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping

from hearthline.statistics import numerals
from hearthline.statistics.differences import (
    CHANGES,
    Answered,
    Change,
    ChangedHousehold,
    Count,
    Difference,
    RunDifference,
)
from hearthline.statistics.figures import Group, Provenance
from hearthline.statistics.formats import aligned, filed

DIFFERENCE_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "runs": "Earlier: {earlier}. Later: {later}.",
        "run": "{run}, package {package} version {version}, on {on}",
        "matched": "Households are matched by {by}.",
        "snapshot": "their number in the snapshot that both runs used",
        "keys": "the keys of the source files",
        "group": "Group",
        "total": "Total",
        "unknown": "unknown",
        "changes": "Households whose status changed",
        "in_brackets": " (people in brackets)",
        "criteria": "Criteria whose answer changed among these households",
        "criterion": "Criterion",
        "change": "Change",
        "alone": "as the only one",
        "households": "Households",
        "people": "People",
        "unexplained": "no criterion: the standard itself differs",
        "rules": "Changed rules behind these households",
        "rule": "Rule",
        "changed": "What was changed in it",
        "formula": "its formula",
        "parameter": "parameter {name}",
        "lookup": "table {name}",
        "standard": "the standard itself",
        "date": "the screening date",
        "only": "Households that one run alone knows",
        "status": "Status",
        "list": "Households ({shown} of {all})",
        "earlier_id": "earlier",
        "later_id": "later",
        "area": "Area",
        "why": "What changed",
        "none": "No household changed its status.",
        "more": "These are the first {shown}. For all {all} add --limit {number}, or --format csv.",
    },
    "zh": {
        "runs": "前次：{earlier}。本次：{later}。",
        "run": "{run}，政策包 {package}，版本 {version}，判定日期 {on}",
        "matched": "按{by}匹配农户。",
        "snapshot": "同一快照中的户号",
        "keys": "原始文件的编号",
        "group": "分组",
        "total": "合计",
        "unknown": "未知",
        "changes": "判定结果发生变化的户数",
        "in_brackets": "（括号内为人数）",
        "criteria": "上述农户中结论发生变化的判定条件",
        "criterion": "判定条件",
        "change": "变化",
        "alone": "仅此一项",
        "households": "户数",
        "people": "人数",
        "unexplained": "各项判定条件均无变化：标准本身不同",
        "rules": "上述农户变化背后的规则",
        "rule": "规则",
        "changed": "规则中的改动",
        "formula": "公式",
        "parameter": "参数{name}",
        "lookup": "对照表{name}",
        "standard": "标准本身",
        "date": "判定日期",
        "only": "仅一个判定批次中出现的农户",
        "status": "判定结果",
        "list": "农户清单（列出 {shown} 户，共 {all} 户）",
        "earlier_id": "前次户号",
        "later_id": "本次户号",
        "area": "地区",
        "why": "变化的判定条件",
        "none": "没有农户的判定结果发生变化。",
        "more": "此处只列出前{shown}户。要列出全部{all}户，请加 --limit {number}，或加 --format csv。",
    },
}

CHANGE_WORDS: dict[str, dict[Change, str]] = {
    "en": {change: change.value.capitalize() for change in Change},
    "zh": {
        Change.ENTERED: "新进入",
        Change.LEFT: "已离开",
        Change.FOUND_POOR: "由未知转为贫困",
        Change.FOUND_NOT_POOR: "由未知转为非贫困",
        Change.BECAME_UNKNOWN: "转为未知",
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
        "unknown": "未知",
        "absent": "标准中无此项",
        "poor": "贫困",
        "not poor": "非贫困",
    },
}


def text_of_difference(comparison: RunDifference, language: str) -> str:
    """Counts, criteria and the list for people."""
    words = DIFFERENCE_WORDS[language]
    parts = [_heading(comparison, words, language)]
    if not any(comparison.count(change).households for change in CHANGES):
        parts.append(words["none"])
    else:
        brackets = words["in_brackets"] if comparison.counts_people else ""
        parts.append(f"{words['changes']}{brackets}\n{changes_text(comparison, words, language)}")
        parts.append(f"{words['criteria']}\n{criteria_text(comparison, words, language)}")
        if comparison.behind is not None:
            parts.append(f"{words['rules']}\n{rules_text(comparison, words, language)}")
    if comparison.only:
        rows = [[words["change"], words["status"], *_heads(comparison, words)]]
        rows += [
            [CHANGE_WORDS[language][change], _answer(status, language), *_cells(comparison, count)]
            for (change, status), count in comparison.only.items()
        ]
        parts.append(f"{words['only']}\n{aligned(rows, left=2)}")
    if comparison.households:
        parts.append(list_text(comparison, words, language))
    return "\n\n".join(parts) + "\n"


def run_words(of: Provenance, language: str) -> str:
    """A run in words: its name, its package with the version, its date."""
    words = DIFFERENCE_WORDS[language]
    return words["run"].format(run=of.run, package=of.package, version=of.version_hash[:12], on=of.on)


def _heading(comparison: RunDifference, words: Mapping[str, str], language: str) -> str:
    runs = {
        name: run_words(of, language)
        for name, of in (("earlier", comparison.earlier), ("later", comparison.later))
    }
    return words["runs"].format(**runs) + "\n" + words["matched"].format(by=words[comparison.matched_by])


def changes_text(comparison: RunDifference, words: Mapping[str, str], language: str) -> str:
    """A row for every group, a column for every change."""
    rows = [[words["group"], *(CHANGE_WORDS[language][change] for change in CHANGES)]]
    for group in comparison.groups:
        counts = [comparison.count(change, group) for change in CHANGES]
        cells = [_households_and_people(comparison, count, language) for count in counts]
        rows.append([group_text(comparison, group, language), *cells])
    return aligned(rows, left=1)


def group_text(comparison: RunDifference, group: Group, language: str) -> str:
    """A group in words; the whole is the total."""
    words = DIFFERENCE_WORDS[language]
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


def criteria_text(comparison: RunDifference, words: Mapping[str, str], language: str) -> str:
    """The criteria whose answers changed, by change."""
    rows = [[words["change"], words["criterion"], *_heads(comparison, words), words["alone"]]]
    for (change, name), difference in comparison.criteria.items():
        label = comparison.specification.item_label("criteria", name, language)
        cells = [*_cells(comparison, difference), f"{difference.alone:,}"]
        rows.append([CHANGE_WORDS[language][change], label, *cells])
    for change, number in comparison.unexplained.items():
        blank = [""] * (len(rows[0]) - 3)
        rows.append([CHANGE_WORDS[language][change], words["unexplained"], f"{number:,}", *blank])
    return aligned(rows, left=2)


def rules_text(comparison: RunDifference, words: Mapping[str, str], language: str) -> str:
    """The changed rules behind these households, with what differs in each."""
    rows = [[words["change"], words["rule"], words["changed"], *_heads(comparison, words)]]
    behind = comparison.behind
    assert behind is not None  # asked for only where rules were followed
    for (change, name), count in behind.traced.rules.items():
        what = ", ".join(words[each.kind].format(name=each.name) for each in behind.origins[name])
        cells = [behind.label(name, language), what, *_cells(comparison, count)]
        rows.append([CHANGE_WORDS[language][change], *cells])
    for change, count in behind.traced.standard.items():
        rows.append([CHANGE_WORDS[language][change], words["standard"], "", *_cells(comparison, count)])
    return aligned(rows, left=3)


def rules_of(comparison: RunDifference, number: int | None, language: str) -> str:
    """The changed rules behind a household that was listed; none for one that the later run does not know."""
    if comparison.behind is None or number is None:
        return numerals.NONE
    names = comparison.behind.of.get(number, ())
    labels = (comparison.behind.label(name, language) for name in names)
    return ", ".join(labels) or DIFFERENCE_WORDS[language]["standard"]


def _heads(comparison: RunDifference, words: Mapping[str, str]) -> list[str]:
    return [words["households"], words["people"]] if comparison.counts_people else [words["households"]]


def _cells(comparison: RunDifference, count: Count | Difference) -> list[str]:
    cells = [f"{count.households:,}", numerals.whole(count.people)]
    return cells if comparison.counts_people else cells[:1]


def _households_and_people(comparison: RunDifference, count: Count, language: str) -> str:
    if not count.households:
        return numerals.NONE
    households, *people = _cells(comparison, count)
    brackets = "（{}）" if language == "zh" else " ({})"
    return households + "".join(brackets.format(part) for part in people)


def answer_text(comparison: RunDifference, part: Answered, language: str) -> str:
    """One criterion whose answer changed: what it was and what it is."""
    label = comparison.specification.item_label("criteria", part.criterion, language)
    colon = "：" if language == "zh" else ": "
    return f"{label}{colon}{_answer(part.before, language)} → {_answer(part.after, language)}"


def list_text(comparison: RunDifference, words: Mapping[str, str], language: str) -> str:
    """The households listed, each with what changed for it."""
    title = words["list"].format(shown=len(comparison.households), all=f"{comparison.listed_of:,}")
    rows = [[words["earlier_id"], words["later_id"], words["area"], words["change"], words["why"]]]
    rows[0] += [words["rule"]] if comparison.behind is not None else []
    for household in comparison.households:
        why = ("；" if language == "zh" else "; ").join(
            answer_text(comparison, part, language) for part in household.criteria
        )
        numbers = (household.earlier_id, household.later_id)
        ids = ["–" if number is None else str(number) for number in numbers]
        rows.append([*ids, household.area or "–", CHANGE_WORDS[language][household.change], why or "–"])
        both = household.earlier_id is not None
        behind = rules_of(comparison, household.later_id if both else None, language)
        rows[-1] += [behind] if comparison.behind is not None else []
    text = f"{title}\n{aligned(rows, left=6)}"
    shown, number = len(comparison.households), comparison.listed_of
    if shown == number:
        return text
    return f"{text}\n\n{words['more'].format(shown=shown, all=f'{number:,}', number=number)}"


def _answer(answer: str, language: str) -> str:
    return ANSWER_WORDS[language].get(answer, answer)


def csv_of_difference(comparison: RunDifference) -> str:
    """The list of households, one criterion that changed a line."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    heads = ["change", "earlier_id", "later_id", "area", "before", "after", "criterion", "was", "is", "rules"]
    writer.writerow(heads)
    for row in comparison.households:
        start = [row.change.value, row.earlier_id, row.later_id, row.area, row.before, row.after]
        rules = " ".join(_rules(comparison, row))
        parts = [(part.criterion, part.before, part.after) for part in row.criteria] or [("", "", "")]
        start = ["" if cell is None else cell for cell in start]
        writer.writerows([*start, *part, rules] for part in parts)
    return out.getvalue()


def json_of_difference(comparison: RunDifference) -> str:
    """Everything, for another program."""
    return json.dumps(difference_document(comparison), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def difference_document(comparison: RunDifference) -> dict[str, object]:
    """A comparison as JSON holds it."""
    return {
        "earlier": vars(comparison.earlier),
        "later": vars(comparison.later),
        "matched_by": comparison.matched_by,
        "changes": [
            {"group": group.keys, "change": change.value, **_counted(comparison, count)}
            for (group, change), count in comparison.counts.items()
        ],
        "criteria": [
            {"change": change.value, "criterion": name, **_counted(comparison, of), "alone": of.alone}
            for (change, name), of in comparison.criteria.items()
        ],
        "unexplained": {change.value: number for change, number in comparison.unexplained.items()},
        **_behind_document(comparison),
        "only": [
            {"run": change.value, "status": status, **_counted(comparison, count)}
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
                **({"rules": _rules(comparison, row)} if comparison.behind is not None else {}),
            }
            for row in comparison.households
        ],
        "listed_of": comparison.listed_of,
    }


def _counted(comparison: RunDifference, count: Count | Difference) -> dict[str, object]:
    households: dict[str, object] = {"households": count.households}
    return households | {"people": filed(count.people)} if comparison.counts_people else households


def _rules(comparison: RunDifference, row: ChangedHousehold) -> list[str]:
    """The names of the changed rules behind a household that both runs know."""
    if comparison.behind is None or row.earlier_id is None or row.later_id is None:
        return []
    return list(comparison.behind.of.get(row.later_id, ()))


def _behind_document(comparison: RunDifference) -> dict[str, object]:
    if comparison.behind is None:
        return {}
    traced, origins = comparison.behind.traced, comparison.behind.origins
    return {
        "rules": [
            {
                "change": change.value,
                "rule": name,
                "changed": [vars(origin) for origin in origins[name]],
                **_counted(comparison, count),
            }
            for (change, name), count in traced.rules.items()
        ],
        "standard_itself": {change.value: _counted(comparison, of) for change, of in traced.standard.items()},
    }
