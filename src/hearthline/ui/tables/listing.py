# SPDX-License-Identifier: Apache-2.0
"""Decides what a list is: columns, filters, order, page and files, declared once and shown the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from hearthline.ui.tables import cells, files, naming, paging
from hearthline.ui.tables.cells import ShownCell
from hearthline.ui.tables.columns import Column, Words
from hearthline.ui.tables.filters import Filter, Input, Rows
from hearthline.ui.tables.paging import Order
from hearthline.ui.tables.problems import TOO_LONG, UNKNOWN_FORMAT

COUNTED_AT_MOST = 10_000
ROWS_OF_A_FILE = 100_000
_CHUNK = 2000
FORMATS = ("xlsx", "csv")
NOTHING = _("There is nothing here yet.")


@dataclass(frozen=True)
class FileAsked:
    """A file that someone takes from a list: what the audit row holds."""

    table: str
    format: str
    rows: int
    columns: tuple[str, ...]
    filters: Mapping[str, str]


Audit = Callable[[FileAsked], None]
Source = Rows | Sequence[object]


@dataclass(frozen=True)
class Head:
    """The head of a column, with the address that sorts by it."""

    label: str
    hint: str
    numeric: bool
    href: str
    sorted: str
    """ascending, descending, none, or empty where the column does not sort."""


@dataclass(frozen=True)
class Page:
    """One page of a list, ready for ``{% table page %}``."""

    table: Table
    heads: Sequence[Head]
    columns: Sequence[Column]
    found: Sequence[object]
    """The rows themselves."""
    count: int
    inputs: Sequence[Input]
    kept: Sequence[tuple[str, str]]
    """What else stands in the address and must stay when the filter form is sent."""
    narrowed: bool
    previous: str
    next: str
    first: str
    clear: str
    files: Sequence[tuple[str, str]]

    @property
    def rows(self) -> Sequence[Sequence[ShownCell]]:
        """The rows as cells."""
        return cells.rows_of(self.columns, self.found)

    @property
    def body(self) -> SafeString:
        """The rows as markup."""
        return cells.markup_of(self.columns, self.found)

    @property
    def more_than_counted(self) -> bool:
        """Whether there are more rows than are counted."""
        return self.count > COUNTED_AT_MOST

    @property
    def counted(self) -> int:
        """The rows counted, at most."""
        return min(self.count, COUNTED_AT_MOST)


@dataclass(frozen=True, kw_only=True)
class Table:
    """A list as it is declared: once, beside the view that shows it.

    ``sort`` is the key of a sortable column, with ``-`` before it for the largest first; empty for the
    order of the primary key. ``narrow`` says how a phone shows it: ``stack`` (a row becomes a card) or
    ``scroll`` (the first column stays). With ``reads`` the rows of a queryset are these fields by name, the
    primary key as ``pk``, and no objects, which cost as much again as fetching them.
    """

    name: str
    caption: Words
    columns: Sequence[Column]
    filters: Sequence[Filter] = ()
    sort: str = ""
    size: int = 50
    empty: Words = NOTHING
    narrow: str = "stack"
    reads: Sequence[str] = ()
    show_caption: bool = False
    files: bool = True
    prefix: str = ""
    """Stands before the names in the address where a page has several lists."""

    def __post_init__(self) -> None:
        columns = {column.key: column.label for column in self.columns if isinstance(column.label, Promise)}
        filters = {each.name: each.label for each in self.filters if isinstance(each.label, Promise)}
        naming.call(self.name, columns, filters)

    def page(self, request: HttpRequest, rows: Source) -> Page:
        """One page of the rows; a queryset must already hold only what the officer may see."""
        asked = self._asked(request)
        order = self._order(asked)
        kept = self._narrowed(rows, asked)
        if isinstance(kept, QuerySet):
            count = kept.order_by()[: COUNTED_AT_MOST + 1].count()
            part = paging.sliced(
                kept,
                order,
                size=self.size,
                after=asked.get("after", ""),
                before=asked.get("before", ""),
            )
        else:
            count = len(kept)
            part = paging.sliced_list(
                self._sorted(kept, asked),
                size=self.size,
                after=asked.get("after", "") or asked.get("before", ""),
            )
        columns = [column for column in self.columns if column.on_page]
        return Page(
            table=self,
            heads=[self._head(request, column, asked) for column in columns],
            columns=columns,
            found=part.rows,
            count=count,
            inputs=[self._prefixed(each) for filter_ in self.filters for each in filter_.inputs(asked)],
            kept=self._kept(request, {each.name for f in self.filters for each in f.inputs(asked)}),
            narrowed=any(filter_.value(asked) for filter_ in self.filters),
            previous=self._address(request, before=part.before, after="") if part.before else "",
            next=self._address(request, after=part.after, before="") if part.after else "",
            first=self._address(request, after="", before="") if part.before else "",
            clear=self._address(request, **dict.fromkeys(self._filter_names(), "")),
            files=[
                (form.upper(), self._address(request, format=form, after="", before="")) for form in FORMATS
            ]
            if self.files
            else [],
        )

    def wants_file(self, request: HttpRequest) -> bool:
        """Whether the address asks for the list as a file."""
        return self.files and bool(request.GET.get(f"{self.prefix}format"))

    def file(
        self, request: HttpRequest, rows: Source, *, audit: Audit, most: int = ROWS_OF_A_FILE
    ) -> HttpResponseBase:
        """The whole list as a file, filtered and sorted as asked; ``audit`` is told before the first byte.

        Raises ``ui.unknown-format``, ``ui.list-too-long``.
        """
        asked = self._asked(request)
        form = asked.get("format", "")
        if form not in FORMATS:
            raise UNKNOWN_FORMAT.error(format=form[:20])
        kept = self._narrowed(rows, asked)
        count = kept.order_by()[: most + 1].count() if isinstance(kept, QuerySet) else len(kept)
        if count > most:
            raise TOO_LONG.error(most=f"{most:,}")
        columns = [column for column in self.columns if column.in_files]
        in_force = {f.name: f.value(asked) for f in self.filters if f.value(asked)}
        audit(FileAsked(self.name, form, count, tuple(column.key for column in columns), in_force))
        write = files.csv_file if form == "csv" else files.xlsx_file
        heads = [str(column.label) for column in columns]
        return write(str(self.caption), heads, self._values(kept, columns, asked))

    def _values(
        self, rows: Source, columns: Sequence[Column], asked: Mapping[str, str]
    ) -> Iterator[list[object]]:
        found = (
            paging.ordered(rows, self._order(asked)).iterator(chunk_size=_CHUNK)
            if isinstance(rows, QuerySet)
            else self._sorted(rows, asked)
        )
        for row in found:
            yield [column.value_of(row) for column in columns]

    def _asked(self, request: HttpRequest) -> dict[str, str]:
        start = len(self.prefix)
        return {name[start:]: request.GET[name] for name in request.GET if name.startswith(self.prefix)}

    def _narrowed(self, rows: Source, asked: Mapping[str, str]) -> Source:
        for filter_ in self.filters:
            rows = (
                filter_.narrow(rows, asked)
                if isinstance(rows, QuerySet)
                else filter_.narrow_list(rows, asked)
            )
        return rows.values("pk", *self.reads) if self.reads and isinstance(rows, QuerySet) else rows

    def _sorting(self, asked: Mapping[str, str]) -> tuple[Column | None, bool]:
        """The column sorted by and whether downwards; a key that is not offered gives the own order."""
        for text in (asked.get("sort", ""), self.sort):
            for column in self.columns:
                if column.sort and column.key == text.removeprefix("-"):
                    return column, text.startswith("-")
        return None, self.sort == "-"

    def _order(self, asked: Mapping[str, str]) -> Order:
        column, down = self._sorting(asked)
        return Order(column.sort if column and column.sort else "", down)

    def _sorted(self, rows: Sequence[object], asked: Mapping[str, str]) -> Sequence[object]:
        column, down = self._sorting(asked)
        if column is None or not column.sort:
            return rows
        return paging.sorted_list(rows, column.sort, down)

    def _head(self, request: HttpRequest, column: Column, asked: Mapping[str, str]) -> Head:
        if not column.sort:
            return Head(str(column.label), str(column.hint), column.numeric, "", "")
        current, down = self._sorting(asked)
        is_current = current is column
        turned = (not down) if is_current else column.first_down
        href = self._address(request, sort=f"{'-' if turned else ''}{column.key}", after="", before="")
        direction = ("descending" if down else "ascending") if is_current else "none"
        return Head(str(column.label), str(column.hint), column.numeric, href, direction)

    def _filter_names(self) -> list[str]:
        return [each.name for filter_ in self.filters for each in filter_.inputs({})] + ["after", "before"]

    def _prefixed(self, field: Input) -> Input:
        return Input(f"{self.prefix}{field.name}", field.label, field.kind, field.value, field.options)

    def _kept(self, request: HttpRequest, inputs: set[str]) -> list[tuple[str, str]]:
        gone = {f"{self.prefix}{name}" for name in inputs | {"after", "before", "format"}}
        return [(name, request.GET[name]) for name in request.GET if name not in gone]

    def _address(self, request: HttpRequest, **changes: str) -> str:
        values = {name: request.GET[name] for name in request.GET if name != f"{self.prefix}format"}
        values |= {f"{self.prefix}{name}": value for name, value in changes.items()}
        return "?" + urlencode({name: value for name, value in values.items() if value})
