# SPDX-License-Identifier: Apache-2.0
"""Decides which columns of a kept step are kept: those that a later query reads, and no others.

Engines drop unread columns of a query by themselves, but of a table they have made they cannot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from hearthline.engine.sql.terms import column


def pruned(queries: Mapping[str, exp.Select], step: str, later: Sequence[exp.Select]) -> exp.Select:
    """The query of a step with the columns that ``later`` queries read; ``queries`` are all by step."""
    read = {found.name for query in later for found in query.find_all(exp.Column)}
    chosen = [part for part in _spelled_out(queries, step) if part.alias_or_name in read]
    return queries[step].select(*chosen, append=False)


def _spelled_out(queries: Mapping[str, exp.Select], step: str) -> list[exp.Expr]:
    """The columns of a step, each star replaced by the columns of the step it reads."""
    found: list[exp.Expr] = []
    for part in queries[step].selects:
        if part.is_star:
            source = queries[step].find(exp.From)
            assert source is not None  # narrows the type: a step with a star reads a step
            table = part.table if isinstance(part, exp.Column) else ""
            found += [
                column(below.alias_or_name, table or None)
                for below in _spelled_out(queries, source.this.name)
            ]
        else:
            found.append(part)
    return found
