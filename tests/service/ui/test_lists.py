# SPDX-License-Identifier: Apache-2.0
"""Lists: sorting from an allow-list, forgiving filters, pages by key that neither repeat nor lose a row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from urllib.parse import parse_qsl

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from hearthline.areas.models import Area
from hearthline.ui.tables import Choices, Column, Page, Table, Text
from hearthline.ui.tables.paging import Key, may_be_null, read_key, written_key
from tests.service.ui.gallery import AREAS, FIGURES, TOWNSHIPS

GET = RequestFactory()


def asked(address: str = "?") -> HttpRequest:
    """A request for a list."""
    return GET.get("/", dict(parse_qsl(address.lstrip("?"))))


def shown(page: Page, column: int = 1) -> list[str]:
    """What one column of a page shows."""
    return [row[column].text for row in page.rows]


@pytest.fixture
def many(places: dict[str, Area]) -> list[Area]:
    """Thirty more villages; many opened on the same day, some on no known day."""
    parent = places["510101001"]
    Area.objects.bulk_create(
        Area(
            parent=parent,
            path=f"{parent.path}{900_000_000 + number}",
            depth=5,
            level="village",
            code=f"9{number:03d}",
            name=f"{'甲乙丙'[number % 3]}村",
            opened_on=[date(1990, 1, 1), date(2001, 5, 1), None][number % 3],
        )
        for number in range(30)
    )
    return list(Area.objects.all())


@pytest.mark.parametrize("sort", ["code", "-code", "opened", "-opened", "name", "-depth", ""])
def test_walking_all_pages_shows_every_row_once_and_back_again(many: list[Area], sort: str) -> None:
    table = Table(name="t", caption="t", columns=AREAS.columns, size=7)
    page = table.page(asked(f"?sort={sort}"), Area.objects.all())
    forth: list[list[str]] = [shown(page, 0)]
    while page.next:
        page = table.page(asked(page.next), Area.objects.all())
        forth.append(shown(page, 0))
    codes = [code for part in forth for code in part]
    assert len(codes) == len(set(codes)) == len(many)
    back = [shown(page, 0)]
    while page.previous:
        page = table.page(asked(page.previous), Area.objects.all())
        back.insert(0, shown(page, 0))
    assert [code for part in back for code in part][-len(codes) :] == codes[-sum(map(len, back)) :]
    assert not page.first
    assert not page.previous
    assert set(codes) == {code for part in back for code in part}


@pytest.mark.parametrize(("sort", "last"), [("opened", "–"), ("-opened", "–")])
def test_rows_without_a_value_come_last_whichever_way(many: list[Area], sort: str, last: str) -> None:
    table = Table(name="t", caption="t", columns=AREAS.columns, size=100)
    days = shown(table.page(asked(f"?sort={sort}"), Area.objects.all()), 4)
    known = [day for day in days if day != last]
    assert days == known + [last] * (len(days) - len(known))
    assert known == sorted(known, reverse=sort.startswith("-"))


def test_only_declared_columns_sort(places: dict[str, Area]) -> None:
    page = AREAS.page(asked("?sort=path"), Area.objects.all())
    assert shown(page, 0) == sorted(Area.objects.values_list("code", flat=True))[:5]
    assert [head.sorted for head in page.heads] == ["ascending", "none", "none", "none", "none"]


def test_a_column_sorts_the_other_way_at_the_second_click(places: dict[str, Area]) -> None:
    heads = AREAS.page(asked("?sort=name"), Area.objects.all()).heads
    assert "sort=-name" in heads[1].href
    assert "sort=-depth" in heads[3].href, "of figures the largest come first"


def test_a_damaged_key_gives_the_first_page(places: dict[str, Area]) -> None:
    first = shown(AREAS.page(asked(), Area.objects.all()))
    for key in (
        "x",
        "%%%",
        "W10",
        "WzFd",
        "eyJhIjoxfQ",
        "AAAA",
        "8J-SqQ",
        "WyJhIiwgeyJkYXkiOiAieCJ9XQ",
        "a" * 9999,
    ):
        assert shown(AREAS.page(asked(f"?after={key}"), Area.objects.all())) == first
        assert shown(AREAS.page(asked(f"?before={key}"), Area.objects.all())) == first


def test_a_key_past_the_end_gives_the_first_page(places: dict[str, Area]) -> None:
    key = written_key(Key("zzz", 10**9))
    assert AREAS.page(asked(f"?after={key}"), Area.objects.all()).rows


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**62), 2**62),
        st.text(alphabet=st.characters(exclude_characters="\x00", exclude_categories=["Cs"])),
        st.dates(),
        st.datetimes(),
        st.decimals(allow_nan=False, allow_infinity=False, places=4),
    ),
    st.integers(1, 2**62),
)
def test_a_key_is_read_as_it_was_written(value: object, number: int) -> None:
    assert read_key(written_key(Key(value, number))) == Key(value, number)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_no_text_in_place_of_a_key_is_an_error(text: str) -> None:
    read_key(text)


def test_filters_narrow_and_forgive(places: dict[str, Area]) -> None:
    rows = Area.objects.all()
    assert shown(AREAS.page(asked("?level=county"), rows)) == ["云岭县", "平川县"]
    assert shown(AREAS.page(asked("?name=柳树"), rows)) == ["柳树村"]
    assert AREAS.page(asked("?level=galaxy"), rows).count == len(places)
    assert AREAS.page(asked("?opened_from=yesterday"), rows).count == len(places)
    assert AREAS.page(asked("?opened_from=2001-01-01"), rows).count == 0
    assert AREAS.page(asked("?name=%00"), rows).count == len(places)


@pytest.mark.urls("tests.service.ui.gallery")
def test_an_empty_list_says_so_and_a_narrowed_one_offers_the_way_back(places: dict[str, Area]) -> None:
    client = Client()
    with_filter = client.get("/listing/", {"name": "nowhere"}).content.decode()
    assert "Nothing matches these filters." in with_filter or "没有符合筛选条件的记录。" in with_filter


def test_a_large_list_is_not_counted_to_its_end(many: list[Area], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hearthline.ui.tables.listing.COUNTED_AT_MOST", 10)
    page = AREAS.page(asked(), Area.objects.all())
    assert page.more_than_counted
    assert page.counted == 10


def test_a_page_costs_two_queries(many: list[Area], django_assert_num_queries: object) -> None:
    with django_assert_num_queries(2):  # type: ignore[operator]  # a fixture of pytest-django, a context manager
        AREAS.page(asked("?sort=opened"), Area.objects.all())


def test_plain_rows_sort_page_and_filter_alike() -> None:
    table = Table(
        name="t",
        caption="t",
        columns=FIGURES.columns,
        filters=(
            Text(name="name", label="Name"),
            Choices(name="poor", label="Poor", options=(("988", "988"),)),
        ),
        size=2,
    )
    page = table.page(asked("?sort=-share"), TOWNSHIPS)
    assert shown(page, 0) == ["白水乡", "石桥镇"]
    assert shown(page, 3) == ["24.4%", "14.0%"]
    page = table.page(asked(page.next), TOWNSHIPS)
    assert shown(page, 0) == ["河口镇"]
    assert shown(table.page(asked(page.previous), TOWNSHIPS), 0) == ["白水乡", "石桥镇"]
    assert shown(table.page(asked("?name=河口"), TOWNSHIPS), 0) == ["河口镇"]
    assert shown(table.page(asked("?poor=988"), TOWNSHIPS), 0) == ["河口镇"]


def test_two_lists_on_a_page_do_not_disturb_each_other() -> None:
    page = FIGURES.page(asked("?f_sort=-people&sort=name"), TOWNSHIPS)
    assert shown(page, 0)[0] == "石桥镇"
    assert all("sort=name" in head.href for head in page.heads if head.href)


@pytest.mark.urls("tests.service.ui.gallery")
def test_texts_of_rows_cannot_become_markup() -> None:
    rows: Sequence[object] = [
        {"name": "<script>alert(1)</script>", "people": 1, "poor": 1, "share": 0.1, "gap": 1}
    ]
    page = FIGURES.page(asked('?f_x="><script>'), rows)
    text = Client().get("/gallery/", {"name": '"><script>alert(2)</script>'}).content.decode()
    assert page.rows[0][0].text == "<script>alert(1)</script>"
    assert not re.search(r"<script>alert", text)


def test_a_sort_value_that_may_be_missing_is_known_as_such() -> None:
    assert not may_be_null(Area, "code")
    assert may_be_null(Area, "opened_on")
    assert may_be_null(Area, "parent__code")
    assert may_be_null(Area, "some_annotation")


def test_a_column_links_and_formats() -> None:
    table = Table(
        name="t",
        caption="t",
        columns=(
            Column(key="name", label="Name", link=lambda row: "/x/"),
            Column(key="paid", label="Paid", show="money"),
            Column(key="upper", label="Upper", value=lambda row: "a", show=lambda value: str(value).upper()),
        ),
    )
    page = table.page(asked(), [{"name": "甲", "paid": -123456}])
    assert [(cell.text, cell.href, cell.numeric) for cell in page.rows[0]] == [
        ("甲", "/x/", False),
        ("-1,234.56 yuan", None, True),
        ("A", None, False),
    ]
