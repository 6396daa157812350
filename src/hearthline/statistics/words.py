# SPDX-License-Identifier: Apache-2.0
"""Decides the words of statistics in English and Chinese: titles of tables and columns."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "versions": "Package {package}, version {version}, screened on {on}.",
        "standard": "Poor by the standard: {name}.",
        "weight": "Counted in {weight}.",
        "weight_person": "people (weighted)",
        "weight_household": "households (weighted)",
        "weight_none": "households of the file (not weighted)",
        "welfare": "Welfare: {name}.",
        "line": "Line: {name}.",
        "group": "Group",
        "item": "Item",
        "total": "Total",
        "left_out": "{number} more groups of {by} are left out here: all are written by --format parquet or "
        "csv with --out FILE.",
    },
    "zh": {
        "versions": "政策包 {package}，版本 {version}，判定日期 {on}。",
        "standard": "贫困标准：{name}。",
        "weight": "计数单位：{weight}。",
        "weight_person": "人（加权）",
        "weight_household": "户（加权）",
        "weight_none": "样本户（未加权）",
        "welfare": "福利指标：{name}。",
        "line": "贫困线：{name}。",
        "group": "分组",
        "item": "项目",
        "total": "合计",
        "left_out": "另有{by}的{number}组未在此列出：用 --format parquet 或 csv 及 --out 文件可全部写出。",
    },
}

_TABLES: dict[str, tuple[str, str]] = {
    "population": ("Population", "总体"),
    "status": ("Status by standard, share of all", "各标准的判定结果（占全部的比重）"),
    "poverty": ("Poverty", "贫困"),
    "welfare": ("Welfare", "福利水平"),
    "criteria": ("Criteria, share of all", "判定条件（占全部的比重）"),
    "causes": ("Evidence of causes, share of the poor", "致贫原因佐证（占贫困人口的比重）"),
    "mpi": ("Multidimensional index", "多维指数"),
    "mpi_indicators": ("Indicators of the index", "指数各指标"),
    "mpi_dimensions": ("Dimensions of the index", "指数各维度"),
    "poverty_intensity": ("Poverty, with inequality among the poor", "考虑贫困人口内部不平等的指数"),
    "risk": ("Risk of poverty, by the median of everybody", "贫困风险（以全体中位数为准）"),
    "inequality": ("Inequality", "不平等"),
    "curves": ("Lorenz curve and Pen's parade", "洛伦兹曲线与收入游行图"),
    "mpi_cutoffs": ("Multidimensional index by cutoff", "不同临界值下的多维指数"),
    "decomposition": ("Who holds how much of poverty", "各组占贫困的比重"),
    "mpi_decomposition": ("Who holds how much of multidimensional poverty", "各组占多维贫困的比重"),
    "entropy_decomposition": ("Inequality within and between groups", "组内与组间不平等"),
}

_COLUMNS: dict[str, tuple[str, str]] = {
    "people": ("People counted", "计入人数"),
    "households": ("Households", "户数"),
    "n": ("n", "n"),
    "weight_unknown": ("Weight unknown", "权数未知"),
    "poor": ("Poor", "贫困"),
    "not_poor": ("Not poor", "非贫困"),
    "unknown": ("Unknown", "未知"),
    "headcount": ("Headcount", "贫困发生率"),
    "status_unknown": ("Status unknown", "结果未知"),
    "below_line": ("Below line", "低于贫困线"),
    "gap": ("Gap", "贫困深度"),
    "severity": ("Severity", "贫困强度"),
    "watts": ("Watts", "瓦茨指数"),
    "watts_left_out": ("Income ≤ 0", "收入不为正"),
    "welfare_unknown": ("Welfare unknown", "福利指标未知"),
    "mean": ("Mean", "均值"),
    "p10": ("p10", "p10"),
    "p25": ("p25", "p25"),
    "median": ("Median", "中位数"),
    "p75": ("p75", "p75"),
    "p90": ("p90", "p90"),
    "gini": ("Gini", "基尼系数"),
    "met": ("Met", "达标"),
    "not_met": ("Not met", "未达标"),
    "evident": ("Evident", "有佐证"),
    "not_evident": ("Not evident", "无佐证"),
    "h": ("H", "H 多维贫困发生率"),
    "a": ("A", "A 平均剥夺强度"),
    "m0": ("M0", "M0 调整后发生率"),
    "score_unknown": ("Score incomplete", "得分不全"),
    "weight": ("Weight", "权重"),
    "uncensored_headcount": ("Uncensored", "被剥夺比重"),
    "censored_headcount": ("Censored", "贫困且被剥夺比重"),
    "contribution": ("Contribution", "贡献率"),
    "sen": ("Sen", "森指数"),
    "sst": ("Sen-Shorrocks-Thon", "SST 指数"),
    "threshold": ("Threshold", "贫困风险线"),
    "rate": ("Rate", "贫困风险率"),
    "median_gap": ("Median gap", "中位差距"),
    "ge0": ("GE(0)", "GE(0)"),
    "ge1": ("GE(1)", "GE(1)"),
    "ge2": ("GE(2)", "GE(2)"),
    "atkinson_05": ("Atkinson(0.5)", "阿特金森(0.5)"),
    "atkinson_1": ("Atkinson(1)", "阿特金森(1)"),
    "atkinson_2": ("Atkinson(2)", "阿特金森(2)"),
    "nonpositive": ("Income ≤ 0", "收入不为正"),
    "quintile_ratio": ("S80/S20", "五等分收入比"),
    "income_share": ("Share of income", "收入份额"),
    "income": ("Income", "收入"),
    "population_share": ("Share of people", "人口比重"),
    "share_of_below_line": ("of the poor", "占贫困人口"),
    "share_of_gap": ("of the gap", "占贫困深度"),
    "share_of_severity": ("of severity", "占贫困强度"),
    "share_of_h": ("of H", "占 H"),
    "share_of_m0": ("of M0", "占 M0"),
    "ge0_within": ("GE(0) within", "GE(0) 组内"),
    "ge0_between": ("GE(0) between", "GE(0) 组间"),
    "ge1_within": ("GE(1) within", "GE(1) 组内"),
    "ge1_between": ("GE(1) between", "GE(1) 组间"),
    "ge2_within": ("GE(2) within", "GE(2) 组内"),
    "ge2_between": ("GE(2) between", "GE(2) 组间"),
}


def table_title(name: str, language: str) -> str:
    """The title of a table of measures."""
    english, chinese = _TABLES[name]
    return chinese if language == "zh" else english


def column_title(name: str, language: str) -> str:
    """The title of a column of figures."""
    english, chinese = _COLUMNS[name]
    return chinese if language == "zh" else english
