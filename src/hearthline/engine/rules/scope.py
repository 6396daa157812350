# SPDX-License-Identifier: Apache-2.0
"""Decides which names a formula can see, and from which level."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON, Fact, Level, LookupTable, Parameter
from hearthline.engine.rules.problems import UNKNOWN_LEVEL, UNKNOWN_NAME, WRONG_LEVEL
from hearthline.engine.rules.source import RawRule
from hearthline.engine.rules.tree import FactRef, Node, RuleRef
from hearthline.engine.rules.types import ValueType
from hearthline.engine.rules.vocabulary import nearest_hint


@dataclass(frozen=True)
class Names:
    """Everything a package defines, and the type of each rule on demand."""

    levels: Mapping[str, Level]
    facts: Mapping[str, Mapping[str, Fact]]
    parameters: Mapping[str, Parameter]
    lookups: Mapping[str, LookupTable]
    rules: Mapping[str, RawRule]
    jurisdiction: str
    type_of_rule: Callable[[str], ValueType]

    def of_level(self, level: str) -> set[str]:
        """Every fact and rule of a level."""
        own_rules = {name for name, rule in self.rules.items() if rule.level == level}
        return set(self.facts.get(level, {})) | own_rules

    def resolve_level(self, name: str, level: str) -> bool:
        """Whether the level has a fact or rule of that name."""
        return name in self.of_level(level)

    def resolve(self, name: str, level: str) -> Node | None:
        """The fact or rule of that level with that name."""
        fact = self.facts.get(level, {}).get(name)
        if fact is not None:
            return FactRef(fact.type, level, name, fact.required)
        rule = self.rules.get(name)
        if rule is not None and rule.level == level:
            return RuleRef(self.type_of_rule(name), level, name)
        return None


@dataclass(frozen=True)
class Scope:
    """Where a name is read: in a formula of ``level``, perhaps inside an aggregate over ``rows``."""

    names: Names
    level: str
    rows: str | None = None

    @property
    def visible(self) -> tuple[str, ...]:
        """Levels whose values have one value here, the nearest first."""
        if self.rows:
            return (self.rows, HOUSEHOLD, AREA)
        return (PERSON, HOUSEHOLD, AREA) if self.level == PERSON else (HOUSEHOLD, AREA)

    def reference(self, table: str | None, name: str) -> Node:
        """The node a name stands for; raises with the nearest valid name and how to write it."""
        if table is None:
            return self._bare(name)
        if table not in self.names.levels:
            raise UNKNOWN_LEVEL.error(name=table, hint=nearest_hint(table, self.names.levels))
        if table not in self.visible:
            raise self._out_of_reach(table, name)
        found = self.names.resolve(name, table)
        if found is None:
            raise UNKNOWN_NAME.error(
                name=f"{table}.{name}",
                level=table,
                hint=nearest_hint(name, self.names.of_level(table)),
            )
        return found

    def _bare(self, name: str) -> Node:
        found = self.names.resolve(name, self.level)
        if found is not None:
            if self.level not in self.visible:
                raise self._out_of_reach(self.level, name)
            return found
        if name in self.names.levels:
            raise UNKNOWN_NAME.error(
                name=name,
                level=self.level,
                hint=f"It is a level: write count({name}), or {name}.x for a fact of it.",
            )
        elsewhere = [level for level in self.names.levels if self.names.resolve_level(name, level)]
        own = self.names.of_level(self.level)
        if elsewhere:
            hint = f"It is known at the level {elsewhere[0]}: write {elsewhere[0]}.{name}"
            hint += (
                "."
                if elsewhere[0] in self.visible
                else ", inside an aggregate such as count, sum or bool_or."
            )
        else:
            hint = nearest_hint(name, own | set(self.names.levels))
        raise UNKNOWN_NAME.error(name=name, level=self.level, hint=hint)

    def _out_of_reach(self, table: str, name: str) -> Exception:
        owner = self.names.levels[table].belongs_to
        if self.rows is None and owner is not None and table != self.level:
            return WRONG_LEVEL.error(
                reason=f"{table}.{name} has a value for each {table}, and a {self.level} may have several",
                hint=f"Choose how to combine them, such as sum({table}.{name}) or bool_or({table}.{name}).",
            )
        if table == self.level and self.rows is not None:
            return WRONG_LEVEL.error(
                reason=f"{table}.{name} is not seen inside an aggregate over {self.rows}",
                hint=f"Put the condition on {name} around the aggregate, not into it.",
            )
        return WRONG_LEVEL.error(
            reason=f"{table}.{name} cannot be seen from here",
            hint=f"Names of {', '.join(self.visible)} can; put the rest into a derived value of that level.",
        )
