# SPDX-License-Identifier: Apache-2.0
"""Decides the steps of a screening: named queries from the tables of a snapshot to the two results.

Each table is scanned once in a pass. Steps: facts of the household with its area; rows of each table
with the operands of its aggregates; one row per owner; values of the household, layer by layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlglot import exp

from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON, Policy
from hearthline.engine.rules.tree import Aggregate, Node
from hearthline.engine.sql import outcome
from hearthline.engine.sql.aggregates import AggregateColumns
from hearthline.engine.sql.columns import fact_column, sql_type
from hearthline.engine.sql.combining import Combined, combined, filled, gathering, row_terms
from hearthline.engine.sql.dialect import Dialect
from hearthline.engine.sql.duckdb_dialect import DUCKDB
from hearthline.engine.sql.lowering import Lowering
from hearthline.engine.sql.needs import Needs, Rule, facts_read, needs_of, rules_read
from hearthline.engine.sql.pruning import pruned
from hearthline.engine.sql.sharing import shared_layers
from hearthline.engine.sql.terms import HUGE, NARROW_DIGITS, binary, cast_to, column, null

RUN_HOUSEHOLDS = "run_households"
"""The name under which the written households are read again to give people their household's status."""


@dataclass(frozen=True)
class Step:
    """One named query; ``about`` says in a sentence what its rows are."""

    name: str
    about: str
    query: exp.Select


@dataclass
class Plan:
    """The steps in order, and the two results. ``kept`` names steps that more than one later step reads."""

    steps: list[Step] = field(default_factory=list)
    households: exp.Select = field(default_factory=exp.Select)
    persons: exp.Select | None = None
    kept: set[str] = field(default_factory=set)
    tables: list[str] = field(default_factory=list)


def screening_plan(policy: Policy, on: date, *, has_areas: bool, dialect: Dialect = DUCKDB) -> Plan:
    """The plan of a whole package on a date, for an engine.

    Raises where a parameter or the standard lacks that date, and where the engine lacks an operation.
    """
    return _Planner(policy, on, has_areas, dialect).plan()


class _Planner:
    """Builds one plan: remembers where each aggregate stands and which step holds the latest rows."""

    def __init__(self, policy: Policy, on: date, has_areas: bool, dialect: Dialect) -> None:
        self.policy = policy
        self.on = on
        self.has_areas = has_areas
        self.dialect = dialect
        self.standards = outcome.standards_in_force(policy, on)
        self.needs = _with_members(policy, needs_of(policy))
        # a person's and a household's aggregate can be the same formula over different rows
        self.places: dict[str, dict[Aggregate, AggregateColumns]] = {HOUSEHOLD: {}, PERSON: {}}
        self.placed_on_people: set[str] = set()
        self.result = Plan()
        self.latest: dict[str, str] = {}

    def plan(self) -> Plan:
        """Every pass over the tables, then the results."""
        self._household_facts()
        for number in range(self.needs.last_pass + 1):
            joins = self._combine_tables(number)
            self._household_values(number, joins)
        self._results()
        self.result.kept = _read_twice(self.result)
        _prune_kept(self.result)
        return self.result

    def _lowering(self, owner: str) -> Lowering:
        return Lowering(self.policy, self.on, self.places[owner], dialect=self.dialect)

    def _add(self, name: str, about: str, query: exp.Select) -> str:
        self.result.steps.append(Step(name, about, query))
        return name

    # -- the household and its area ---------------------------------------------------------------

    def _all_trees(self) -> list[Node]:
        return [self.needs.rules[name].tree for name in self.needs.ordered]

    def _household_facts(self) -> None:
        names = facts_read(self._all_trees(), HOUSEHOLD)
        for weight in (self.policy.household_weight, self.policy.person_weight):
            if weight in self.policy.facts[HOUSEHOLD] and weight not in names:
                names.append(str(weight))
        chosen = [column("household_id", "h"), column("area_id", "h")]
        chosen += [self._fact(HOUSEHOLD, name, "h") for name in names]
        area_facts = facts_read(self._all_trees(), AREA)
        if self.has_areas:
            chosen.append(exp.alias_(column("area_code", "a"), "area", quoted=True))
            chosen += [self._fact(AREA, name, "a") for name in area_facts]
        else:
            chosen.append(exp.alias_(cast_to(null(), "VARCHAR"), "area", quoted=True))
            chosen += [self._no_area(name) for name in area_facts]
        query = exp.select(*chosen).from_(exp.to_table(HOUSEHOLD, alias="h"))
        if self.has_areas:
            same = binary(exp.EQ, column("area_id", "a"), column("area_id", "h"))
            query = query.join(exp.to_table(AREA, alias="a"), on=same, join_type="left")
        self.latest[HOUSEHOLD] = self._add("household_facts", "facts of each household and its area", query)

    def _fact(self, level: str, name: str, table: str) -> exp.Expr:
        kind = self.policy.facts[level][name].type
        source = column(name, table)
        value = cast_to(source, HUGE) if kind.digits > NARROW_DIGITS else source
        return exp.alias_(value, fact_column(level, name), quoted=True)

    def _no_area(self, name: str) -> exp.Expr:
        kind = self.policy.facts[AREA][name].type
        return exp.alias_(cast_to(null(), sql_type(kind)), fact_column(AREA, name), quoted=True)

    # -- rows of people and of record tables --------------------------------------------------------

    def _combine_tables(self, number: int) -> list[tuple[str, Combined]]:
        """Combine every table for the pass; tables of a person come before the people they belong to."""
        levels = self.policy.record_levels()
        below_person = [level.name for level in levels if level.belongs_to == PERSON]
        joins: list[tuple[str, Combined]] = []
        to_person: list[tuple[str, Combined]] = []
        for level in below_person:
            rows: str | None = None
            for owner, found in ((PERSON, to_person), (HOUSEHOLD, joins)):
                wanted = self.needs.aggregates_at(level, owner, number)
                if wanted:
                    rows = rows or self._rows(level, number, self._aggregates_in(level, number))
                    found.append(self._combine(level, owner, rows, wanted, number))
        if PERSON in self.policy.levels:
            joins += self._people(number, to_person)
        for record in levels:
            if record.belongs_to == HOUSEHOLD and record.name != PERSON:
                wanted = self.needs.aggregates_at(record.name, HOUSEHOLD, number)
                if wanted:
                    rows = self._rows(record.name, number, wanted)
                    joins.append(self._combine(record.name, HOUSEHOLD, rows, wanted, number))
        return joins

    def _aggregates_in(self, level: str, number: int) -> list[Aggregate]:
        both = [self.needs.aggregates_at(level, owner, number) for owner in (PERSON, HOUSEHOLD)]
        return [aggregate for part in both for aggregate in part]

    def _people(self, number: int, to_person: list[tuple[str, Combined]]) -> list[tuple[str, Combined]]:
        rules = self.needs.at(PERSON, number)
        wanted = self.needs.aggregates_at(PERSON, HOUSEHOLD, number)
        keep_people = number == 0 or bool(rules)
        if not (rules or wanted or to_person or keep_people):
            return []
        trees = [rule.tree for rule in rules] + _parts(wanted)
        rows = self._people_rows(number, trees)
        if to_person:
            rows = self._joined(f"person_counts_{number + 1}", rows, to_person, "person_id")
        rows = self._layers(PERSON, rows, rules, f"person_values_{number + 1}")
        self.latest[PERSON] = rows
        return [self._combine(PERSON, HOUSEHOLD, rows, wanted, number)] if wanted else []

    def _people_rows(self, number: int, trees: list[Node]) -> str:
        if number == 0:
            later = [self.needs.rules[name].tree for name in self.needs.ordered]
            return self._rows(PERSON, number, [], trees, facts_read(later, PERSON))
        return self._with_household(PERSON, self.latest[PERSON], number, trees)

    def _rows(
        self,
        level: str,
        number: int,
        wanted: Sequence[Aggregate],
        trees: list[Node] | None = None,
        names: list[str] | None = None,
    ) -> str:
        """The rows of a table with the facts that are read, and names of the household where needed."""
        nodes = trees if trees is not None else _parts(wanted)
        chosen = [column(key, "r") for key in self._keys(level)]
        chosen += [self._fact(level, name, "r") for name in names or facts_read(nodes, level)]
        query = exp.select(*chosen).from_(exp.to_table(level, alias="r"))
        name = self._add(f"{level}_rows_{number + 1}", f"the facts of each {level} that rules read", query)
        self._use_table(level)
        return self._with_household(level, name, number, nodes)

    def _use_table(self, level: str) -> None:
        if level not in self.result.tables:
            self.result.tables.append(level)

    def _keys(self, level: str) -> list[str]:
        if level == PERSON:
            return ["household_id", "person_id"]
        belongs_to_person = self.policy.levels[level].belongs_to == PERSON
        return ["household_id", "person_id"] if belongs_to_person else ["household_id"]

    def _with_household(self, level: str, rows: str, number: int, nodes: list[Node]) -> str:
        """Join the names of the household and area that formulas of rows read, if any."""
        names = [fact_column(HOUSEHOLD, name) for name in facts_read(nodes, HOUSEHOLD)]
        names += [fact_column(HOUSEHOLD, name) for name in rules_read(nodes, HOUSEHOLD)]
        names += [fact_column(AREA, name) for name in facts_read(nodes, AREA)]
        names = list(dict.fromkeys(names))
        if level == PERSON:
            names = [name for name in names if name not in self.placed_on_people]
            self.placed_on_people.update(names)
        if not names:
            return rows
        chosen: list[exp.Expr] = [exp.Column(this=exp.Star(), table=exp.to_identifier("r"))]
        chosen += [column(name, "h") for name in names]
        same = binary(exp.EQ, column("household_id", "h"), column("household_id", "r"))
        query = exp.select(*chosen).from_(exp.to_table(rows, alias="r"))
        query = query.join(exp.to_table(self.latest[HOUSEHOLD], alias="h"), on=same, join_type="left")
        return self._add(f"{rows}_placed_{number + 1}", f"each {level} with what its household has", query)

    def _combine(
        self, level: str, owner: str, rows: str, wanted: Sequence[Aggregate], number: int
    ) -> tuple[str, Combined]:
        # a later pass over a table must not reuse the column names of an earlier one
        parts = combined(
            level if number == 0 else f"{level} pass {number + 1}", wanted, self.policy, self.dialect
        )
        keys = ["household_id"] if owner == HOUSEHOLD else ["person_id"]
        name = f"{level}_terms_for_{owner}_{number + 1}"
        rows, lowering = self._shared(name, owner, rows, list(parts.terms))
        terms = self._add(
            name, f"what is summed or counted of each {level}", row_terms(parts, lowering, rows, keys)
        )
        self.places[owner].update(parts.places)
        name = f"{level}_by_{owner}_{number + 1}"
        self._add(name, f"the {level} rows of each {owner}, combined", gathering(parts, terms, keys))
        return name, parts

    # -- values, layer by layer ----------------------------------------------------------------------

    def _joined(self, name: str, rows: str, parts: list[tuple[str, Combined]], key: str) -> str:
        chosen: list[exp.Expr] = [exp.Column(this=exp.Star(), table=exp.to_identifier("r"))]
        query = exp.select().from_(exp.to_table(rows, alias="r"))
        for number, (table, result) in enumerate(parts):
            alias = f"c{number + 1}"
            same = binary(exp.EQ, column(key, alias), column(key, "r"))
            query = query.join(exp.to_table(table, alias=alias), on=same, join_type="left")
            chosen += filled(result, alias)
        return self._add(name, "with what its rows combine to", query.select(*chosen))

    def _household_values(self, number: int, joins: list[tuple[str, Combined]]) -> None:
        rows = self.latest[HOUSEHOLD]
        if joins:
            rows = self._joined(f"household_counts_{number + 1}", rows, joins, "household_id")
        rules = self.needs.at(HOUSEHOLD, number)
        self.latest[HOUSEHOLD] = self._layers(HOUSEHOLD, rows, rules, f"household_values_{number + 1}")

    def _layers(self, level: str, rows: str, rules: list[Rule], name: str) -> str:
        """Rules in layers: each layer reads only what stands in the layers below it."""
        done: dict[str, int] = {}
        for rule in rules:
            below = [done[other] for other in rules_read([rule.tree], level) if other in done]
            done[rule.name] = max(below, default=0) + 1
        for layer in range(1, max(done.values(), default=0) + 1):
            chosen: list[exp.Expr] = [exp.Star()]
            own = [rule for rule in rules if done[rule.name] == layer]
            rows, lowering = self._shared(f"{name}_{layer}", level, rows, [rule.tree for rule in own])
            for rule in own:
                lowered = lowering.lower(rule.tree)
                chosen.append(exp.alias_(lowered, fact_column(level, rule.name), quoted=True))
            query = exp.select(*chosen).from_(exp.to_table(rows))
            rows = self._add(f"{name}_{layer}", f"values of each {level}, layer {layer}", query)
        return rows

    def _shared(self, name: str, owner: str, rows: str, nodes: list[Node]) -> tuple[str, Lowering]:
        """Work out once what several of the formulas need; the rows to go on from, and how to lower."""
        lowering = self._lowering(owner)
        for number, parts in enumerate(shared_layers(nodes, self.policy)):
            prefix = f"{name}_shared_{number + 1}"
            columns = {part: f"{prefix}.{place + 1}" for place, part in enumerate(parts)}
            chosen: list[exp.Expr] = [exp.Star()]
            chosen += [exp.alias_(lowering.lower(part), at, quoted=True) for part, at in columns.items()]
            query = exp.select(*chosen).from_(exp.to_table(rows))
            rows = self._add(prefix, "parts that several formulas need, worked out once", query)
            lowering = replace(lowering, shared={**lowering.shared, **columns})
        return rows, lowering

    # -- results -----------------------------------------------------------------------------------

    def _results(self) -> None:
        chosen: list[exp.Expr] = [column("household_id"), column("area_id"), column("area")]
        chosen += outcome.weight_columns(self.policy)
        chosen += self._answers(HOUSEHOLD)
        chosen += [outcome.status_column(self.policy, standard) for standard in self.standards]
        for index in self.policy.indices.values():
            chosen += outcome.point_columns(index)
        self.result.households = exp.select(*chosen).from_(exp.to_table(self._grounds()))
        if PERSON in self.policy.levels:
            self.result.persons = self._persons()

    def _grounds(self) -> str:
        found = outcome.grounds(self.policy, self.standards)
        rows = self.latest[HOUSEHOLD]
        if not found:
            return rows
        query = exp.select(exp.Star(), *found).from_(exp.to_table(rows))
        return self._add("household_grounds", "what statuses and points rest on", query)

    def _answers(self, level: str) -> list[exp.Expr]:
        derived = [
            outcome.value_column(self.dialect, level, name, rule.tree.type)
            for name, rule in self.policy.derived.items()
            if rule.level == level
        ]
        return derived + [
            outcome.criterion_column(level, name)
            for name, rule in self.policy.criteria.items()
            if rule.level == level
        ]

    def _persons(self) -> exp.Select:
        chosen: list[exp.Expr] = [column("person_id", "p"), column("household_id", "p")]
        chosen += [column(name, "h") for name in ("area_id", "area", "weight", "household_weight")]
        chosen += self._answers(PERSON)
        chosen.append(column("status", "h"))
        same = binary(exp.EQ, column("household_id", "h"), column("household_id", "p"))
        return (
            exp.select(*chosen)
            .from_(exp.to_table(self.latest[PERSON], alias="p"))
            .join(exp.to_table(RUN_HOUSEHOLDS, alias="h"), on=same)
        )


def _with_members(policy: Policy, needs: Needs) -> Needs:
    members = outcome.members_node(policy)
    if members is not None:
        rules = {**needs.rules, outcome.MEMBERS: Rule(outcome.MEMBERS, HOUSEHOLD, members)}
        needs.rules = rules
        needs.ordered.append(outcome.MEMBERS)
        needs.passes[outcome.MEMBERS] = 0
        needs.aggregate_passes.setdefault(members, 0)
    return needs


def _parts(aggregates: Sequence[Aggregate]) -> list[Node]:
    return [part for aggregate in aggregates for part in aggregate.children()]


def _prune_kept(plan: Plan) -> None:
    """Give kept steps only the columns that a later query reads."""
    queries = {step.name: step.query for step in plan.steps}
    results = [query for query in (plan.households, plan.persons) if query is not None]
    for place, step in enumerate(plan.steps):
        if step.name in plan.kept:
            later = [*(other.query for other in plan.steps[place + 1 :]), *results]
            plan.steps[place] = replace(step, query=pruned(queries, step.name, later))


def _read_twice(plan: Plan) -> set[str]:
    """Steps read by more than one query, which an engine should compute once and keep."""
    names = {step.name for step in plan.steps}
    queries = [step.query for step in plan.steps] + [plan.households]
    queries += [plan.persons] if plan.persons is not None else []
    seen: dict[str, int] = {}
    for query in queries:
        for table in query.find_all(exp.Table):
            if table.name in names:
                seen[table.name] = seen.get(table.name, 0) + 1
    return {name for name, times in seen.items() if times > 1}
