# SPDX-License-Identifier: Apache-2.0
"""Decides how names are spelled, and that every search is served by an index, on either database."""

from __future__ import annotations

import time

import pytest
from django.db import connection

from hearthline.base.sealing import keys_of
from hearthline.registry.finding import kinds_of, prefix
from hearthline.registry.identities import id_index, normal_id
from hearthline.registry.models import Household, Person
from hearthline.registry.names import spelled, typed


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("王小明", "wangxiaoming", "wxm"),
        ("仇小丽", "qiuxiaoli", "qxl"),
        ("单雄", "shanxiong", "sx"),
        ("欧阳娜娜", "ouyangnana", "oynn"),
        ("吕布", "lvbu", "lb"),
        ("买买提·艾力", "maimaitiaili", "mmtal"),
        ("Anna-Lena Ómarsdóttir", "annalenaomarsdottir", "alo"),
        ("单", "dan", "d"),
    ],
)
def test_a_name_is_spelled_as_it_is_read(name: str, pinyin: str, initials: str) -> None:
    assert spelled(name) == (pinyin, initials)


def test_what_is_typed_is_compared_without_case_blanks_and_marks() -> None:
    assert typed(" Lǚ  Bù'") == "lubu" or typed(" Lü Bu") == "lvbu"
    assert typed("WANG xiao") == "wangxiao"
    assert normal_id(" 99010１-19950101 001x ") == "99010119950101001X"


def test_a_hundred_thousand_names_are_spelled_in_a_second_or_two() -> None:
    names = [f"{a}{b}{c}" for a in "王李张刘陈杨赵黄周吴" for b in ALPHABET for c in ALPHABET]
    before = time.process_time()
    for name in names:
        spelled(name)
    assert time.process_time() - before < 3.0


ALPHABET = "".join(chr(number) for number in range(0x4E00, 0x4E00 + 100))


def test_a_text_is_tried_as_what_it_may_be() -> None:
    assert kinds_of("王") == ["name", "village"]
    assert kinds_of("wxm")[:2] == ["pinyin", "initials"]
    assert kinds_of("99010119950101001X")[0] == "national_id"
    assert kinds_of("5101-0007") == ["household_number"]
    assert kinds_of(" ".strip()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["name", "pinyin", "initials", "number"])
def test_a_search_by_prefix_is_a_range_of_an_index(field: str) -> None:
    model = Household if field == "number" else Person
    rows = model._default_manager.filter(prefix(field, "wang"), area_path__gte="0", area_path__lt="1")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = rows.order_by(field)[:50].explain()
    named = {"name": "by_name", "pinyin": "by_pinyin", "initials": "by_initials", "number": "per_number"}
    assert named[field] in plan or (field == "number" and "autoindex" in plan), plan
    assert field in plan


@pytest.mark.django_db
def test_a_national_id_is_found_by_its_index_alone(settings: object) -> None:
    wanted = id_index(keys_of(settings.KEY_FILE), "990101 19950101 001x")  # type: ignore[attr-defined]  # Django's
    assert wanted == id_index(keys_of(settings.KEY_FILE), "99010119950101001X")  # type: ignore[attr-defined]  # as above
    assert len(wanted) == 32
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
    rows = Person.objects.filter(id_index=wanted).exclude(id_index="").order_by("id")
    assert "by_id" in rows.explain()
