# SPDX-License-Identifier: Apache-2.0
"""Decides the draft of a map: what files and dictionary suggest, and a remark wherever a person must look."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from hearthline.base.problems import HearthlineError
from hearthline.engine.rules.policy import HOUSEHOLD, PERSON, Policy
from hearthline.intake.maps import FileRule, LimitRules
from hearthline.intake.matching import Match, matches
from hearthline.intake.problems import ENCODING_UNPROVEN, FILE_TOO_LARGE
from hearthline.intake.readers import opened

SAMPLE = 5_000
_MOST_HEADER_ROW = 5
_DELIMITERS = (",", "\t", ";", "|")
_HOUSEHOLD_KEY = re.compile(r"(?i)(hh|house|household|h)_?(id|no|code|key|num)\b|户(编号|号|码)|hid\b")
_AREA = re.compile(
    r"(?i)^(geo\d|province|region|county|district|city|town(ship)?|village|ward|ea)\b|[省市县区乡镇村]$"
)
_OWN_KEY = re.compile(r"(?i)(person|member|ind|id|p)_?(id|no|num|nr)\b|人(编号|号|码)|序号|no\b")
_IDENTITY = {
    "household_number": re.compile(r"(?i)^household_?(number|code)$|户编号"),
    "name": re.compile(r"(?i)^(full_?|person_?)?name$|姓名"),
    "national_id": re.compile(r"(?i)national_?id|\bid_?(card|number)|身份证|证件号"),
    "phone": re.compile(r"(?i)phone|mobile|\btel\b|电话|手机"),
    "account": re.compile(r"(?i)\baccount|bank_?card|账号|银行卡"),
}
"""How columns are called that say who is meant; their values are never shown."""


@dataclass(frozen=True)
class _Sample:
    path: Path
    settings: dict[str, object]
    columns: Mapping[str, pa.Array]
    remark: str = ""

    def is_unique(self, column: str) -> bool:
        cells = self.columns[column]
        return bool(
            pc.count_distinct(cells).as_py() == len(cells) and not pc.any(pc.equal(cells, "")).as_py()
        )


def suggest_map(policy: Policy, files: Sequence[Path]) -> str:
    """A draft map in TOML; it is valid as it stands, and its remarks say what to look at."""
    samples = [_sampled(path) for path in files]
    key = _shared_key(samples)
    lines = [
        "# A draft. Look at every line that ends with a remark; columns without a fact stand at the end.",
        "format = 1",
    ]
    who: dict[str, str] = {}
    for sample in samples:
        level, entry = _entry(policy, sample, key)
        lines += ["", *entry]
        who |= {
            field: column
            for field, column in _identity(sample).items()
            if level == (HOUSEHOLD if field == "household_number" else PERSON)
        }
    return "\n".join([*lines, "", *_who(who)]) + "\n"


def _who(found: Mapping[str, str]) -> list[str]:
    """The section of who is meant; a field that no column looks like stands there to be filled in."""
    return [
        "# Who is meant by the rows: kept apart from the facts, in a private file. A register needs it.",
        "[identity]" if found else "# [identity]",
        *(f"{field} = {_text(column)}" for field, column in found.items()),
        *(
            f'# {field} = "?"   # no column looks like it: name one, or leave this line out'
            for field in _IDENTITY
            if field not in found
        ),
    ]


def _identity(sample: _Sample) -> dict[str, str]:
    """The columns of a file that seem to say who is meant."""
    found = {
        field: next((name for name in sample.columns if pattern.search(name)), None)
        for field, pattern in _IDENTITY.items()
    }
    return {field: column for field, column in found.items() if column is not None}


def _sampled(path: Path) -> _Sample:
    """The first rows of a file, with the settings under which it could be read."""
    best: tuple[int, dict[str, object], list[str]] | None = None
    settings: dict[str, object] = {}
    remark = ""
    try:
        opened(path, _rule(settings), LimitRules())
    except HearthlineError as error:
        if error.code == ENCODING_UNPROVEN.code:
            settings, remark = {"encoding": "utf-8"}, error.message
    marks: Sequence[str | None] = _DELIMITERS if path.suffix.lower() in (".csv", ".txt") else (None,)
    for mark in marks:
        for number in range(1, _MOST_HEADER_ROW + 1):
            tried = settings | ({"delimiter": mark} if mark not in (None, ",") else {})
            tried |= {"header_row": number} if number > 1 else {}
            try:
                headings = opened(path, _rule(tried), LimitRules()).headings()
            except HearthlineError as error:
                if error.code == FILE_TOO_LARGE.code and number == 1:
                    raise  # cut at another mark it would be one column with all the headings in it
                continue
            filled = len({heading for heading in headings if heading})
            if best is None or filled > best[0]:
                best = (filled, tried, headings)
    if best is None:
        opened(path, _rule(settings), LimitRules())
        return _Sample(path, settings, {}, remark)
    reader = opened(path, _rule(best[1]), LimitRules())
    names = [name for name in best[2] if name and best[2].count(name) == 1]
    chunk = next(iter(reader.chunks(names, set())), None)
    columns = {name: chunk.columns[name].slice(0, SAMPLE) for name in names} if chunk else {}
    return _Sample(path, best[1], columns, remark)


def _rule(settings: Mapping[str, object]) -> FileRule:
    return FileRule.model_validate({"files": ["*"], "level": HOUSEHOLD, **settings})


def _shared_key(samples: Sequence[_Sample]) -> str | None:
    """The column that looks like the key of the household: named so, or unique in one file and in others."""
    names = [name for sample in samples for name in sample.columns]
    named = [name for name in dict.fromkeys(names) if _HOUSEHOLD_KEY.search(name)]
    unique = [
        name
        for sample in samples
        for name in sample.columns
        if sample.is_unique(name) and (names.count(name) > 1 or len(samples) == 1)
    ]
    candidates = [name for name in named if name in unique] or named or unique
    return candidates[0] if candidates else None


def _entry(policy: Policy, sample: _Sample, key: str | None) -> tuple[str, list[str]]:
    level, found = _level(policy, sample, key)
    own = next((name for name in sample.columns if name != key and _OWN_KEY.search(name)), None)
    lines = ["[[file]]", f"files = {_text(sample.path.name)}", f"level = {_text(level)}"]
    if key not in sample.columns or key is None:
        lines.append("# No column looks like the key of the household: name it here.")
        lines.append('key = "?"' if level == HOUSEHOLD else 'household = "?"')
    elif level == HOUSEHOLD:
        lines.append(f"key = {_text(key)}")
        if not sample.is_unique(key):
            lines.append("repeated = true   # the key repeats: the rows of a household must agree")
    else:
        lines.append(f"household = {_text(key)}")
        own = next((name for name in sample.columns if name != key and _OWN_KEY.search(name)), None)
        lines.append(
            f"key = {_text(own)}" if own else '# key = "?"   # what tells the rows of a household apart'
        )
    lines += [
        f"{name} = {_text(value) if isinstance(value, str) else value}"
        for name, value in sample.settings.items()
    ]
    places = [name for name in sample.columns if level == HOUSEHOLD and _AREA.search(name)]
    if places:
        steps = ", ".join(f"{{ code = {_text(name)} }}" for name in places)
        lines.append(f"# areas = [{steps}]   # the areas from the top down, if these are they")
    if sample.remark:
        lines.append(f"# Check the encoding: {sample.remark}")
    lines += ["", "[file.columns]", *(_line(match) for match in found)]
    used = {match.column for match in found} | {key, own} | set(_identity(sample).values())
    left = [name for name in sample.columns if name not in used]
    if left:
        lines += [
            "",
            f"# Columns that found no fact of {level}:",
            *(f"# {name}: {_values(sample.columns[name])}" for name in left),
        ]
    mapped = {match.fact.name for match in found}
    needed = [
        name for name, fact in policy.facts.get(level, {}).items() if fact.required and name not in mapped
    ]
    lines += [f"# Required and not found: {name}" for name in needed]
    return level, lines


def _level(policy: Policy, sample: _Sample, key: str | None) -> tuple[str, list[Match]]:
    """The level whose facts the columns fit best; a repeated key speaks against the household."""
    best: tuple[float, str, list[Match]] = (-1.0, HOUSEHOLD, [])
    for level in policy.levels:
        found = matches(sample.columns, list(policy.facts.get(level, {}).values()))
        score = sum(match.score for match in found)
        unique = key is None or key not in sample.columns or sample.is_unique(key)
        score += 0.5 if level == (HOUSEHOLD if unique else PERSON) else 0.0
        if score > best[0]:
            best = (score, level, found)
    return best[1], best[2]


def _line(match: Match) -> str:
    settings = [f"column = {_text(match.column)}"]
    if match.missing:
        settings.append(f"missing = [{', '.join(map(_text, match.missing))}]")
    if match.form:
        settings.append(f"format = {_text(match.form)}")
    if match.language:
        settings.append(f"by_label = {_text(match.language)}")
    if match.unknown_codes:
        recodes = ", ".join(f"{_text(code)} = {_text(code)}" for code in match.unknown_codes)
        settings.append(f"recode = {{ {recodes} }}")
    value = _text(match.column) if len(settings) == 1 else f"{{ {', '.join(settings)} }}"
    unsure = "is this it?" if match.score < 0.9 else ""
    remark = "; ".join(part for part in (unsure, match.remark) if part)
    return f"{match.fact.name} = {value}" + (f"   # {' '.join(remark.split())}" if remark else "")


def _values(cells: pa.Array) -> str:
    distinct = pc.unique(cells).to_pylist()
    shown = ", ".join(" ".join(text[:20].split()) for text in distinct[:5])
    return shown + (", ..." if len(distinct) > 5 else "")


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda found: f"\\u{ord(found[0]):04x}", escaped) + '"'
