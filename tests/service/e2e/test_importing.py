# SPDX-License-Identifier: Apache-2.0
"""Decides that a register with errors comes in by a map, is told row by row, found, and taken back whole."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.service.browser import View
from tests.service.e2e.office import Office, find
from tests.service.e2e.test_screening import ask_for_a_screening

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
encoding = "utf-8"
level = "person"
household = "hid"
key = "no"
source = "poverty_office"
observed_on = 2017-11-30
head = { column = "relation", value = "head" }
[file.columns]
birth_date = "born"
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
"""
PEOPLE = """hid,no,born,relation,name
1,1,1970-02-03,head,欧阳新来
1,2,1999-05-06,child,欧阳小宝
2,1,1980-03-04,head,欧阳不成
"""
INCOME = """hid,amount
1,1200.50
2,a few hundred
"""
DAY = "2017-12-31"


def write_files(folder: Path, codes: list[str]) -> list[Path]:
    """Two families in a village of the county; one has an income line that cannot be."""
    places = ",".join(codes)
    texts = {
        "households.csv": "hid,size,grade,county,town,village,code\n"
        f"1,2,D,{places},E2E-1\n2,1,D,{places},E2E-2\n",
        "people.csv": PEOPLE,
        "income.csv": INCOME,
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "map.toml").write_text(MAP, encoding="utf-8")
    return [folder / name for name in texts]


def test_an_administrator_imports_with_errors_finds_the_new_and_undoes_it_all(
    office: Office, browser: Browser, tmp_path: Path
) -> None:
    with office.visit(browser, "administrator", language="en") as view:
        import_files(view, office, tmp_path)
        read_the_report(view, office, tmp_path)
        report = view.page.url.removeprefix(view.address)
        find(view, "oyxl")
        view.page.get_by_role("link", name="欧阳新来", exact=True).first.click()
        expect(view.page.locator("h1")).to_have_text("欧阳新来")
        assert screened_households(view, office) == "151"
        undo(view, office, report)
        find(view, "oyxl")
        assert view.page.get_by_role("link", name="欧阳新来").count() == 0
        assert screened_households(view, office) == "150"
        view.assert_calm()


def import_files(view: View, office: Office, folder: Path) -> None:
    """By menu, button and form."""
    files = write_files(folder, office["codes"])
    page = view.page
    page.locator("nav.menu").get_by_role("link", name="Imports").click()
    office.judge(view, "imports")
    page.get_by_role("link", name="Import a register").click()
    office.judge(view, "new import")
    page.locator("#id_title").fill("Register with errors")
    page.locator("#id_uploads").set_input_files(files)
    page.locator("#id_map").set_input_files(folder / "map.toml")
    page.get_by_role("button", name="Upload").click()
    expect(page.locator("h1")).to_have_text("Register with errors")


def read_the_report(view: View, office: Office, folder: Path) -> None:
    """What came in, what was refused and why, and the file of refused rows."""
    page = view.page
    expect(page.locator(".progress-box progress")).to_have_count(0)
    page.reload()
    expect(page.locator("main")).to_contain_text("What came into the register")
    expect(page.locator("main")).to_contain_text("What was refused, and why")
    expect(page.locator("main")).to_contain_text("income.csv")
    office.judge(view, "import report")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Every refused row with its remedy (CSV)").click()
    waiting.value.save_as(folder / "refused.csv")
    # The browser calls a page that turns into a download unanswered; the file is read below.
    view.complaints[:] = [said for said in view.complaints if not said.endswith("/refused.csv")]
    refused = (folder / "refused.csv").read_text(encoding="utf-8-sig")
    assert "income.csv" in refused
    assert "a few hundred" in refused


def screened_households(view: View, office: Office) -> str:
    """How many households the figures of the county count once it is screened anew."""
    page = view.page
    ask_for_a_screening(page, day=DAY, hold=True, place=office["codes"][0])
    page.goto(f"{view.address}/areas/{office['county']}/")
    return (
        page.locator(".figures > *", has_text="Households screened")
        .locator(".figure-value")
        .first.inner_text()
    )


def undo(view: View, office: Office, report: str) -> None:
    """After a question, as a job."""
    page = view.page
    page.goto(view.address + report)
    page.get_by_role("link", name="Undo the import").click()
    expect(page.locator("h1")).to_contain_text("Undo the import Register with errors?")
    office.judge(view, "undo")
    page.get_by_role("button", name="Undo the import").click()
    expect(page.locator(".progress-box progress")).to_have_count(0)
    page.reload()
    expect(page.locator("main")).to_contain_text("undid this import")
