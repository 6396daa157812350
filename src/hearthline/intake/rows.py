# SPDX-License-Identifier: Apache-2.0
"""Decides what becomes of each row of a file: keys, place, facts, or the first reason why it is refused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from hearthline.base.problems import HearthlineError
from hearthline.engine.rules.policy import AREA, HOUSEHOLD, PERSON
from hearthline.engine.snapshots.schema import encoded_type
from hearthline.intake import row_problems as problem
from hearthline.intake.areas import STEP, AreaBook, area_paths
from hearthline.intake.columns import ReadColumn, any_true, cleaned, read_any, read_column
from hearthline.intake.planning import EntryPlan, FactPlan
from hearthline.intake.readers import Chunk, RowFault
from hearthline.intake.row_problems import Told, told

LONGEST_KEY = 200
OWN = "\x1e"
"""Separates the key of a household from the key of a row within it."""
BESIDE = "|"
"""Joins the columns of a stratum or cluster, where people read them."""
FAULTS_TOLD = 3

FRAME = pa.schema(
    [
        ("_rid", pa.int64()),
        ("entry", pa.int16()),
        ("file", pa.int16()),
        ("line", pa.int32()),
        ("_hkey", pa.string()),
        ("_ukey", pa.string()),
        ("okey", pa.string()),
        ("pkey", pa.string()),
        ("head", pa.bool_()),
        ("path", pa.string()),
        ("signature", pa.string()),
    ]
)
"""A row apart from its facts. ``_hkey``: key of its household. ``_ukey``: key of the row itself, household
included. ``okey``: key of the person without the household. ``pkey``: key of the person it belongs to."""

REFUSED = pa.schema(
    [
        ("_rid", pa.int64()),
        ("entry", pa.int16()),
        ("file", pa.int16()),
        ("line", pa.int32()),
        ("column", pa.string()),
        ("value", pa.string()),
        ("reason", pa.string()),
        ("kind", pa.int32()),
    ]
)


@dataclass
class Kinds:
    """The kinds of reasons met so far: pairs of code and remedy, which millions of rows may share."""

    numbers: dict[tuple[str, str], int] = field(default_factory=dict)

    def number(self, code: str, remedy: str) -> int:
        """The number of a kind, entered if it is new."""
        return self.numbers.setdefault((code, remedy), len(self.numbers))

    def table(self) -> pa.Table:
        """Every kind with its number."""
        codes, remedies = zip(*self.numbers, strict=True) if self.numbers else ((), ())
        numbers = pa.array(self.numbers.values(), pa.int32())
        return pa.table(
            [numbers, pa.array(codes, pa.string()), pa.array(remedies, pa.string())],
            ["kind", "code", "remedy"],
        )


@dataclass
class Faults:
    """The faults of a run of rows, by row, in the order of the columns."""

    by_row: dict[int, list[RowFault]] = field(default_factory=lambda: defaultdict(list))

    def note_all(
        self, rows: pa.Array, lines: pa.Array, column: str, texts: pa.Array, reason: HearthlineError
    ) -> None:
        """The same fault in every row marked in ``rows``."""
        words = told(reason)
        self._note(rows, lines, column, texts, lambda _: words)

    def note_column(self, read: ReadColumn, lines: pa.Array, column: str) -> None:
        """The refused cells of a column."""
        if read.faults:
            self._note(read.faulty(), lines, column, read.texts, read.faults.__getitem__)

    def _note(
        self, rows: pa.Array, lines: pa.Array, column: str, texts: pa.Array, reason: Callable[[str], Told]
    ) -> None:
        places = pc.indices_nonzero(rows)
        found = zip(
            places.to_pylist(), lines.take(places).to_pylist(), texts.take(places).to_pylist(), strict=True
        )
        for place, line, text in found:
            if any(fault.column == column for fault in self.by_row.get(place, ())):
                continue  # a cell that could not be read is not told as empty too
            self.by_row[place].append(RowFault(line, column, text or "", reason(text)))


@dataclass(frozen=True)
class StagedRows:
    """A run of rows, ready to be staged."""

    frame: pa.Table
    facts: pa.Table
    refused: pa.Table


def fact_schema(entry: EntryPlan) -> pa.Schema:
    """The columns in which the facts of an entry are staged."""
    fields = [pa.field("_rid", pa.int64())]
    fields += [pa.field(plan.fact.name, encoded_type(plan.fact.type)) for plan in entry.facts]
    return pa.schema(fields + [pa.field(name, pa.string()) for name in entry.design])


class RowReader:
    """Turns the chunks of the files of one entry into staged rows."""

    def __init__(self, entry: EntryPlan, book: AreaBook, kinds: Kinds) -> None:
        self._entry = entry
        self._kinds = kinds
        self._book = book
        self._schema = fact_schema(entry)

    def staged(self, chunk: Chunk, file: int, first: int) -> StagedRows:
        """The rows of a chunk, numbered from ``first`` on."""
        faults = Faults()
        count = len(chunk.lines)
        places = (
            {line: place for place, line in enumerate(chunk.lines.to_pylist())} if chunk.cell_faults else {}
        )
        for fault in chunk.cell_faults:
            faults.by_row[places[fault.line]].append(fault)
        frame = self._frame(chunk, faults)
        facts = [self._fact(plan, chunk, faults) for plan in self._entry.facts]
        facts += [
            _beside([self._key_cells(chunk, name) for name in names]) for names in self._entry.design.values()
        ]
        numbers = pa.array(range(first, first + count), pa.int64())
        if self._entry.rule.repeated:
            texts = [array.cast(pa.string()) for array in [*facts, frame["path"]]]
            frame["signature"] = pc.binary_join_element_wise(
                *texts, STEP, null_handling="replace", null_replacement="\x00"
            )
        frame |= {
            "_rid": numbers,
            "entry": pa.repeat(pa.scalar(self._entry.number, pa.int16()), count),
            "file": pa.repeat(pa.scalar(file, pa.int16()), count),
            "line": chunk.lines,
        }
        return StagedRows(
            pa.Table.from_arrays([frame[name] for name in FRAME.names], schema=FRAME),
            pa.Table.from_arrays([numbers, *facts], schema=self._schema),
            self._refused([*faults.by_row.items()], chunk.faults, file, first),
        )

    def _frame(self, chunk: Chunk, faults: Faults) -> dict[str, pa.Array]:
        entry, rule = self._entry, self._entry.rule
        nothing = pa.nulls(len(chunk.lines), pa.string())
        frame = dict.fromkeys(FRAME.names, nothing)
        frame["head"] = pa.nulls(len(chunk.lines), pa.bool_())
        if entry.level == AREA:
            frame["path"] = self._path(chunk, faults)
            empty = pc.and_(pc.is_null(frame["path"]), pc.invert(self._gap))
            faults.note_all(empty, chunk.lines, rule.areas[0].code, nothing, problem.KEY_EMPTY.error())
            frame["_ukey"] = frame["path"]
            return frame
        if entry.household_key:
            frame["_hkey"] = self._key(entry.household_key, chunk, faults)
        if entry.level == HOUSEHOLD:
            frame["_ukey"] = frame["_hkey"]
            if rule.areas:
                frame["path"] = self._path(chunk, faults)
            return frame
        own = self._key(rule.key, chunk, faults) if rule.key else nothing
        frame["_ukey"] = pc.binary_join_element_wise(frame["_hkey"], own, OWN)
        if entry.level == PERSON:
            frame["okey"] = own
        elif rule.person:
            frame["okey"] = self._key(rule.person, chunk, faults)
            frame["pkey"] = pc.binary_join_element_wise(frame["_hkey"], frame["okey"], OWN)
        if rule.head:
            told = cleaned(chunk.columns[rule.head.column], rule.missing, {})
            frame["head"] = pc.equal(told, rule.head.value.strip()).fill_null(False)
        return frame

    def _key_cells(self, chunk: Chunk, column: str) -> pa.Array:
        return cleaned(chunk.columns[column], self._entry.rule.missing, {})

    def _key(self, columns: Sequence[str], chunk: Chunk, faults: Faults) -> pa.Array:
        parts = []
        for column in columns:
            cells = self._key_cells(chunk, column)
            faults.note_all(pc.is_null(cells), chunk.lines, column, cells, problem.KEY_EMPTY.error())
            parts.append(_refuse_odd_keys(cells, chunk.lines, column, faults))
        return _joined(parts)

    def _path(self, chunk: Chunk, faults: Faults) -> pa.Array:
        rules = self._entry.rule.areas
        codes = []
        for rule in rules:
            codes.append(_refuse_odd_keys(self._key_cells(chunk, rule.code), chunk.lines, rule.code, faults))
        nothing = pa.nulls(len(chunk.lines), pa.string())
        names = [self._key_cells(chunk, rule.name) if rule.name else nothing for rule in rules]
        path, self._gap = area_paths(codes, names, rules, self._book)
        lowest = pc.coalesce(*reversed(codes))
        faults.note_all(self._gap, chunk.lines, rules[-1].code, lowest, problem.AREA_GAP.error())
        return path

    def _fact(self, plan: FactPlan, chunk: Chunk, faults: Faults) -> pa.Array:
        column_type = encoded_type(plan.fact.type)
        if plan.constant is not None:
            return pa.repeat(pa.scalar(plan.constant, column_type), len(chunk.lines))
        texts = [cleaned(chunk.columns[column], plan.missing, plan.recode) for column in plan.columns]
        reads = [read_column(texts[0], plan.reading)] if len(texts) == 1 else read_any(texts)
        for read, column in zip(reads, plan.columns, strict=True):
            faults.note_column(read, chunk.lines, column)
        values = reads[0].values if len(reads) == 1 else any_true([read.values for read in reads])
        if plan.fact.required:
            unknown = pc.and_(pc.is_null(values), pc.is_null(texts[0]))
            error = problem.REQUIRED_EMPTY.error()
            faults.note_all(unknown, chunk.lines, plan.columns[0], chunk.columns[plan.columns[0]], error)
        return values

    def _refused(
        self, bad: list[tuple[int, list[RowFault]]], lost: Iterable[RowFault], file: int, first: int
    ) -> pa.Table:
        rows: list[tuple[int | None, int, str, str, str, int]]
        rows = [(first + place, *self._told(found)) for place, found in sorted(bad)]
        rows += [(None, *self._told([fault])) for fault in lost]
        columns = list(zip(*rows, strict=True)) or [()] * 6
        count = len(rows)
        return pa.Table.from_arrays(
            [
                pa.array(columns[0], pa.int64()),
                pa.repeat(pa.scalar(self._entry.number, pa.int16()), count),
                pa.repeat(pa.scalar(file, pa.int16()), count),
                pa.array(columns[1], pa.int32()),
                *(pa.array(column, pa.string()) for column in columns[2:5]),
                pa.array(columns[5], pa.int32()),
            ],
            schema=REFUSED,
        )

    def _told(self, faults: list[RowFault]) -> tuple[int, str, str, str, int]:
        """Line, column, value, reason and kind of a row: of its first fault, with word of the others."""
        first, others = faults[0], faults[1:]
        reason = first.told.message
        for other in others[: FAULTS_TOLD - 1]:
            reason += f" Also {other.column}: {other.told.message}"
        if len(others) >= FAULTS_TOLD:
            reason += f" And {len(others) - FAULTS_TOLD + 1} more."
        kind = self._kinds.number(first.told.code, first.told.remedy)
        return first.line, first.column, first.value, reason, kind


def _refuse_odd_keys(cells: pa.Array, lines: pa.Array, column: str, faults: Faults) -> pa.Array:
    control = pc.match_substring_regex(cells, "[\x00-\x1f]").fill_null(False)
    if pc.any(control).as_py():
        error = problem.CONTROL_CHARACTER.error(character="in a key")
        faults.note_all(control, lines, column, cells, error)
    long = pc.greater(pc.utf8_length(cells), LONGEST_KEY).fill_null(False)
    if pc.any(long).as_py():
        shown = pc.utf8_slice_codeunits(cells, 0, 100)
        faults.note_all(long, lines, column, shown, problem.KEY_TOO_LONG.error(limit=LONGEST_KEY))
    return pc.if_else(pc.or_(control, long), pa.scalar(None, pa.string()), cells)


def _joined(parts: Sequence[pa.Array], mark: str = STEP) -> pa.Array:
    return parts[0] if len(parts) == 1 else pc.binary_join_element_wise(*parts, mark)


def _beside(parts: Sequence[pa.Array]) -> pa.Array:
    """A stratum or cluster as people read it; marks within a part are escaped, so that no two meet."""
    if len(parts) == 1:
        return parts[0]
    escaped = [pc.replace_substring(part, "\\", "\\\\") for part in parts]
    return _joined([pc.replace_substring(part, BESIDE, f"\\{BESIDE}") for part in escaped], BESIDE)
