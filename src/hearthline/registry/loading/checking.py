# SPDX-License-Identifier: Apache-2.0
"""Decides what of a snapshot may enter the register before any row is written: numbers, places, lengths.

What is found here depends on the files and the tree of places alone, so that it is the same again when an
import goes on after an interruption.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from hearthline.base.problems import Kind, Problem, declare
from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON
from hearthline.engine.snapshots import Snapshot
from hearthline.registry.national_ids import NUMBER_HOLDS_ID, SHORTEST_HELD

UNKNOWN_AREA = declare(
    "registry.import-unknown-area",
    Kind.BAD_INPUT,
    "the area code {value} is not one of the places of the import.",
    "Correct the code, or load that place into the tree of places first.",
)
NO_AREA = declare(
    "registry.import-no-area",
    Kind.BAD_INPUT,
    "the household lies in no area.",
    "Give the code of the village in which it lives.",
)
NUMBER_TWICE = declare(
    "registry.import-number-twice",
    Kind.BAD_INPUT,
    "the household number {value} stands in the files more than once.",
    "Correct the number, or leave out what is a copy.",
)
PERSON_TWICE = declare(
    "registry.import-person-twice",
    Kind.BAD_INPUT,
    "the person number {value} stands in the files more than once.",
    "Correct the number, or leave out what is a copy.",
)
TOO_LONG = declare(
    "registry.import-too-long",
    Kind.BAD_INPUT,
    "a name or number is longer than the register holds: {value}.",
    "Names have at most 80 letters, numbers of households 60, of people 70.",
)
NO_NAME = declare(
    "registry.import-no-name",
    Kind.BAD_INPUT,
    "the person {value} has no name.",
    "Write the name as in the document; a register needs it.",
)
ELSEWHERE = declare(
    "registry.import-elsewhere",
    Kind.BAD_INPUT,
    "the number {value} is already that of a household or person elsewhere in the register.",
    "Correct the number, or end the membership there first.",
)
HOUSEHOLD_CLOSED = declare(
    "registry.import-household-closed",
    Kind.BAD_INPUT,
    "the household {value} was closed by an officer.",
    "Leave it out, or open it under a new number.",
)
REASONS: tuple[Problem, ...] = (
    UNKNOWN_AREA,
    NO_AREA,
    NUMBER_TWICE,
    PERSON_TWICE,
    TOO_LONG,
    NO_NAME,
    NUMBER_HOLDS_ID,
    ELSEWHERE,
    HOUSEHOLD_CLOSED,
)

_PLACES = """
create temp table places as
select a.area_id, a.area_code, p.id, p.path from read_parquet($files) a
left join known_places p on p.code = a.area_code
"""
_HOUSEHOLDS = r"""
create temp table numbered as
select h.household_id, h.area_id, h.source_file, h.source_line,
       coalesce(nullif(trim(i.household_number), ''),
                $prefix || '-' || coalesce(replace(k.source_key, '\', ''), h.household_id::varchar)) as number
from households h
left join identities i on i.household_id = h.household_id and i.person_id is null
left join keys k on k.level = 'household' and k.id = h.household_id
"""
_MACROS = (
    r"""
create temp macro plain(written) as case
    when regexp_full_match(coalesce(written, ''), '[0-9A-Z]*') then coalesce(written, '')
    else upper(regexp_replace(
        translate(nfc_normalize(written), '０１２３４５６７８９Ｘｘ', '0123456789XX'),
        '[^\p{L}\p{N}]', '', 'g'
    ))
end
""",
    """
create temp macro holds(written, id) as strlen(written) >= length(id) and contains(plain(written), id)
""",
)
"""The second first compares lengths: no letter is plainer than one byte, and few texts are long enough."""
_PEOPLE = r"""
create temp table people_numbered as
select p.person_id, p.household_id,
       coalesce(nullif(trim(i.person_number), ''),
                n.number || '-' || coalesce(regexp_extract(k.source_key, '([^|]*)$', 1),
                    lpad((row_number() over family)::varchar, 2, '0'))
       ) as number,
       trim(coalesce(i.name, '')) as name,
       plain(i.national_id) as national_id
from people p join numbered n on n.household_id = p.household_id
left join identities i on i.person_id = p.person_id
left join keys k on k.level = 'person' and k.id = p.person_id
window family as (partition by p.household_id order by p.person_id)
"""
_REFUSED = r"""
create temp table refused as
with found as (
    select n.household_id, $unknown_area as code, p.area_code as value, 1 as place
    from numbered n join places p on p.area_id = n.area_id where p.id is null
    union all
    select household_id, $no_area, '', 2 from numbered where area_id is null and $has_areas
    union all
    select household_id, $number_twice, number, 3 from numbered
    qualify count(*) over (partition by number) > 1
    union all
    select household_id, $too_long, left(number, 20), 4 from numbered where length(number) > 60
    union all
    select household_id, $person_twice, number, 5 from people_numbered
    qualify count(*) over (partition by number) > 1
    union all
    select household_id, $too_long, left(number, 20), 6 from people_numbered
    where length(number) > 70 or length(name) > 80
    union all
    select household_id, $no_name, number, 7 from people_numbered where name = ''
    union all
    select p.household_id, $holds_id, '', 0 from people_numbered p join numbered n using (household_id)
    where length(p.national_id) >= $shortest_held
    and (holds(n.number, p.national_id) or holds(p.number, p.national_id) or holds(p.name, p.national_id))
)
select household_id, arg_min(code, place) as code, arg_min(value, place) as value from found
group by household_id
"""
_SAME_ID = """
create temp table same_id as
select person_id, number from people_numbered p
where national_id <> '' and household_id not in (select household_id from refused)
qualify count(*) over (partition by national_id) > 1
"""


@dataclass(frozen=True)
class Place:
    """A place of the register: its number and its path."""

    id: int
    path: str


def stage_places(
    connection: duckdb.DuckDBPyConnection, snapshot: Snapshot, places: Mapping[str, Place], own: Place
) -> None:
    """Which place of the register each area of the snapshot is; without areas all live in ``own``."""
    known = pa.table(
        {
            "code": pa.array(places.keys(), pa.string()),
            "id": pa.array([place.id for place in places.values()], pa.int64()),
            "path": pa.array([place.path for place in places.values()], pa.string()),
        }
    )
    connection.from_arrow(known).create("known_places")
    if snapshot.has_areas:
        connection.execute(_PLACES, {"files": [str(path) for path in snapshot.paths(AREA)]})
    else:
        row = {"area_id": [0], "area_code": [""], "id": [own.id], "path": [own.path]}
        connection.from_arrow(pa.table(row)).create("places")


def stage_numbers(
    connection: duckdb.DuckDBPyConnection,
    snapshot: Snapshot,
    identities: Path,
    keys: Path | None,
    prefix: str,
) -> None:
    """Number every household and person, and find those that may not enter, with the reason."""
    connection.read_parquet(str(identities)).create_view("identities")
    if keys is not None:
        connection.read_parquet(str(keys)).create_view("keys")
    else:
        empty = pa.schema([("level", pa.string()), ("source_key", pa.string()), ("id", pa.int64())])
        connection.from_arrow(empty.empty_table()).create("keys")
    for level, name in ((HOUSEHOLD, "households"), (PERSON, "people")):
        paths = [str(path) for path in snapshot.paths(level)]
        area = ", area_id" if snapshot.has_areas else ", 0::bigint as area_id"
        own = f"source_file, source_line{area}" if level == HOUSEHOLD else "person_id"
        connection.read_parquet(paths).project(f"household_id, {own}").create_view(name)
    connection.execute(_HOUSEHOLDS, {"prefix": prefix})
    for macro in _MACROS:
        connection.execute(macro)
    connection.execute(_PEOPLE)
    codes = {
        "unknown_area": UNKNOWN_AREA,
        "no_area": NO_AREA,
        "number_twice": NUMBER_TWICE,
        "person_twice": PERSON_TWICE,
        "too_long": TOO_LONG,
        "no_name": NO_NAME,
        "holds_id": NUMBER_HOLDS_ID,
    }
    words: dict[str, object] = {name: problem.code for name, problem in codes.items()}
    given = {"has_areas": snapshot.has_areas, "shortest_held": SHORTEST_HELD}
    connection.execute(_REFUSED, words | given)
    connection.execute(_SAME_ID)
