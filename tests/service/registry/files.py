# SPDX-License-Identifier: Apache-2.0
"""Decides the little register that the tests of the import bring: a map, two files, and what is in them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hearthline.jobs.worker import run_worker
from hearthline.registry.models import RegisterImport
from hearthline.registry.services import request_import
from hearthline.registry.storing import Uploaded

from .conftest import TODAY, Office

MAP = """
[[file]]
files = "households.csv"
level = "household"
key = "hid"
source = "poverty_office"
observed_on = 2017-11-30
areas = [{ code = "county" }, { code = "town" }, { code = "village" }]
[file.columns]
size = "size"
dwelling_grade = "grade"

[[file]]
files = "people.csv"
level = "person"
household = "hid"
key = "no"
source = "poverty_office"
observed_on = 2017-11-30
head = { column = "relation", value = "head" }
[file.columns]
birth_date = "born"
health = "health"
relation = "relation"

[[file]]
files = "income.csv"
level = "income_line"
household = "hid"
source = "poverty_office"
[file.columns]
amount = "amount"
class = { value = "wage" }
status = { value = "received" }

[identity]
household_number = "code"
name = "name"
national_id = "id"
phone = "tel"
account = "account"
"""
HOUSEHOLDS = """hid,size,grade,county,town,village,code
1,2,A,510101,510101001,510101001001,H-1
2,1,D,510101,510101001,510101001002,H-2
3,1,C,510101,510101002,510101002001,H-3
"""
PEOPLE = """hid,no,born,health,relation,name,id,tel,account
1,1,1970-02-03,healthy,head,王小明,990101197002030011,CANARY-PHONE,CANARY-ACCOUNT
1,2,1999-05-06,disabled,child,王芳,990101199905060022,,
2,1,1950-01-01,chronic,head,单雄,990101195001010013,13900000003,
3,1,1985-08-08,healthy,head,欧阳娜娜,,,
"""
INCOME = """hid,amount
1,1200.50
1,300
3,-40
"""


def uploaded(folder: Path, **texts: str) -> Sequence[Uploaded]:
    """Files as they come from a browser; households, people and income unless others are given."""
    found = {"households": HOUSEHOLDS, "people": PEOPLE, "income": INCOME} | texts
    folder.mkdir(exist_ok=True)
    files = []
    for name, text in found.items():
        path = folder / f"upload-{name}"
        path.write_text(text, encoding="utf-8")
        files.append(Uploaded(f"{name}.csv", path))
    return files


def imported(office: Office, folder: Path, map_text: str = MAP, **texts: str) -> RegisterImport:
    """The register after an import of these files, and the import."""
    asked = request_import(
        by=office.administrator,
        on=TODAY,
        area_id=office.places["510101"].pk,
        title="Register of 2017",
        map_text=map_text,
        files=uploaded(folder, **texts),
    )
    run_worker(once=True)
    asked.refresh_from_db()
    return asked
