# SPDX-License-Identifier: Apache-2.0
"""Decides how learned scores become a package: a layer over the one they were learned by, frozen with it.

A sum of tables is written as lookup tables and derived values, so it runs in SQL and ``why`` explains it;
trees are written as JSON. Nothing that is written can run.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from hearthline.engine.backends.runs import PACKAGE_FOLDER, Run
from hearthline.engine.packages import load_policy
from hearthline.engine.packages.folder import LAYERS
from hearthline.engine.packages.freezing import policy_files
from hearthline.engine.packages.scores import meaning_in
from hearthline.engine.rules.data_sheet import DataSheet
from hearthline.engine.rules.policy import HOUSEHOLD, Policy
from hearthline.engine.rules.types import Text
from hearthline.engine.snapshots.sealing import PartialFolder
from hearthline.targeting.additive import DECIMALS, UNIT, Additive, Term
from hearthline.targeting.cards import Card
from hearthline.targeting.forests import Forest
from hearthline.targeting.judging import Model
from hearthline.targeting.levels import Levels
from hearthline.targeting.regressions import Logarithm, Odds
from hearthline.targeting.words import LABELS, STATEMENT, TITLE, spoken

IN_A_PART = 12
"""Tables summed in one derived value, so that no formula grows deeper than the language allows."""

Written = dict[str, Any]


class Learnt:
    """One score to be written: its name, what it is, and its sheet."""

    def __init__(self, name: str, method: str, model: Model, sheet: DataSheet) -> None:
        self.name = name
        self.method = method
        self.model = model
        self.sheet = sheet


def write_scores(run: Run, scores: Sequence[Learnt], out: Path, package_id: str) -> Policy:
    """Write a package with scores over that of the run, and load it again; the folder must not exist yet."""
    policy = run.policy
    with PartialFolder(out, replace=False) as work:
        for path, content in policy_files(run.folder / PACKAGE_FOLDER).items():
            own = path if path.startswith(f"{LAYERS}/") else f"{LAYERS}/{policy.id}/{path}"
            _put(work.path / own, content)
        _put(work.path / "package.toml", _manifest(policy, package_id).encode())
        for score in scores:
            for path, text in score_files(policy, score).items():
                _put(work.path / path, text.encode())
        load_policy(work.path)  # a package that would be refused is never left behind
        work.publish()
    return load_policy(out)


def _put(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def _manifest(policy: Policy, package_id: str) -> str:
    words = spoken(TITLE, policy.languages, title=policy.title)
    title = ", ".join(
        f"{language} = {json.dumps(text, ensure_ascii=False)}" for language, text in words.items()
    )
    lines = [
        f"id = {json.dumps(package_id)}",
        f"title = {{ {title} }}",
        f"extends = {json.dumps(policy.id)}",
    ]
    return "\n".join(lines) + "\n"


def score_files(policy: Policy, score: Learnt) -> Mapping[str, str]:
    """The files of one score, by their path in the package."""
    model = score.model
    entry: Written = {
        "label": spoken(LABELS[score.method], policy.languages),
        "method": score.method,
    }
    files: dict[str, str] = {}
    if isinstance(model, Forest):
        entry["trees"] = f"{score.name}.json"
        entry["covariates"] = list(model.names)
        files[f"scores/{score.name}.json"] = _trees(model)
    elif isinstance(model, Card | Logarithm | Odds):
        whole = isinstance(model, Card)
        sums = _Sums(policy, score, model.additive, decimals=0 if whole else DECIMALS)
        files[f"lookups/{score.name}.yaml"] = sums.tables_text()
        files[f"rules/{score.name}.yaml"] = sums.rules_text()
        entry |= {
            "value": score.name,
            "tables": sums.tables,
            "parts": sums.parts,
            "covariates": sums.covariates,
        }
    if isinstance(model, Card):
        entry["questions"] = [
            _question(each, points) for each, points in zip(model.levels, model.points, strict=True)
        ]
    entry["reads"] = meaning_in(policy, entry["covariates"])
    entry["statement"] = spoken(STATEMENT, policy.languages)
    entry["source"] = f"Learned by hearthline targeting fit from snapshot {score.sheet.learned.snapshot[:12]}"
    entry["sheet"] = _plain(score.sheet.model_dump(exclude_none=True))
    files[f"scores/{score.name}.yaml"] = _yaml({score.name: entry})
    return files


def _question(levels: Levels, points: Sequence[int]) -> Written:
    """A question with its answers, the lowest first; words with the same points stand together."""
    answers: list[Written] = []
    if levels.covariate.is_number:
        edges = [None, *levels.bounds, None]
        for low, high, each in zip(edges, edges[1:], points, strict=False):
            answer: Written = {"points": each}
            answer |= {} if low is None else {"at_least": _number(low)}
            answer |= {} if high is None else {"below": _number(high)}
            answers.append(answer)
    else:
        for each in sorted(set(points)):
            words = [word for word, level in levels.words.items() if points[level] == each]
            if words:
                answers.append({"points": each, "words": words})
    return {"covariate": levels.covariate.name, "answers": answers}


def _number(value: float) -> int | float:
    return int(value) if value == int(value) else value


def _trees(forest: Forest) -> str:
    words = {name: sorted(numbers, key=lambda word: numbers[word]) for name, numbers in forest.words.items()}
    content = {"names": list(forest.names), "words": words, "base": forest.base, "trees": forest.trees}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"


class _Sums:
    """The tables and formulas of one sum."""

    def __init__(self, policy: Policy, score: Learnt, additive: Additive, *, decimals: int) -> None:
        self.policy = policy
        self.score = score
        self.additive = additive
        self.decimals = decimals
        self.tables = [f"{score.name}_{term.levels.covariate.name}" for term in additive.terms]
        count = -(-len(additive.terms) // IN_A_PART)
        self.parts = [f"{score.name}_part_{number}" for number in range(1, count + 1)]
        beside = {term.beside.covariate.name for term in additive.terms if term.beside}
        self.covariates = list(dict.fromkeys([*additive.names, *sorted(beside)]))

    def tables_text(self) -> str:
        """The file of its lookup tables."""
        lines: list[str] = []
        for name, term in zip(self.tables, self.additive.terms, strict=True):
            keys = [_key(term.levels, self.policy)]
            keys += [_key(term.beside, self.policy)] if term.beside else []
            kind = "integer" if not self.decimals else f"decimal, scale: {self.decimals}"
            lines += [
                f"{name}:",
                f"  label: {_flow(self._label(term.levels.covariate.label))}",
                f"  keys: {_flow(keys)}",
                f"  value: {{type: {kind}}}",
                "  missing: unknown",
                f"  source: {json.dumps(self._source())}",
                "  rows:",
                *(f"    - {row}" for row in self._rows(term)),
            ]
        return "\n".join(lines) + "\n"

    def _source(self) -> str:
        return f"Learned from snapshot {self.score.sheet.learned.snapshot[:12]}"

    def _label(self, covariate: Text) -> Text:
        own = spoken(LABELS[self.score.method], self.policy.languages)
        return {language: f"{text}: {covariate.get(language, '')}" for language, text in own.items()}

    def _rows(self, term: Term) -> list[str]:
        seconds: list[tuple[str, int]] = _words(term.beside) if term.beside else [("", 0)]
        rows = []
        for word, level in _words(term.levels):
            for other, column in seconds:
                effect = int(term.effects[level, column])
                value = f"{effect // UNIT}" if not self.decimals else _decimal(effect)
                rows.append("[" + ", ".join(part for part in (word, other, value) if part) + "]")
        return rows

    def rules_text(self) -> str:
        """The file of its derived values: parts, and their sum."""
        kind = "integer" if not self.decimals else "decimal"
        scale = [] if not self.decimals else [f"    scale: {self.decimals}"]
        lines = ["derived:"]
        calls = [self._call(name, term) for name, term in zip(self.tables, self.additive.terms, strict=True)]
        for number, part in enumerate(self.parts):
            own = calls[number * IN_A_PART : (number + 1) * IN_A_PART]
            label = {
                language: f"{text} ({number + 1}/{len(self.parts)})"
                for language, text in spoken(LABELS[self.score.method], self.policy.languages).items()
            }
            lines += _derived(
                part, kind, scale, label, ["      " + own[0], *("      + " + c for c in own[1:])]
            )
        constant = self.additive.constant
        whole = " + ".join(self.parts)
        if constant:
            whole += f" {'+' if constant > 0 else '-'} {_decimal(abs(constant))}"
        label = spoken(LABELS[self.score.method], self.policy.languages)
        lines += _derived(self.score.name, kind, scale, label, ["      " + whole])
        return "\n".join(lines) + "\n"

    def _call(self, table: str, term: Term) -> str:
        keys = [_expression(term.levels)] + ([_expression(term.beside)] if term.beside else [])
        return f"lookup('{table}', {', '.join(keys)})"


def _derived(name: str, kind: str, scale: list[str], label: Text, formula: list[str]) -> list[str]:
    return [
        f"  {name}:",
        "    level: household",
        f"    type: {kind}",
        *scale,
        f"    label: {_flow(label)}",
        "    formula: |",
        *formula,
    ]


def _key(levels: Levels, policy: Policy) -> Written:
    covariate = levels.covariate
    if covariate.is_number:
        return {"name": "span", "type": "integer"}
    fact = policy.facts[HOUSEHOLD].get(covariate.name)
    kind = "boolean" if covariate.declared == "boolean" else "code" if fact and fact.codes else "text"
    return {"name": "answer" if covariate.name in ("key", "value") else covariate.name, "type": kind}


def _words(levels: Levels) -> list[tuple[str, int]]:
    """The key of each row as YAML, with its level."""
    if levels.covariate.is_number:
        return [(str(level), level) for level in range(levels.count)]
    plain = levels.covariate.declared == "boolean"
    return [
        (word if plain else json.dumps(word, ensure_ascii=False), level)
        for word, level in levels.words.items()
    ]


def _expression(levels: Levels) -> str:
    """The key of a household: the word itself, or the number of its span."""
    name = levels.covariate.name
    if not levels.covariate.is_number:
        return name
    scale = levels.covariate.type.scale
    branches = [f"when {name} < {bound:.{scale}f} then {level}" for level, bound in enumerate(levels.bounds)]
    return f"case {' '.join(branches)} else {len(levels.bounds)} end"


def _decimal(effect: int) -> str:
    sign = "-" if effect < 0 else ""
    return f"{sign}{abs(effect) // UNIT}.{abs(effect) % UNIT:0{DECIMALS}d}"


def _flow(value: object) -> str:
    """A value on one line of YAML; JSON is one."""
    return json.dumps(value, ensure_ascii=False)


def _plain(value: Any) -> Any:
    """A dumped sheet with numbers as YAML writes them."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return float(value) if hasattr(value, "as_tuple") else value


def _yaml(value: Written) -> str:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=110)
