# SPDX-License-Identifier: Apache-2.0
"""Decides what an import map may say: its tables, its settings, and what each of them means.

The descriptions below are the reference page of the map; nothing else documents a setting.
"""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from hearthline.base.problems import HearthlineError, ManyProblems
from hearthline.engine.packages.toml_text import toml_values
from hearthline.intake.problems import MAP_INVALID, MAP_UNREADABLE

Columns = Annotated[list[str], Field(min_length=1)]
Constant = bool | int | Decimal | float | date | str


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=False)


class ColumnRule(_Rule):
    """Where a fact comes from. Short form: the name of a column as a text.

    Exactly one of `column`, `any_of`, `value` and `count_of` is given.
    """

    column: str | None = Field(default=None, description="The column of the file, by its heading.")
    any_of: Columns | None = Field(
        default=None,
        description="Columns of yes or no: true if one is true, false if all are false, else unknown.",
    )
    value: Constant | None = Field(default=None, description="One value for every row of the file.")
    count_of: str | None = Field(
        default=None, description="For a household: how many rows of this level it has, such as `person`."
    )
    recode: dict[str, str] = Field(
        default={},
        description='Texts of the file and what they mean: `{"1" = "piped", "9" = ""}`; `""` is unknown.',
    )
    missing: list[str] | None = Field(
        default=None, description="Texts that mean unknown in this column, instead of those of the file."
    )
    unit: str | None = Field(
        default=None,
        description="The unit in the file where it is not the dictionary's: `yuan/month`, `万元/年`, `mu`.",
    )
    factor: str | int | None = Field(
        default=None, description="What values are multiplied by, exactly: `12`, `1/100`. Instead of `unit`."
    )
    round: bool = Field(
        default=False,
        description="Round to the decimals of the fact, half away from zero, instead of refusing more.",
    )
    format: str | list[str] | None = Field(
        default=None,
        description="Forms of a date, such as `yyyymm`, `yyyymmdd`, `dd/mm/yyyy`, `yyyy年mm月dd日`; "
        "a missing day or month is the first. `yyyy-mm-dd` is always read. Forms that read one text as "
        "different days are refused.",
    )
    by_label: str | None = Field(
        default=None, description="For a code: the file holds the labels of this language, such as `zh`."
    )

    @model_validator(mode="after")
    def _one_source(self) -> ColumnRule:
        given = [self.column, self.any_of, self.value, self.count_of]
        if sum(item is not None for item in given) != 1:
            raise ValueError("give exactly one of column, any_of, value, count_of")
        if self.unit is not None and self.factor is not None:
            raise ValueError("give a unit or a factor, not both")
        return self

    @property
    def formats(self) -> list[str]:
        """The declared forms of a date."""
        return [self.format] if isinstance(self.format, str) else self.format or []


class AreaRule(_Rule):
    """One step of the way from the top of the country down to where a household lives."""

    code: str = Field(
        description="The column that identifies the area: a code, or a name where there is none."
    )
    name: str | None = Field(default=None, description="The column with the name of the area.")
    within_parent: bool = Field(
        default=False,
        description="The code repeats from one upper area to the next; the two together identify it.",
    )


class HeadRule(_Rule):
    """How the head of the household is told from its other persons."""

    column: str = Field(description="The column that says the relation to the head.")
    value: str = Field(description="What it holds for the head.")


class DesignRule(_Rule):
    """Columns of the sample design, kept beside the facts for standard errors."""

    stratum: Columns | None = Field(default=None, description="The columns that identify the stratum.")
    cluster: Columns | None = Field(
        default=None, description="The columns that identify the primary sampling unit."
    )

    @field_validator("stratum", "cluster", mode="before")
    @classmethod
    def _one_is_a_list(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value


class FileRule(_Rule):
    """One `[[file]]`: a file, or several alike, and what their rows are."""

    files: Columns = Field(description="Names or patterns of the files: `households.csv`, `persons_*.xlsx`.")
    level: str = Field(description="The level of the rows: `household`, `person`, a record table, or `area`.")
    key: list[str] = Field(
        default=[],
        description="The columns that identify the row: of a household alone, of other rows within their "
        "household. May be left out where nothing refers to the row.",
    )
    household: list[str] = Field(default=[], description="The columns that hold the key of the household.")
    person: list[str] = Field(
        default=[],
        description="For tables that belong to persons: the columns that hold the key of the person.",
    )
    joins: bool = Field(
        default=False, description="The rows add facts to households or persons that another file lists."
    )
    repeated: bool = Field(
        default=False,
        description="The facts of a household are repeated in several rows, which must agree; such as a list "
        "of persons that says the household's income in every row.",
    )
    format: Literal["csv", "xlsx", "parquet", "stata", "spss"] | None = Field(
        default=None, description="The format, where the ending of the name does not tell."
    )
    encoding: str | None = Field(
        default=None,
        description="The encoding of a text file. If it is left out the file must prove it: a mark at its "
        "start, or bytes that read only as UTF-8 or only as GB18030.",
    )
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = Field(
        default=None, description="What separates cells; a comma unless the name ends in `.tsv` or `.tab`."
    )
    sheet: str | int | None = Field(
        default=None,
        description="The sheet of a workbook, by name or by number from 1; the first if left out.",
    )
    header_row: Annotated[int, Field(ge=1, le=1000)] = Field(
        default=1, description="The line of the headings, from 1."
    )
    first_row: Annotated[int, Field(ge=2, le=2000)] | None = Field(
        default=None, description="The first line of the data, where it is not the one after the headings."
    )
    missing: list[str] = Field(
        default=[],
        description='Texts that mean unknown, beside the empty cell: `["NA", "-99"]`; -99 also as -99.0.',
    )
    thousands: Literal["", ",", ".", " ", "'", "，"] = Field(
        default="", description="What separates thousands in numbers; only then may it be there."
    )
    decimal_mark: Literal[".", ","] = Field(default=".", description="What stands before decimals.")
    source: str | None = Field(default=None, description="The kind of source, as the package names it.")
    observed_on: date | None = Field(default=None, description="The date for which the facts hold.")
    columns: dict[str, ColumnRule] = Field(default={}, description="For each fact: where it comes from.")
    areas: list[AreaRule] = Field(
        default=[],
        description="For households and areas: the areas from the top down. A `[[file.areas]]` each.",
    )
    head: HeadRule | None = Field(
        default=None,
        description="For persons: how the head is told; then every household must have exactly one.",
    )
    design: DesignRule = Field(default=DesignRule(), description="For households: the sample design.")

    @field_validator("files", "key", "household", "person", mode="before")
    @classmethod
    def _one_is_a_list(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value

    @field_validator("columns", mode="before")
    @classmethod
    def _short_form(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        return {name: {"column": rule} if isinstance(rule, str) else rule for name, rule in value.items()}

    @field_validator("sheet")
    @classmethod
    def _sheets_from_one(cls, value: str | int | None) -> str | int | None:
        if isinstance(value, int) and value < 1:
            raise ValueError("sheets are numbered from 1")
        return value

    @model_validator(mode="after")
    def _marks_differ(self) -> FileRule:
        if self.thousands == self.decimal_mark:
            raise ValueError("thousands and decimal_mark must differ")
        if self.first_row is not None and self.first_row <= self.header_row:
            raise ValueError("first_row must come after header_row")
        return self

    @property
    def named(self) -> str:
        """The files as a sentence names them."""
        return ", ".join(self.files)


class CheckRules(_Rule):
    """What must hold of every household, `[checks]`."""

    persons_listed: bool = Field(
        default=True, description="Where a file lists persons, a household without any is refused."
    )
    incomplete_households: Literal["refuse", "keep"] = Field(
        default="refuse",
        description="Whether a household goes when one of its rows is refused. With `keep` its other rows "
        "stay, and counts and sums over them are those of what is left.",
    )
    size: str | None = Field(
        default=None, description="A household fact that must equal the number of listed persons."
    )


class LimitRules(_Rule):
    """Bounds against files made to exhaust the machine, `[limits]`; raise them for a file you trust."""

    cells: Annotated[int, Field(ge=1)] = Field(
        default=2_500_000, description="Cells of a workbook: rows times columns of the sheet."
    )
    megabytes: Annotated[int, Field(ge=1)] = Field(
        default=150, description="Size of a workbook once it is unpacked."
    )
    columns: Annotated[int, Field(ge=1, le=20_000)] = Field(default=5_000, description="Columns of any file.")


class IdentityRules(_Rule):
    """Who is meant by the rows, `[identity]`: columns of the files that list households and persons.

    What they hold never enters the snapshot, but a private file beside it.
    """

    household_number: str | None = Field(
        default=None,
        description="The column of the household file with its public number; else the register gives one.",
    )
    person_number: str | None = Field(
        default=None,
        description="The column of the person file with a public number; else the register gives one.",
    )
    name: str | None = Field(default=None, description="The column with the name of the person.")
    national_id: str | None = Field(default=None, description="The column with the national ID number.")
    phone: str | None = Field(default=None, description="The column with the telephone number.")
    account: str | None = Field(default=None, description="The column with the bank account.")


class ImportMap(_Rule):
    """A whole map."""

    format: Literal[1] = Field(default=1, description="The version of this format.")
    file: Annotated[list[FileRule], Field(min_length=1)] = Field(
        description="The files, a `[[file]]` table each."
    )
    checks: CheckRules = Field(default=CheckRules(), description="What must hold of every household.")
    identity: IdentityRules | None = Field(
        default=None, description="Who is meant by the rows; kept apart from the facts."
    )
    limits: LimitRules = Field(default=LimitRules(), description="Bounds on the size of files.")


def read_map(path: Path) -> ImportMap:
    """The map in a TOML file; every fault in it is told at once."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        return parsed_map(text, path.name)
    except OSError as error:
        raise MAP_UNREADABLE.error(map=str(path), why=error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise MAP_UNREADABLE.error(map=str(path), why="it is not UTF-8") from error


def parsed_map(text: str, name: str) -> ImportMap:
    """The map that ``text`` states; ``name`` is how errors call it."""
    try:
        data = toml_values(text)
    except tomllib.TOMLDecodeError as error:
        raise MAP_UNREADABLE.error(map=name, why=str(error)) from error
    except RecursionError as error:
        raise MAP_UNREADABLE.error(map=name, why="its brackets lie too deep in one another") from error
    try:
        return ImportMap.model_validate(data)
    except ValidationError as error:
        faults: list[HearthlineError] = []
        for detail in error.errors():
            where = ".".join(str(step) for step in detail["loc"]) or "the top"
            why = detail["msg"].removeprefix("Value error, ")
            faults.append(MAP_INVALID.error(map=name, where=where, why=why))
        raise ManyProblems(faults) from error
