# SPDX-License-Identifier: Apache-2.0
"""Decides the reference page of the measures: the docstring of each measure is its exact definition.

``python -m hearthline.statistics.reference docs/reference/measures.md`` writes the page.
"""

from __future__ import annotations

import sys
from pathlib import Path

from hearthline.statistics.registry import MEASURES, Measure

_INTRODUCTION = """\
# Measures

`hearthline statistics RUN --measure NAME,...` computes these over a run, by any grouping. This page is
made from the definitions in the code.

## What holds for all of them

- **Weight.** `--weight person` (the default) counts people: w is the weight column of the run, the
  household's weight times its members where the package says so. A package that names no weight in people
  and lists no persons cannot count people: its figures count households, and say so. `--weight household`
  counts households by their sampling weight; `--weight none` counts the households of the file. A household
  whose weight is unknown counts with weight 0; `population` says how many there are.
- **n.** Beside the figures of a row stands n, the number of households in the file behind them, not weighted.
  Where a share is taken of the poor alone, n counts poor households.
- **People listed, people counted.** A screening says how many people are listed in the data. Figures count
  members by weight: `population` gives them as people counted, which differs where a household's members
  by the package's rules are not all who are listed, or where weights make one stand for many.
- **Unknown.** What is unknown is never counted as not poor, as met, or as zero. Each definition states its
  denominator, and the share left out stands beside the figure.
- **Welfare and line.** The package names them in `[statistics]`; `--welfare` takes any number among the
  values of the run and the household facts of its snapshot, `--line` a parameter (its value on the
  screening date), a household value, or a number. Both must be of one unit; a bare number takes that of the
  welfare value. `headcount` always speaks of the package's default standard; `below_line`, `gap`, `severity`
  and `watts` of welfare and line.
- **Groups.** Each `--by` is a breakdown beside the total; `region*urban` crosses two; `area` is the
  household's own area, `area:0` the top of the tree, `area:1` the level below it. Unknown is a group.
- **Precision.** Figures are doubles. Sums are compensated (Kahan), so the order in which rows are added
  does not show in the first 12 digits, which is what files hold. Counts are exact.
- **Ties.** Gini and quantiles do not depend on the order among households of equal welfare.
"""


def measures_page() -> str:
    """The whole page as Markdown."""
    return "\n".join([_INTRODUCTION, *(_section(measure) for measure in MEASURES.values())])


def _section(measure: Measure) -> str:
    needs = {
        "": "",
        "status": "Needs the answers of a standard.",
        "line": "Needs a welfare value and a line.",
        "welfare": "Needs a welfare value.",
        "criteria": "Needs household criteria.",
        "causes": "Needs causes with a rule of evidence.",
        "index": "Needs a multidimensional index.",
    }[measure.needs]
    heading = f"## `{measure.name}`: {measure.title['en']} ({measure.title['zh']})"
    parts = [heading, measure.text, needs]
    return "\n\n".join(part for part in parts if part) + "\n"


def main(arguments: list[str]) -> None:
    """Write the page to the file named."""
    Path(arguments[0]).write_text(measures_page(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
