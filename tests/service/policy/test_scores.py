# SPDX-License-Identifier: Apache-2.0
"""Decides that the data sheets of a package's scores are read on a page that says they decide nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from hearthline.accounts.rules import Role
from hearthline.areas.models import Area
from hearthline.policy.models import PackageVersion
from hearthline.targeting.fitting import fit_methods, learned_scores, write_fits
from hearthline.targeting.frame import frame_of
from hearthline.targeting.methods import Choices
from tests.service.conftest import Hire
from tests.service.packages import published
from tests.targeting.valley import rows, screened

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package with two scores learned from an invented survey."""
    folder = tmp_path_factory.mktemp("scores")
    run = screened(folder, rows())
    frame, choices = frame_of(run), Choices(interacts="town")
    fits = fit_methods(frame, ["ols", "card"], choices)
    write_fits(run, learned_scores(run, frame, fits, choices, ["rank"]), folder / "scores")
    return folder / "scores"


@pytest.fixture
def version(scores: Path, hire: Hire) -> PackageVersion:
    """That package as a published version."""
    return published(str(scores), hire(Role.ADMINISTRATOR, username="publisher"))


def test_a_viewer_reads_who_a_score_was_learned_from_and_whom_it_misses(
    version: PackageVersion, places: dict[str, Area], hire: Hire, client: Client
) -> None:
    client.force_login(hire(Role.VIEWER, places["510101001"]))
    text = client.get(f"/policy/{version.pk}/scores/").content.decode()
    for shown in ("never a decision", "600 / 593", "Errors by group", "Town: yes", "Rank in the village"):
        assert shown in text
    assert text.count("<svg") >= 8  # two charts of two scores, each broad and narrow
    assert "h0001" not in text


def test_the_page_speaks_chinese_where_the_package_does_not(
    version: PackageVersion, places: dict[str, Area], hire: Hire, client: Client
) -> None:
    officer = hire(Role.VIEWER, places["510101001"])
    officer.language = "zh-hans"
    officer.save()
    client.force_login(officer)
    text = client.get(f"/policy/{version.pk}/scores/").content.decode()
    for shown in ("漏选率", "评分只是线索，绝不是决定", "分组误差"):
        assert shown in text


def test_a_package_without_scores_says_so(places: dict[str, Area], hire: Hire, client: Client) -> None:
    found = published("cn/2014-2020", hire(Role.ADMINISTRATOR, username="publisher"))
    client.force_login(hire(Role.VIEWER, places["510101001"]))
    assert "This package holds no score" in client.get(f"/policy/{found.pk}/scores/").content.decode()
