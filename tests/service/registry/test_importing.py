# SPDX-License-Identifier: Apache-2.0
"""Decides that an import brings whole households with their origin, once, and can be undone as a whole."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from hearthline.audit.models import AuditRow
from hearthline.base.problems import HearthlineError
from hearthline.base.sealed_files import is_sealed
from hearthline.jobs.models import Job
from hearthline.jobs.worker import run_worker
from hearthline.registry.models import (
    Household,
    HouseholdFacts,
    Identity,
    Membership,
    Observation,
    Person,
    PersonFacts,
    RegisterImport,
)
from hearthline.registry.queries import get_household, households_in, search
from hearthline.registry.services import (
    correct_identity,
    end_membership,
    erase_identity,
    hand_out_refused,
    observe,
    open_sensitive,
    rebuild_current,
    refused_file,
    request_import,
    undo_import,
)

from ..conftest import Visitor
from .conftest import TODAY, Office
from .files import HOUSEHOLDS, MAP, PEOPLE, imported, uploaded

pytestmark = pytest.mark.django_db


def counts(report: dict[str, dict[str, dict[str, int]]]) -> tuple[int, int, int]:
    """New households, new people, changed households."""
    found = report["register"]["counts"]
    return found["new_households"], found["new_people"], found["changed_households"]


def cached() -> list[tuple[object, ...]]:
    """Every cache, as bytes."""
    found: list[tuple[object, ...]] = []
    with connection.cursor() as cursor:
        for table in ("household", "person"):
            cursor.execute(
                f"select {table}_id, facts, records, origins, observation_id "
                f"from registry_{table}facts order by {table}_id"
            )
            found += cursor.fetchall()
    return found


def test_an_import_brings_people_facts_records_and_where_they_came_from(
    office: Office, tmp_path: Path
) -> None:
    done = imported(office, tmp_path)
    assert counts(done.report) == (3, 4, 0)
    household = Household.objects.get(number="H-1")
    assert (household.head_name, household.members) == ("王小明", 2)
    view = get_household(by=office.village, on=TODAY, household_id=household.pk)
    grade = view.fact("dwelling_grade")
    assert grade is not None
    assert (grade.value, grade.source, grade.observed_on) == ("A", "poverty_office", date(2017, 11, 30))
    amounts = [line.value("amount") for line in view.records["income_line"]]
    assert amounts == [Decimal("1200.50"), Decimal("300.00")]
    assert [member.person.name for member in view.members] == ["王小明", "王芳"]
    assert [fact.value for fact in view.members[1].facts if fact.fact.name == "health"] == ["disabled"]
    before = cached()
    HouseholdFacts.objects.all().delete()
    PersonFacts.objects.all().delete()
    rebuild_current(by=office.administrator, on=TODAY, area_path=office.places["510101001"].path)
    assert [row for row in before if row in cached()] == cached()
    batch = AuditRow.objects.get(action="registry.import_batch")
    assert batch.facts["households"] == 3
    assert len(batch.facts["hash"]) == 64


def test_people_are_found_by_name_pinyin_initials_id_number_and_village(
    office: Office, tmp_path: Path
) -> None:
    imported(office, tmp_path)

    def numbers(text: str) -> list[str]:
        return [one.household_number for one in search(by=office.administrator, on=TODAY, text=text)]

    assert numbers("王小") == ["H-1"]
    assert numbers("wangx") == ["H-1"]
    assert numbers("WXM") == ["H-1"]
    assert numbers("shanx") == ["H-2"]
    assert numbers("ouyang") == ["510101001001-0007", "H-3"]
    assert numbers("990101 19950101 0013") == []
    assert numbers("990101195001010013") == ["H-2"]
    assert numbers("H-3") == ["H-3"]
    assert numbers("柳树") == ["H-2"]
    assert [one.household_number for one in search(by=office.village, on=TODAY, text="H-")] == ["H-1", "H-2"]


def test_an_imported_row_names_its_file_and_line(office: Office, tmp_path: Path, client: Visitor) -> None:
    client.force_login(office.administrator)
    imported(office, tmp_path)
    changed = imported(
        office, tmp_path, people=PEOPLE.replace("王小明", "王晓明").replace("disabled", "chronic")
    )

    def row_of(number: str, person: str = "", **more: object) -> str:
        rows = Observation.objects.filter(household__number=number, **more).order_by("-id")
        found = rows.filter(person__name=person) if person else rows.filter(person=None)
        page = client.get(reverse("site:observation", args=[found[0].pk])).content.decode()
        told = re.search(r"<dt>File and line</dt><dd>([^<]+)</dd>", page)
        return told[1] if told else ""

    assert row_of("H-1") == "households.csv, line 2"
    assert row_of("H-3") == "households.csv, line 4"
    assert row_of("H-1", "王晓明") == "people.csv, line 2"
    again = row_of("H-1", "王芳", brought_by=changed)
    assert again == "people.csv, line 3"
    observe(by=office.village, on=TODAY, household_id=office.household.pk, source="visit", facts={"size": 2})
    assert row_of(office.household.number) == ""


def test_the_same_files_again_change_nothing(office: Office, tmp_path: Path) -> None:
    imported(office, tmp_path)
    observations, before = Observation.objects.count(), cached()
    again = imported(office, tmp_path)
    assert counts(again.report) == (0, 0, 0)
    assert again.report["register"]["counts"]["unchanged_households"] == 3
    assert (Observation.objects.count(), cached()) == (observations, before)


def test_a_changed_household_gets_an_observation_and_no_second_household(
    office: Office, tmp_path: Path
) -> None:
    imported(office, tmp_path)
    changed = HOUSEHOLDS.replace("1,2,A", "1,3,").replace("510101001001", "510101001002")
    people = PEOPLE.replace("王芳", "王芳芳") + "1,3,2016-01-01,healthy,child,王圆,,,\n"
    again = imported(office, tmp_path, households=changed, people=people)
    assert counts(again.report) == (0, 1, 1)
    household = Household.objects.get(number="H-1")
    assert (household.members, household.area.code) == (3, "510101001002")
    view = get_household(by=office.village, on=TODAY, household_id=household.pk)
    grade, size = view.fact("dwelling_grade"), view.fact("size")
    assert grade is not None
    assert size is not None
    assert (grade.value, size.value) == (None, 3)
    assert {member.person.name for member in view.members} == {"王小明", "王芳芳", "王圆"}
    assert search(by=office.village, on=TODAY, text="wff")
    third = imported(office, tmp_path, households=changed, people=people)
    assert counts(third.report) == (0, 0, 0)


def test_an_undone_import_closes_what_it_opened_and_leaves_no_value_behind(
    office: Office, tmp_path: Path
) -> None:
    observe(
        by=office.village,
        on=TODAY,
        household_id=office.household.pk,
        source="visit",
        facts={"size": 2},
    )
    before = cached()
    done = imported(office, tmp_path)
    undo_import(by=office.administrator, on=TODAY, import_id=done.pk)
    run_worker(once=True)
    assert cached() == before
    opened = Household.objects.filter(opened_by=done)
    assert {household.closed_on is not None for household in opened} == {True}
    assert list(households_in(by=office.administrator, on=TODAY)) == [office.household]
    assert not Membership.objects.filter(household__in=opened, ends_on__isnull=True).exists()
    assert search(by=office.administrator, on=TODAY, text="王") == []
    with pytest.raises(HearthlineError) as caught:
        undo_import(by=office.administrator, on=TODAY, import_id=done.pk)
    assert caught.value.code == "registry.import-already-undone"
    again = imported(office, tmp_path)
    assert counts(again.report)[:2] == (0, 0)
    assert (
        Household.objects.filter(number__startswith="H-", closed_on__isnull=True, members__gt=0).count() == 3
    )
    assert len(cached()) == len(before) + 7


def as_known() -> list[tuple[object, ...]]:
    """Who the register says its people are and where they live, and what is sealed of them, as bytes."""
    people = Person.objects.filter(number__startswith="H-", closed_on__isnull=True).order_by("number")
    columns = ("number", "name", "pinyin", "initials", "id_index", "area_path", "household__area__code")
    rows = people.values_list(*columns, "household__head_name", "household__members")
    sealed = Identity.objects.filter(person__in=people).order_by("person__number")
    return [
        *rows,
        *((bytes(one.wrapped_key), bytes(one.sealed), one.digest) for one in sealed),
    ]


def changed_once(office: Office, folder: Path) -> RegisterImport:
    """Another village, another name of the head, another ID."""
    people = PEOPLE.replace("王小明", "王晓明").replace("990101199905060022", "990101199905060099")
    return imported(
        office, folder, households=HOUSEHOLDS.replace("510101001001", "510101001002"), people=people
    )


def undone(office: Office, one: RegisterImport) -> None:
    undo_import(by=office.administrator, on=TODAY, import_id=one.pk)
    run_worker(once=True)


def test_undoing_an_import_brings_back_names_ids_and_villages_of_households_known_before(
    office: Office, tmp_path: Path
) -> None:
    imported(office, tmp_path)
    before = as_known()
    second = changed_once(office, tmp_path)
    assert search(by=office.village, on=TODAY, text="990101199905060099")
    assert as_known() != before
    undone(office, second)
    assert as_known() == before
    assert search(by=office.village, on=TODAY, text="990101199905060099") == []
    assert search(by=office.village, on=TODAY, text="990101199905060022")


def test_undoing_an_import_lets_go_again_who_had_left_and_was_only_listed_anew(
    office: Office, tmp_path: Path
) -> None:
    imported(office, tmp_path)
    child = Person.objects.get(name="王芳")
    end_membership(
        by=office.village, on=TODAY, household_id=child.household_id, person_id=child.pk, ends_on=TODAY
    )
    left = as_known()
    second = imported(office, tmp_path)
    assert counts(second.report) == (0, 0, 1)
    assert as_known() != left
    undone(office, second)
    assert as_known() == left


@pytest.mark.parametrize("first_undone", ["second", "third"])
def test_imports_over_one_another_can_be_undone_in_any_order(
    office: Office, tmp_path: Path, first_undone: str
) -> None:
    imported(office, tmp_path)
    before = as_known()
    second = changed_once(office, tmp_path)
    between = as_known()
    third = imported(office, tmp_path, people=PEOPLE.replace("王小明", "王大明"))
    last = as_known()
    undone(office, second if first_undone == "second" else third)
    assert as_known() == (last if first_undone == "second" else between)
    undone(office, third if first_undone == "second" else second)
    assert as_known() == before


def test_undoing_an_import_never_brings_back_an_identity_that_was_erased(
    office: Office, tmp_path: Path
) -> None:
    imported(office, tmp_path)
    second = changed_once(office, tmp_path)
    person = Person.objects.get(name="王晓明")
    erase_identity(by=office.administrator, on=TODAY, person_id=person.pk, reason="asked for, file 3")
    undone(office, second)
    person.refresh_from_db()
    assert (person.name, person.id_index, person.household.head_name) == ("", "", "")
    assert bytes(Identity.objects.get(person=person).sealed) == b""
    assert search(by=office.village, on=TODAY, text="990101197002030011") == []


def test_undoing_an_import_never_brings_back_a_national_id_that_was_put_right(
    office: Office, tmp_path: Path
) -> None:
    imported(office, tmp_path)
    second = changed_once(office, tmp_path)
    person = Person.objects.get(name="王晓明")
    right = "11010519491231002X"
    correct_identity(
        by=office.administrator, on=TODAY, person_id=person.pk, national_id=right, reason="card looked at"
    )
    undone(office, second)
    assert Person.objects.get(pk=person.pk).name == "王小明"
    assert [one.person_id for one in search(by=office.administrator, on=TODAY, text=right)] == [person.pk]


def test_rows_that_may_not_enter_are_told_with_file_line_and_reason(office: Office, tmp_path: Path) -> None:
    households = (
        HOUSEHOLDS.replace("510101002001,H-3", "519999,H-3") + "4,x,A,510101,510101001,510101001001,H-4\n"
    )
    people = PEOPLE + "4,1,1985-08-08,healthy,head,赵,,,\n"
    people = people.replace("990101195001010013", "990101197002030011")
    done = imported(office, tmp_path, households=households, people=people)
    register = done.report["register"]
    assert register["kept_out"] == {"registry.import-unknown-area": [1, 1]}
    assert sorted(register["same_id_in_files"]) == ["H-1-1", "H-2-1"]
    assert register["same_id_in_place"] == []
    told = hand_out_refused(by=office.administrator, on=TODAY, import_id=done.pk).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(told, newline="")))
    assert [(row["file"], row["line"]) for row in rows][-1] == ("households.csv", "4")
    assert "519999" in rows[-1]["reason"]
    assert {row["line"] for row in rows if row["file"] == "households.csv"} == {"4", "5"}
    assert "CANARY" not in told
    assert is_sealed(refused_file(done))


def test_a_number_of_another_county_is_not_taken_over(office: Office, tmp_path: Path) -> None:
    imported(office, tmp_path)
    Household.objects.filter(number="H-2").update(area_path=office.places["510102001001"].path)
    done = imported(office, tmp_path, people=PEOPLE.replace("1950-01-01", "1951-01-01"))
    assert done.report["register"]["counts"]["refused_households"] == 1
    assert "elsewhere" in done.report["register"]["refused"][0]["reason"]


def test_identity_is_sealed_opened_with_a_trace_and_erased_for_good(office: Office, tmp_path: Path) -> None:
    imported(office, tmp_path)
    person = Person.objects.get(name="王小明")
    row = Identity.objects.get(person=person)
    assert b"CANARY" not in bytes(row.sealed) + bytes(row.wrapped_key)
    words: dict[str, Any] = {"on": TODAY, "person_id": person.pk, "field": "phone"}
    assert open_sensitive(by=office.village, **words) == "CANARY-PHONE"
    with pytest.raises(HearthlineError) as caught:
        open_sensitive(by=office.analyst, **words, reason="curious")
    assert caught.value.code == "registry.reason-needed"
    assert open_sensitive(by=office.analyst, **words, reason="hotline complaint 17") == "CANARY-PHONE"
    traces = AuditRow.objects.filter(action="registry.open_sensitive")
    assert [trace.facts["on_duty"] for trace in traces.order_by("id")] == [True, False]
    assert "CANARY" not in str([trace.facts for trace in AuditRow.objects.all()])
    erase_identity(
        by=office.administrator, on=TODAY, person_id=person.pk, reason="asked for by the person, file 3"
    )
    with pytest.raises(HearthlineError) as caught:
        open_sensitive(by=office.village, **words)
    assert caught.value.code == "registry.identity-erased"
    assert search(by=office.village, on=TODAY, text="990101197002030011") == []
    imported(office, tmp_path, people=PEOPLE.replace("1970-02-03", "1971-02-03"))
    assert Person.objects.get(pk=person.pk).name == ""
    assert bytes(Identity.objects.get(person=person).sealed) == b""


def test_a_sealed_value_put_in_the_place_of_anothers_cannot_be_opened(office: Office, tmp_path: Path) -> None:
    imported(office, tmp_path)
    one, other = Person.objects.get(name="王小明"), Person.objects.get(name="单雄")
    taken = Identity.objects.get(person=one)
    Identity.objects.filter(person=other).update(wrapped_key=taken.wrapped_key, sealed=taken.sealed)
    with pytest.raises(HearthlineError) as caught:
        open_sensitive(by=office.village, on=TODAY, person_id=other.pk, field="phone")
    assert caught.value.code == "sealing.cannot-open"


def test_a_map_that_names_nobody_or_a_fault_of_it_is_told_at_once(office: Office, tmp_path: Path) -> None:
    words: dict[str, Any] = {
        "by": office.administrator,
        "on": TODAY,
        "area_id": office.places["510101"].pk,
        "title": "",
        "files": uploaded(tmp_path),
    }
    for text, code in (
        (MAP.split("[identity]")[0], "registry.map-without-identity"),
        (MAP.replace("size =", "sise ="), "import.unknown-fact"),
        ("[[file", "import.map-unreadable"),
    ):
        with pytest.raises(HearthlineError) as caught:
            request_import(**words, map_text=text)
        assert caught.value.code == code
    assert not RegisterImport.objects.exists()
    with pytest.raises(HearthlineError) as caught:
        request_import(**words | {"by": office.village}, map_text=MAP)
    assert caught.value.code == "accounts.not-permitted"


def test_a_file_that_cannot_be_read_ends_the_job_with_its_sentence(office: Office, tmp_path: Path) -> None:
    done = imported(office, tmp_path, households="nothing\n")
    job = Job.objects.get(pk=done.job_id or 0)
    assert job.state == "failed"
    assert "has no column" in str(job.problem)
    assert not Person.objects.filter(opened_by=done).exists()
