# SPDX-License-Identifier: Apache-2.0
"""Decides that a score is what it says, and that nothing which decides rests on it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from pydantic import BaseModel, ValidationError

from hearthline.engine.packages.collecting import Faults
from hearthline.engine.packages.layers import Entry, ReadLayer, merged
from hearthline.engine.packages.names import unknown_reference
from hearthline.engine.packages.problems import BAD_SCORE, SCORE_DECIDES, SCORE_OUTDATED
from hearthline.engine.packages.rule_entries import RuleEntries, cause_rule
from hearthline.engine.packages.schema.fields import Removal
from hearthline.engine.packages.schema.scores import ScoreEntry, ScoresFile
from hearthline.engine.packages.settings import Settings
from hearthline.engine.rules.data_sheet import Trees
from hearthline.engine.rules.policy import HOUSEHOLD, Fact, LookupTable, Parameter, Policy, Score
from hearthline.engine.rules.source import RawRule
from hearthline.engine.rules.tree import FactRef, LookupRef, Node, ParameterRef, RuleRef

LEAF = -1


WrittenRule = tuple[str, str | None, str]
"""Level, declared type (None for a criterion) and text of a rule."""


def written_rules(raw: Mapping[str, RawRule]) -> dict[str, WrittenRule]:
    """Rules as a score may refer to them."""
    return {name: (rule.level, rule.declared, rule.formula.text.strip("\n")) for name, rule in raw.items()}


def meaning_in(policy: Policy, names: Sequence[str]) -> str:
    """SHA-256 over what values of a checked package mean; hex."""
    rules: dict[str, WrittenRule] = {
        name: (value.level, value.declared, value.text) for name, value in policy.derived.items()
    }
    trees = {name: value.tree for name, value in policy.derived.items()}
    rules |= {name: (each.level, None, each.text) for name, each in policy.criteria.items()}
    trees |= {name: each.tree for name, each in policy.criteria.items()}
    return ScoreBook(policy.facts, policy.parameters, policy.lookups, rules, trees).meaning(names)


class ScoreBook:
    """Everything of a package that a score may refer to."""

    def __init__(
        self,
        facts: Mapping[str, Mapping[str, Fact]],
        parameters: Mapping[str, Parameter],
        lookups: Mapping[str, LookupTable],
        rules: Mapping[str, WrittenRule],
        trees: Mapping[str, Node],
    ) -> None:
        self.facts = facts
        self.parameters = parameters
        self.lookups = lookups
        self.rules = rules
        self.trees = trees

    def values(self) -> set[str]:
        """The facts and derived values of the household."""
        rules = {name for name, (level, declared, _) in self.rules.items() if level == HOUSEHOLD and declared}
        return rules | set(self.facts[HOUSEHOLD])

    def reached(self, name: str) -> Iterator[Node]:
        """Every node of a rule and of all that it names."""
        waiting, seen = [name], {name}
        while waiting:
            for node in self.trees[waiting.pop()].walk():
                yield node
                if isinstance(node, RuleRef) and node.name not in seen:
                    seen.add(node.name)
                    waiting.append(node.name)

    def meaning(self, names: Sequence[str]) -> str:
        """SHA-256 over what values mean: formulas, facts with their codes, parameters and tables; hex."""
        lines: set[str] = set()
        for name in names:
            if name in self.trees:
                lines |= self._rule(name)
                for node in self.reached(name):
                    lines |= self._node(node)
            else:
                lines.add(self._fact(HOUSEHOLD, name))
        return hashlib.sha256("\n".join(["covariates", *names, *sorted(lines)]).encode()).hexdigest()

    def _rule(self, name: str) -> set[str]:
        level, declared, text = self.rules[name]
        kind = self.trees[name].type
        return {f"rule {name} {level} {declared} {kind.scale} {kind.unit} {text}"}

    def _fact(self, level: str, name: str) -> str:
        fact = self.facts[level][name]
        return f"fact {level}.{name} {fact.declared} {fact.type.scale} {fact.type.unit} {list(fact.codes)}"

    def _node(self, node: Node) -> set[str]:
        if isinstance(node, RuleRef):
            return self._rule(node.name)
        if isinstance(node, FactRef):
            return {self._fact(node.level, node.name)}
        if isinstance(node, LookupRef):
            return {f"table {node.table} {sorted(self.lookups[node.table].rows.items(), key=repr)!r}"}
        if isinstance(node, ParameterRef):
            dated = [
                (v.jurisdiction, v.purpose, v.start, v.end, v.value)
                for v in self.parameters[node.name].values
            ]
            return {f"parameter {node.name} {dated!r}"}
        return set()


def _picked(model: BaseModel) -> Mapping[str, ScoreEntry | Removal]:
    return model.root if isinstance(model, ScoresFile) else {}


def scores_of(
    layers: Sequence[ReadLayer], entries: RuleEntries, book: ScoreBook, settings: Settings, faults: Faults
) -> dict[str, Score]:
    """Every score of the effective package, checked."""
    written = merged([read.entries("scores", _picked) for read in layers], faults)
    files = {layer.layer.id: layer.layer.content for layer in layers}
    scores = {
        name: _score(entry, files[entry.origin], book, settings, faults) for name, entry in written.items()
    }
    _refuse_decisions(scores, entries, book, faults)
    return scores


def _score(
    entry: Entry[ScoreEntry],
    files: Mapping[str, bytes],
    book: ScoreBook,
    settings: Settings,
    faults: Faults,
) -> Score:
    written = entry.model
    for key, words in (("label", written.label), ("statement", written.statement)):
        settings.check_words(words, key, lambda *p, key=key: entry.key_place(key, *p), faults)
    known = book.values()
    for key, names, kinds in (
        ("value", [written.value], known),
        ("likelihood", [written.likelihood], known),
        ("parts", written.parts, known),
        ("covariates", written.covariates, known),
        ("tables", written.tables, set(book.lookups)),
    ):
        for name in names:
            if name is not None and name not in kinds:
                noun = "a lookup table" if key == "tables" else "a value of the household"
                faults.add(unknown_reference(name, noun, kinds, entry.place(key)))
    reason = _incomplete(written)
    if reason:
        faults.add(BAD_SCORE.error(entry.key_place(), name=entry.name, reason=reason[0], hint=reason[1]))
    readable = written.reads is not None and set(written.covariates) <= known
    if readable and book.meaning(written.covariates) != written.reads:
        faults.add(SCORE_OUTDATED.error(entry.place("reads"), name=entry.name))
    return Score(
        name=entry.name,
        label=written.label,
        method=written.method,
        value=written.value,
        likelihood=written.likelihood,
        tables=tuple(written.tables),
        parts=tuple(written.parts),
        covariates=tuple(written.covariates),
        statement=written.statement,
        source=settings.checked_source(written.source, entry.key_place, faults),
        sheet=written.sheet,
        forest=_trees(entry, files, faults) if written.trees else None,
        questions=tuple(written.questions),
        note=settings.checked_note(written.note, entry.key_place, faults),
        origin=entry.origin,
    )


def _incomplete(written: ScoreEntry) -> tuple[str, str] | None:
    if (written.trees is None) == (written.value is None):
        return (
            "it has either a value or trees",
            "Name the derived value that holds it, or the file of its trees.",
        )
    if written.sheet is None and written.method != "table":
        return "it has no data sheet", "Learn it by 'hearthline targeting fit', which writes one."
    return None


def _trees(entry: Entry[ScoreEntry], files: Mapping[str, bytes], faults: Faults) -> Trees | None:
    name = f"scores/{entry.model.trees}"
    reason = "" if name in files and PurePosixPath(name).parent.name == "scores" else f"{name} is not there"
    trees = None
    if not reason:
        try:
            trees = Trees.model_validate_json(files[name])
            reason = _broken(trees, entry.model)
        except ValidationError as error:
            reason = f"{name} does not hold trees ({error.error_count()} mistakes)"
    if reason:
        hint = "Write it again with 'hearthline targeting fit'."
        faults.add(BAD_SCORE.error(entry.place("trees"), name=entry.name, reason=reason, hint=hint))
        return None
    return trees


def _broken(trees: Trees, written: ScoreEntry) -> str:
    """Why trees cannot be walked, or nothing; children come after their parent, so that a walk ends."""
    if trees.names != written.covariates:
        return "its trees name other covariates"
    for number, tree in enumerate(trees.trees):
        for place, (covariate, _, below, above, _) in enumerate(tree):
            inner = covariate != LEAF
            if inner and not (0 <= covariate < len(trees.names)):
                return f"node {place} of tree {number} names no covariate"
            if inner and not (place < below < len(tree) and place < above < len(tree)):
                return f"node {place} of tree {number} leads nowhere"
        if not tree:
            return f"tree {number} is empty"
    return ""


def _refuse_decisions(
    scores: Mapping[str, Score], entries: RuleEntries, book: ScoreBook, faults: Faults
) -> None:
    """A criterion or the evidence of a cause that reads a score, or its tables, is refused."""
    rules = {score.value: score.name for score in scores.values() if score.value}
    rules |= {name: score.name for score in scores.values() for name in score.parts}
    rules |= {score.likelihood: score.name for score in scores.values() if score.likelihood}
    tables = {name: score.name for score in scores.values() for name in score.tables}
    deciding = [(name, "good", entry.place("good"), "criterion") for name, entry in entries.criteria.items()]
    deciding += [
        (cause_rule(name), "evidence", entry.place("evidence"), "cause")
        for name, entry in entries.causes.items()
        if entry.model.evidence is not None
    ]
    for name, _, place, noun in deciding:
        if name not in book.trees:
            continue
        found = {rules[n.name] for n in book.reached(name) if isinstance(n, RuleRef) and n.name in rules}
        found |= {
            tables[n.table] for n in book.reached(name) if isinstance(n, LookupRef) and n.table in tables
        }
        for score in sorted(found):
            faults.add(SCORE_DECIDES.error(place, noun=noun, name=name.removeprefix("cause_"), score=score))
