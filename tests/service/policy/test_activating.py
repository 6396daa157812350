# SPDX-License-Identifier: Apache-2.0
"""Decides which version is in force where and when, who may say so, and that it stays on record."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from hearthline.accounts.rules import Role
from hearthline.areas.models import Area
from hearthline.base.problems import HearthlineError
from hearthline.policy.models import Activation, PackageVersion
from hearthline.policy.queries import activations_in, activations_over, version_in_force
from hearthline.policy.reading import differences_between, parameters_of, scenarios_of, sections_of
from hearthline.policy.services import activate, withdraw_activation
from tests.service.conftest import TODAY, Hire
from tests.service.packages import published

YEAR = (date(2017, 1, 1), date(2017, 12, 31))


@pytest.fixture
def national(places: dict[str, Area], hire: Hire) -> PackageVersion:
    """The Chinese package, published."""
    return published("cn/2014-2020", hire(Role.ADMINISTRATOR, username="publisher"))


def test_the_nearest_area_above_decides(
    national: PackageVersion, places: dict[str, Area], hire: Hire
) -> None:
    chief = hire(Role.ADMINISTRATOR)
    activate(by=chief, on=TODAY, version=national, area=places["51"], starts_on=YEAR[0], ends_on=YEAR[1])
    village = places["510101001001"].path
    assert version_in_force(village, date(2017, 6, 1)) == national
    assert version_in_force(village, date(2018, 1, 1)) is None
    assert version_in_force(places["52"].path, date(2017, 6, 1)) is None
    nearer = activate(by=chief, on=TODAY, version=national, area=places["510101"], starts_on=date(2015, 1, 1))
    assert version_in_force(village, date(2018, 1, 1)) == national
    assert activations_over(village)[0] == nearer
    assert version_in_force(places["510102"].path, date(2018, 1, 1)) is None


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "clash"),
    [
        (date(2016, 1, 1), date(2016, 12, 31), False),
        (date(2016, 1, 1), date(2017, 1, 1), True),
        (date(2017, 12, 31), date(2018, 1, 31), True),
        (date(2018, 1, 1), None, False),
        (date(2016, 1, 1), None, True),
        (date(2017, 3, 1), date(2017, 4, 1), True),
    ],
)
def test_two_activations_of_an_area_never_overlap(
    starts_on: date,
    ends_on: date | None,
    clash: bool,
    national: PackageVersion,
    places: dict[str, Area],
    hire: Hire,
) -> None:
    chief, county = hire(Role.ADMINISTRATOR), places["510101"]
    activate(by=chief, on=TODAY, version=national, area=county, starts_on=YEAR[0], ends_on=YEAR[1])
    if not clash:
        activate(by=chief, on=TODAY, version=national, area=county, starts_on=starts_on, ends_on=ends_on)
        return
    with pytest.raises(HearthlineError) as failure:
        activate(by=chief, on=TODAY, version=national, area=county, starts_on=starts_on, ends_on=ends_on)
    assert failure.value.code == "policy.overlaps"


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "code"),
    [
        (date(2017, 2, 1), date(2017, 1, 1), "policy.period-turned"),
        (date(2010, 1, 1), date(2017, 1, 1), "policy.outside-validity"),
        (date(2020, 1, 1), date(2021, 1, 1), "policy.outside-validity"),
    ],
)
def test_a_period_that_cannot_be_is_refused(
    starts_on: date,
    ends_on: date,
    code: str,
    national: PackageVersion,
    places: dict[str, Area],
    hire: Hire,
) -> None:
    with pytest.raises(HearthlineError) as failure:
        activate(
            by=hire(Role.ADMINISTRATOR),
            on=TODAY,
            version=national,
            area=places["51"],
            starts_on=starts_on,
            ends_on=ends_on,
        )
    assert failure.value.code == code


def test_a_withdrawn_activation_holds_no_more_and_stays_on_record(
    national: PackageVersion, places: dict[str, Area], hire: Hire
) -> None:
    chief, county = hire(Role.ADMINISTRATOR), places["510101"]
    made = activate(by=chief, on=TODAY, version=national, area=county, starts_on=YEAR[0])
    withdraw_activation(by=chief, on=TODAY, activation_id=made.pk, reason="wrong county")
    assert version_in_force(county.path, YEAR[1]) is None
    assert not activations_in(by=chief, on=TODAY).exists()
    assert Activation.objects.get().withdrawn_at is not None
    with pytest.raises(HearthlineError) as failure:
        withdraw_activation(by=chief, on=TODAY, activation_id=made.pk, reason="again")
    assert failure.value.code == "policy.no-activation"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE policy_activation SET starts_on = '2016-01-01'",
        "UPDATE policy_activation SET ends_on = '2017-06-30'",
        "UPDATE policy_activation SET withdrawn_at = NULL, activated_at = '2001-01-01 00:00:00+00'",
        "DELETE FROM policy_activation",
    ],
)
def test_the_database_refuses_to_change_an_activation(
    statement: str, national: PackageVersion, places: dict[str, Area], hire: Hire
) -> None:
    activate(by=hire(Role.ADMINISTRATOR), on=TODAY, version=national, area=places["51"], starts_on=YEAR[0])
    with pytest.raises(DatabaseError, match="only be withdrawn"), transaction.atomic():
        connection.cursor().execute(statement)


PLACES = ("510101", "5101", "510102", "52")
MAY = {Role.POLICY_DESIGNER, Role.ADMINISTRATOR}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("code", PLACES)
def test_who_may_activate_where(
    role: Role, code: str, national: PackageVersion, places: dict[str, Area], hire: Hire
) -> None:
    officer = hire(role, places["510101"])
    expected = None
    if role not in MAY:
        expected = "accounts.not-permitted"
    elif code != "510101":
        expected = "accounts.not-found"
    try:
        activate(by=officer, on=TODAY, version=national, area=places[code], starts_on=YEAR[0])
        found = None
    except HearthlineError as refusal:
        found = refusal.code
    assert found == expected


def test_a_package_reads_as_an_official_needs_it(national: PackageVersion) -> None:
    table = parameters_of(national, "zh-hans", 2017)
    assert table.years[0] == 2013
    assert table.years[-1] == 2020
    line = next(each for each in table.series if each.name == "poverty_line" and not each.purpose)
    assert line.label
    assert all(value.source for value in line.values)
    assert line.by_year[table.years.index(2014)].startswith("2,800")
    headings = {section.name: section.heading for section in sections_of(national, "zh-hans")}
    assert headings["criteria"] == "判定条件"
    assert all(result.passed for result in scenarios_of(national))


def test_two_versions_are_told_apart(national: PackageVersion, hire: Hire) -> None:
    other = published("imaginary/2023", hire(Role.ADMINISTRATOR))
    assert differences_between(national, national, "en") == []
    assert differences_between(national, other, "en")
