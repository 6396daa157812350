# SPDX-License-Identifier: Apache-2.0
"""Decides that a column of national IDs is not taken for the numbers of households or people.

A single number may be formed like an ID by chance: a township and a village can read as a day of birth, and
one check character in eleven fits. Half of a register cannot; that is a column mapped as what it is not.
"""

from __future__ import annotations

import duckdb

from hearthline.base.problems import Kind, declare
from hearthline.registry.national_ids import CHECKS, CHINA, LENGTH, WEIGHTS

NUMBERS_ARE_IDS = declare(
    "registry.import-numbers-are-ids",
    Kind.BAD_INPUT,
    "{held} of {total} numbers of households or people hold what is a valid national ID.",
    "Map that column as national_id, and number households and people otherwise; many read their numbers.",
)
_FORM = r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[0-9X]"
_SUM = " + ".join(f"substr(id, {place}, 1)::integer * {weight}" for place, weight in enumerate(WEIGHTS, 1))
_HELD = """
with written as (
    select number from numbered union all select number from people_numbered
), formed as (
    select regexp_extract(plain(number), $form) as id from written where strlen(number) >= $length
)
select (select count(*) from written), count(*) from formed
where id <> '' and substr($checks, ({sum}) % 11 + 1, 1) = right(id, 1)
"""


def demand_numbers_of_their_own(connection: duckdb.DuckDBPyConnection, jurisdiction: str) -> None:
    """Refuse a snapshot, staged by ``stage_numbers``, whose numbers are mostly national IDs of its country.

    Raises ``registry.import-numbers-are-ids``. Of other countries than China no form is known here.
    """
    if jurisdiction.split("-", maxsplit=1)[0] != CHINA:
        return
    given = {"form": _FORM, "length": LENGTH, "checks": CHECKS}
    ((total, held),) = connection.execute(_HELD.replace("{sum}", _SUM), given).fetchall()
    if held and 2 * held >= total:
        raise NUMBERS_ARE_IDS.error(held=held, total=total)
