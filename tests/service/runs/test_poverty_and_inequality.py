# SPDX-License-Identifier: Apache-2.0
"""Decides whether the page of poverty and inequality shows what the job has worked out, to whom it may."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from hearthline.accounts.rules import Role
from hearthline.statistics import numerals
from hearthline.statistics.measures import MeasureRequest, compute
from tests.service.conftest import Hire, Visitor
from tests.service.runs.county import Registered, registered
from tests.service.runs.test_screening import screened


@pytest.fixture
def county(db: None, hire: Hire) -> Registered:
    """The generator's county in the register."""
    return registered(hire(Role.ADMINISTRATOR))


def test_a_run_keeps_the_measures_that_its_files_give(
    county: Registered,
    client: Visitor,
) -> None:
    run = screened(county)
    kept = run.record["measures"]
    home = Path(settings.HOME)
    table = compute(
        home / run.folder,
        MeasureRequest(measures=["headcount", "gap", "gini"], data=home / run.snapshot.folder),
    )
    for name in ("headcount", "gap", "gini"):
        assert kept["whole"][name] == pytest.approx(table.value(name), rel=1e-12), name
    assert len(kept["lorenz"]) == 99
    assert kept["lorenz"] == sorted(kept["lorenz"])
    assert sum(area["households"] for area in kept["areas"]) == run.record["counts"]["households"]
    client.force_login(county.officer)
    for language, words, unit in (
        ("en", "Lorenz curve", "yuan per person per year"),
        ("zh-hans", "洛伦兹曲线", "元/人/年"),
    ):
        county.officer.language = language
        county.officer.save()
        page = client.get(f"/runs/{run.pk}/measures/").content.decode()
        assert words in page
        assert page.count(f"· {unit}") == 2  # mean and median say what they are of
        assert numerals.index(kept["whole"]["gini"]) in page
        assert 'class="line poor"' in page
        assert all(area["name"] in page for area in kept["areas"])
    assert f"/runs/{run.pk}/measures/" in client.get(f"/runs/{run.pk}/").content.decode()


def test_who_may_open_no_household_is_shown_no_distribution(
    county: Registered,
    hire: Hire,
    client: Visitor,
) -> None:
    run = screened(county)
    viewer = hire(Role.VIEWER, county.area)
    client.force_login(viewer)
    assert client.get(f"/runs/{run.pk}/measures/").status_code == 403
    assert "/measures/" not in client.get(f"/runs/{run.pk}/").content.decode()
