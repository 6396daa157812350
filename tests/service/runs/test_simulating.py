# SPDX-License-Identifier: Apache-2.0
"""Decides that a simulation of the register says what a changed package would, and changes no status."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.conf import settings

from hearthline.accounts.models import Officer
from hearthline.accounts.rules import Role
from hearthline.areas.models import Area
from hearthline.audit.models import AuditRow
from hearthline.base.problems import HearthlineError
from hearthline.engine.backends import open_run, screen
from hearthline.jobs.models import Job, JobState
from hearthline.jobs.worker import run_worker
from hearthline.runs.models import Result, Run, SimulatedHousehold, Simulation
from hearthline.runs.services import request_simulation
from hearthline.runs.services.simulating import Asked
from hearthline.runs.simulations import SMALL, simulations_in, told, told_amount
from hearthline.runs.views.simulating import TITLES
from tests.service.conftest import TODAY, Hire, Visitor
from tests.service.runs.county import ON, Registered, registered
from tests.service.runs.test_screening import screened

HIGHER = Asked(
    settings=("poverty_line=5000", "criteria.housing=off"),
    benefits=("person=1200",),
    warn=("cliff=0%", "reversals=0%"),
    reference="standard.income_only",
    curve="poverty_line",
)


@pytest.fixture
def county(db: None, hire: Hire) -> Registered:
    """The generator's county in the register."""
    return registered(hire(Role.ADMINISTRATOR), households=60)


@pytest.fixture
def run(county: Registered) -> Run:
    """The county screened."""
    return screened(county)


@pytest.fixture
def analyst(county: Registered, hire: Hire) -> Officer:
    """An analyst of the county, who may open households."""
    return hire(Role.ANALYST, county.area)


def simulated(by: Officer, run: Run, asked: Asked = HIGHER) -> Simulation:
    """A finished simulation."""
    job = request_simulation(by=by, on=TODAY, run_id=run.pk, asked=asked)
    run_worker(once=True)
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.problem
    assert job.result is not None
    return Simulation.objects.get(pk=job.result["simulation"])


def test_a_simulation_finds_whom_a_screening_by_its_package_finds(
    run: Run, analyst: Officer, tmp_path: Path
) -> None:
    found = simulated(analyst, run)
    home = Path(settings.HOME)
    data = home / run.snapshot.folder
    whole = screen(home / found.folder / "package", data, on=ON, out=tmp_path / "whole").run
    assert whole.record.package.version_hash == found.answer["later"]["version_hash"]
    before, after = (statuses(each) for each in (open_run(home / run.folder), whole))
    differing = {number for number in before if before[number] != after[number]}
    numbers = dict(Result.objects.filter(run=run).values_list("household_id", "number"))
    listed = SimulatedHousehold.objects.filter(simulation=found)
    assert {numbers[row.household_id] for row in listed} == differing
    assert differing


def statuses(run: object) -> dict[int, str]:
    """The status of every household of a run's files."""
    files = run.paths("households")  # type: ignore[attr-defined]  # a run of the engine
    rows = pq.read_table(files[0], columns=["household_id", "status"]).to_pylist()
    return {row["household_id"]: row["status"] for row in rows}


def test_no_status_and_no_run_is_changed(run: Run, analyst: Officer) -> None:
    before = list(Result.objects.filter(run=run).order_by("pk").values())
    runs = list(Run.objects.order_by("pk").values())
    simulated(analyst, run)
    assert list(Result.objects.filter(run=run).order_by("pk").values()) == before
    assert list(Run.objects.order_by("pk").values()) == runs


def test_it_leaves_a_trace(run: Run, analyst: Officer) -> None:
    found = simulated(analyst, run)
    row = AuditRow.objects.get(action="runs.simulate")
    assert (row.subject_id, row.facts["run"]) == (str(found.pk), run.pk)


def test_what_cannot_be_set_is_refused_before_a_job_waits(run: Run, analyst: Officer) -> None:
    for asked, code in (
        (Asked(), "simulation.nothing-set"),
        (Asked(settings=("no_such_line=3",)), "simulation.unknown-address"),
        (Asked(settings=("poverty_line=3 days",)), "simulation.wrong-unit"),
        (Asked(settings=("poverty_line=3000",), benefits=("person=-3",)), "simulation.bad-benefit"),
        (Asked(settings=("poverty_line=3000",), warn=("cliff=steep",)), "simulation.bad-threshold"),
        (Asked(curve="housing"), "simulation.bad-curve"),
    ):
        with pytest.raises(HearthlineError) as refused:
            request_simulation(by=analyst, on=TODAY, run_id=run.pk, asked=asked)
        assert refused.value.code == code
    assert not Job.objects.filter(name="runs.simulate").exists()


def test_a_job_that_is_cancelled_leaves_nothing(run: Run, analyst: Officer) -> None:
    job = request_simulation(by=analyst, on=TODAY, run_id=run.pk, asked=HIGHER)
    Job.objects.filter(pk=job.pk).update(cancel_asked=True)
    run_worker(once=True)
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert not Simulation.objects.exists()
    folder = Path(settings.HOME) / "simulations"
    assert not folder.is_dir() or not list(folder.iterdir())


def test_an_officer_of_a_part_does_not_simulate_the_whole(run: Run, county: Registered, hire: Hire) -> None:
    of_township = hire(Role.ANALYST, Area.objects.filter(parent=county.area).first())
    with pytest.raises(HearthlineError) as refused:
        request_simulation(by=of_township, on=TODAY, run_id=run.pk, asked=HIGHER)
    assert refused.value.code == "runs.no-run"
    assert not simulations_in(by=of_township, on=TODAY).exists()


def test_the_page_shows_everything_to_who_may_open_households(
    run: Run, analyst: Officer, client: Visitor
) -> None:
    found = simulated(analyst, run)
    client.force_login(analyst)
    assert f'href="/runs/simulations/{found.pk}/"' in client.get(f"/jobs/{found.job_id}/").content.decode()
    text = client.get(f"/runs/simulations/{found.pk}/").content.decode()
    for words in (
        "Who would enter and leave",
        "By place",
        "Cost of the benefits",
        "The cliff",
        "Rank reversals",
    ):
        assert words in text
    assert "Nobody's status was changed" in text.replace("&#x27;", "'")
    assert ">hidden<" not in text
    warned = [each["kind"] for each in found.answer["warnings"]]
    assert warned, "no threshold was reached, so no warning was shown"
    assert text.count("a person who crosses the line falls by") == warned.count("cliff")
    assert text.count("of people end below someone poorer before help") == warned.count("reversals")
    entered = SimulatedHousehold.objects.filter(simulation=found, change="entered").count()
    page = client.get(f"/runs/simulations/{found.pk}/households/?change=entered").content.decode()
    assert entered
    assert page.count("/households/") >= min(entered, 20)
    named = set(
        SimulatedHousehold.objects.filter(simulation=found, change="entered").values_list("rules", flat=True)
    )
    assert "line_total" in named
    assert "Poverty line for all members" in page
    assert "line_total" not in page


def test_each_cause_stands_once_with_its_counts_and_the_list_says_in_words_what_was_set(
    run: Run, analyst: Officer, client: Visitor
) -> None:
    found = simulated(analyst, run)
    client.force_login(analyst)
    page = client.get(f"/runs/simulations/{found.pk}/").content.decode()
    causes = page[page.index("Causes of these households</h2>") :]
    rows = re.findall(
        r'<th scope="row"><a href="[^"]+">([^<]+)</a></th>((?:<td class="num">\d+</td>)+)',
        causes.split("</table>")[0],
    )
    assert len(rows) == len(dict(rows)) == len({each["cause"] for each in found.answer["causes"]}) > 1
    counted = sum(int(count) for _cause, cells in rows for count in re.findall(r">(\d+)<", cells))
    assert counted == sum(each["households"] for each in found.answer["causes"])
    listed = client.get("/runs/simulations/").content.decode()
    assert "Poverty line: 5000; Safe housing guaranteed: is not asked" in listed
    assert "criteria.housing" not in listed


def test_who_may_open_no_household_sees_rounded_totals_alone(
    run: Run, county: Registered, analyst: Officer, hire: Hire, client: Visitor
) -> None:
    found = simulated(analyst, run)
    client.force_login(hire(Role.POLICY_DESIGNER, county.area))
    answer = client.get(f"/runs/simulations/{found.pk}/")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Counts are rounded to tens" in text
    for words in ("By place", "Causes of these households", "The cliff", "crosses the line", "/households/"):
        assert words not in text
    assert client.get(f"/runs/simulations/{found.pk}/households/").status_code == 403


def test_a_small_group_is_hidden_and_others_rounded() -> None:
    assert told({"households": SMALL, "people": 30.0}, whole=False).households is None
    assert told({"households": 0, "people": 0.0}, whole=False).households is None
    rounded = told({"households": 24, "people": 97.0}, whole=False)
    assert (rounded.households, rounded.people) == (20, 100)
    assert told({"households": 24, "people": 97.0}, whole=True).households == 24
    assert told_amount(28_812.0, 24, whole=False) == 29_000
    assert told_amount(4_800.0, 4, whole=False) is None


def test_the_form_asks_by_the_package_of_the_run_and_answers_in_words(
    run: Run, analyst: Officer, client: Visitor
) -> None:
    client.force_login(analyst)
    address = f"/runs/{run.pk}/simulate/"
    form = client.get(address).content.decode()
    assert "set_poverty_line" in form
    assert "2952" in form
    checked = {f"criterion_{name}": "on" for name in run.names["deciding"] if name != "housing"}
    nothing = {f"criterion_{name}": "on" for name in run.names["deciding"]}
    refused = client.post(address, nothing)
    assert refused.status_code == 400
    assert "very package" in refused.content.decode()
    wrong = client.post(address, nothing | {"set_poverty_line": "many"})
    assert wrong.status_code == 400
    assert "many" in wrong.content.decode()
    assert 'href="#id_set_poverty_line">' in wrong.content.decode()
    sent = client.post(
        address,
        checked
        | {"set_poverty_line": "3500", "gap": "50%", "curve": "poverty_line"}
        | {"warn_cliff": "off", "warn_reversals": "关"},
    )
    assert sent.status_code == 302
    job = Job.objects.get(name="runs.simulate")
    assert job.payload["settings"] == ["parameters.poverty_line=3500", "criteria.housing=off"]
    assert job.payload["benefits"] == ["gap=50%"]
    assert job.payload["warn"] == ["cliff=off", "reversals=off"]
    run_worker(once=True)
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.problem


FAULTS = {
    "set_poverty_line": ("many", "Write a number in digits, such as 2952"),
    "set_school_age_from": ("6", "is 6 already"),
    "set_notice_days": ("9 yuan", "not in yuan"),
    "household": ("a lot", "Write an amount in digits"),
    "gap": ("half", "Write a share of the gap, such as 50%"),
    "warn_cliff": ("never", "Write a share, such as 10%, or off"),
}


def test_what_is_wrong_is_told_at_its_field(run: Run, analyst: Officer, client: Visitor) -> None:
    client.force_login(analyst)
    address = f"/runs/{run.pk}/simulate/"
    asked = {f"criterion_{name}": "on" for name in run.names["deciding"]}
    by_reader = {name for name in FAULTS if not name.startswith(("set_school", "set_notice"))}
    for names in (by_reader, FAULTS.keys() - by_reader):
        page = client.post(address, asked | {name: FAULTS[name][0] for name in names})
        assert page.status_code == 400
        text = page.content.decode()
        for name in names:
            typed, told_so = FAULTS[name]
            assert f'href="#id_{name}">' in text
            assert told_so in text.partition(f'id="id_{name}_error">')[2].partition("</p>")[0]
            assert f'value="{typed}"' in text
            assert re.search(rf'aria-describedby="[^"]*id_{name}_error"[^>]*id="id_{name}"', text)
        assert text.count('class="error"') == len(names)
    assert not Job.objects.filter(name="runs.simulate").exists()


def test_the_last_criterion_that_is_switched_off_is_told_at_its_field(
    run: Run, analyst: Officer, client: Visitor
) -> None:
    client.force_login(analyst)
    text = client.post(f"/runs/{run.pk}/simulate/", {}).content.decode()
    assert text.count('class="error"') == 1
    assert 'href="#id_criterion_' in text


def test_the_fields_stand_under_headings(run: Run, analyst: Officer, client: Visitor) -> None:
    client.force_login(analyst)
    text = client.get(f"/runs/{run.pk}/simulate/").content.decode()
    headings = ["Which package", "Other values", "What is asked of a household", "Benefits", "When to warn"]
    places = [text.index(f"<legend><h2>{heading}</h2></legend>") for heading in headings]
    assert places == sorted(places)


def test_the_list_and_the_page_of_the_run_lead_to_it(run: Run, analyst: Officer, client: Visitor) -> None:
    found = simulated(analyst, run)
    client.force_login(analyst)
    listed = client.get("/runs/simulations/").content.decode()
    assert f"/runs/simulations/{found.pk}/" in listed
    assert "What if" in client.get(f"/runs/{run.pk}/").content.decode()


def test_the_counts_of_an_answer_open_their_households_by_place_and_by_rule(
    run: Run, analyst: Officer, client: Visitor
) -> None:
    found = simulated(analyst, run)
    client.force_login(analyst)
    page = html.unescape(client.get(f"/runs/simulations/{found.pk}/").content.decode())
    own = f"/runs/simulations/{found.pk}/households/?"
    opened = dict(re.findall(rf'href="({re.escape(own)}[^"]+)">([\d,]+)</a>', page))
    by_place = [address for address in opened if "area=" in address]
    by_rule = [address for address in opened if "rule=" in address]
    told_places = [each for each in found.answer["changes"] if each["group"] and each["change"] in TITLES]
    assert len(by_place) == len(told_places) > 1
    assert len(by_rule) == len(found.answer["rules"]) + len(found.answer["standard_itself"]) > 1
    for address, count in opened.items():
        rows = re.search(r"(\d+) rows?<", client.get(address).content.decode())
        assert rows
        assert rows[1] == count, address
    place = next(each for each in told_places if each["change"] == "entered")
    [code] = place["group"].values()
    name, number = Area.objects.values_list("name", "pk").get(code=code)
    assert f'<a href="/areas/{number}/">{name}</a>' in page
    assert f"In {name}" in client.get(f"{own}change=entered&area={number}").content.decode()
    assert client.get(f"{own}change=entered&area=999999").status_code == 404
    assert client.get(f"{own}change=entered&area={'9' * 30}").status_code == 404


def test_rules_causes_and_settings_of_an_answer_lead_to_their_meaning_in_the_package(
    run: Run, analyst: Officer, client: Visitor
) -> None:
    found = simulated(analyst, run)
    client.force_login(analyst)
    page = html.unescape(client.get(f"/runs/simulations/{found.pk}/").content.decode())
    cause = found.answer["causes"][0]["cause"]
    for section, name in (
        ("parameters", "poverty_line"),
        ("criteria", "housing"),
        ("derived", "line_total"),
        ("causes", cause),
    ):
        address = re.search(rf'href="([^"]+\?open={section}-{name}#{section}-{name})"', page)
        assert address, f"{section} {name}"
        there = client.get(address[1].partition("#")[0]).content.decode()
        assert f'<details id="{section}-{name}" open>' in there
        assert there.count(f'id="{section}-{name}"') == 1
    assert "Of causes a simulation keeps the counts and no list of households." in page
