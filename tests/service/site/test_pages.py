# SPDX-License-Identifier: Apache-2.0
"""Decides what the pages of a county say, to whom, and at what cost."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hearthline.accounts.rules import Role
from hearthline.areas.models import Area
from hearthline.audit.models import AuditRow
from hearthline.registry.models import Household, Person
from hearthline.runs.models import AreaFigures, Result, Status
from tests.service.conftest import Visitor
from tests.service.county import County

ID = r"\b\d{17}[\dX]\b"


def signed_in(county: County, role: Role) -> Visitor:
    """A browser of the officer of a role."""
    visitor = Visitor()
    visitor.force_login(county.officer(role))
    return visitor


def text_of(answer: object) -> str:
    """What a page says, without its markup."""
    content = answer.content.decode()  # type: ignore[attr-defined]  # an HttpResponse
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", content)))


def test_home_answers_who_is_poor_and_says_plainly_what_is_not_kept_yet(county: County) -> None:
    text = text_of(signed_in(county, Role.ANALYST).get("/"))
    figures = AreaFigures.objects.get(run=county.run, area=county.area)
    assert "Who needs help, and why?" in text
    assert f"{figures.poor_households} poor households" in text
    assert "Plans, measures and funds are not kept in this version." in text


def test_a_figure_opens_down_to_the_source_of_a_value(county: County) -> None:
    analyst = signed_in(county, Role.ANALYST)
    home = analyst.get("/").content.decode()
    listed = re.search(r'href="(/areas/\d+/households/\?status=1)"', home)
    assert listed is not None
    page = analyst.get(listed[1]).content.decode()
    poor = Result.objects.filter(run=county.run, status=Status.POOR).count()
    assert f"{poor} rows" in page
    household = re.search(r'href="(/households/\d+/)"', page)
    assert household is not None
    shown = analyst.get(household[1])
    assert "Not met:" in text_of(shown)
    reasons = analyst.get(f"{household[1]}reasons/")
    assert reasons.status_code == 200


def test_a_bar_of_a_cause_opens_as_many_households_as_it_counts(county: County) -> None:
    analyst = signed_in(county, Role.ANALYST)
    page = analyst.get(reverse("site:area", args=[county.area.pk])).content.decode()
    causes = page[page.index('id="causes-head"') : page.index('id="criteria-head"')]
    bars = re.findall(r'href="([^"]+)">.*?([\d,]+) \(\d', causes, re.DOTALL)
    assert bars
    for address, count in bars:
        listed = text_of(analyst.get(unescape(address)))
        assert re.search(rf"\b{count} rows?\b", listed), address


def test_the_way_down_to_a_household_and_to_a_list_leads_back_to_the_place(county: County) -> None:
    analyst = signed_in(county, Role.ANALYST)
    for page, place in (
        (reverse("site:household", args=[county.household.pk]), county.household.area_id),
        (reverse("site:area-households", args=[county.village.pk]), county.village.pk),
    ):
        content = analyst.get(page).content.decode()
        way = content[
            content.index('class="trail"') : content.index("</nav>", content.index('class="trail"'))
        ]
        assert f'href="{reverse("site:area", args=[place])}"' in way


def test_added_up_records_open_the_observation_that_they_stand_in(county: County) -> None:
    analyst = signed_in(county, Role.ANALYST)
    content = analyst.get(reverse("site:household", args=[county.household.pk])).content.decode()
    line = re.search(r"from \d+ lines?(.*?)</p>", content)
    assert line is not None
    opened = re.search(r'href="(/observations/\d+/)"', line[1])
    assert opened is not None
    assert analyst.get(opened[1]).status_code == 200


def test_every_page_of_the_tree_answers_in_both_languages(county: County) -> None:
    for role in (Role.ANALYST, Role.VIEWER):
        visitor = signed_in(county, role)
        for area in (county.area, county.township, county.village):
            for language in ("en", "zh-hans"):
                visitor.post(reverse("accounts:language"), {"language": language, "next": "/"})
                answer = visitor.get(reverse("site:area", args=[area.pk]))
                assert answer.status_code == 200
                assert area.name in text_of(answer)


def test_the_gap_is_the_difference_to_the_rate_of_the_whole(county: County) -> None:
    csv = signed_in(county, Role.ANALYST).get(reverse("site:area", args=[county.area.pk]), {"format": "csv"})
    lines = b"".join(csv.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]  # a streaming answer
    assert len(lines) == 1 + Area.objects.filter(parent=county.area).count()
    row = AuditRow.objects.get(action="site.take_file")
    assert row.facts["rows"] == len(lines) - 1
    assert row.subject_id == str(county.area.pk)


def test_a_viewer_reads_no_small_figure_and_no_household(county: County) -> None:
    viewer = signed_in(county, Role.VIEWER)
    for figures in AreaFigures.objects.filter(run=county.run).select_related("area"):
        page = viewer.get(reverse("site:area", args=[figures.area_id])).content.decode()
        shown = [int(found.replace(",", "")) for found in re.findall(r'figure-value">([\d,]+)<', page)]
        assert all(count == 0 or count > 10 for count in shown), figures.area.name
        assert "/households/" not in page
    assert viewer.get(reverse("site:area-households", args=[county.area.pk])).status_code == 403
    assert viewer.get(reverse("site:household", args=[county.household.pk])).status_code == 403
    assert viewer.get(reverse("site:reasons", args=[county.household.pk])).status_code == 403


def test_a_viewers_file_hides_what_the_page_hides(county: County) -> None:
    address = reverse("site:area", args=[county.area.pk])
    file = signed_in(county, Role.VIEWER).get(address, {"format": "csv"})
    text = b"".join(file.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]  # a streaming answer
    for line in text.splitlines()[1:]:
        counts = [int(cell) for cell in line.split(",") if re.fullmatch(r"\d+", cell)]
        assert all(count == 0 or count > 10 for count in counts), line


def test_what_lies_outside_ones_area_is_not_found(county: County) -> None:
    visitor = Visitor()
    visitor.force_login(county.stranger)
    for name, number in (
        ("site:area", county.area.pk),
        ("site:area-households", county.area.pk),
        ("site:household", county.household.pk),
        ("site:reasons", county.household.pk),
        ("site:history", county.household.pk),
        ("site:job", county.run.job_id),
    ):
        assert visitor.get(reverse(name, args=[number])).status_code == 404, name


def test_a_look_at_a_household_leaves_one_trace_and_auditors_see_who_looked(county: County) -> None:
    signed_in(county, Role.ANALYST).get(reverse("site:household", args=[county.household.pk]))
    rows = AuditRow.objects.filter(subject="household", subject_id=str(county.household.pk))
    assert [row.officer_name for row in rows] == ["analyst"]
    page = text_of(signed_in(county, Role.AUDITOR).get(reverse("site:household", args=[county.household.pk])))
    assert re.search("Who looked .* auditor .* analyst ", page)
    assert "Who looked" not in text_of(
        signed_in(county, Role.ANALYST).get(reverse("site:household", args=[county.household.pk]))
    )


def test_sensitive_facts_are_hidden_by_role_and_open_with_a_reason_and_a_trace(county: County) -> None:
    address = reverse("site:household", args=[county.household.pk])
    assert "hidden from your role" not in text_of(signed_in(county, Role.VILLAGE_OFFICER).get(address))
    auditor = signed_in(county, Role.AUDITOR)
    assert "hidden from your role" in text_of(auditor.get(address))
    person = Person.objects.filter(household=county.household).first()
    assert person is not None
    sealed = reverse("site:sealed", args=[county.household.pk, person.pk, "national_id"])
    assert not re.search(ID, text_of(auditor.get(sealed)))
    refused = auditor.post(sealed, {"reason": "why"})
    assert not re.search(ID, text_of(refused))
    assert re.search(ID, text_of(auditor.post(sealed, {"reason": "complaint 17 of this week"})))
    row = AuditRow.objects.get(action="registry.open_sensitive")
    assert row.facts["reason"] == "complaint 17 of this week"
    assert auditor.post(sealed.replace("national_id", "name"), {"reason": "complaint"}).status_code == 404


def test_one_box_finds_by_pinyin_number_village_and_whole_id(county: County) -> None:
    officer = signed_in(county, Role.VILLAGE_OFFICER)
    person = Person.objects.filter(household=county.household).select_related("household").first()
    assert person is not None
    address = reverse("site:household", args=[county.household.pk])
    for text in (person.pinyin, person.initials, county.household.number, person.name):
        page = officer.get(reverse("site:search"), {"text": text}).content.decode()
        assert address in page, text
    village = officer.get(reverse("site:search"), {"text": county.village.name}).content.decode()
    assert reverse("site:area", args=[county.village.pk]) in village
    analyst = signed_in(county, Role.ANALYST)
    page = analyst.get(reverse("site:search"), {"text": county.national_id}).content.decode()
    assert "The person with this ID" in page
    assert county.national_id not in str(list(AuditRow.objects.values_list("facts", "subject_id")))


def test_the_trail_is_filtered_by_officer_action_and_subject(county: County) -> None:
    signed_in(county, Role.ANALYST).get(reverse("site:household", args=[county.household.pk]))
    auditor = signed_in(county, Role.AUDITOR)
    asked: dict[str, str | int] = {
        "subject": "household",
        "subject_id": county.household.pk,
        "action": "registry.look_at_household",
    }
    assert "1 row" in text_of(auditor.get(reverse("site:audit"), asked))
    assert "Nothing matches" in text_of(auditor.get(reverse("site:audit"), asked | {"officer": "nobody"}))
    by_area = auditor.get(reverse("site:audit"), {"area": county.village.code, "subject": "household"})
    assert "1 row" in text_of(by_area)
    assert signed_in(county, Role.ANALYST).get(reverse("site:audit")).status_code == 403


def test_jobs_are_listed_and_only_their_owner_or_an_administrator_steers_them(county: County) -> None:
    assert county.run.job_id is not None
    analyst = signed_in(county, Role.ANALYST)
    assert "Screening Done" in text_of(analyst.get(reverse("site:jobs")))
    address = reverse("site:job", args=[county.run.job_id])
    assert "Start it again" not in text_of(analyst.get(address))
    assert analyst.post(reverse("site:retry-job", args=[county.run.job_id])).status_code == 404
    assert (
        signed_in(county, Role.AUDITOR).post(reverse("site:retry-job", args=[county.run.job_id])).status_code
        == 403
    )


@pytest.mark.parametrize(
    ("name", "most"), [("home", 16), ("area", 18), ("area-households", 12), ("household", 18), ("search", 14)]
)
def test_a_page_asks_the_database_little_however_many_rows_there_are(
    county: County, name: str, most: int
) -> None:
    analyst = signed_in(county, Role.ANALYST)
    arguments = {"home": [], "search": [], "household": [county.household.pk]}.get(name, [county.area.pk])
    address = reverse(f"site:{name}", args=arguments)
    asked = {"text": county.household.number[:6]} if name == "search" else {}
    analyst.get(address, asked)
    with CaptureQueriesContext(connection) as queries:
        assert analyst.get(address, asked).status_code == 200
    assert len(queries) <= most, "\n".join(query["sql"][:120] for query in queries)


def test_a_household_without_a_screening_says_so(county: County) -> None:
    household = Household.objects.create(
        number="NEW-1", area=county.village, area_path=county.village.path, registered_on="2018-01-05"
    )
    page = text_of(signed_in(county, Role.ANALYST).get(reverse("site:household", args=[household.pk])))
    assert "This household was not screened yet." in page
