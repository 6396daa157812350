# SPDX-License-Identifier: Apache-2.0
"""Decides which distinctive values are planted in the county, and how everything is searched for them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from html import unescape
from pathlib import Path

import pyarrow.parquet as pq
from django.apps import apps
from django.contrib.sessions.models import Session
from django.urls import resolve
from django.urls.exceptions import Resolver404
from django.utils import timezone

from hearthline.accounts.rules import Role
from hearthline.jobs.models import JobState
from hearthline.jobs.worker import run_worker
from hearthline.registry.models import Household, Person
from hearthline.registry.services import add_member, observe
from hearthline.runs.models import Run
from hearthline.runs.services import request_screening
from tests.service.conftest import Visitor
from tests.service.county import SCREENED, County
from tests.service.security.visiting import body_of

NATIONAL_ID, PHONE, ACCOUNT = "990000190703173713", "19907317370", "6299003170731737"
DIAGNOSIS, CLAIM = "Canarian-7317", "73731.37"
"""A sensitive text of a person, and the sensitive amount of a medical claim."""
NEIGHBOUR, NEIGHBOUR_PINYIN = "金丝雀邻", "jinsiquelin"
SEALED = {"national ID": NATIONAL_ID, "phone": PHONE, "account": ACCOUNT}
SENSITIVE = {"diagnosis": DIAGNOSIS, "claim": CLAIM, "claim with commas": "73,731.37"}
OUTSIDE = {"name in another county": NEIGHBOUR, "its pinyin": NEIGHBOUR_PINYIN}
EVERYTHING = {**SEALED, **SENSITIVE, **OUTSIDE}
ADDRESSES_OF_A_KIND = 3
_HREF = re.compile(r'(?:href|hx-get|action)="([^"#]+)')


@dataclass(frozen=True)
class Planted:
    """The household of the canaries, its person, and the run over them."""

    household: Household
    person: Person
    run: Run


def plant(county: County) -> Planted:
    """Put the canaries into the county by its own services, and screen it again.

    Two claims, since what a household paid in all is a value of the household, which stays in the reasons.
    """
    officer, today = county.officer(Role.VILLAGE_OFFICER), timezone.localdate()
    household = county.household
    person = add_member(
        by=officer,
        on=today,
        household_id=household.pk,
        name="张大山",
        identity={"national_id": NATIONAL_ID, "phone": PHONE, "account": ACCOUNT},
    )
    observe(
        by=officer,
        on=today,
        household_id=household.pk,
        person_id=person.pk,
        source="visit",
        facts={"ethnicity": DIAGNOSIS, "health": "chronic", "birth_date": date(1970, 3, 17)},
        records={
            "claim": {
                "001": {"kind": "inpatient", "out_of_pocket": CLAIM, "treated_on": date(2017, 5, 1)},
                "002": {"kind": "outpatient", "out_of_pocket": "212.00", "treated_on": date(2017, 6, 1)},
            }
        },
    )
    job = request_screening(
        by=county.officer(Role.ANALYST), on=today, area=county.area, screening_date=SCREENED
    )
    run_worker(once=True)
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.problem
    return Planted(household, person, Run.objects.get(pk=(job.result or {})["run"]))


def name_neighbour(household: Household) -> None:
    """Give the household of another county, and its head, a distinctive name."""
    Person.objects.filter(household=household).update(name=NEIGHBOUR, pinyin=NEIGHBOUR_PINYIN)
    Household.objects.filter(pk=household.pk).update(head_name=NEIGHBOUR)


def found_in(content: bytes, marks: Mapping[str, str]) -> list[str]:
    """The names of the marks that stand in some bytes."""
    return [name for name, mark in marks.items() if mark.encode() in content]


def readable(content: bytes) -> bytes:
    """The bytes, and those of the parts of a workbook."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return content + b"".join(book.read(name) for name in book.namelist())


@dataclass(frozen=True)
class Page:
    """One answer of a walk: its address, the name of its route, status and readable bytes."""

    address: str
    name: str
    status: int
    content: bytes


def walk(visitor: Visitor, starts: list[str]) -> Iterator[Page]:
    """Every page from some addresses on, by every link, file and part; a few of each kind."""
    waiting, known, kinds = list(starts), set(starts), dict[str, int]()
    certain = set(starts)
    while waiting:
        address = waiting.pop(0)
        kind = _kind(address)
        if kind is None or (address not in certain and kinds.get(kind, 0) >= ADDRESSES_OF_A_KIND):
            continue
        kinds[kind] = kinds.get(kind, 0) + 1
        response = visitor.get(address)
        content = readable(body_of(response))
        yield Page(address, kind.split("?")[0], response.status_code, content)
        if response.headers.get("Location", "").startswith("/"):
            waiting.append(response.headers["Location"])
        if response.headers.get("Content-Type", "").startswith("text/html"):
            for link in _HREF.findall(content.decode()):
                there = _absolute(address, unescape(link))
                if there and there not in known:
                    known.add(there)
                    waiting.append(there)


def _absolute(address: str, link: str) -> str:
    if link.startswith("?"):
        return address.split("?")[0] + link
    return link if link.startswith("/") and not link.startswith(("//", "/static/")) else ""


def _kind(address: str) -> str | None:
    """The route of an address and the names of what it asks."""
    path, _, query = address.partition("?")
    try:
        match = resolve(path)
    except Resolver404:
        return "nothing"
    names = sorted(part.split("=")[0] for part in query.split("&") if part)
    form = re.findall(r"format=(\w+)", query)
    return f"{match.view_name}?{','.join([*names, *form])}"


def in_database(marks: Mapping[str, str], but: Mapping[str, set[str]]) -> list[str]:
    """Tables in which a mark stands, but for those that a mark may stand in."""
    faults = []
    for model in apps.get_models():
        rows = model._default_manager.all()
        text = repr(list(rows.values_list()))
        if model is Session:
            text += repr([row.get_decoded() for row in Session.objects.all()])
        table = model._meta.db_table
        faults += [
            f"{name} in {table}"
            for name, mark in marks.items()
            if mark in text and table not in but.get(name, set())
        ]
    return faults


def in_files(folder: Path, marks: Mapping[str, str]) -> list[tuple[str, str]]:
    """Every mark in a file of a folder, as bytes or in the columns of a Parquet file: (mark, file)."""
    found = []
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = readable(file.read_bytes())
        if file.suffix == ".parquet":
            content += repr(pq.read_table(file).to_pydict()).encode()
        found += [(name, str(file.relative_to(folder))) for name in found_in(content, marks)]
    return found
