# SPDX-License-Identifier: Apache-2.0
"""Decides how each fact is laid down in a column of a snapshot, and how it is read back as a value.

Exact numbers are scaled integers, so that no engine can round them: 64 bits up to 18 digits, 38-digit
decimals without a fraction beyond. An unknown is a null; nothing else stands for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pyarrow as pa

from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON, Policy, Value
from hearthline.engine.rules.types import MAX_DIGITS, Kind, ValueType

BIGINT_DIGITS = 18
"""Every number of this many digits fits a signed integer of 64 bits."""

WIDE = pa.decimal128(MAX_DIGITS, 0)
DESIGN_COLUMNS = ("design_stratum", "design_cluster")
"""Columns of the sample design that a household table may hold where the package has no such facts."""

_PLAIN = {
    Kind.BOOLEAN: pa.bool_(),
    Kind.DOUBLE: pa.float64(),
    Kind.DATE: pa.date32(),
    Kind.TEXT: pa.string(),
}


def encoded_type(value_type: ValueType) -> pa.DataType:
    """The column type in which values of ``value_type`` are stored."""
    if value_type.kind is Kind.NUMBER:
        return pa.int64() if value_type.digits <= BIGINT_DIGITS else WIDE
    return _PLAIN[value_type.kind]


def id_column(level: str) -> str:
    """The name of the column that numbers the rows of a level."""
    return f"{level}_id"


def sort_column(level: str) -> str:
    """The column by which the rows of a level are ordered in the snapshot."""
    return AREA_ID if level == AREA else HOUSEHOLD_ID


HOUSEHOLD_ID = id_column(HOUSEHOLD)
PERSON_ID = id_column(PERSON)
AREA_ID = id_column(AREA)


def frame_fields(policy: Policy, level: str) -> list[pa.Field]:
    """The columns that tie a row to its household, place and source file; facts follow them."""
    key = pa.field(id_column(level), pa.int64(), nullable=False)
    if level == AREA:
        return [
            key,
            pa.field("parent_id", pa.int64()),
            pa.field("area_code", pa.string()),
            pa.field("area_name", pa.string()),
            pa.field("depth", pa.int64(), nullable=False),
        ]
    source = [pa.field("source_file", pa.int16()), pa.field("source_line", pa.int32())]
    if level == HOUSEHOLD:
        return [key, pa.field(AREA_ID, pa.int64()), *source]
    owners = [pa.field(HOUSEHOLD_ID, pa.int64(), nullable=False)]
    if policy.levels[level].belongs_to == PERSON:
        owners.append(pa.field(PERSON_ID, pa.int64(), nullable=False))
    return [key, *owners, *source]


def schema_for(policy: Policy, level: str, design: Sequence[str] = ()) -> pa.Schema:
    """The columns of a level in a snapshot for ``policy``, in order."""
    fields = frame_fields(policy, level)
    fields += [pa.field(name, encoded_type(fact.type)) for name, fact in policy.facts.get(level, {}).items()]
    if level == HOUSEHOLD:
        fields += [pa.field(name, pa.string()) for name in design]
    return pa.schema(fields)


def packed_columns(policy: Policy, level: str) -> list[str]:
    """The columns whose values rarely repeat: numbers of rows and source lines, amounts of money.

    Their differences take fewer bytes than a list of their values, and are read faster.
    """
    frame = [field.name for field in frame_fields(policy, level) if field.type in (pa.int64(), pa.int32())]
    facts = policy.facts.get(level, {}).items()
    return frame + [
        name for name, fact in facts if fact.declared == "money" and encoded_type(fact.type) == pa.int64()
    ]


def snapshot_levels(policy: Policy) -> list[str]:
    """Household, person and the record tables: owners before what belongs to them; areas stand apart."""
    return [HOUSEHOLD, *(level.name for level in policy.record_levels())]


def decoded(value: Value, value_type: ValueType) -> Value:
    """The stored value as a person gives it: a scaled integer becomes an exact decimal again."""
    if value is None or value_type.kind is not Kind.NUMBER:
        return value
    exact = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return int(exact) if value_type.scale == 0 else Decimal(f"{exact}E-{value_type.scale}")


def decoded_row(row: Mapping[str, Value], types: Mapping[str, ValueType]) -> dict[str, Value]:
    """The facts of one stored row as values; columns that are no facts are left out."""
    return {name: decoded(row.get(name), value_type) for name, value_type in types.items()}
