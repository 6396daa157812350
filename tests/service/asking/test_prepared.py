# SPDX-License-Identifier: Apache-2.0
"""Decides that a query built once answers as Django's own does, for each value, connection and moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from django.db import connection
from django.db.models import BigIntegerField, CharField, DateField, F, Q, QuerySet
from django.db.models.functions import Length
from django.test.utils import CaptureQueriesContext

from hearthline.accounts.models import Grant, Officer
from hearthline.accounts.queries import given_scope, scope_of
from hearthline.accounts.rules import VIEW_AREAS, Role
from hearthline.areas.models import Area
from hearthline.asking import Asked, Given, GivenMany
from hearthline.site.settings import PREPARED_AFTER
from tests.service.conftest import Hire

pytestmark = pytest.mark.django_db
DAY = date(2017, 6, 1)

BY_CODE = Asked(
    lambda: (
        Area.objects.select_related("parent")
        .filter(code=Given("code", CharField()))
        .annotate(length=Length("path"))
    )
)
CODES = Asked(
    lambda: (
        Area.objects.filter(level=Given("level", CharField())).order_by("code").values_list("code", "name")
    )
)
AMONG = Asked(lambda: Area.objects.filter(code__among=GivenMany("codes", CharField())).order_by("code"))
IN_SCOPE = Asked(lambda shape: Area.objects.filter(given_scope(shape, "path")).order_by("path"))
NOWHERE = Asked(lambda: Area.objects.filter(Q(pk__in=[]), code=Given("code", CharField())))


def test_instances_are_those_of_django_with_what_they_refer_to(places: Mapping[str, Area]) -> None:
    [found] = BY_CODE.rows(code="510101")
    plain = Area.objects.select_related("parent").annotate(length=Length("path")).get(code="510101")
    assert found == plain
    assert {name: getattr(found, name) for name in ("path", "level", "name", "closed_on", "length")} == {
        name: getattr(plain, name) for name in ("path", "level", "name", "closed_on", "length")
    }
    with CaptureQueriesContext(connection) as asked:
        assert found.parent == places["5101"]
    assert not asked.captured_queries
    assert not found._state.adding


def test_each_asking_has_its_own_values_and_sees_the_database_as_it_is(places: Mapping[str, Area]) -> None:
    assert BY_CODE.find(code="5101") == places["5101"]
    assert BY_CODE.find(code="52") == places["52"]
    assert BY_CODE.find(code="nowhere") is None
    Area.objects.filter(code="52").update(name="another name")
    renamed = BY_CODE.find(code="52")
    assert renamed is not None
    assert renamed.name == "another name"


def test_a_value_is_never_read_as_sql(places: Mapping[str, Area]) -> None:
    assert BY_CODE.rows(code="52' OR '1'='1") == []
    assert BY_CODE.rows(code="%s") == []


def test_columns_come_as_tuples(places: Mapping[str, Area]) -> None:
    plain = Area.objects.filter(level="county").order_by("code").values_list("code", "name")
    assert CODES.rows(level="county") == list(plain)


@pytest.mark.parametrize("codes", [[], ["52"], ["52", "5101"], ["52", "52' OR '1'='1", '{"}\\', "510"]])
def test_many_values_are_one_mark(places: Mapping[str, Area], codes: list[str]) -> None:
    assert AMONG.rows(codes=codes) == list(Area.objects.filter(code__in=codes).order_by("code"))
    assert len(AMONG.rows(codes=["52"])) == 1


def test_a_condition_that_lets_nothing_through_asks_nothing(places: Mapping[str, Area]) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert NOWHERE.rows(code="52") == []
    assert not asked.captured_queries


def test_a_value_is_given_by_its_name(places: Mapping[str, Area]) -> None:
    with pytest.raises(KeyError):
        BY_CODE.rows(another="52")


@pytest.mark.parametrize("codes", [["510101"], ["510101", "52"], [None]])
def test_a_scope_given_is_the_scope_itself(
    places: Mapping[str, Area], hire: Hire, codes: list[str | None]
) -> None:
    officer = hire(Role.VIEWER, places[codes[0]] if codes[0] else None)
    for code in codes[1:]:
        Grant.objects.create(
            officer=officer, role=Role.VIEWER, area=places[code or ""], starts_on=date(2000, 1, 1)
        )
    scope = scope_of(by=officer, permission=VIEW_AREAS, on=DAY)
    plain = list(Area.objects.filter(scope.filter("path")).order_by("path"))
    assert IN_SCOPE.rows(scope.shape, **scope.bounds) == plain
    assert plain


def test_dates_and_numbers_are_given_as_their_fields_want_them(
    hire: Hire, places: Mapping[str, Area]
) -> None:
    officer = hire(Role.VIEWER, places["52"])
    begun = Asked(
        lambda: Grant.objects.filter(
            officer_id=Given("officer", BigIntegerField()), starts_on__lte=Given("on", DateField())
        ).select_related("officer", "area", "granted_by")
    )
    [grant] = begun.rows(officer=officer.pk, on=DAY)
    assert isinstance(grant.starts_on, date)
    assert grant.officer == Officer.objects.get(pk=officer.pk)
    assert begun.rows(officer=officer.pk, on=date(1900, 1, 1)) == []
    assert begun.rows(officer=None, on=DAY) == []


@pytest.mark.parametrize("number", [2**63, 10**30, -(2**63) - 1])
def test_no_row_has_a_number_that_no_column_holds(places: Mapping[str, Area], number: int) -> None:
    by_number = Asked(lambda: Area.objects.filter(pk=Given("pk", BigIntegerField())))
    assert by_number.find(pk=places["52"].pk) == places["52"]
    assert by_number.find(pk=number) is None


def test_it_is_built_once(places: Mapping[str, Area]) -> None:
    built = []

    def build() -> QuerySet[Area]:
        built.append(1)
        return Area.objects.filter(depth__lte=Given("depth", BigIntegerField()) + F("depth") * 0)

    asked = Asked(build)
    assert len(asked.rows(depth=1)) == 2
    assert len(asked.rows(depth=2)) > 2
    assert built == [1]


def test_postgresql_plans_a_query_once_and_answers_each_value(places: Mapping[str, Area]) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite keeps its statements by itself")
    asked = Asked(lambda: Area.objects.filter(code=Given("code", CharField()), depth__lt=77))
    codes = ["52", "5101", "nowhere", "510101", "52"]
    with CaptureQueriesContext(connection) as captured:
        found = [[one.code for one in asked.rows(code=code)] for code in codes]
    assert found == [[] if code == "nowhere" else [code] for code in codes]
    assert all("areas_area" in query["sql"] for query in captured)
    with connection.cursor() as cursor:
        cursor.execute(
            "select generic_plans + custom_plans from pg_prepared_statements "
            """where statement like '%"depth" < $2%'"""
        )
        [(planned,)] = cursor.fetchall()
    assert planned == len(codes) - PREPARED_AFTER
