# SPDX-License-Identifier: Apache-2.0
"""Decides the words of the package format that officials read, in English and Chinese."""

from __future__ import annotations

from hearthline.engine.rules.types import Text
from hearthline.engine.rules.wording import said

WORDS: dict[str, Text] = {
    "package": {"en": "Package", "zh": "政策包"},
    "facts": {"en": "Facts", "zh": "数据字典"},
    "parameters": {"en": "Parameters", "zh": "参数"},
    "lookups": {"en": "Lookup tables", "zh": "查询表"},
    "derived": {"en": "Derived values", "zh": "派生值"},
    "criteria": {"en": "Criteria", "zh": "判定条件"},
    "standards": {"en": "Standards", "zh": "标准"},
    "indices": {"en": "Indices", "zh": "多维指数"},
    "causes": {"en": "Causes", "zh": "致贫原因"},
    "series": {"en": "Published figures", "zh": "公布数据"},
    "description": {"en": "description", "zh": "说明"},
    "layers": {"en": "layers", "zh": "层"},
    "version": {"en": "version hash", "zh": "版本指纹"},
    "languages": {"en": "languages", "zh": "语言"},
    "jurisdiction": {"en": "jurisdiction", "zh": "管辖地区"},
    "currency": {"en": "currency, decimals", "zh": "币种、小数位"},
    "division_scale": {"en": "decimals of a division", "zh": "除法保留小数位"},
    "valid": {"en": "valid", "zh": "有效期"},
    "levels": {"en": "levels", "zh": "层级"},
    "sources": {"en": "sources", "zh": "来源"},
    "topics": {"en": "topics", "zh": "主题"},
    "terms": {"en": "terms", "zh": "用语"},
    "standard": {"en": "standard", "zh": "通用"},
    "topic": {"en": "topic", "zh": "主题"},
    "household_weight": {"en": "household weight", "zh": "户权数"},
    "person_weight": {"en": "weight in people", "zh": "人口权数"},
    "welfare": {"en": "welfare value", "zh": "福利指标"},
    "line": {"en": "line", "zh": "贫困线"},
    "statistics_weight": {"en": "measures count", "zh": "统计口径"},
    "type": {"en": "type", "zh": "类型"},
    "unit": {"en": "unit", "zh": "计量单位"},
    "bounds": {"en": "bounds", "zh": "取值范围"},
    "digits": {"en": "digits, decimals", "zh": "位数、小数位"},
    "codes": {"en": "codes", "zh": "代码"},
    "sensitivity": {"en": "sensitivity", "zh": "敏感级别"},
    "required": {"en": "required", "zh": "必填"},
    "period": {"en": "period", "zh": "时段"},
    "question": {"en": "question", "zh": "问题"},
    "note": {"en": "note", "zh": "备注"},
    "keys": {"en": "keys", "zh": "键"},
    "missing": {"en": "missing", "zh": "缺失处理"},
    "source": {"en": "source", "zh": "依据"},
    "level": {"en": "level", "zh": "层级"},
    "formula": {"en": "formula", "zh": "公式"},
    "released": {"en": "released although sensitive", "zh": "依敏感信息但可查看的理由"},
    "good": {"en": "good condition", "zh": "达标条件"},
    "met": {"en": "met", "zh": "达标"},
    "not_met": {"en": "not met", "zh": "未达标"},
    "unknown": {"en": "unknown", "zh": "未知"},
    "remedy": {"en": "what would change it", "zh": "补救办法"},
    "default": {"en": "gives", "zh": "结果列"},
    "combine": {"en": "combine", "zh": "组合方式"},
    "at_least": {"en": "at least", "zh": "至少"},
    "index": {"en": "index", "zh": "多维指数"},
    "cutoff": {"en": "cutoff", "zh": "临界值"},
    "number": {"en": "number", "zh": "编号"},
    "evidence": {"en": "evidence", "zh": "佐证公式"},
    "base": {"en": "counted of", "zh": "统计口径"},
    "from": {"en": "from", "zh": "来自"},
    "added": {"en": "added", "zh": "新增"},
    "removed": {"en": "removed", "zh": "删除"},
    "changed": {"en": "changed", "zh": "变更"},
    "decided_by": {"en": "criteria", "zh": "判定条件"},
    "treatment": {"en": "missing values", "zh": "缺失处理"},
    "span": {"en": "period", "zh": "时段"},
    "label": {"en": "label", "zh": "名称"},
    "title": {"en": "title", "zh": "标题"},
}

CHOICES: dict[str, Text] = {
    "boolean": {"en": "yes or no", "zh": "是/否"},
    "integer": {"en": "whole number", "zh": "整数"},
    "decimal": {"en": "decimal", "zh": "小数"},
    "money": {"en": "money", "zh": "金额"},
    "double": {"en": "floating-point number", "zh": "浮点数"},
    "date": {"en": "date", "zh": "日期"},
    "code": {"en": "code", "zh": "代码"},
    "text": {"en": "text", "zh": "文本"},
    "public": {"en": "public", "zh": "公开"},
    "internal": {"en": "internal", "zh": "内部"},
    "sensitive": {"en": "sensitive", "zh": "敏感"},
    "year": {"en": "year", "zh": "年"},
    "month": {"en": "month", "zh": "月"},
    "day": {"en": "day", "zh": "日"},
    "point": {"en": "point in time", "zh": "时点"},
    "all": {"en": "poor if any criterion is not met", "zh": "任一条件未达标即为贫困"},
    "any": {"en": "poor only if no criterion is met", "zh": "所有条件均未达标才为贫困"},
    "count": {"en": "poor if enough criteria are not met", "zh": "未达标条件达到规定个数即为贫困"},
    "index": {"en": "poor by the index", "zh": "按多维指数判定"},
    "bounds": {"en": "unknown only if it could change the answer", "zh": "仅在可能改变结果时为未知"},
    "not_deprived": {"en": "unknown counts as met", "zh": "未知视为达标"},
    "complete_case": {"en": "any unknown makes the answer unknown", "zh": "任一未知则结果未知"},
    "unknown": {"en": "unknown", "zh": "未知"},
    "error": {"en": "an error", "zh": "报错"},
    "person": {"en": "people", "zh": "人"},
    "household": {"en": "households", "zh": "户"},
    "none": {"en": "rows without weight", "zh": "不加权"},
    "yes": {"en": "yes", "zh": "是"},
}


def word(key: str, language: str) -> str:
    """A word of the format as a person reads it; what is no such word stands for itself."""
    return said(WORDS[key], language) if key in WORDS else key


def choice(key: str, language: str) -> str:
    """A choice of the format, such as a type, as a person reads it."""
    return said(CHOICES[key], language)
