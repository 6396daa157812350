# SPDX-License-Identifier: Apache-2.0
"""Decides that the pages of policy show what is in force, and who may change it by their forms."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

import hearthline
from hearthline.accounts.models import Officer
from hearthline.accounts.rules import Role
from hearthline.areas.models import Area
from hearthline.audit.models import AuditRow
from hearthline.engine.packages import freeze
from hearthline.policy.models import Activation, PackageVersion
from hearthline.policy.services import activate
from tests.service.conftest import TODAY, Hire, Visitor
from tests.service.packages import published


@pytest.fixture
def national(places: dict[str, Area], hire: Hire) -> PackageVersion:
    """The Chinese package, published and in force in the county since 2017."""
    chief = hire(Role.ADMINISTRATOR, username="publisher")
    version = published("cn/2014-2020", chief)
    activate(
        by=chief, on=TODAY, version=version, area=places["510101"], starts_on=date(2017, 1, 1), ends_on=None
    )
    return version


PAGES = (
    "",
    "{pk}/",
    "{pk}/parameters/",
    "{pk}/facts/",
    "{pk}/figures/",
    "{pk}/scores/",
    "{pk}/scenarios/",
    "difference/?old={pk}&new={pk}",
)
FORMS = ("publish/", "activate/?version={pk}", "activations/{activation}/withdraw/")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_everyone_reads_the_package(
    page: str, language: str, national: PackageVersion, places: dict[str, Area], hire: Hire, client: Visitor
) -> None:
    officer = hire(Role.VIEWER, places["510101001"])
    officer.language = language
    officer.save()
    client.force_login(officer)
    answer = client.get("/policy/" + page.format(pk=national.pk))
    assert answer.status_code == 200
    text = answer.content.decode()
    assert ("Policy" if language == "en" else "政策") in text
    if page == "":
        assert national.version_hash[:12] in text
        assert "云岭县" in text


@pytest.mark.parametrize(
    ("role", "may"), [(Role.AUDITOR, False), (Role.VIEWER, False), (Role.POLICY_DESIGNER, True)]
)
def test_only_who_may_take_an_activation_back_is_led_there(
    role: Role, may: bool, national: PackageVersion, places: dict[str, Area], hire: Hire, client: Visitor
) -> None:
    client.force_login(hire(role, places["510101"]))
    page = client.get("/policy/").content.decode()
    there = f"/policy/activations/{Activation.objects.get().pk}/withdraw/"
    assert (f'href="{there}"' in page) is may
    assert client.get(there).status_code == (200 if may else 403)


def test_where_no_package_is_in_force_any_more_the_last_one_is_named(
    national: PackageVersion, places: dict[str, Area], hire: Hire, client: Visitor
) -> None:
    chief, other = Officer.objects.get(username="publisher"), places["52"]
    first, last = date(2014, 1, 1), date(2020, 12, 31)
    activate(by=chief, on=TODAY, version=national, area=other, starts_on=first, ends_on=last)
    client.force_login(hire(Role.VIEWER, other))
    page = client.get("/policy/").content.decode()
    told = page[page.index("no package is in force") : page.index("for screening dates until")]
    assert f'href="/policy/{national.pk}/"' in told
    assert "for screening dates until 31 December 2020" in page


@pytest.mark.parametrize("page", [*PAGES, *FORMS])
def test_the_foot_of_every_page_names_the_version_of_the_program(
    page: str, national: PackageVersion, hire: Hire, client: Visitor
) -> None:
    client.force_login(hire(Role.ADMINISTRATOR, username="looker"))
    activation = Activation.objects.get()
    text = client.get("/policy/" + page.format(pk=national.pk, activation=activation.pk)).content.decode()
    foot = text.partition('<footer class="foot">')[2]
    assert f"Hearthline {hearthline.__version__} ·" in foot
    assert " object (" not in text


def test_parameters_are_shown_by_year_with_their_sources(
    national: PackageVersion, places: dict[str, Area], hire: Hire, client: Visitor
) -> None:
    client.force_login(hire(Role.ANALYST, places["510101"]))
    text = client.get(f"/policy/{national.pk}/parameters/").content.decode()
    assert "2,800" in text
    assert "2014" in text
    in_short = text.partition('<div class="in-short">')[2].partition("</div>\n<h2>")[0]
    assert "2,736.00 yuan per person per year (2013); 2,800.00 yuan per person per year (2014)" in in_short
    assert "<dt>First age of compulsory education</dt><dd>6 years</dd>" in in_short
    table = client.get(f"/policy/{national.pk}/parameters/?format=csv")
    assert b"2,800" in b"".join(table) if table.streaming else b"2,800" in table.content
    assert AuditRow.objects.filter(action="policy.take_file").exists()


ENGLISH_WORDS = re.compile(r"[A-Za-z]{2,}[ ,.:;]+[A-Za-z]{2,}[ ,.:;]+[a-z]{2,}")


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ("scenarios/", ("低于贫困线一元的，为贫困。", "R64，人均住房面积超过25平方米")),
        (
            "parameters/",
            (
                "扶贫标准（贫困线）（退出）",
                "人均日用水量标准（缺水地区）",
                "[本政策包默认值]",
                "<td>6岁</td>",
            ),
        ),
        ("facts/", ("鉴定须由专业人员进行", "housing (住房)", "visit (入户核查)")),
    ],
)
def test_what_the_package_says_in_words_stands_in_chinese(
    page: str,
    says: tuple[str, ...],
    national: PackageVersion,
    places: dict[str, Area],
    hire: Hire,
    client: Visitor,
) -> None:
    officer = hire(Role.VIEWER, places["510101001"])
    officer.language = "zh-hans"
    officer.save()
    client.force_login(officer)
    text = client.get(f"/policy/{national.pk}/{page}").content.decode()
    assert [words for words in says if words not in text] == []
    main = re.sub(r"<[^>]+>", "\n", text[text.index("<main") : text.index("</main")])
    sentences = [line.strip() for line in main.splitlines() if ENGLISH_WORDS.search(line)]
    assert [line for line in sentences if not re.search("[\u4e00-\u9fff]", line)] == []


def test_a_dated_value_that_differs_is_named_by_the_terms_of_the_package(
    national: PackageVersion, places: dict[str, Area], hire: Hire, client: Visitor, tmp_path: Path
) -> None:
    freeze("cn/2014-2020", tmp_path / "changed")
    file = tmp_path / "changed" / "parameters" / "poverty_line.yaml"
    text = file.read_text(encoding="utf-8")
    assert "{year: 2015, purpose: planning, value: 2968," in text
    file.write_text(text.replace("planning, value: 2968,", "planning, value: 2967,"), encoding="utf-8")
    other = published(str(tmp_path / "changed"), hire(Role.ADMINISTRATOR, username="changer"))
    officer = hire(Role.VIEWER, places["510101001"])
    client.force_login(officer)
    address = f"/policy/difference/?old={national.pk}&new={other.pk}"
    for language, words in (
        ("zh-hans", "全国，规划测算，2015-01-01"),
        ("en", "China, planning, 2015-01-01"),
    ):
        client.post("/account/language/", {"language": language, "next": "/"})
        assert words in client.get(address).content.decode()


def test_published_figures_stand_with_their_sources_and_what_contradicts_them(
    national: PackageVersion, places: dict[str, Area], hire: Hire, client: Visitor
) -> None:
    officer = hire(Role.VIEWER, places["510101001"])
    client.force_login(officer)
    text = client.get(f"/policy/{national.pk}/figures/").content.decode()
    for shown in ("98,990,000", "99,890,000", "fills a gap", "Where sources disagree", "10.2 %"):
        assert shown in text
    row = text[text.index('30,460,000</td><td class="num">3.1') :].split("</tr>")[0]
    for computed in ("68,530,000", "69.2", "13,706,000", "7.1", "2.14", "2.04"):
        assert f'<td class="num">{computed}</td>' in row
    officer.language = "zh-hans"
    officer.save()
    chinese = client.get(f"/policy/{national.pk}/figures/").content.decode()
    assert "来源不一致之处" in chinese
    assert "98,990,000人" in chinese


def test_a_package_without_published_figures_says_so(
    places: dict[str, Area], hire: Hire, client: Visitor
) -> None:
    version = published("imaginary/2023", hire(Role.ADMINISTRATOR, username="publisher"))
    client.force_login(hire(Role.VIEWER, places["510101001"]))
    assert "no published figures" in client.get(f"/policy/{version.pk}/figures/").content.decode()


def test_a_designer_publishes_activates_and_withdraws_by_form(
    places: dict[str, Area], hire: Hire, client: Visitor
) -> None:
    client.force_login(hire(Role.POLICY_DESIGNER, places["510101"]))
    assert client.get("/policy/publish/").status_code == 200
    answer = client.post("/policy/publish/", {"package": "imaginary/2023", "note": "for a trial"})
    version = PackageVersion.objects.get()
    assert answer.headers["Location"] == f"/policy/{version.pk}/"
    assert client.get(f"/policy/activate/?version={version.pk}").status_code == 200
    given = {"version": version.pk, "place": "510101", "starts_on": "2023-01-01", "ends_on": ""}
    address = f"/policy/activate/?version={version.pk}"
    assert client.post(address, given | {"place": "52"}).status_code == 200  # not among one's places
    assert not Activation.objects.exists()
    assert client.post(address, given).status_code == 302
    made = Activation.objects.get()
    assert client.get(f"/policy/activations/{made.pk}/withdraw/").status_code == 200
    assert (
        client.post(f"/policy/activations/{made.pk}/withdraw/", {"reason": "a trial only"}).status_code == 302
    )
    made.refresh_from_db()
    assert made.withdrawn_at is not None


@pytest.mark.parametrize("role", Role)
def test_who_may_open_the_forms(
    role: Role, national: PackageVersion, places: dict[str, Area], hire: Hire, client: Visitor
) -> None:
    client.force_login(hire(role, places["510101001"]))
    may = role in (Role.POLICY_DESIGNER, Role.ADMINISTRATOR)
    expected = 200 if may else 403
    assert client.get("/policy/publish/").status_code == expected
    assert client.get(f"/policy/activate/?version={national.pk}").status_code == expected
    made = Activation.objects.get()  # of the county above the officer's township
    assert client.get(f"/policy/activations/{made.pk}/withdraw/").status_code == (404 if may else 403)
    assert client.get("/policy/9999/").status_code == 404
    assert client.get("/policy/difference/?old=x&new=9").status_code == 404
