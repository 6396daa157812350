# SPDX-License-Identifier: Apache-2.0
"""Decides that an auditor sees who searched his county and who looked, by name, in his own language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

import hearthline
from hearthline.accounts.middleware import POLLING
from hearthline.accounts.models import Officer, SignIn
from hearthline.accounts.rules import Role
from hearthline.areas.models import Area
from hearthline.audit.models import AuditRow
from hearthline.registry.services import search_register
from hearthline.site.actions import ACTIONS, FACTS, LISTS, SUBJECTS, facts_in_words, list_words
from hearthline.ui.tables import column_words
from tests.service.conftest import TODAY, Hire, Visitor
from tests.service.county import County

pytestmark = pytest.mark.django_db
CODE = Path(hearthline.__file__).parent


def signed_in(officer: Officer, language: str = "en") -> Client:
    visitor = Visitor()
    visitor.force_login(officer)
    visitor.post(reverse("accounts:language"), {"language": language, "next": "/"})
    return visitor


def searched(by: Officer, text: str) -> list[tuple[str, int]]:
    """Places and numbers of found households of the traces that one search leaves."""
    before = list(AuditRow.objects.filter(action="registry.search").values_list("pk", flat=True))
    search_register(by=by, on=TODAY, text=text)
    rows = AuditRow.objects.filter(action="registry.search").exclude(pk__in=before).order_by("pk")
    return [(row.area_path, row.facts["found"]) for row in rows]


def test_a_search_is_traced_in_the_place_that_was_searched(county: County, hire: Hire) -> None:
    number = county.household.number
    for officer, places in (
        (hire(Role.VILLAGE_OFFICER, county.village, "of-village"), [county.village.path]),
        (hire(Role.ANALYST, county.area, "of-county"), [county.area.path]),
    ):
        assert searched(officer, number) == [(place, 1) for place in places]


def test_a_search_from_above_is_traced_in_each_county_where_it_found_someone(
    county: County, hire: Hire
) -> None:
    everywhere = hire(Role.ANALYST, None, "of-all")
    place = Area.objects.get(path=county.household.area_path)
    assert place.path.startswith(county.area.path)
    assert searched(everywhere, county.household.number) == [("", 1), (county.area.path, 1)]
    assert searched(everywhere, "nothing of the kind 1") == [("", 0)]
    auditor = signed_in(hire(Role.AUDITOR, county.area, "auditor-of-county"))
    page = auditor.get(reverse("site:audit"), {"action": "registry.search"}).content.decode()
    assert "of-all" in page


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", ("农户 ", "显示敏感信息：否", "查看农户")),
        ("en", ("Household ", "sensitive facts shown: No")),
    ],
)
def test_the_trail_speaks_the_readers_language(
    county: County, hire: Hire, language: str, words: tuple[str, ...]
) -> None:
    analyst = signed_in(hire(Role.ANALYST, county.area, "looker"))
    analyst.get(reverse("site:household", args=[county.household.pk]))
    auditor = signed_in(hire(Role.AUDITOR, county.area, "reader"), language)
    page = auditor.get(reverse("site:audit")).content.decode()
    text = re.sub(r"<[^>]+>", " ", page)
    assert not [word for word in words if word not in text], text
    assert "sensitive: " not in text
    assert "True" not in text
    assert "False" not in text


def test_who_looked_says_the_name_of_the_officer_and_the_account(county: County, hire: Hire) -> None:
    looker = hire(Role.ANALYST, county.area, "looker")
    Officer.objects.filter(pk=looker.pk).update(name="何静")
    signed_in(looker).get(reverse("site:household", args=[county.household.pk]))
    auditor = signed_in(hire(Role.AUDITOR, county.area, "reader"))
    page = auditor.get(reverse("site:household", args=[county.household.pk])).content.decode()
    looks = page[page.index("Who looked") :]
    assert "何静" in looks
    assert "looker" in looks
    assert "Looked at a household" in looks


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(county: County, hire: Hire) -> None:
    visitor = signed_in(hire(Role.ANALYST, county.area, "away"))
    long_ago = timezone.now() - timedelta(minutes=20)
    SignIn.objects.update(seen_at=long_ago)
    visitor.get("/jobs/", headers={POLLING: "yes"})
    assert set(SignIn.objects.values_list("seen_at", flat=True)) == {long_ago}
    visitor.get("/jobs/")
    assert long_ago not in set(
        SignIn.objects.filter(officer__username="away").values_list("seen_at", flat=True)
    )


def test_the_list_of_runs_gives_totals_to_those_alone_who_may_open_the_households(
    county: County, hire: Hire
) -> None:
    total = county.run.snapshot.households
    assert total > 10
    for role, told in ((Role.VIEWER, False), (Role.POLICY_DESIGNER, False), (Role.ANALYST, True)):
        visitor = signed_in(hire(role, county.area, f"{role}-of-runs"))
        pages = [
            visitor.get("/runs/").content.decode(),
            b"".join(visitor.get("/runs/", {"format": "csv"}).streaming_content).decode(),  # type: ignore[attr-defined]  # a streaming answer
            visitor.get(f"/runs/{county.run.pk}/").content.decode(),
        ]
        for page in pages:
            text = re.sub(r"<[^>]+>", " ", page)
            assert bool(re.search(rf"(?<![\d-]){total}(?![\d-])", text)) is told, (role, text)


def traces_in_code() -> Iterator[tuple[str, str]]:
    """The name of every action, and of every fact that explains it, as written where a trace is left."""
    for file in sorted(CODE.rglob("*.py")):
        for call in (
            node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call)
        ):
            if ast.unparse(call.func) == "noted" and isinstance(call.args[1], ast.Constant):
                yield "action", f"{call.args[1].value!s}.take_file"
            given = {word.arg: word.value for word in call.keywords}
            if not {"action", "subject", "subject_id"} <= set(given):
                continue
            if isinstance(given["action"], ast.Constant):
                yield "action", str(given["action"].value)
            if isinstance(given["subject"], ast.Constant):
                yield "subject", str(given["subject"].value)
            facts = given.get("facts")
            if isinstance(facts, ast.Dict):
                yield from (("fact", str(key.value)) for key in facts.keys if isinstance(key, ast.Constant))


def test_every_trace_has_words_for_what_was_done_and_for_what_explains_it() -> None:
    words = {"action": ACTIONS, "fact": FACTS, "subject": SUBJECTS}
    written = set(traces_in_code())
    assert len(written) > 60
    apps = ("accounts", "policy", "releases", "runs", "site")
    assert {("action", f"{app}.take_file") for app in apps} <= written
    assert sorted(name for kind, name in written if name not in words[kind]) == []


def test_the_trail_says_role_and_place_of_a_grant_in_the_readers_language() -> None:
    told = {"grant": 6, "role": "village_officer", "area": "510101", "what": "opened"}
    with override("zh-hans"):
        assert facts_in_words(told) == "所授角色：6；角色：村级工作人员；地区：510101；完成：设立"
    with override("en"):
        assert facts_in_words(told) == "role granted: 6, role: Village officer, place: 510101, done: opened"


def test_the_trail_calls_a_source_as_the_package_does(county: County, hire: Hire) -> None:
    assert AuditRow.objects.filter(action="registry.request_import", facts__source="visit").exists()
    for language, words in (("zh-hans", "来源：入户核查"), ("en", "source: Home visit")):
        auditor = signed_in(hire(Role.AUDITOR, county.area, f"reader-{language}"), language)
        page = auditor.get(reverse("site:audit"), {"action": "registry.request_import"}).content.decode()
        assert words in page


def test_every_list_that_can_be_taken_as_a_file_has_a_name_in_words() -> None:
    code = "".join(file.read_text(encoding="utf-8") for file in CODE.glob("*/**/*.py"))
    names = set(re.findall(r'\bTable\(\s*name="([^"]+)"', code))
    assert len(names) > 15
    assert names - set(LISTS) == set()
    with override("zh-hans"):
        assert facts_in_words({"list": "scenarios", "rows": 109}) == "列表：情景案例；行数：109"
        assert list_words("release 3") == "发布的表格 3"


def columns_in_code() -> Iterator[tuple[str, str]]:
    """List and key of every column that is written out where a list is declared."""
    for file in sorted(CODE.rglob("*.py")):
        calls = [node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call)]
        for table in calls:
            given = {word.arg: word.value for word in table.keywords}
            if ast.unparse(table.func) != "Table" or not isinstance(given.get("name"), ast.Constant):
                continue
            name = ast.literal_eval(given["name"])
            for part in ast.walk(given["columns"]):
                if isinstance(part, ast.Call) and ast.unparse(part.func) == "Column":
                    key = {word.arg: word.value for word in part.keywords}["key"]
                    if isinstance(key, ast.Constant):
                        yield name, str(key.value)


def test_the_trail_calls_the_columns_of_a_file_as_the_page_does(client: Client) -> None:
    client.get("/")  # every list is declared once the addresses are known
    told: dict[str, object] = {"list": "trail", "columns": ["at", "officer"], "filters": ["subject"]}
    with override("zh-hans"):
        assert facts_in_words(told) == "列表：审计记录；栏目：时间、操作人；筛选条件：对象类别"
        assert facts_in_words({"list": "release 3", "columns": ["name", "figure_0"]}) == (
            "列表：发布的表格 3；栏目：地区、第1列数据"
        )
        written = set(columns_in_code())
        assert len(written) > 90
        silent = [
            (name, key) for name, key in written if not re.search("[\u4e00-\u9fff]", column_words(name, key))
        ]
    assert sorted(silent) == []


def test_a_file_taken_of_a_list_is_traced_where_its_taker_works(county: County, hire: Hire) -> None:
    taker = signed_in(hire(Role.AUDITOR, county.area, "taker"))
    for address, action in (
        (reverse("site:audit"), "site.take_file"),
        (reverse("site:jobs"), "site.take_file"),
        ("/runs/", "runs.take_file"),
        (reverse("policy:packages"), "policy.take_file"),
    ):
        before = AuditRow.objects.count()
        name = "v_format" if action.startswith("policy") else "format"
        taker.get(address, {name: "csv"})
        [row] = AuditRow.objects.filter(action=action).order_by("-pk")[:1]
        assert AuditRow.objects.count() == before + 1, address
        assert row.area_path == county.area.path
        assert set(row.facts) == {"list", "format", "rows", "columns", "filters"}


def test_a_file_of_officers_does_not_keep_whose_name_was_looked_for(county: County, hire: Hire) -> None:
    taker = signed_in(hire(Role.ADMINISTRATOR, county.area, "taker"))
    taker.get(reverse("accounts:officers"), {"format": "csv", "called": "何静"})
    row = AuditRow.objects.get(action="accounts.take_file")
    assert row.facts["filters"] == ["called"]
    assert "何静" not in str(row.facts)
