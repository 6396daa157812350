# SPDX-License-Identifier: Apache-2.0
"""Decides the reference page of the import map: every setting, from the schema that maps are checked by."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from hearthline.intake.maps import (
    AreaRule,
    CheckRules,
    ColumnRule,
    DesignRule,
    FileRule,
    HeadRule,
    IdentityRules,
    ImportMap,
    LimitRules,
)

_OPENING = """# Import map

A map tells `hearthline import` what files from outside hold: which file is which level, how rows find
one another, which column is which fact. It is a TOML file. Nothing in a file is read that the map does
not name, and nothing is guessed: what the map leaves open is refused.

```toml
[[file]]
files = "households.csv"
level = "household"
key = "hid"
missing = ["NA", "-99"]
observed_on = 2023-12-31
areas = [{ code = "county" }, { code = "village", name = "village_name" }]
design = { stratum = "county", cluster = "ea" }

[file.columns]
size = "hhsize"
income = { column = "monthly_income", unit = "yuan/month" }
dwelling_grade = { column = "house", recode = { "1" = "A", "2" = "B" } }
registered_on = { column = "since", format = "yyyymm" }

[[file]]
files = "persons_*.xlsx"
level = "person"
household = "hid"
key = "no"
header_row = 3
head = { column = "relation", value = "1" }

[file.columns]
birth_date = "born"
disabled = { any_of = ["blind", "deaf"] }

[checks]
size = "size"
```

`hearthline import --suggest` drafts a map from the files and the dictionary, with a remark at every column
that found no fact.

## What becomes of a row

1. A row whose line, key or cells cannot be read is **refused** with a reason. An optional value that cannot
   be read refuses its row as well: it is never quietly unknown. A text that means *no answer* is unknown
   once the map lists it under `missing`.
2. Rows that break what holds between rows are refused: every copy of a key, a row whose household is in no
   file, a household without persons, with two heads or none, in an area that lies in two others.
3. A refused row takes its **household** along, and a refused household all its rows: part of a household
   would be counted wrongly. `incomplete_households = "keep"` lets the rest stay.
4. Every refused row is one line of `rejected.csv` beside the snapshot: file, line, column, value, reason,
   remedy. For each file, accepted and refused add up to what was read. Blank lines are no rows.
5. If no household is left there is no snapshot.

The line of a workbook is the row of its sheet; of Parquet, Stata and SPSS files, the row of data from 1.

## What cells may say

- **Headings** are compared after trimming; columns may stand in any order. A column that the map names must
  be there, once.
- **Numbers** are written with the digits 0 to 9, a minus sign and a point. Refused: full-width digits,
  `1_000`, separators that the map does not declare, exponents in exact numbers, more decimals than the fact
  has, `NaN`, infinity. A whole number may carry `.0`. Binary numbers of workbooks and statistical files are
  read to 15 digits where the fact is exact; a workbook's number of more digits is refused, in a key as well:
  format such a column as text. A weight of the package (`[weights]`) is never below zero.
- **Yes or no**: `true` `false`, `yes` `no`, `y` `n`, `1` `0`, `是` `否`, `有` `无`. Anything else needs a
  `recode`.
- **Codes** are those of the dictionary, or what `recode` or `by_label` turns into them.
- **Dates** are `yyyy-mm-dd`, or as `format` says; the calendar must have the day, the year four digits.
  In a workbook, dates before 1 March 1900 are refused: Excel counts a 29 February that never was.
- **Formulas** of a workbook count by their stored result. A failed one (`#DIV/0!`), or one saved without its
  result, refuses its row.
- **Encoding** of text files is declared or proven: by a mark at the start, or because the bytes read only as
  UTF-8 or only as GB18030. A file that reads as both, differently, must be declared.
"""

_TABLES: tuple[tuple[str, str, type[BaseModel]], ...] = (
    ("The map", "", ImportMap),
    ("`[[file]]`: files and their rows", "", FileRule),
    (
        "`[file.columns]`: facts and their columns",
        "For each fact of the level its column, as a text, or a table with these settings; exactly one of "
        "`column`, `any_of`, `value` and `count_of` is given.",
        ColumnRule,
    ),
    (
        "`[[file.areas]]`: areas from the top down",
        "Without `within_parent` a code must identify its area in the whole file. A household may stop short "
        "of the lowest step, and may not skip one.",
        AreaRule,
    ),
    ("`head`: the head of the household", "", HeadRule),
    (
        "`design`: the sample design",
        "Kept as the columns `design_stratum` and `design_cluster` of the household table. Weights are facts "
        "of the package and are mapped like any other.",
        DesignRule,
    ),
    ("`[checks]`: what must hold of every household", "", CheckRules),
    (
        "`[identity]`: who is meant by the rows",
        "Read from the files that list households and persons, and written to `NAME.identity.parquet` beside "
        "the snapshot, readable by its owner alone. A register is loaded from both; the snapshot itself, the "
        "file of refused rows and every result know numbers only.",
        IdentityRules,
    ),
    ("`[limits]`: bounds on the size of files", "", LimitRules),
)

_UNITS = """## Units

`unit` names the unit of the file where it is not the one of the dictionary: symbols joined by `*` and `/`,
such as `yuan/month`. Known beside the symbols of the dictionary: `fen`, `jiao`, `万元`, `千元`; `month` and
`quarter` for `year`; `mu`, `ha`, `km2` for `m2`; `km`, `li`, `cm`, `mm` for `m`; `jin`, `t`, `g` for `kg`;
`%`; and their Chinese names. The conversion is exact; where it leaves more decimals than the fact has, the
row is refused unless `round = true`.
"""


def map_page() -> str:
    """The whole page."""
    parts = [_OPENING]
    for title, words, model in _TABLES:
        parts.append(f"## {title}\n\n" + (f"{words}\n\n" if words else "") + _table(model))
    parts.append(_UNITS)
    return "\n".join(parts)


def _table(model: type[BaseModel]) -> str:
    lines = ["| Setting | Value | Default | Meaning |", "|---|---|---|---|"]
    properties = model.model_json_schema()["properties"]
    for name, field in model.model_fields.items():
        kind = _kind(properties[name])
        meaning = (field.description or "").replace("|", "\\|")
        lines.append(f"| `{name}` | {kind} | {_default(field)} | {meaning} |")
    return "\n".join(lines) + "\n"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.default
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, str | int) and value != "":
        return f"`{value}`"
    return ""


def _kind(schema: Mapping[str, object]) -> str:
    """The type of a setting in words."""
    options = schema.get("anyOf")
    if isinstance(options, list):
        kinds = [_kind(option) for option in options if option.get("type") != "null"]
        return " or ".join(dict.fromkeys(kinds))
    if isinstance(schema.get("enum"), list):
        return " or ".join(f'`"{value}"`' for value in schema["enum"] if value != "")  # type: ignore[attr-defined]  # a list, as asked above
    if "const" in schema:
        return f"`{schema['const']}`"
    if "$ref" in schema:
        return "table"
    if schema.get("type") == "array":
        items = schema.get("items")
        return "tables" if isinstance(items, dict) and "$ref" in items else "texts"
    if schema.get("format") == "date":
        return "date"
    names = {"string": "text", "boolean": "true or false", "integer": "whole number", "object": "table"}
    return names.get(str(schema.get("type")), "number")
