# SPDX-License-Identifier: Apache-2.0
"""Problems are pages in the reader's language; what is not found is not told apart from what is hidden."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import string

import pytest
from django.test import Client
from django.utils import translation

from hearthline.base.problems import Kind, Place, Problem, catalogue
from hearthline.ui.problems import HTTP_STATUS, told
from hearthline.ui.retelling import Told, chinese_texts, retold, retold_row
from scripts.messages import apps as service_apps

pytestmark = [pytest.mark.urls("tests.service.ui.gallery"), pytest.mark.django_db]
ENGLISH = {"accept-language": "en"}


def test_a_problem_says_what_happened_what_to_do_and_its_code() -> None:
    answer = Client().get("/problem/long/", headers=ENGLISH)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "The list has more than 100,000 rows" in text
    assert "Narrow the list by its filters" in text
    assert "ui.list-too-long" in text
    chinese = Client().get("/problem/long/", headers={"accept-language": "zh-CN"}).content.decode()
    assert "列表超过100,000行" in chinese
    assert 'lang="zh-Hans"' in chinese


def test_not_found_is_the_same_for_what_is_not_there_and_what_one_may_not_see() -> None:
    pages = {
        re.sub(r'value="[^"]*"', "", Client().get(path, headers=ENGLISH).content.decode())
        for path in ("/problem/scope/", "/problem/http404/", "/no/such/page/")
    }
    assert len(pages) == 1
    assert "household 17" not in pages.pop()


def test_a_problem_beside_a_file_is_plain_text_and_for_a_program_json() -> None:
    answer = Client().get("/problem/long/?format=csv", headers=ENGLISH)
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert "ui.list-too-long" in answer.content.decode()
    for request in ({"path": "/problem/long/?format=json"}, {"path": "/problem/long/"}):
        found = Client().get(request["path"], headers=ENGLISH | {"accept": "application/json"})
        assert json.loads(found.content)["problems"][0]["code"] == "ui.list-too-long"


def test_a_part_of_a_page_is_led_to_the_whole_page_of_the_problem() -> None:
    answer = Client().get("/problem/long/?x=1", headers=ENGLISH | {"hx-request": "true"})
    assert answer["HX-Redirect"] == "/problem/long/?x=1"


def test_a_defect_shows_a_page_that_needs_nothing() -> None:
    client = Client(raise_request_exception=False)
    answer = client.get("/problem/defect/")
    assert answer.status_code == 500
    assert "系统出错" in answer.content.decode()
    assert "a defect" not in answer.content.decode()
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_wrong_host_is_refused_without_a_page() -> None:
    answer = Client(headers={"host": "evil.example"}).get("/gallery/")
    assert answer.status_code == 400
    assert "evil.example" not in answer.content.decode()


def test_a_form_without_its_token_is_refused_in_words() -> None:
    answer = Client(enforce_csrf_checks=True).post("/ui/language/", {"language": "en"}, headers=ENGLISH)
    assert answer.status_code == 403
    assert "ui.expired-form" in answer.content.decode()


def test_every_answer_forbids_foreign_scripts_and_keeping_copies() -> None:
    answer = Client().get("/gallery/")
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'")
    assert answer["X-Frame-Options"] == "DENY"
    assert "no-store" in answer["Cache-Control"]
    text = answer.content.decode()
    for forbidden in ("style=", "onclick", "javascript:", "<style"):
        assert forbidden not in text


def every_problem() -> dict[str, Problem]:
    """The catalogue, once every module of the service wing is loaded."""
    for app in service_apps():
        package = importlib.import_module(f"hearthline.{app}")
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "migrations" not in module.name and not module.name.endswith("wsgi"):
                importlib.import_module(module.name)
    return {problem.code: problem for problem in catalogue()}


def test_what_an_office_can_meet_is_said_in_chinese() -> None:
    apps = {*service_apps(), "row", "import", "snapshot", "sealing", "standard"}
    silent = {
        code
        for code, problem in every_problem().items()
        if code.split(".")[0] in apps and problem.kind is not Kind.NOT_FOUND and code not in chinese_texts()
    }
    assert not silent, f"Add to src/hearthline/ui/problems_zh.yaml: {sorted(silent)}"


OF_THE_LIBRARY = {
    "release": "contradiction no-level nothing-counted pinned",
    "simulation": "already-so bad-choice in-index last-criterion no-value no-welfare nothing-set wrong-unit",
}


@pytest.mark.parametrize("area", list(OF_THE_LIBRARY))
def test_what_a_page_passes_on_from_the_library_is_said_in_chinese(area: str) -> None:
    codes = {f"{area}.{word}" for word in OF_THE_LIBRARY[area].split()}
    assert codes <= set(every_problem())
    assert codes <= set(chinese_texts())


def test_a_sentence_without_chinese_keeps_its_space_and_a_chinese_one_gets_none() -> None:
    with translation.override("zh-hans"):
        assert Told("x", "It is not so.", "Do this.").sentence == "It is not so. Do this."
        assert Told("x", "并非如此。", "请这样做。").sentence == "并非如此。请这样做。"


@pytest.mark.parametrize(
    ("path", "heading"),
    [("/problem/permission/", "Not permitted"), ("/problem/expired/", "This cannot be done")],
)
def test_only_a_missing_permission_is_called_not_permitted(path: str, heading: str) -> None:
    answer = Client().get(path, headers=ENGLISH)
    assert answer.status_code == 403
    assert f"<h1>{heading}</h1>" in answer.content.decode()


def test_a_stored_refusal_is_told_again_in_the_readers_language() -> None:
    assert every_problem()
    stored = ("row.above", "Land.csv line 7, column area: 99 is above 50, the most the dictionary allows.")
    with translation.override("zh-hans"):
        told = retold(
            *stored, "Correct the value, or declare it as missing in the map if it stands for no answer."
        )
        assert told.message == "Land.csv第7行，列area：99高于数据字典允许的最大值50。"
        assert told.remedy.startswith("请更正该值")
        assert retold("row.above", "Something else.").message == "Something else."
        assert retold("no.such", "A text.").message == "A text."
    with translation.override("en"):
        assert retold(*stored).message == stored[1]


@pytest.mark.parametrize(
    ("code", "stored", "said"),
    [
        (
            "row.owner-refused",
            "Its household was refused: land.csv line 3: 99 is above 50, the most the dictionary allows.",
            "所属农户被拒：land.csv第3行：99高于数据字典允许的最大值50。",
        ),
        (
            "row.member-refused",
            "A row of this household was refused, and half a household would be counted wrongly: "
            "my file.csv line 12: Its person was refused: work.csv line 4: The key is empty.",
            "该户有一行被拒，而半户数据会被错误计数："
            "my file.csv第12行：所属人员被拒：work.csv第4行：编号为空。",
        ),
        (
            "row.duplicate",
            "The key stands in 3 rows; the first are at a.csv line 1, b, c.csv line 20, a.csv line 3.",
            "该编号出现在3行中，前几处在a.csv第1行、b, c.csv第20行、a.csv第3行。",
        ),
        (
            "registry.bad-value",
            "Rooms cannot be what was given: 'a lot' is not a number.",
            "Rooms不能取所填的值：'a lot'不是数字。",
        ),
        (
            "registry.bad-value",
            "Rooms cannot be what was given: it is what nobody foresaw.",
            "Rooms不能取所填的值：it is what nobody foresaw。",
        ),
    ],
    ids=["in it", "two deep", "places", "without its stop", "no sentence we know"],
)
def test_a_sentence_within_a_stored_sentence_is_told_again_too(code: str, stored: str, said: str) -> None:
    message = every_problem()[code].message
    assert stored[1:].startswith(message[1 : message.index("{")])
    with translation.override("zh-hans"):
        assert retold(code, stored).message == said


def test_a_problem_that_holds_the_sentences_of_others_tells_each_in_chinese() -> None:
    first, second = every_problem()["row.not-whole"], every_problem()["row.heads"]
    sentence = (
        f"{first.error(value='2.5').sentence}\n{second.error(count=2).at(Place('a.csv', 3, 4)).sentence}"
    )
    with translation.override("zh-hans"):
        said = told(every_problem()["registry.reading-refused"].error(sentence=sentence)).message.splitlines()
        assert said == [
            "文件无法导入：2.5不是整数。请填写整数；也可在对照表中对该列取整：round = true。",
            "a.csv第3行，第4列：该户有2个户主，应当只有一个。请更正成员与户主的关系。",
        ]


def test_a_row_without_its_code_is_told_by_its_words_and_left_where_they_could_be_of_two() -> None:
    every_problem()
    with translation.override("zh-hans"):
        assert retold_row("99 is larger than any number this fact can hold.", "Correct the value.").code == (
            "row.number-too-large"
        )
        assert retold_row("What an officer wrote.", "Nothing.") == Told(
            "", "What an officer wrote.", "Nothing."
        )
    with translation.override("en"):
        assert retold_row("The key is empty.", "Fill it.").message == "The key is empty."


def test_every_problem_with_chinese_is_found_again_by_its_sentence() -> None:
    missed = []
    for code in chinese_texts():
        problem = every_problem()[code]
        error = problem.error(**dict.fromkeys(problem.params, "'5,a:b'"))
        with translation.override("zh-hans"):
            if retold_row(error.message, error.remedy).code != code:
                missed.append(code)
    assert missed == []


def test_every_kind_of_problem_has_a_status() -> None:
    assert set(HTTP_STATUS) == set(Kind)


def test_the_chinese_of_a_problem_keeps_its_placeholders() -> None:
    problems = every_problem()
    unknown = {code for code in chinese_texts() if code not in problems}
    assert not unknown, f"no such problems: {unknown}"
    for code, texts in chinese_texts().items():
        assert set(texts) <= {"message", "remedy"}, code
        if code in problems:
            names = {
                name for text in texts.values() for _, name, _, _ in string.Formatter().parse(text) if name
            }
            assert names <= problems[code].params, f"{code}: {names - problems[code].params}"
