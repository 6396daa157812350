# SPDX-License-Identifier: Apache-2.0
"""Decides the reference page of the measures: the docstring of each measure is its exact definition.

``python -m hearthline.statistics.reference docs/reference/measures.md`` writes the page.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from hearthline.statistics.balance import balance_of
from hearthline.statistics.growth import growth_between
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
- **Precision.** Figures are doubles, and the same rows give the same digits in any order and with any
  number of threads: sums of doubles are taken exactly, as integers of 128 bits (see `statistics/exact_sums`).
  Files hold 12 digits. Counts are exact.
- **Errors.** `--errors` gives for every figure its standard error, 95 % interval and design effect, by
  linearisation: the influence of a household is its weight times the derivative of the figure by that weight.
  Their sum over each primary unit is t, and V = Σ_h n_h / (n_h - 1) Σ_i (t_hi - mean_h)²: strata, clusters,
  drawn with replacement or as good as, no correction for a finite population (R `survey::svydesign(nest =
  TRUE)`). A group is a domain: the whole design counts. A stratum with one unit adds t² (`survey.lonely.psu =
  "adjust"`). Degrees of freedom are units less strata. Intervals are ± t · error; those of shares are taken
  on the logit (`svyciprop(method = "logit")`). The design effect is V over the variance of a simple random
  sample with replacement of as many households (`deff = "replace"`). Design columns come from the import map.
  Where it names none, each household counts as drawn for itself, and the table says so. A run that is no
  sample (no household weights, no design) has no such errors and is refused: `statistics.no-sample`.
- **Bootstrap.** `--bootstrap N` takes the errors from N replicates in the place of linearisation, as a check:
  n_h - 1 units drawn again in each stratum (Rao and Wu 1988), the same for the same `--seed`.
- **Held against R.** `python -m benchmarks.statistics` compares every figure that has an error, with its
  error and design effect, in every group, with R `laeken` and `survey` on two surveys, and the bootstrap with
  the linearisation ([figures](../explanation/figures.md)). Other packages below are named by definition.
- **Ties.** Gini and quantiles do not depend on the order among households of equal welfare.
"""


def measures_page() -> str:
    """The whole page as Markdown."""
    sections = [*(_section(measure) for measure in MEASURES.values()), *map(_change_section, CHANGES)]
    return "\n".join([_INTRODUCTION, *sections])


CHANGES: Mapping[str, tuple[str, Callable[..., object]]] = {
    "account": ("Account of the poor (贫困人口变动)", balance_of),
    "growth": ("Growth-incidence curve (增长发生曲线)", growth_between),
}
"""What ``hearthline change`` tells of two runs, with the function that defines it."""


def _change_section(name: str) -> str:
    title, definition = CHANGES[name]
    asked = "Of two runs, by `hearthline change`."
    return "\n\n".join([f"## `{name}`: {title}", inspect.getdoc(definition) or "", asked]) + "\n"


def _section(measure: Measure) -> str:
    needs = {
        "": "",
        "status": "Needs the answers of a standard.",
        "line": "Needs a welfare value and a line.",
        "welfare": "Needs a welfare value.",
        "criteria": "Needs household criteria.",
        "causes": "Needs causes with a rule of evidence.",
        "index": "Needs a multidimensional index.",
        "groups": "Needs a breakdown (`--by`), and a welfare value or an index.",
    }[measure.needs]
    if not measure.usual:
        needs = f"{needs} Given where it is named, or with `--measure all`."
    heading = f"## `{measure.name}`: {measure.title['en']} ({measure.title['zh']})"
    parts = [heading, measure.text, needs]
    return "\n\n".join(part for part in parts if part) + "\n"


def main(arguments: list[str]) -> None:
    """Write the page to the file named."""
    Path(arguments[0]).write_text(measures_page(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
