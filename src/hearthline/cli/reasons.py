# SPDX-License-Identifier: Apache-2.0
"""Decides the command ``why``: the reasons of one household, as a tree of words or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from hearthline.base.problems import Kind, declare
from hearthline.cli.options import DataOption, Language, LanguageOption
from hearthline.engine.backends import open_run
from hearthline.engine.backends.reasons import Explanation, explain, household_by_key
from hearthline.engine.rules.briefing import brief_criteria
from hearthline.engine.rules.reasons import Reason

NOT_A_NUMBER = declare(
    "command.household-number",
    Kind.BAD_INPUT,
    "'{household}' is not the number of a household in the run.",
    "Numbers are whole and from 1; for a key of the source file add --keys SNAPSHOT.keys.parquet.",
)


LONGEST_NUMBER = 12


class WhyFormat(StrEnum):
    """How reasons are printed."""

    TEXT = "text"
    JSON = "json"


def why(
    run: Annotated[Path, typer.Argument(help="The folder of a run.")],
    household: Annotated[
        str, typer.Argument(help="The household's number in the run, or its key with --keys.")
    ],
    lang: LanguageOption = Language.EN,
    output: Annotated[WhyFormat, typer.Option("--format", help="How reasons are printed.")] = WhyFormat.TEXT,
    keys: Annotated[
        Path | None,
        typer.Option(
            "--keys", help="The private key file of the import, to name a household by its source key."
        ),
    ] = None,
    standard: Annotated[
        str | None, typer.Option("--standard", help="Another standard of the package than its default.")
    ] = None,
    data: DataOption = None,
    full: Annotated[
        bool, typer.Option("--full", help="Every step of the rules, not only what decided.")
    ] = False,
) -> None:
    """Say why a household is poor, not poor or unknown, and what would change it."""
    opened = open_run(run)
    number = household_by_key(opened, keys, household) if keys is not None else _number(household)
    explanation = explain(opened, number, language=lang.value, data=data, standard=standard)
    if output is WhyFormat.JSON:
        typer.echo(explanation_json(explanation))
    else:
        shown = explanation if full else briefly(explanation)
        typer.echo("\n".join(explanation_lines(shown)))


def briefly(explanation: Explanation) -> Explanation:
    """The explanation with the deciding part of each reason."""
    shown = brief_criteria(explanation.criteria, explanation.status, explanation.language)
    return replace(explanation, criteria=shown)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
        raise NOT_A_NUMBER.error(household=text)
    return int(text)


def explanation_json(explanation: Explanation) -> str:
    """The whole explanation with its tree."""
    content = asdict(explanation) | {"on": explanation.on.isoformat()}
    return json.dumps(content, ensure_ascii=False, indent=2)


_MARKS = {True: "✓", False: "✗", None: "?"}
_WORDS = {
    "en": {
        "head": "Household {household} is {status}",
        "by": "by the standard “{standard}” of {package} on {on}",
        "area": "area {area}",
        "poor": "poor",
        "not poor": "not poor",
        "unknown": "unknown",
        "criteria": "Criteria",
        "causes": "Causes with evidence",
        "changes": "What would change this",
        "values": "Values",
        "versions": "Package version {package}, snapshot {snapshot}.",
        "all": "all of:",
        "any": "at least one of:",
    },
    "zh": {
        "head": "第{household}户：{status}",
        "by": "依据{package}，{standard}，判定日期{on}",
        "area": "地区{area}",
        "poor": "贫困",
        "not poor": "非贫困",
        "unknown": "未知",
        "criteria": "判定条件",
        "causes": "有佐证的致贫原因",
        "changes": "怎样会改变判定结果",
        "values": "各项数值",
        "versions": "政策包版本{package}，快照{snapshot}。",
        "all": "以下全部：",
        "any": "以下至少一项：",
    },
}


def explanation_lines(explanation: Explanation) -> Iterator[str]:
    """The explanation as indented lines."""
    words = _WORDS[explanation.language]
    gap = "，" if explanation.language == "zh" else ", "
    status = explanation.status_words or words[explanation.status]
    head = words["head"].format(household=explanation.household, status=status)
    by = words["by"].format(
        standard=explanation.standard, package=explanation.package, on=explanation.on.isoformat()
    )
    place = gap + words["area"].format(area=explanation.area) if explanation.area else ""
    yield f"{head}{gap if explanation.language == 'zh' else ' '}{by}{place}"
    yield ""
    yield words["criteria"]
    for reason in explanation.criteria:
        yield from reason_lines(reason, explanation.language, 1)
    if explanation.causes:
        yield ""
        yield (
            words["causes"] + ("：" if explanation.language == "zh" else ": ") + gap.join(explanation.causes)
        )
    if explanation.changes:
        yield ""
        yield words["changes"]
        yield from (f"  - {change}" for change in explanation.changes)
    yield ""
    yield words["versions"].format(
        package=explanation.version_hash[:12], snapshot=explanation.snapshot_hash[:12]
    )


def reason_lines(reason: Reason, language: str, depth: int) -> Iterator[str]:
    """One reason and all below it, indented."""
    indent = "  " * depth
    if reason.kind in ("all", "any"):
        yield f"{indent}{_MARKS[reason.answer]} {_WORDS[language][reason.kind]}"
    else:
        colon = "：" if language == "zh" else ": "
        conditional = reason.kind in ("criterion", "comparison", "not", "row", "value")
        conditional = conditional and (reason.answer is not None or reason.kind == "criterion")
        mark = f"{_MARKS[reason.answer]} " if conditional else "· "
        brackets = "（{}）" if language == "zh" else " ({})"
        detail = brackets.format(reason.detail) if reason.detail else ""
        shown = reason.text + detail + (f"{colon}{reason.value}" if reason.value else "")
        opening, closing = ("〔", "〕") if language == "zh" else ("  [", "]")
        yield f"{indent}{mark}{shown}" + (f"{opening}{reason.source}{closing}" if reason.source else "")
    for child in reason.children:
        yield from reason_lines(child, language, depth + 1)
