# SPDX-License-Identifier: Apache-2.0
"""Decides the commands ``report`` and ``demo``: a run as one page, and the whole way shown at once."""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from hearthline.base.problems import Kind, declare
from hearthline.cli.options import ByOption, DataOption, Language, LanguageOption
from hearthline.cli.progress import progress_bar
from hearthline.cli.reasons import briefly, explanation_lines
from hearthline.cli.screening import print_answers, status_table
from hearthline.engine.backends import Run, open_run, screen
from hearthline.engine.backends.reasons import explain
from hearthline.engine.packages import load_policy
from hearthline.engine.rules.wording import said
from hearthline.reporting.gathering import report_of
from hearthline.reporting.page import write_report
from hearthline.reporting.phrases import phrases
from hearthline.reporting.terminal import print_summary
from hearthline.statistics.distribution import distribution_of
from hearthline.statistics.examples import telling_households
from hearthline.statistics.measures import compute_run, specification_for
from hearthline.synthetic.generator import DEFAULT_YEAR, generate

NOT_A_PAGE = declare(
    "command.not-a-page",
    Kind.BAD_INPUT,
    "{name} is not the name of a page.",
    "Let it end with .html, so that no file of a run or snapshot is written over.",
)

DEMO_PACKAGE = "cn/2014-2020"
TOWNSHIP = "area:3"
"""The depth of townships in the invented county: province, prefecture, county, township, village."""

DEMO_FOLDER = Path("hearthline-demo")
TOWNSHIPS = {3: {"en": "Township", "zh": "乡镇"}, 4: {"en": "Village", "zh": "村"}}


def report(
    run: Annotated[Path, typer.Argument(help="The folder of a run.")],
    out: Annotated[Path, typer.Option("--out", help="The HTML file to write.")],
    by: ByOption = None,
    public: Annotated[
        bool,
        typer.Option("--public", help="Leave out single households; hidden groups can still be worked out."),
    ] = False,
    lang: LanguageOption = Language.EN,
    data: DataOption = None,
) -> None:
    """Write a run as one HTML page that opens in any browser, without a network."""
    if out.suffix.lower() not in (".html", ".htm"):
        raise NOT_A_PAGE.error(name=out)
    content = report_of(run, by=by or (), worked=[] if public else None, data=data, language=lang.value)
    out.parent.mkdir(parents=True, exist_ok=True)
    typer.echo(f"Report: {write_report(out, content)}")


def demo(
    out: Annotated[Path, typer.Option("--out", help="The folder of the demonstration.")] = Path(
        "hearthline-demo"
    ),
    lang: LanguageOption = Language.EN,
) -> None:
    """Show the whole way: an invented county, who is poor and why, statistics, and a report."""
    console, words = Console(), _WORDS[lang.value]
    snapshot, run_folder = out / "county", out / "run"
    out.mkdir(parents=True, exist_ok=True)
    if not (snapshot / "manifest.json").is_file():
        with progress_bar(words["inventing"]) as progress:
            made = generate(load_policy(DEMO_PACKAGE), out=snapshot, progress=progress, replace=True)
        rows = made.rows
        console.print(words["invented"].format(f"{rows['household']:,}", f"{rows['person']:,}"))
    if not (run_folder / "run.json").is_file():
        on = date(DEFAULT_YEAR, 12, 31)
        with progress_bar(words["screening"]) as progress:
            screen(DEMO_PACKAGE, snapshot, on=on, out=run_folder, progress=progress)
    run = open_run(run_folder)
    _print_findings(console, run, lang.value)
    content = report_of(run_folder, level_titles=TOWNSHIPS, language=lang.value)
    _print_next(console, run_folder, write_report(out / "report.html", content), lang.value)


_WORDS = {
    "en": {
        "inventing": "inventing households",
        "invented": "An invented county: {0} households, {1} people listed.",
        "screening": "screening households",
        "head": "{0}, {1}, version {2}",
        "one": "One household, and why:",
        "report": "The report opens in a browser: {0}",
        "next": "Next:",
        "scandal": "The county hides a scandal; county.planted.json says where, once you have looked.",
    },
    "zh": {
        "inventing": "正在生成农户",
        "invented": "演示县（合成数据）：{0}户，登记成员{1}人。",
        "screening": "正在判定农户",
        "head": "{0}，判定日期{1}，版本{2}",
        "one": "举一户为例：",
        "report": "报告可在浏览器中打开：{0}",
        "next": "下一步：",
        "scandal": "该县藏有一处造假；查看之后可在county.planted.json中核对。",
    },
}


def _print_findings(console: Console, run: Run, language: str) -> None:
    head = _WORDS[language]["head"].format(
        said(run.policy.title, language), run.record.on, run.record.package.version_hash[:12]
    )
    console.print("\n" + head, style="bold", highlight=False, markup=False)
    invented = run.snapshot().manifest.generated_by
    if invented:
        console.print(phrases(language)("invented", by=invented), style="yellow", soft_wrap=True)
    console.print(status_table(run, language))
    print_answers(console, run, language)
    specification = specification_for(run)
    measures = ["status", "criteria", "causes", "headcount"]
    figures = compute_run(run, specification, by=[TOWNSHIP], measures=measures)
    welfare = distribution_of(run, specification)
    print_summary(console, figures, by=TOWNSHIP, distribution=welfare, language=language)
    poor = telling_households(run, specification, number=1)
    if poor:
        console.print(f"\n{_WORDS[language]['one']}\n", style="bold")
        lines = explanation_lines(briefly(explain(run, poor[0], language=language)))
        console.print("\n".join(lines), highlight=False, markup=False, soft_wrap=True)


def _print_next(console: Console, run: Path, path: Path, language: str) -> None:
    words = _WORDS[language]
    console.print("\n" + words["report"].format(path.resolve()), highlight=False, soft_wrap=True)
    program = os.path.relpath(sys.argv[0]) if os.sep in sys.argv[0] else "hearthline"
    console.print(f"{words['next']} {program} why {run} 1 --lang zh", highlight=False, soft_wrap=True)
    console.print(f"      {program} statistics {run} --by {TOWNSHIP}", highlight=False, soft_wrap=True)
    console.print(words["scandal"], soft_wrap=True)
