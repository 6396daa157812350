# SPDX-License-Identifier: Apache-2.0
"""Decides how the data sheet of a score reads: the same tables on a terminal, in a file and on a page."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from hearthline.engine.rules.data_sheet import Answer, DataSheet
from hearthline.engine.rules.policy import HOUSEHOLD, Policy, Score
from hearthline.engine.rules.types import Text
from hearthline.engine.rules.wording import said
from hearthline.statistics.numerals import percent
from hearthline.targeting.words import STATEMENT

WORDS: dict[str, Text] = {
    "learned": {"en": "Who it was learned from", "zh": "据何学习"},
    "households": {"en": "Households, of them usable", "zh": "户数，其中可用"},
    "people": {"en": "People they stand for", "zh": "代表人数"},
    "clusters": {"en": "Clusters of the sample", "zh": "抽样群数"},
    "places": {"en": "Places", "zh": "地区"},
    "on": {"en": "Screening date", "zh": "判定日期"},
    "observed": {"en": "Facts observed", "zh": "事实观察时间"},
    "snapshot": {"en": "Snapshot", "zh": "数据快照"},
    "package": {"en": "Package", "zh": "政策包"},
    "judged": {"en": "Judged on parts not learned from, seed", "zh": "未学习部分上检验的份数与随机种子"},
    "unscored": {"en": "People without a score", "zh": "无评分人口比重"},
    "covariates": {"en": "What it reads", "zh": "所用协变量"},
    "quotas": {"en": "Errors at a quota", "zh": "按比例选取时的误差"},
    "share": {"en": "Chosen", "zh": "选取比重"},
    "missed": {"en": "Poor people missed", "zh": "漏选率"},
    "interval": {"en": "95 % interval", "zh": "95%区间"},
    "leaked": {"en": "Chosen people not poor", "zh": "误选率"},
    "line": {"en": "Errors at the line", "zh": "按贫困线判断时的误差"},
    "poor": {"en": "Poor", "zh": "贫困比重"},
    "groups": {
        "en": "Errors by group, {share} of all people chosen",
        "zh": "分组误差（选取全体人口的{share}）",
    },
    "group": {"en": "Group", "zh": "组别"},
    "of_people": {"en": "Share of people", "zh": "人口比重"},
    "calibration": {"en": "What it told and what was found, by tenths", "zh": "评分预期与实际（按十等分）"},
    "band": {"en": "Tenth, the lowest first", "zh": "十等分组（由低到高）"},
    "told": {"en": "Told", "zh": "预期"},
    "found": {"en": "Found", "zh": "实际"},
    "rankings": {"en": "What a ranking by the community adds", "zh": "社区排序的作用"},
    "ranking": {"en": "Ranking", "zh": "排序"},
    "alone": {"en": "Score alone misses", "zh": "仅用评分的漏选率"},
    "rank_alone": {"en": "Ranking alone misses", "zh": "仅用排序的漏选率"},
    "both": {"en": "Both together miss", "zh": "两者结合的漏选率"},
    "weight": {"en": "Weight of the ranking", "zh": "排序的权重"},
    "card": {"en": "The card", "zh": "评分卡"},
    "question": {"en": "Question", "zh": "问题"},
    "answer": {"en": "Answer", "zh": "回答"},
    "points": {"en": "Points", "zh": "分值"},
    "too_few": {"en": "too few", "zh": "样本过少"},
    "none": {"en": "No data sheet: others have published this score.", "zh": "无数据表：此评分由他方发布。"},
    "area": {"en": "Area", "zh": "地区"},
    "yes": {"en": "yes", "zh": "是"},
    "no": {"en": "no", "zh": "否"},
    "unknown": {"en": "unknown", "zh": "未知"},
}


@dataclass(frozen=True)
class SheetTable:
    """A heading, the names of the columns (none: rows of name and value), and the rows."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def sheet_tables(policy: Policy, score: Score, language: str) -> list[SheetTable]:
    """Everything a data sheet says, as tables in one language."""

    def say(key: str, **values: str) -> str:
        return said(WORDS[key], language).format(**values)

    card = [_card(policy, score, language)] if score.questions else []
    if score.sheet is None:
        return card
    sheet = score.sheet
    found = [*card, _learned(policy, score, sheet, say("learned"), language), _quotas(sheet, language)]
    if sheet.line is not None:
        found.append(_line(sheet, language))
    found.append(_groups(policy, sheet, language))
    found.append(
        SheetTable(
            say("calibration"),
            (say("band"), say("told"), say("found"), say("poor")),
            tuple(
                (str(number), f"{band.told:,.2f}", f"{band.found:,.2f}", share(band.poor, language))
                for number, band in enumerate(sheet.calibration, 1)
            ),
        )
    )
    if sheet.rankings:
        found.append(
            SheetTable(
                say("rankings"),
                (say("ranking"), say("alone"), say("rank_alone"), say("both"), say("weight")),
                tuple(
                    (
                        label_of(policy, each.ranking, language),
                        share(each.score_missed, language),
                        share(each.ranking_missed, language),
                        share(each.both_missed, language),
                        f"{each.weight:.2f}",
                    )
                    for each in sheet.rankings
                ),
            )
        )
    return found


def _card(policy: Policy, score: Score, language: str) -> SheetTable:
    """Every question with its answers and points; the question is named once."""
    rows = []
    for question in score.questions:
        fact = policy.facts[HOUSEHOLD].get(question.covariate)
        label = label_of(policy, question.covariate, language)
        for answer in question.answers:
            rows.append((label, _answer(answer, fact.codes if fact else {}, language), str(answer.points)))
            label = ""
    columns = tuple(said(WORDS[key], language) for key in ("question", "answer", "points"))
    return SheetTable(said(WORDS["card"], language), columns, tuple(rows))


def _answer(answer: Answer, codes: Mapping[str, Text], language: str) -> str:
    if answer.words:
        truth = {"true": WORDS["yes"], "false": WORDS["no"]}
        labels = [said(codes.get(word) or truth.get(word, {}), language) or word for word in answer.words]
        return ("、" if language == "zh" else "; ").join(labels)
    if answer.at_least is None:
        return f"< {answer.below}"
    return f"≥ {answer.at_least}" if answer.below is None else f"{answer.at_least} ≤ … < {answer.below}"


def statement_of(score: Score, language: str) -> str:
    """What must be said of a score: by its package, or by us where the package lacks the language."""
    return score.statement.get(language) or STATEMENT[language]


def share(value: Decimal | None, language: str) -> str:
    """A share in percent; one that is not told is too small a group."""
    return said(WORDS["too_few"], language) if value is None else percent(float(value), 1)


def label_of(policy: Policy, name: str, language: str) -> str:
    """A fact or derived value by its label, the area by ours."""
    if name == "area":
        return said(WORDS["area"], language)
    fact = policy.facts[HOUSEHOLD].get(name)
    label = fact.label if fact else policy.derived[name].label if name in policy.derived else {}
    return said(label, language) if label else name


def _learned(policy: Policy, score: Score, sheet: DataSheet, heading: str, language: str) -> SheetTable:
    learned = sheet.learned
    observed = " – ".join(str(day) for day in (learned.first, learned.last) if day)
    listed = "、" if language == "zh" else ", "
    rows = [
        ("households", f"{learned.households:,} / {learned.usable:,}"),
        ("people", f"{learned.people:,.0f}"),
        ("clusters", f"{learned.clusters:,}"),
        ("places", listed.join(learned.places)),
        ("on", str(learned.on)),
        ("observed", observed),
        ("snapshot", learned.snapshot[:12]),
        ("package", f"{learned.package} {learned.version_hash[:12]}"),
        ("judged", f"{learned.folds} / {learned.seed}"),
        ("unscored", share(sheet.unscored, language)),
        ("covariates", listed.join(label_of(policy, name, language) for name in score.covariates)),
    ]
    return SheetTable(heading, (), tuple((said(WORDS[key], language), text) for key, text in rows if text))


def _quotas(sheet: DataSheet, language: str) -> SheetTable:
    columns = tuple(said(WORDS[key], language) for key in ("share", "missed", "interval", "leaked"))
    rows = tuple(
        (
            share(each.share, language),
            share(each.missed, language),
            f"{share(each.low, language)} – {share(each.high, language)}",
            share(each.leaked, language),
        )
        for each in sheet.quotas
    )
    return SheetTable(said(WORDS["quotas"], language), columns, rows)


def _line(sheet: DataSheet, language: str) -> SheetTable:
    assert sheet.line is not None
    line = sheet.line
    columns = tuple(said(WORDS[key], language) for key in ("poor", "share", "missed", "interval", "leaked"))
    row = (
        share(line.poor, language),
        share(line.chosen, language),
        share(line.missed, language),
        f"{share(line.low, language)} – {share(line.high, language)}",
        share(line.leaked, language),
    )
    return SheetTable(said(WORDS["line"], language), columns, (row,))


def _groups(policy: Policy, sheet: DataSheet, language: str) -> SheetTable:
    keys = ("group", "households", "of_people", "poor", "share", "missed", "leaked")
    names = {"households": {"en": "Households", "zh": "户数"}}
    columns = tuple(said(names.get(key, WORDS[key]), language) for key in keys)
    rows = []
    for each in sheet.groups:
        fact = policy.facts[HOUSEHOLD].get(each.group)
        codes = fact.codes if fact else {}
        value = said(codes.get(each.value) or WORDS.get(each.value, {}), language) or each.value
        colon = "：" if language == "zh" else ": "
        shares = (each.people, each.poor, each.chosen, each.missed, each.leaked)
        told = (share(part, language) for part in shares)
        rows.append((label_of(policy, each.group, language) + colon + value, f"{each.households:,}", *told))
    heading = said(WORDS["groups"], language).format(share=share(sheet.share, language))
    return SheetTable(heading, columns, tuple(rows))


def sheets_json(policy: Policy) -> str:
    """Every score of a package with its sheet, as JSON."""
    found = {
        name: {
            "label": dict(score.label),
            "method": score.method,
            "covariates": list(score.covariates),
            "statement": dict(score.statement),
            "sheet": json.loads(score.sheet.model_dump_json()) if score.sheet else None,
        }
        for name, score in policy.scores.items()
    }
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def sheets_csv(policy: Policy) -> str:
    """Every error of every score, a row each: score, kind, group, value, figure, share."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("score", "kind", "group", "value", "figure", "share"))
    for name, score in policy.scores.items():
        if score.sheet is not None:
            writer.writerows((name, *row) for row in _csv_rows(score.sheet))
    return text.getvalue()


def _csv_rows(sheet: DataSheet) -> Iterator[tuple[str, str, str, str, str]]:
    for quota in sheet.quotas:
        for figure in ("missed", "low", "high", "leaked"):
            yield "quota", "", str(quota.share), figure, str(getattr(quota, figure))
    if sheet.line is not None:
        for figure in ("missed", "low", "high", "leaked", "chosen", "poor"):
            yield "line", "", "", figure, str(getattr(sheet.line, figure))
    for group in sheet.groups:
        for figure in ("people", "poor", "missed", "leaked", "chosen"):
            value = getattr(group, figure)
            yield "group", group.group, group.value, figure, "" if value is None else str(value)
