# SPDX-License-Identifier: Apache-2.0
"""Decides that a role is given by those above, to others, within their own area, and leaves a trace."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hearthline.accounts import services
from hearthline.accounts.models import Grant, Officer
from hearthline.accounts.queries import (
    get_officer,
    grants_of,
    officers_in,
    permissions_of,
    place_of,
    scope_of,
)
from hearthline.accounts.rules import VIEW_AREAS, Role
from hearthline.areas.models import Area
from hearthline.audit.models import AuditRow
from hearthline.base.problems import HearthlineError

from ..conftest import TODAY, Hire

COUNTY, TOWNSHIP, VILLAGE, NEIGHBOUR = "510101", "510101001", "510101001001", "510102"


def trace() -> list[tuple[str, str, str]]:
    """Action, subject and path of every audit row."""
    return list(AuditRow.objects.order_by("pk").values_list("action", "subject", "area_path"))


def open_village_account(by: Officer, area: Area | None, username: str = "li.na") -> services.NewPassword:
    """A village officer's account as an administrator opens it."""
    return services.open_account(
        by=by, on=TODAY, username=username, name="李娜", role=Role.VILLAGE_OFFICER, area=area
    )


def test_an_administrator_opens_an_account_with_its_first_role(places: dict[str, Area], hire: Hire) -> None:
    opened = open_village_account(hire(Role.ADMINISTRATOR, places[COUNTY]), places[VILLAGE])
    officer = Officer.objects.get(username="li.na")
    assert officer.check_password(opened.password)
    assert officer.must_change_password
    assert scope_of(by=officer, permission=VIEW_AREAS, on=TODAY).covers(places[VILLAGE].path)
    assert trace() == [
        ("accounts.open_account", "officer", places[VILLAGE].path),
        ("accounts.grant_role", "officer", places[VILLAGE].path),
    ]


def test_a_one_time_password_is_in_no_trace_and_never_twice_the_same(
    places: dict[str, Area], hire: Hire
) -> None:
    admin = hire(Role.ADMINISTRATOR, places[COUNTY])
    passwords = {open_village_account(admin, places[VILLAGE], f"li.na{n}").password for n in range(5)}
    assert len(passwords) == 5
    for facts in AuditRow.objects.values_list("facts", flat=True):
        assert not passwords & {str(value) for value in facts.values()}


@pytest.mark.parametrize("place", ["5101", NEIGHBOUR, "52"])
def test_a_place_outside_the_own_area_is_not_found(places: dict[str, Area], hire: Hire, place: str) -> None:
    with pytest.raises(HearthlineError, match="nothing here"):
        open_village_account(hire(Role.ADMINISTRATOR, places[COUNTY]), places[place])
    assert not Officer.objects.filter(username="li.na").exists()


def test_only_who_administers_everywhere_grants_a_role_everywhere(
    places: dict[str, Area], hire: Hire
) -> None:
    with pytest.raises(HearthlineError, match="holds everywhere"):
        open_village_account(hire(Role.ADMINISTRATOR, places["51"]), None)
    open_village_account(hire(Role.ADMINISTRATOR), None)


def test_nobody_grants_himself_a_role_or_takes_one_from_himself(places: dict[str, Area], hire: Hire) -> None:
    admin = hire(Role.ADMINISTRATOR, places[COUNTY])
    with pytest.raises(HearthlineError, match="Nobody grants a role to himself"):
        services.grant_role(by=admin, on=TODAY, officer_id=admin.pk, role=Role.AUDITOR, area=places[TOWNSHIP])
    with pytest.raises(HearthlineError, match="Nobody grants a role to himself"):
        services.withdraw_grant(by=admin, on=TODAY, grant_id=Grant.objects.get(officer=admin).pk)


def test_a_role_is_granted_within_the_own_area_only(places: dict[str, Area], hire: Hire) -> None:
    admin = hire(Role.ADMINISTRATOR, places[COUNTY])
    officer = hire(Role.VIEWER, places[VILLAGE])
    services.grant_role(by=admin, on=TODAY, officer_id=officer.pk, role=Role.ANALYST, area=places[TOWNSHIP])
    assert permissions_of(officer, TODAY) > permissions_of(hire(Role.VIEWER), TODAY)
    with pytest.raises(HearthlineError, match="nothing here"):
        services.grant_role(
            by=admin, on=TODAY, officer_id=officer.pk, role=Role.ANALYST, area=places[NEIGHBOUR]
        )


def test_a_role_withdrawn_holds_no_longer_on_the_same_day(places: dict[str, Area], hire: Hire) -> None:
    officer = hire(Role.VIEWER, places[VILLAGE])
    grant = Grant.objects.get(officer=officer)
    admin = hire(Role.ADMINISTRATOR, places[COUNTY])
    services.withdraw_grant(by=admin, on=TODAY, grant_id=grant.pk)
    assert scope_of(by=officer, permission=VIEW_AREAS, on=TODAY).empty
    assert not scope_of(by=officer, permission=VIEW_AREAS, on=TODAY - timedelta(days=1)).empty
    assert trace() == [("accounts.withdraw_grant", "officer", places[VILLAGE].path)]
    with pytest.raises(HearthlineError, match="ended or was withdrawn"):
        services.withdraw_grant(by=admin, on=TODAY, grant_id=grant.pk)


def test_the_same_role_in_the_same_place_is_granted_once_at_a_time(
    places: dict[str, Area], hire: Hire
) -> None:
    admin = hire(Role.ADMINISTRATOR, places[COUNTY])
    officer = hire(Role.VIEWER, places[VILLAGE])

    def grant(starts_on: date, ends_on: date | None) -> None:
        services.grant_role(
            by=admin,
            on=TODAY,
            officer_id=officer.pk,
            role=Role.ANALYST,
            area=places[VILLAGE],
            starts_on=starts_on,
            ends_on=ends_on,
        )

    grant(date(2018, 3, 1), date(2018, 3, 31))
    grant(date(2018, 4, 1), None)
    grant(TODAY, date(2018, 2, 28))
    for period in ((date(2018, 3, 31), date(2018, 4, 1)), (date(2019, 1, 1), None), (TODAY, None)):
        with pytest.raises(HearthlineError, match="already holds"):
            grant(*period)


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [(date(2017, 12, 30), None), (TODAY, date(2017, 12, 30)), (date(2018, 2, 1), date(2018, 1, 1))],
)
def test_a_role_begins_today_or_later_and_ends_after_it_began(
    places: dict[str, Area], hire: Hire, starts_on: date, ends_on: date | None
) -> None:
    officer = hire(Role.VIEWER, places[VILLAGE])
    with pytest.raises(HearthlineError, match="begins in the past or ends before"):
        services.grant_role(
            by=hire(Role.ADMINISTRATOR),
            on=TODAY,
            officer_id=officer.pk,
            role=Role.ANALYST,
            area=None,
            starts_on=starts_on,
            ends_on=ends_on,
        )


def test_officers_are_listed_to_the_administrators_and_auditors_of_their_places(
    places: dict[str, Area], hire: Hire
) -> None:
    village = hire(Role.VILLAGE_OFFICER, places[VILLAGE])
    elsewhere = hire(Role.VILLAGE_OFFICER, places[NEIGHBOUR])
    everywhere = hire(Role.ANALYST)
    for role in (Role.ADMINISTRATOR, Role.AUDITOR):
        officer = hire(role, places[COUNTY])
        seen = set(officers_in(by=officer, on=TODAY))
        assert village in seen
        assert not {elsewhere, everywhere} & seen
        with pytest.raises(HearthlineError, match="nothing here"):
            get_officer(by=officer, on=TODAY, officer_id=elsewhere.pk)
    with pytest.raises(HearthlineError, match="no role"):
        officers_in(by=village, on=TODAY)


def test_roles_held_elsewhere_are_not_shown_to_a_county(places: dict[str, Area], hire: Hire) -> None:
    officer = hire(Role.VIEWER, places[VILLAGE])
    Grant.objects.create(officer=officer, role=Role.ANALYST, area=places["52"], starts_on=date(2013, 1, 1))
    admin = hire(Role.ADMINISTRATOR, places[COUNTY])
    assert [grant.role for grant in grants_of(by=admin, on=TODAY, officer=officer)] == [Role.VIEWER]
    assert len(grants_of(by=officer, on=TODAY, officer=officer)) == 2


@pytest.mark.parametrize("service", ["reset_password", "close_account", "remove_totp", "end_sign_ins_of"])
def test_who_also_works_above_an_administrator_is_beyond_his_reach(
    places: dict[str, Area], hire: Hire, service: str
) -> None:
    officer = hire(Role.ANALYST, places[VILLAGE])
    Grant.objects.create(officer=officer, role=Role.ADMINISTRATOR, area=places["51"], starts_on=TODAY)
    with pytest.raises(HearthlineError, match="outside the area that you administer"):
        getattr(services, service)(
            by=hire(Role.ADMINISTRATOR, places[COUNTY]), on=TODAY, officer_id=officer.pk
        )


def test_a_role_that_begins_tomorrow_keeps_an_account_beyond_reach_today(
    places: dict[str, Area], hire: Hire
) -> None:
    officer = hire(Role.VIEWER, places[VILLAGE])
    Grant.objects.create(
        officer=officer, role=Role.ADMINISTRATOR, area=None, starts_on=TODAY + timedelta(days=1)
    )
    with pytest.raises(HearthlineError, match="outside the area"):
        services.reset_password(by=hire(Role.ADMINISTRATOR, places[COUNTY]), on=TODAY, officer_id=officer.pk)


def test_a_closed_account_reaches_nothing_and_may_be_opened_again(
    places: dict[str, Area], hire: Hire
) -> None:
    admin = hire(Role.ADMINISTRATOR, places[COUNTY])
    officer = hire(Role.VIEWER, places[VILLAGE])
    services.close_account(by=admin, on=TODAY, officer_id=officer.pk)
    assert scope_of(by=Officer.objects.get(pk=officer.pk), permission=VIEW_AREAS, on=TODAY).empty
    with pytest.raises(HearthlineError, match="is closed"):
        services.grant_role(
            by=admin, on=TODAY, officer_id=officer.pk, role=Role.ANALYST, area=places[VILLAGE]
        )
    with pytest.raises(HearthlineError, match="already so"):
        services.close_account(by=admin, on=TODAY, officer_id=officer.pk)
    services.reopen_account(by=admin, on=TODAY, officer_id=officer.pk)
    assert not scope_of(by=Officer.objects.get(pk=officer.pk), permission=VIEW_AREAS, on=TODAY).empty
    assert trace() == [
        ("accounts.close_account", "officer", places[VILLAGE].path),
        ("accounts.reopen_account", "officer", places[VILLAGE].path),
    ]


def test_nobody_closes_or_resets_the_own_account(places: dict[str, Area], hire: Hire) -> None:
    admin = hire(Role.ADMINISTRATOR, places[COUNTY])
    for service in (services.close_account, services.reset_password):
        with pytest.raises(HearthlineError, match="Nobody administers the own account"):
            service(by=admin, on=TODAY, officer_id=admin.pk)


def test_there_is_one_first_administrator(places: dict[str, Area]) -> None:
    opened = services.first_administrator(username="Chen.Wei", name="陈伟", on=TODAY)
    assert opened.officer.username == "chen.wei"
    assert AuditRow.objects.filter(officer=None).count() == 2
    with pytest.raises(HearthlineError, match=r"already an administrator of the whole country: chen\.wei"):
        services.first_administrator(username="wang", name="王芳", on=TODAY)
    Officer.objects.filter(pk=opened.officer.pk).update(is_active=False)
    services.first_administrator(username="wang", name="王芳", on=TODAY)


@pytest.mark.parametrize("username", ["", "a", "li na", "x" * 61, "li\nna", "<b>"])
def test_the_name_of_an_account_is_of_letters_and_digits(
    places: dict[str, Area], hire: Hire, username: str
) -> None:
    with pytest.raises(HearthlineError, match="cannot be the name of an account"):
        open_village_account(hire(Role.ADMINISTRATOR), places[VILLAGE], username)


def test_names_that_look_the_same_are_one_account(places: dict[str, Area], hire: Hire) -> None:
    admin = hire(Role.ADMINISTRATOR)
    open_village_account(admin, places[VILLAGE], "Li.Na")
    for username in ("li.na", " LI.NA ", "\uff2c\uff49.\uff2e\uff41"):
        with pytest.raises(HearthlineError, match="already an account"):
            open_village_account(admin, places[VILLAGE], username)


def test_the_place_of_an_officer_holds_all_his_roles(places: dict[str, Area], hire: Hire) -> None:
    officer = hire(Role.VIEWER, places[VILLAGE])
    assert place_of(officer, TODAY) == places[VILLAGE].path
    Grant.objects.create(
        officer=officer, role=Role.VIEWER, area=places["510101002"], starts_on=date(2013, 1, 1)
    )
    assert place_of(officer, TODAY) == places[COUNTY].path
    Grant.objects.create(officer=officer, role=Role.VIEWER, area=places["52"], starts_on=date(2013, 1, 1))
    assert place_of(officer, TODAY) == ""


def test_the_language_is_one_that_the_service_speaks(hire: Hire) -> None:
    officer = hire(Role.VIEWER)
    services.choose_language(by=officer, on=TODAY, language="zh-hans")
    assert Officer.objects.get(pk=officer.pk).language == "zh-hans"
    with pytest.raises(HearthlineError, match="does not speak xx"):
        services.choose_language(by=officer, on=TODAY, language="xx")
