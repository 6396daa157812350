# SPDX-License-Identifier: Apache-2.0
"""Decides how a published table of scores (a Poverty Probability Index) becomes part of a package.

Such a table gives for every whole score the chance of being poor by each of several lines. Its first column
is ``score``; the others are shares, or percent where any of them is above one.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from hearthline.base.problems import Place
from hearthline.engine.packages import load_policy
from hearthline.engine.packages.folder import LAYERS
from hearthline.engine.packages.freezing import policy_files
from hearthline.engine.rules.policy import HOUSEHOLD, Policy
from hearthline.engine.rules.types import Kind, Text
from hearthline.engine.rules.vocabulary import nearest_hint
from hearthline.engine.snapshots.sealing import PartialFolder
from hearthline.targeting.problems import BAD_TABLE, NO_LINE, NOT_POINTS
from hearthline.targeting.words import LABELS, STATEMENT, TITLE, spoken

SCORE = "score"
DECIMALS = 6
LARGEST = 200_000
"""Bytes of a table; the published ones have under 30,000."""

HUNDRED = 100
_LINE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}\Z")
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True)
class ScoreTable:
    """The chance of being poor by line and score, as shares; ``rises`` counts steps that go up."""

    name: str
    scores: tuple[int, ...]
    lines: Mapping[str, tuple[Decimal, ...]]
    rises: int

    def line_name(self, line: str) -> str:
        """A line as a name of the package: ``nlFood`` is ``nl_food``."""
        return _CAPITAL.sub("_", line).lower()


def read_table(path: Path) -> ScoreTable:
    """Read and check one table; raises ``targeting.bad-table`` with the line and the reason."""
    content = path.read_bytes()
    if len(content) > LARGEST:
        raise BAD_TABLE.error(Place(path.name), reason=f"it has {len(content)} bytes, more than {LARGEST}")
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise BAD_TABLE.error(Place(path.name), reason=f"it is no CSV in UTF-8 ({error})") from error
    head = rows[0] if rows else []
    if len(head) < 2 or head[0] != SCORE:
        raise BAD_TABLE.error(Place(path.name, 1), reason="its columns are not score and at least one line")
    for line in head[1:]:
        if not _LINE.match(line) or head.count(line) > 1:
            raise BAD_TABLE.error(
                Place(path.name, 1), reason=f"the line '{line}' is no name, or stands twice"
            )
    scores, columns = _numbers(path.name, head, rows[1:])
    unit = HUNDRED if max(max(column) for column in columns) > 1 else 1
    lines = {
        line: tuple(value / unit for value in column) for line, column in zip(head[1:], columns, strict=True)
    }
    rises = sum(1 for column in lines.values() for a, b in itertools.pairwise(column) if b > a)
    return ScoreTable(path.stem, scores, lines, rises)


def _numbers(
    name: str, head: Sequence[str], rows: Sequence[Sequence[str]]
) -> tuple[tuple[int, ...], list[list[Decimal]]]:
    scores: list[int] = []
    columns: list[list[Decimal]] = [[] for _ in head[1:]]
    for number, row in enumerate(rows, 2):
        place = Place(name, number)
        if len(row) != len(head):
            raise BAD_TABLE.error(place, reason=f"it has {len(row)} cells instead of {len(head)}")
        values = [_number(cell, column, place) for cell, column in zip(row, head, strict=True)]
        score = values[0]
        if score != int(score) or not 0 <= score <= HUNDRED or (scores and score != scores[-1] + 1):
            raise BAD_TABLE.error(
                place, reason=f"the score {score} is not the whole number after the one above"
            )
        scores.append(int(score))
        for column, value in zip(columns, values[1:], strict=True):
            column.append(value)
    if not scores or scores[0] > 1 or scores[-1] != HUNDRED:
        raise BAD_TABLE.error(Place(name), reason="its scores do not reach from 0 or 1 to 100")
    return tuple(scores), columns


def _number(cell: str, column: str, place: Place) -> Decimal:
    try:
        value = Decimal(cell)
    except InvalidOperation as error:
        raise BAD_TABLE.error(
            place, reason=f"the column {column} holds '{cell[:20]}', not a number"
        ) from error
    if not value.is_finite() or not 0 <= value <= HUNDRED:
        raise BAD_TABLE.error(place, reason=f"the column {column} holds {value}, which is no share")
    return value


def write_table_package(
    base: str, table: ScoreTable, *, points: str, line: str, name: str, out: Path
) -> Policy:
    """Write a package over ``base`` in which ``points`` is a score with its chances; load and return it.

    ``points`` is a whole number of the household, ``line`` the line whose chance is the score's own.
    """
    policy = load_policy(base)
    if line not in table.lines:
        raise NO_LINE.error(line=line, table=table.name, hint=nearest_hint(line, table.lines))
    _check_points(policy, points)
    with PartialFolder(out, replace=False) as work:
        files: dict[str, bytes] = {}
        for path, content in policy_files(base).items():
            files[path if path.startswith(f"{LAYERS}/") else f"{LAYERS}/{policy.id}/{path}"] = content
        for path, text in _texts(policy, table, points, line, name).items():
            files[path] = text.encode()
        for path, content in files.items():
            target = work.path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        load_policy(work.path)
        work.publish()
    return load_policy(out)


def _check_points(policy: Policy, points: str) -> None:
    fact = policy.facts[HOUSEHOLD].get(points)
    derived = policy.derived.get(points)
    kind = fact.type if fact else derived.type if derived and derived.level == HOUSEHOLD else None
    if kind is None or kind.kind is not Kind.NUMBER or kind.scale or str(kind.unit) not in ("1", "None"):
        raise NOT_POINTS.error(name=points, package=policy.id)


def _texts(policy: Policy, table: ScoreTable, points: str, line: str, name: str) -> dict[str, str]:
    title = spoken(TITLE, policy.languages, title=policy.title)
    label = spoken(LABELS["table"], policy.languages)
    source = f"{table.name}: Poverty Probability Index, Innovations for Poverty Action"
    lines = {each: table.line_name(each) for each in table.lines}
    lookup = [
        f"{name}:",
        f"  label: {_flow(_named(label, table.name))}",
        "  keys: [{name: points, type: integer}, {name: line, type: text}]",
        f"  value: {{type: decimal, scale: {DECIMALS}}}",
        "  missing: unknown",
        f"  source: {_flow(source)}",
        "  rows:",
    ]
    for each, values in table.lines.items():
        lookup += [
            f"    - [{score}, {_flow(lines[each])}, {value:.{DECIMALS}f}]"
            for score, value in zip(table.scores, values, strict=True)
        ]
    rules = ["derived:"]
    for own in lines.values():
        rules += [
            f"  {name}_{own}:",
            "    level: household",
            "    type: decimal",
            f"    scale: {DECIMALS}",
            f"    label: {_flow(_named(label, own))}",
            f"    formula: lookup('{name}', {points}, '{own}')",
        ]
    score = {
        "label": _named(label, table.name),
        "method": "table",
        "value": points,
        "likelihood": f"{name}_{lines[line]}",
        "parts": [f"{name}_{own}" for own in lines.values()],
        "tables": [name],
        "covariates": [points],
        "statement": spoken(STATEMENT, policy.languages),
        "source": source,
        "note": f"{table.rises} steps where a higher score has a higher chance, as published.",
    }
    pairs = ", ".join(f"{language} = {_flow(text)}" for language, text in title.items())
    manifest = [
        f"id = {_flow(policy.id + '-' + name.replace('_', '-'))}",
        f"title = {{ {pairs} }}",
        f"extends = {_flow(policy.id)}",
    ]
    return {
        "package.toml": "\n".join(manifest) + "\n",
        f"lookups/{name}.yaml": "\n".join(lookup) + "\n",
        f"rules/{name}.yaml": "\n".join(rules) + "\n",
        f"scores/{name}.yaml": f"{name}: {_flow(score)}\n",
    }


def _named(label: Text, name: str) -> Text:
    return {language: f"{text}: {name}" for language, text in label.items()}


def _flow(value: object) -> str:
    """A value on one line of YAML or TOML; JSON is both."""
    return json.dumps(value, ensure_ascii=False)
