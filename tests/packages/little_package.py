# SPDX-License-Identifier: Apache-2.0
"""Decides the little package that tests of the package format start from, and how one is spoilt."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from hearthline.base.problems import HearthlineError, ManyProblems
from hearthline.engine.packages import load_policy

MARK = "‸"
"""Stands in a spoilt text where the mistake must be reported; it is taken out before the file is written."""

LITTLE: dict[str, str] = {
    "package.toml": """\
id = "valley/2020"
title = { en = "The valley", zh = "山谷" }
languages = ["en", "zh"]
jurisdiction = "VA"
currency = "yuan"
minor_digits = 2
valid = { from = 2020-01-01, to = 2021-12-31 }
[sources]
visit = { en = "Home visit", zh = "入户核查" }
school = { en = "School", zh = "学校" }
[topics]
family = { en = "Family", zh = "家庭" }
[weights]
household = "size"
[statistics]
welfare = "per_head"
line = "line"
[levels.household]
title = { en = "Household", zh = "户" }
[levels.person]
title = { en = "Person", zh = "人" }
belongs_to = "household"
[levels.area]
title = { en = "Area", zh = "区" }
[levels.income_line]
title = { en = "Income line", zh = "收入明细" }
belongs_to = "household"
[levels.claim]
title = { en = "Claim", zh = "报销" }
belongs_to = "person"
""",
    "facts/household.yaml": """\
household:
  size:
    type: integer
    unit: person
    min: 1
    max: 60
    required: true
    label: {en: Size, zh: 人口}
  grade:
    type: code
    label: {en: Grade, zh: 等级}
    codes:
      A: {en: Safe, zh: A级}
      B: {en: Fair, zh: B级}
    sources: [visit]
  savings:
    type: money
    unit: yuan
    min: 0
    max: 10000
    label: {en: Savings, zh: 存款}
  house_area:
    type: decimal
    scale: 2
    digits: 9
    unit: m2
    label: {en: Area, zh: 面积}
  visited_on:
    type: date
    min: 2000-01-01
    label: {en: Visited on, zh: 走访日期}
  score:
    type: double
    label: {en: Score, zh: 得分}
""",
    "facts/rows.yaml": """\
person:
  birth_date:
    type: date
    label: {en: Birth date, zh: 出生日期}
  in_school:
    type: boolean
    label: {en: In school, zh: 在校}
    sources: [school, visit]
income_line:
  amount:
    type: money
    unit: yuan/year
    label: {en: Amount, zh: 金额}
  state:
    type: code
    label: {en: State, zh: 状态}
    codes: {received: {en: Received, zh: 已收}, forecast: {en: Forecast, zh: 预计}}
claim:
  cost:
    type: money
    label: {en: Cost, zh: 费用}
area:
  dry:
    type: boolean
    label: {en: Dry, zh: 干旱}
""",
    "parameters/line.yaml": """\
line:
  label: {en: Line, zh: 标准}
  type: money
  unit: yuan/person/year
  values:
    - {year: 2020, value: 1000, source: Notice 1}
    - {from: 2021-01-01, value: 1200.50, source: Notice 2}
    - {year: 2020, purpose: exit, value: 1500, source: Notice 3}
""",
    "lookups/water.yaml": """\
water:
  label: {en: Water, zh: 用水}
  keys: [{name: zone, type: code}]
  value: {type: integer, unit: l/day}
  missing: unknown
  source: Notice 4
  rows:
    - [dry, 20]
    - [wet, 35]
""",
    "rules/all.yaml": """\
derived:
  income:
    level: household
    type: money
    unit: yuan/year
    label: {en: Income, zh: 收入}
    formula: |
      sum(income_line.amount)
        filter (where income_line.state = 'received')
  per_head:
    level: household
    type: decimal
    unit: yuan/person/year
    label: {en: Income per head, zh: 人均收入}
    formula: income / size
  years:
    level: person
    type: integer
    unit: year
    label: {en: Age, zh: 年龄}
    formula: age(birth_date)
criteria:
  income_met:
    level: household
    label: {en: Income, zh: 收入}
    good: income >= parameter('line') * size
    words:
      met: {en: Above, zh: 达标}
      not_met: {en: Below, zh: 未达标}
      unknown: {en: Open, zh: 待核实}
    remedy: {en: Look at the ledger, zh: 核对台账}
    source: Law, article 1
  housing:
    level: household
    label: {en: Housing, zh: 住房}
    good: grade in ('A', 'B')
    words:
      met: {en: Safe, zh: 安全}
      not_met: {en: Unsafe, zh: 不安全}
      unknown: {en: Open, zh: 待核实}
    remedy: {en: Grade it, zh: 鉴定}
    source: Law, article 2
  schooled:
    level: person
    label: {en: Schooled, zh: 上学}
    good: in_school
    words:
      met: {en: Yes, zh: 是}
      not_met: {en: No, zh: 否}
      unknown: {en: Open, zh: 待核实}
    remedy: {en: Ask the school, zh: 询问学校}
    source: Law, article 3
standards:
  national:
    default: true
    label: {en: National, zh: 国家}
    combine: all
    criteria: [income_met, housing]
    source: Law
  by_points:
    label: {en: By points, zh: 按指数}
    combine: index
    index: mpi
    from: 2021-01-01
    source: Law
indices:
  mpi:
    label: {en: Index, zh: 指数}
    cutoff: 1/3
    missing: bounds
    dimensions:
      living:
        label: {en: Living, zh: 生活}
        weight: 1
        indicators: {income_met: 2/3, housing: 1/3}
    source: Law
""",
    "causes.yaml": """\
causes:
  schooling:
    number: 3
    label: {en: Schooling, zh: 因学}
    evidence: bool_or(person.in_school)
  other:
    number: 12
    label: {en: Other, zh: 其他}
""",
    "series/published.yaml": """\
rural_poor:
  label: {en: Poor, zh: 贫困人口}
  unit: person
  base: {en: People of the valley, zh: 山谷人口}
  places:
    north: {en: North, zh: 北部}
  figures:
    - at: 2020-12-31
      value: 1000
      source: {en: Yearbook, zh: 年鉴}
      conflicts:
        - value: 1100
          source: {en: Leaflet, zh: 传单}
          why: {en: Misprint., zh: 印误。}
    - at: 2020-12-31
      place: north
      value: 400
      bound: about
      fills_gap: true
      source: {en: Survey, zh: 调查}
    - from: 2019-01-01
      to: 2019-12-31
      value: 50
      source: {en: Yearbook, zh: 年鉴}
""",
    "scenarios/cases.yaml": """\
templates:
  sound:
    household: {size: 2, grade: A}
    person:
      - {birth_date: 1980-05-01}
      - {birth_date: 2010-02-28, in_school: true, claim: [{cost: 12.5}]}
    income_line:
      - {amount: 2000, state: received}
    area: {dry: false}
scenarios:
  - name: A household on the line is not poor.
    on: 2020-12-31
    like: sound
    expect:
      status: not poor
      criteria: {income_met: met, housing: met}
      values: {income: 2000, cause_schooling: true}
      persons: [{years: 40}, {years: 10, schooled: met}]
  - name: A forecast is not income.
    on: 2021-06-30
    like: sound
    given:
      household: {grade: null}
      income_line:
        - {amount: 90000, state: forecast}
    expect:
      status: poor
      status_by_points: poor
      criteria: {income_met: not met, housing: unknown}
      values: {income: 0}
    about: article 1
""",
}


def write_package(folder: Path, texts: dict[str, str]) -> Path:
    """Write a package's files; a text may hold the mark of a mistake, which is left out."""
    for name, text in texts.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.replace(MARK, "").encode())
    return folder


def little(folder: Path, **changes: tuple[str, str]) -> Path:
    """The little package with one text replaced in some files; names are written with __ for /."""
    texts = dict(LITTLE)
    for key, (old, new) in changes.items():
        name = key.replace("__", "/") + (".toml" if key == "package" else ".yaml")
        assert texts[name].count(old) >= 1, f"{name} has no {old!r}"
        texts[name] = texts[name].replace(old, new, 1)
    return write_package(folder, texts)


def spoilt(file: str, old: str, new: str) -> tuple[dict[str, str], tuple[int, int]]:
    """The little package with a mistake, and the line and column where it must be reported."""
    texts = dict(LITTLE)
    text = texts.get(file, "")
    assert old in text, f"{file} has no {old!r}"
    changed = text.replace(old, new, 1) if old else new
    before = changed[: changed.index(MARK)]
    place = (before.count("\n") + 1, len(before) - before.rfind("\n"))
    return texts | {file: changed}, place


def errors_of(folder: Path) -> list[HearthlineError]:
    """Every mistake that keeps a package from loading; fails if it loads."""
    try:
        load_policy(folder)
    except ManyProblems as error:
        return error.errors
    except HearthlineError as error:
        return [error]
    raise AssertionError("the package loads although it has a mistake")


class Mistake(NamedTuple):
    """One text of the little package replaced; the mark in the new text is the place to be reported."""

    title: str
    file: str
    old: str
    new: str
    code: str
    words: tuple[str, ...]


def assert_reported(mistake: Mistake, folder: Path) -> None:
    """The package does not load, and the mistake is told at its place with its words and a remedy."""
    texts, place = spoilt(
        mistake.file, mistake.old, mistake.new if MARK in mistake.new else mistake.new + MARK
    )
    errors = errors_of(write_package(folder, texts))
    found = [
        error
        for error in errors
        if error.code == mistake.code and all(words in error.sentence for words in mistake.words)
    ]
    assert found, [error.sentence for error in errors]
    assert found[0].remedy
    assert found[0].place is not None
    assert found[0].place.file == f"{folder}/{mistake.file}"
    if MARK in mistake.new:
        assert (found[0].place.line, found[0].place.column) == place, found[0].sentence
