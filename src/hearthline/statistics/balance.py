# SPDX-License-Identifier: Apache-2.0
"""Decides how the change in the number of poor people between two runs is made up: who came, who left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path

from sqlglot import exp

from hearthline.engine.backends.runs import Run
from hearthline.statistics.account_errors import account_precisions, sampled_sides
from hearthline.statistics.columns import NOT_POOR, POOR, WEIGHT
from hearthline.statistics.compare import check_comparable, check_key_file, paired_sides
from hearthline.statistics.design import Precision
from hearthline.statistics.expressions import (
    Tree,
    as_double,
    both,
    column,
    equals,
    missing,
    named,
    number,
    parquet,
    text,
    total,
)
from hearthline.statistics.figures import Group, Provenance
from hearthline.statistics.grouping import Grouping, grouping_sets, is_area, number_of, rank, set_number
from hearthline.statistics.pairing import pair_steps
from hearthline.statistics.relation import area_names
from hearthline.statistics.runs import provenance_of
from hearthline.statistics.session import MEMORY, Session, Step, open_session
from hearthline.statistics.specification import Specification


class Flow(Enum):
    """One line of the account; a household poor in either run stands in one alone."""

    ENTERED = "entered for the first time"
    RETURNED = "returned"
    FOUND_POOR = "found poor"
    NEW = "only in the later run"
    STAYED = "stayed poor"
    LEFT = "left"
    BECAME_UNKNOWN = "became unknown"
    GONE = "only in the earlier run"


FLOWS = {flow.value: flow.name.lower() for flow in Flow}
"""The flows as the pairs carry them, and as files and precisions name them."""


@dataclass(frozen=True)
class Movement:
    """The households of a flow and by how many people it moves the number of poor."""

    households: int = 0
    people: float = 0.0


@dataclass(frozen=True)
class Balance:
    """The account of a group: poor people before and after, all people, and every flow between."""

    group: Group
    poor_before: float
    poor_after: float
    people_before: float
    people_after: float
    flows: Mapping[Flow, Movement] = field(default_factory=dict)
    precisions: Mapping[str, Precision] = field(default_factory=dict)
    """Of a sample: how sure each figure is, by the name of a stock, of the change, or of a flow."""

    def people(self, flow: Flow) -> float:
        """By how many people a flow moves the number of poor."""
        return self.flows.get(flow, Movement()).people

    @property
    def change(self) -> float:
        """Poor people after, less before."""
        return self.poor_after - self.poor_before


@dataclass(frozen=True)
class BalanceSheet:
    """The accounts of all groups; ``history`` names the earlier runs that returns were told from."""

    specification: Specification
    earlier: Provenance
    later: Provenance
    history: tuple[Provenance, ...]
    balances: tuple[Balance, ...]
    area_names: Mapping[str, str] = field(default_factory=dict)
    has_errors: bool = False


@dataclass(frozen=True)
class PastRun:
    """A run before the two, and its key file where it is of another snapshot."""

    run: Run
    key_file: Path | None = None


def balance_of(
    runs: tuple[Run, Run],
    specifications: tuple[Specification, Specification],
    *,
    by: Sequence[str] = (),
    keys: tuple[Path, Path] | None = None,
    history: Sequence[PastRun] = (),
    errors: bool = False,
    memory: str = MEMORY,
) -> BalanceSheet:
    """The account of the poor: how their number moved from the earlier run to the later, group by group.

    With w₁ and w₂ the people a household stands for in each run, the number of poor moves by

        P₂ − P₁ =   Σ w₂ over those who entered for the first time  (not poor, then poor)
                  + Σ w₂ over those who returned                    (the same, and poor in a run before both)
                  + Σ w₂ over those found poor                      (unknown, then poor)
                  + Σ w₂ over those that the later run alone knows
                  + Σ (w₂ − w₁) over those who stayed poor          (households that grew or shrank)
                  − Σ w₁ over those who left                        (poor, then not poor)
                  − Σ w₁ over those who became unknown
                  − Σ w₁ over those that the earlier run alone knows

    which holds exactly, since every household that is poor in either run stands in one line alone. A return
    can be told only from runs before the earlier one; without them returns count among entries, and it is
    said. Households are matched by number in one snapshot, else by the keys of both. A run of the history is
    of the snapshot of the earlier run, or brings its key file where the two do.

    - **Weights:** in people, of each run. **Ties, quantile type, non-positive incomes:** not concerned.
    - **Error:** that of a total; a household adds what it moves the figure by, and has the design of the
      later run, of the earlier one where that alone knows it: errors of stocks and of flows go together.
    - **Source:** Horvitz and Thompson (1952); the flows are those of the register (新致贫, 返贫, 脱贫).
    - **Agrees with:** R `survey::svytotal`.
    """
    check_comparable(*runs, keys)
    past = [_identified(one, runs[0], keys) for one in history]
    earlier, later, groupings = paired_sides(runs, specifications, by, keys, sampled=errors)
    if errors:
        earlier, later = sampled_sides(runs, (earlier, later))
    with open_session(memory=memory) as session:
        for step in pair_steps(earlier, later, groupings[1], {}):
            session.define(step)
        session.define(Step("past", _past(past), kept=True))
        session.define(Step("flows", _flows(), kept=True))
        balances = _read(session, groupings[1])
        if errors:
            found = account_precisions(session, groupings[1], [*later.beside], FLOWS)
            balances = tuple(
                replace(one, precisions=found[one.group.names, one.group.values]) for one in balances
            )
    return BalanceSheet(
        specification=specifications[1],
        earlier=provenance_of(runs[0]),
        later=provenance_of(runs[1]),
        history=tuple(provenance_of(past.run) for past in history),
        balances=balances,
        area_names=area_names(later.relation) if any(map(is_area, by)) else {},
        has_errors=errors,
    )


def _identified(past: PastRun, earlier: Run, keys: tuple[Path, Path] | None) -> PastRun:
    """A run of the history with the file by which its households have the identity of the two runs."""
    if keys is not None and past.key_file is not None:
        check_key_file(past.key_file, past.run.record.snapshot.hash)
        return past
    check_comparable(past.run, earlier, None)
    return PastRun(past.run, keys[0] if keys is not None else None)


def _past(history: Sequence[PastRun]) -> Tree:
    """The identities of all who were poor in a run before."""
    selects: list[exp.Select] = []
    for past in history:
        rows = parquet(tuple(past.run.paths("households")))
        rows.set("alias", exp.TableAlias(this=exp.to_identifier("own")))
        name: Tree = column("household_id", "own")
        select = exp.select().from_(rows)
        if past.key_file is not None:
            of_households = exp.select(column("id"), column("source_key")).from_(parquet([past.key_file]))
            of_households = of_households.where(equals(column("level"), "household"))
            same = exp.EQ(this=column("household_id", "own"), expression=column("id", "keys"))
            select = select.join(of_households.subquery("keys"), on=same)
            name = column("source_key", "keys")
        named_identity = named(exp.cast(name, "varchar"), "identity")
        selects.append(select.select(named_identity).where(equals(column("status", "own"), POOR)))
    if not selects:
        nobody = exp.select(named(exp.cast(exp.Null(), "varchar"), "identity"))
        return nobody.where(exp.false())
    whole: Tree = selects[0]
    for select in selects[1:]:
        whole = exp.union(whole, select, distinct=True)
    return exp.select(column("identity")).from_(exp.Subquery(this=whole, alias="poor_before")).distinct()


def _flows() -> exp.Select:
    """Every pair with its flow, what it moves, and the people it stands for in each run."""
    was, is_now = equals(column("before"), POOR), equals(column("after"), POOR)
    only_later, only_earlier = missing(column("earlier_id")), missing(column("later_id"))
    came_back = exp.Exists(
        this=exp.select("1")
        .from_("past")
        .where(
            exp.EQ(
                this=column("identity", "past"),
                expression=exp.cast(column("identity", "pairs"), "varchar"),
            )
        )
    )
    cases = [
        (both(only_later, is_now), Flow.NEW),
        (both(only_earlier, was), Flow.GONE),
        (both(was, is_now), Flow.STAYED),
        (both(equals(column("before"), NOT_POOR), is_now, came_back), Flow.RETURNED),
        (both(equals(column("before"), NOT_POOR), is_now), Flow.ENTERED),
        (is_now, Flow.FOUND_POOR),
        (both(was, equals(column("after"), NOT_POOR)), Flow.LEFT),
        (was, Flow.BECAME_UNKNOWN),
    ]
    flow = exp.Case(ifs=[exp.If(this=condition, true=text(found.value)) for condition, found in cases])
    people_before, people_after = (_people(f"{side}_people") for side in ("earlier", "later"))
    return exp.select(
        exp.Star(),
        named(flow, "flow"),
        named(people_before, "w1"),
        named(people_after, "w2"),
        named(_where(was, people_before), "poor1"),
        named(_where(is_now, people_after), "poor2"),
        named(exp.Case(ifs=[exp.If(this=only_earlier, true=people_before)], default=people_after), WEIGHT),
    ).from_(exp.to_table("pairs"))


def _people(name: str) -> Tree:
    return exp.Coalesce(this=as_double(column(name)), expressions=[number(0.0)])


def _where(condition: Tree, value: Tree) -> Tree:
    return exp.Case(ifs=[exp.If(this=condition.copy(), true=value.copy())], default=number(0.0))


def _read(session: Session, grouping: Grouping) -> tuple[Balance, ...]:
    keys = [column(alias) for alias in grouping.aliases()]
    tree = exp.select(*keys, named(set_number(grouping), "grouping_set"), column("flow"))
    tree = tree.select(named(exp.Count(this=exp.Star(), big_int=True), "households"))
    tree = tree.select(*(named(total(column(name)), name) for name in ("w1", "w2", "poor1", "poor2")))
    tree = tree.from_(exp.to_table("flows"))
    sets = grouping_sets(grouping)
    for part in sets.expressions[0].expressions:
        part.append("expressions", column("flow"))
    tree.set("group", sets)
    numbers = {number_of(grouping, part): place for place, part in enumerate(grouping.breakdowns)}
    rows: dict[tuple[int, tuple[str | None, ...]], list[Mapping[str, object]]] = {}
    for row in session.fetch(Step("balance", tree)).to_pylist():
        place = numbers[row["grouping_set"]]
        values = tuple(row[grouping.aliases()[key]] for key in grouping.breakdowns[place])
        rows.setdefault((place, values), []).append(row)
    ordered = sorted(rows, key=lambda keys: (keys[0], [rank(value) for value in keys[1]]))
    return tuple(
        _balance(grouping.names(grouping.breakdowns[place]), values, rows[place, values])
        for place, values in ordered
    )


def _balance(
    names: tuple[str, ...], values: tuple[str | None, ...], rows: Sequence[Mapping[str, object]]
) -> Balance:
    def whole(name: str) -> float:
        return sum(_number(row[name]) for row in rows)

    flows = {
        Flow(row["flow"]): Movement(
            int(_number(row["households"])), _number(row["poor2"]) - _number(row["poor1"])
        )
        for row in rows
        if row["flow"] is not None
    }
    group = Group(names, values, int(whole("households")))
    return Balance(group, whole("poor1"), whole("poor2"), whole("w1"), whole("w2"), flows)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
