# SPDX-License-Identifier: Apache-2.0
"""Decides which names a package may use: none that results or snapshots need, none that SQL misreads."""

from __future__ import annotations

from collections.abc import Iterable

import sqlglot
from sqlglot import TokenType, exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError

from hearthline.base.problems import HearthlineError, Place
from hearthline.engine.packages.problems import RESERVED_NAME, UNKNOWN_REFERENCE
from hearthline.engine.rules.policy import HOUSEHOLD, PERSON
from hearthline.engine.rules.reading import DIALECT
from hearthline.engine.rules.vocabulary import nearest_hint

RESULT_COLUMNS = frozenset(
    {"household_id", "person_id", "area_id", "area", "weight", "household_weight", "status"}
)
SNAPSHOT_COLUMNS = frozenset({"parent_id", "area_code", "area_name", "depth", "source_file", "source_line"})
_EVERYWHERE = (
    "case when NAME > 1 then NAME else NAME end - x.NAME"
    " + coalesce(sum(NAME) filter (where NAME between NAME and NAME and not NAME is null), - NAME)"
)
_PECULIAR = frozenset(Dialect.get_or_raise(DIALECT).parser_class.NO_PAREN_FUNCTION_PARSERS)
_LANGUAGE_WORDS = frozenset({"screening_date", "parameter", "lookup"})


def refuse_reserved(name: str, place: Place, *, level: str, levels: Iterable[str], rule: bool) -> None:
    """Raise if a fact or rule of that name could not be told from something else."""
    levels = list(levels)
    purpose = None
    points = rule and name.endswith(("_points", "_points_unknown"))
    if level in (HOUSEHOLD, PERSON) and (name in RESULT_COLUMNS or name.startswith("status_") or points):
        purpose = "a column of the results"
    elif name in SNAPSHOT_COLUMNS or name in {f"{each}_id" for each in levels}:
        purpose = "a column of the snapshot"
    elif name in levels:
        purpose = "a level of this package"
    elif name in _LANGUAGE_WORDS or not reads_as_name(name):
        purpose = "the formula language"
    if purpose:
        raise RESERVED_NAME.error(place, name=name, purpose=purpose, example=f"{name}_value")


def reads_as_name(name: str) -> bool:
    """Whether SQL reads the bare word as a name, and not as a keyword or constant."""
    tokens = sqlglot.tokenize(name, read=DIALECT)
    if [token.token_type for token in tokens] == [TokenType.VAR] and name.upper() not in _PECULIAR:
        return True  # an ordinary word, and parsing hundreds of them would take most of the time of loading
    text = _EVERYWHERE.replace("NAME", name)
    try:
        tree = sqlglot.parse_one(text, read=DIALECT)
    except SqlglotError:
        return False
    columns = [column.name for column in tree.find_all(exp.Column)]
    return columns == [name] * _EVERYWHERE.count("NAME")


def unknown_reference(name: str, noun: str, known: Iterable[str], place: Place) -> HearthlineError:
    """The failure for a name that refers to nothing, with the nearest that exists."""
    return UNKNOWN_REFERENCE.error(place, name=name, noun=noun, hint=nearest_hint(name, known))
