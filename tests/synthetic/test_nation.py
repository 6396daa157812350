# SPDX-License-Identifier: Apache-2.0
"""Decides that a generated nation has the published poor, by province and year, as a screening finds them."""

from __future__ import annotations

import multiprocessing
from datetime import date
from pathlib import Path

import duckdb
import pytest

from hearthline.base.problems import HearthlineError
from hearthline.engine.backends import screen
from hearthline.engine.backends.runs import RUN_SEAL, open_run, run_seal
from hearthline.engine.packages import load_policy
from hearthline.engine.rules.policy import Policy
from hearthline.engine.snapshots import open_snapshot
from hearthline.synthetic import Progress, generate_nation, names_path
from hearthline.synthetic.apportioning import POOR, targets_of, years_of
from hearthline.synthetic.calibration import BIAS, calibrated
from hearthline.synthetic.nation import Nation
from hearthline.synthetic.provinces import PROVINCES, RURAL_PEOPLE, people_of_provinces
from scripts.measure import ROOT

CN = "cn/2014-2020"
AT_2012 = ROOT / "examples" / "nation-2012"
HOUSEHOLDS = 40_000
MOST_ERRORS = 4.0
"""Standard errors; of 160 comparisons one may be beyond three by chance, none beyond four."""
INCIDENCE = "poverty_incidence"


def printed(value: float) -> float:
    """A share in per cent with one decimal, as it is published."""
    return round(100 * value, 1)


def test_the_rural_people_of_the_regions_give_every_published_incidence(cn: Policy) -> None:
    poor, incidence = cn.series[POOR], cn.series[INCIDENCE]
    people = dict[str | None, int](RURAL_PEOPLE) | {None: sum(RURAL_PEOPLE.values())}
    compared = 0
    for figure in incidence.figures:
        found = poor.find(figure.end, figure.place)
        assert found is not None
        assert printed(float(found.value) / people[figure.place]) == float(figure.value), figure
        compared += 1
    assert compared >= 12


def test_provinces_add_up_to_what_is_published(cn: Policy) -> None:
    for year in years_of(cn):
        targets = targets_of(cn, year)
        country = cn.series[POOR].find(date(year, 12, 31))
        assert country is not None
        assert sum(target.poor for target in targets.values()) == pytest.approx(float(country.value))
        for region in RURAL_PEOPLE:
            figure = cn.series[POOR].find(date(year, 12, 31), region)
            own = sum(targets[share.key].poor for share in PROVINCES if share.province.region == region)
            assert figure is None or own == pytest.approx(float(figure.value))
    published = {key for key, target in targets_of(cn, 2019).items() if target.published}
    assert published == {"guangxi", "sichuan", "yunnan", "gansu", "ningxia", "xinjiang"}
    assert targets_of(cn, 2019)["yunnan"].poor == 442_000


def test_the_apportionment_of_2016_keeps_the_published_classes(cn: Policy) -> None:
    targets = targets_of(cn, 2016)
    millions = {key: target.poor / 1_000_000 for key, target in targets.items()}
    over_three = {key for key, number in millions.items() if number >= 3}
    assert over_three == {"henan", "hunan", "guangxi", "sichuan", "guizhou", "yunnan"}
    over_one = {key for key, number in millions.items() if 1 <= number < 3}
    assert over_one == {
        *("hebei", "shaanxi", "jiangxi", "shandong", "hubei", "xinjiang", "shanxi", "anhui", "gansu"),
    }
    rates = {key: 100 * target.incidence for key, target in targets.items()}
    assert {key for key, rate in rates.items() if rate >= 10} == {
        *("guizhou", "yunnan", "tibet", "gansu", "xinjiang"),
    }
    assert len([rate for rate in rates.values() if 5 <= rate < 10]) == 7
    assert len([rate for rate in rates.values() if 3 <= rate < 5]) == 9


@pytest.mark.parametrize("year", [2012, 2013, 2016, 2017, 2019])
def test_a_screening_finds_the_poor_of_every_province(year: int, cn: Policy, tmp_path: Path) -> None:
    package = str(AT_2012) if year == 2012 else CN
    report = generate_nation(load_policy(package), out=tmp_path / "s", year=year, households=HOUSEHOLDS)
    screen(package, report.folder, on=date(year, 12, 31), out=tmp_path / "run")
    country, provinces = calibrated(open_run(tmp_path / "run"))
    assert [each.name for each in provinces][23] == "贵州省"
    assert {each.key: round(each.errors_off, 1) for each in provinces if each.errors_off > MOST_ERRORS} == {}
    assert country.errors_off < MOST_ERRORS
    figure = cn.series[POOR].find(date(year, 12, 31))
    assert figure is not None
    assert report.people_represented == sum(RURAL_PEOPLE.values())
    scaled = country.found * report.people_represented
    off = MOST_ERRORS * country.error / country.wanted + BIAS
    assert scaled == pytest.approx(float(figure.value), rel=off)
    assert country.wanted * report.people_represented == pytest.approx(float(figure.value))


def test_a_nation_that_misses_its_targets_is_seen_to(cn: Policy, tmp_path: Path) -> None:
    """The same households, held to another year, are far off."""
    report = generate_nation(cn, out=tmp_path / "s", year=2017, households=HOUSEHOLDS)
    screen(CN, report.folder, on=date(2017, 12, 31), out=tmp_path / "run")
    record = tmp_path / "run" / "run.json"
    record.write_text(record.read_text(encoding="utf-8").replace('"2017-12-31"', '"2016-12-31"'), "utf-8")
    (record.parent / RUN_SEAL).write_bytes(run_seal(record.read_bytes()))
    country, _ = calibrated(open_run(tmp_path / "run"))
    assert country.errors_off > 2 * MOST_ERRORS


def test_a_nation_is_about_three_people_a_household_and_states_its_scale(cn: Policy, tmp_path: Path) -> None:
    report = generate_nation(cn, out=tmp_path / "s", year=2017, households=HOUSEHOLDS)
    assert 2.95 < report.rows["person"] / report.rows["household"] < 3.08
    counts = open_snapshot(report.folder).manifest.counts
    assert counts["people_represented"] == sum(RURAL_PEOPLE.values())
    assert counts["poor_represented"] == 30_460_000
    assert report.planted_households == dict.fromkeys(report.planted_households, 0)
    names = duckdb.read_parquet(str(names_path(report.folder)))
    assert names.filter("person_id is not null").fetchall() == []
    assert names.filter("name = '贵州省'").fetchall() != []


def test_several_processes_make_the_same_nation(cn: Policy, tmp_path: Path) -> None:
    alone, together = (
        generate_nation(
            cn,
            out=tmp_path / str(processes),
            year=2017,
            households=HOUSEHOLDS,
            households_per_partition=8_000,
            processes=processes,
        )
        for processes in (1, 3)
    )
    assert alone.hash == together.hash
    assert open_snapshot(alone.folder).partitions > 4


def test_an_interrupted_nation_leaves_no_file_and_no_process(cn: Policy, tmp_path: Path) -> None:
    def stop(done: int, whole: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _in_two_processes(cn, tmp_path, stop)
    assert list(tmp_path.iterdir()) == []
    assert multiprocessing.active_children() == []


def test_a_process_that_is_lost_is_told_and_nothing_is_left(cn: Policy, tmp_path: Path) -> None:
    def kill(done: int, whole: int) -> None:
        for child in multiprocessing.active_children():
            child.kill()

    with pytest.raises(HearthlineError) as caught:
        _in_two_processes(cn, tmp_path, kill)
    assert caught.value.code == "synthetic.worker-lost"
    assert list(tmp_path.iterdir()) == []
    assert multiprocessing.active_children() == []


def _in_two_processes(policy: Policy, folder: Path, progress: Progress) -> None:
    generate_nation(
        policy,
        out=folder / "s",
        year=2017,
        households=HOUSEHOLDS,
        households_per_partition=8_000,
        processes=2,
        progress=progress,
    )


def test_the_provinces_have_their_shares_whatever_the_number_of_households(cn: Policy) -> None:
    people = people_of_provinces()
    for households in (20_000, 1_000_000, 30_000_000):
        nation = Nation(1, households, targets_of(cn, 2017))
        of_province = dict.fromkeys(range(len(PROVINCES)), 0)
        seen, areas = 0, 0
        for county in range(nation.counties):
            assert nation.households_before(county) == seen
            own = nation.county_households(county)
            of_province[nation.province_of(county)] += own
            seen += own
            seat = nation.seat(county)
            areas += (county == seat.first_of_province) + (county == seat.first_of_prefecture)
            assert seat.area == areas + county * 131 + 1
        assert seen == households
        for place, share in enumerate(PROVINCES):
            expected = households * people[share.key] / sum(people.values())
            assert abs(of_province[place] - expected) <= 1


def test_what_cannot_be_a_nation_is_refused(cn: Policy, tmp_path: Path) -> None:
    for code, package, year, households in (
        ("synthetic.no-figure", cn, 2020, HOUSEHOLDS),
        ("synthetic.bad-year", cn, 2025, HOUSEHOLDS),
        ("synthetic.small-nation", cn, 2017, 10_000),
        ("synthetic.no-generator", load_policy("imaginary/2023"), 2023, HOUSEHOLDS),
    ):
        with pytest.raises(HearthlineError) as caught:
            generate_nation(package, out=tmp_path / "s", year=year, households=households)
        assert caught.value.code == code
    assert list(tmp_path.iterdir()) == []
