# SPDX-License-Identifier: Apache-2.0
"""Decides which measures there are, what each needs, and which are given when none is named."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import dataclass

from hearthline.base.problems import HearthlineError
from hearthline.engine.rules.types import Text
from hearthline.engine.rules.wording import unit_words
from hearthline.statistics import (
    curves,
    decomposition,
    entropy,
    inequality,
    intensity,
    multidimensional,
    poverty,
    relative,
)
from hearthline.statistics.columns import Definition, Frame, cause_alias, criterion_alias
from hearthline.statistics.multidimensional import measurable
from hearthline.statistics.problems import (
    DIFFERENT_UNITS,
    NO_INDEX,
    NO_STATUS,
    NO_WELFARE,
    UNKNOWN_MEASURE,
    nearest,
)
from hearthline.statistics.specification import Specification


@dataclass(frozen=True)
class Measure:
    """One measure by the name that ``--measure`` takes; without ``usual`` only if it is named, or ``all``."""

    name: str
    title: Text
    definition: Definition
    needs: str = ""
    usual: bool = True

    @property
    def text(self) -> str:
        """The exact definition, as the documentation prints it."""
        return inspect.getdoc(self.definition) or ""


_LISTED = (
    Measure("population", {"en": "Population", "zh": "总体"}, inequality.population),
    Measure("status", {"en": "Status", "zh": "判定结果"}, poverty.status, "status"),
    Measure("headcount", {"en": "Headcount", "zh": "贫困发生率"}, poverty.headcount, "status"),
    Measure("below_line", {"en": "Below the line", "zh": "低于贫困线"}, poverty.below_line, "line"),
    Measure("gap", {"en": "Poverty gap", "zh": "贫困深度"}, poverty.gap, "line"),
    Measure("severity", {"en": "Severity", "zh": "贫困强度"}, poverty.severity, "line"),
    Measure("watts", {"en": "Watts index", "zh": "瓦茨指数"}, poverty.watts, "line"),
    Measure("sen", {"en": "Sen index", "zh": "森贫困指数"}, intensity.sen, "line", usual=False),
    Measure(
        "sst",
        {"en": "Sen-Shorrocks-Thon index", "zh": "森-肖罗克斯-通指数"},
        intensity.sen_shorrocks_thon,
        "line",
        usual=False,
    ),
    Measure("risk", {"en": "Risk of poverty", "zh": "相对贫困"}, relative.risk, "welfare", usual=False),
    Measure("mean", {"en": "Mean", "zh": "均值"}, inequality.mean, "welfare"),
    Measure("quantiles", {"en": "Quantiles", "zh": "分位数"}, inequality.quantiles, "welfare"),
    Measure("gini", {"en": "Gini coefficient", "zh": "基尼系数"}, inequality.gini, "welfare"),
    Measure(
        "ge",
        {"en": "Generalised entropy", "zh": "广义熵指数"},
        entropy.generalised_entropy,
        "welfare",
        usual=False,
    ),
    Measure(
        "atkinson", {"en": "Atkinson index", "zh": "阿特金森指数"}, entropy.atkinson, "welfare", usual=False
    ),
    Measure(
        "quintile_ratio",
        {"en": "Quintile share ratio", "zh": "五等分收入比"},
        relative.quintile_ratio,
        "welfare",
        usual=False,
    ),
    Measure("lorenz", {"en": "Lorenz curve", "zh": "洛伦兹曲线"}, curves.lorenz, "welfare", usual=False),
    Measure("parade", {"en": "Pen's parade", "zh": "收入游行图"}, curves.parade, "welfare", usual=False),
    Measure("criteria", {"en": "Criteria", "zh": "判定条件"}, poverty.criteria, "criteria"),
    Measure("causes", {"en": "Causes", "zh": "致贫原因"}, poverty.causes, "causes"),
    Measure("mpi", {"en": "Multidimensional index", "zh": "多维指数"}, multidimensional.mpi, "index"),
    Measure(
        "mpi_cutoffs",
        {"en": "Multidimensional index by cutoff", "zh": "不同临界值下的多维指数"},
        multidimensional.mpi_cutoffs,
        "index",
        usual=False,
    ),
    Measure(
        "decomposition",
        {"en": "Decomposition by group", "zh": "分组分解"},
        decomposition.decomposition,
        "groups",
        usual=False,
    ),
)

MEASURES: dict[str, Measure] = {measure.name: measure for measure in _LISTED}
"""Every measure by name, in the order in which they are shown."""


def chosen_measures(names: Sequence[str], frame: Frame) -> list[Measure]:
    """The measures asked for, each refused if it cannot be given; without names all that can be."""
    if "all" in names:
        return [measure for measure in MEASURES.values() if available(measure, frame)]
    for name in names:
        if name not in MEASURES:
            raise UNKNOWN_MEASURE.error(name=name, hint=nearest(name, MEASURES))
    specification = frame.specification
    if not specification.is_comparable and any(_wants_line(name) for name in names or MEASURES):
        raise _different_units(specification)
    if not names:
        return [measure for measure in MEASURES.values() if measure.usual and available(measure, frame)]
    chosen = [measure for measure in MEASURES.values() if measure.name in names]
    for measure in chosen:
        _refuse_unavailable(measure, frame)
    return chosen


def _wants_line(name: str) -> bool:
    return MEASURES[name].needs == "line"


def _different_units(specification: Specification) -> HearthlineError:
    line = specification.line
    return DIFFERENT_UNITS.error(
        welfare=specification.welfare,
        unit=unit_words(specification.welfare_unit, "en") or "no unit",
        line=line.name if line else "",
        line_unit=unit_words(line.unit if line else "", "en") or "no unit",
    )


def available(measure: Measure, frame: Frame) -> bool:
    """Whether the frame holds what a measure needs."""
    specification = frame.specification
    aliases = frame.aliases
    return {
        "": True,
        "status": frame.has_status,
        "line": frame.has_line,
        "welfare": frame.has_welfare,
        "groups": frame.grouped and (frame.has_welfare or bool(specification.indices)),
        "criteria": any(criterion_alias(name) in aliases for name in specification.criteria),
        "causes": frame.has_status
        and any(cause_alias(cause.name) in aliases for cause in specification.causes),
        "index": any(measurable(index, frame) for index in specification.indices),
    }[measure.needs]


def _refuse_unavailable(measure: Measure, frame: Frame) -> None:
    if available(measure, frame):
        return
    package = frame.specification.package or "of this table"
    if measure.needs in ("line", "welfare"):
        what = "a welfare value" if not frame.has_welfare else "a line"
        raise NO_WELFARE.error(measure=measure.name, what=what, package=package)
    if measure.needs == "index":
        raise NO_INDEX.error(measure=measure.name, package=package)
    raise NO_STATUS.error(measure=measure.name)
