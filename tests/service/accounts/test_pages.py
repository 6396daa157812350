# SPDX-License-Identifier: Apache-2.0
"""Decides what an officer meets over HTTP: the door, his own account, the officers of his area."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from hearthline.accounts import services
from hearthline.accounts.codes import code_of, step_at
from hearthline.accounts.devices import COOKIE, name_of_browser
from hearthline.accounts.models import FailedSignIn, Grant, Officer, SignIn
from hearthline.accounts.rules import Role
from hearthline.areas.models import Area

from ..conftest import Hire, Visitor
from .test_codes import secret_in

PASSWORD, NEW = "correct horse battery", "seven green mountains"
COUNTY, VILLAGE = "510101", "510101001001"
DOOR, OWN, OFFICERS = "/account/sign-in/", "/account/", "/account/officers/"
SIGN_INS = "/account/sign-ins/"


def come_in(client: Client, username: str, password: str = PASSWORD, there: str = OWN) -> str:
    """Sign in by the form; where one is led."""
    answer = client.post(DOOR, {"username": username, "password": password, "next": there})
    return answer.headers.get("Location", f"status {answer.status_code}")


def text_of(client: Client, address: str) -> str:
    """A page as text; it must be there."""
    answer = client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code} {answer.headers.get('Location')}"
    return answer.content.decode()


@pytest.fixture
def village(places: dict[str, Area], hire: Hire) -> Officer:
    """The village officer."""
    return hire(Role.VILLAGE_OFFICER, places[VILLAGE], "li.na")


@pytest.fixture
def admin(places: dict[str, Area], hire: Hire) -> Officer:
    """The administrator of the county."""
    return hire(Role.ADMINISTRATOR, places[COUNTY], "chen.wei")


@pytest.mark.parametrize("there", ["nowhere", "-1", "accounts:sign-out", "//other.example/", "a/b"])
def test_the_door_leads_home_where_what_comes_next_is_no_address(there: str, village: Officer) -> None:
    client = Client()
    assert come_in(client, village.username, there=there) == "/"
    assert client.get(DOOR, {"next": there}).headers["Location"] == "/"


def test_who_is_not_signed_in_is_led_to_the_door_and_back(village: Officer) -> None:
    client = Client()
    answer = client.get("/account/sign-ins/")
    assert answer.headers["Location"] == "/account/sign-in/?next=/account/sign-ins/"
    assert (
        "Sign in"
        in client.get(answer.headers["Location"], headers={"Accept-Language": "en"}).content.decode()
    )
    assert come_in(client, "li.na", there="/account/sign-ins/") == "/account/sign-ins/"
    assert "this browser" in text_of(client, "/account/sign-ins/")


@pytest.mark.parametrize(
    "there", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil"]
)
def test_the_door_leads_nowhere_outside(village: Officer, there: str) -> None:
    assert come_in(Client(), "li.na", there=there) == "/"


def test_a_wrong_name_and_a_wrong_password_look_the_same(village: Officer) -> None:
    def refused(username: str) -> str:
        answer = Client(headers={"Accept-Language": "en"}).post(
            DOOR, {"username": username, "password": "wrong"}
        )
        assert answer.status_code == 400
        text = answer.content.decode().replace(username, "NAME")
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)

    assert refused("li.na") == refused("no.body")
    FailedSignIn.objects.all().delete()
    assert "The name or the password is wrong." in refused("li.na")


def test_too_many_attempts_are_told_and_nothing_is_locked(village: Officer) -> None:
    client = Client(headers={"Accept-Language": "en"})
    come_in(client, "li.na", "wrong")
    answer = client.post(DOOR, {"username": "li.na", "password": PASSWORD})
    assert answer.status_code == 429
    assert "nothing has been locked" in answer.content.decode()
    FailedSignIn.objects.update(wait_until=timezone.now())
    assert come_in(client, "li.na") == OWN
    assert "1 attempt with your account name failed" in text_of(client, OWN)


def test_the_session_key_changes_at_the_door_and_the_device_is_known_again(village: Officer) -> None:
    client = Client()
    client.get(DOOR)
    come_in(client, "li.na")
    first, device = client.session.session_key, client.cookies[COOKIE]
    assert device["httponly"]
    assert device["samesite"] == "Lax"
    assert len(device.value) == 43
    client.post("/account/sign-out/")
    come_in(client, "li.na")
    assert client.session.session_key != first
    assert client.cookies[COOKIE].value == device.value
    assert SignIn.objects.values("device_hash").distinct().count() == 1
    assert not SignIn.objects.filter(device_hash__contains=device.value).exists()


def test_signing_out_ends_the_sign_in_on_the_server(village: Officer) -> None:
    client = Client()
    come_in(client, "li.na")
    stolen = client.cookies["sessionid"].value
    assert client.post("/account/sign-out/").headers["Location"] == "/account/signed-out/"
    thief = Client()
    thief.cookies["sessionid"] = stolen
    assert thief.get(OWN).status_code == 302
    assert client.get("/account/sign-out/").status_code in (302, 405)


def test_a_session_ended_elsewhere_is_signed_out_at_its_next_request(village: Officer) -> None:
    office, phone = Client(), Client()
    come_in(office, "li.na")
    come_in(phone, "li.na")
    lost = SignIn.objects.earliest("pk")
    assert phone.post(f"/account/sign-ins/{lost.pk}/end/").headers["Location"] == "/account/sign-ins/"
    assert office.get(OWN).status_code == 302
    assert phone.get(OWN).status_code == 200


def test_all_other_sign_ins_end_together(village: Officer) -> None:
    office, phone, home = Client(), Client(), Client()
    for client in (office, phone, home):
        come_in(client, "li.na")
    home.post("/account/sign-ins/end/")
    assert [client.get(OWN).status_code for client in (office, phone, home)] == [302, 302, 200]


@pytest.mark.parametrize("change", ["idle", "closed", "password"])
def test_an_idle_a_closed_and_a_reset_account_are_signed_out(
    village: Officer, admin: Officer, change: str
) -> None:
    client = Visitor()
    client.force_login(village)
    assert client.get(OWN).status_code == 200
    if change == "idle":
        SignIn.objects.update(seen_at=timezone.now() - timedelta(minutes=31))
    elif change == "closed":
        Officer.objects.filter(pk=village.pk).update(is_active=False)
    else:
        Officer.objects.filter(pk=village.pk).update(password="argon2$changed")
    assert client.get(OWN).status_code == 302
    english = {"Accept-Language": "en"}
    assert "You were signed out" in client.get(DOOR, headers=english).content.decode()
    assert "You were signed out" not in client.get(DOOR, headers=english).content.decode()


def test_a_part_of_a_page_asked_for_after_the_end_opens_the_door_as_a_page(client: Visitor) -> None:
    answer = client.get(OWN, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].startswith(DOOR)


def test_a_one_time_password_opens_the_password_page_only(village: Officer, admin: Officer) -> None:
    given = services.reset_password(by=admin, on=timezone.localdate(), officer_id=village.pk)
    client = Client()
    come_in(client, "li.na", given.password)
    for address in (OWN, "/account/sign-ins/", OFFICERS):
        assert client.get(address).headers["Location"] == "/account/password/"
    assert "Choose a password of your own" in text_of(client, "/account/password/")
    answer = client.post("/account/password/", {"old": given.password, "new": NEW, "again": NEW})
    assert answer.headers["Location"] == OWN
    assert "Your password is changed" in text_of(client, OWN)


def test_a_changed_password_keeps_this_browser_and_ends_the_others(village: Officer) -> None:
    here, there = Client(), Client()
    come_in(here, "li.na")
    come_in(there, "li.na")
    here.post("/account/password/", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert here.get(OWN).status_code == 200
    assert there.get(OWN).status_code == 302
    assert come_in(there, "li.na", NEW) == OWN


@pytest.mark.parametrize(
    ("old", "new", "again", "told", "target"),
    [
        ("wrong", NEW, NEW, "The present password is not right.", "id_old"),
        (PASSWORD, NEW, NEW + "x", "The two new passwords differ.", "id_again"),
        (PASSWORD, "short", "short", "cannot be taken", "id_new"),
        (PASSWORD, "", "", "This field is required.", "id_new"),
    ],
)
def test_a_password_that_is_not_taken_is_told_beside_its_field(
    village: Officer, client: Visitor, old: str, new: str, again: str, told: str, target: str
) -> None:
    client.force_login(village)
    answer = client.post("/account/password/", {"old": old, "new": new, "again": again})
    text = answer.content.decode()
    assert answer.status_code == 400
    assert re.search(rf'<a href="#{target}">[^<]*{told}', text)
    for password in filter(None, (old, new)):
        assert f'value="{password}"' not in text


def test_codes_are_set_up_confirmed_and_asked_for_at_the_door(village: Officer) -> None:
    client = Client(headers={"Accept-Language": "en"})
    come_in(client, "li.na")
    assert client.post("/account/codes/begin/").headers["Location"] == "/account/codes/confirm/"
    page = text_of(client, "/account/codes/confirm/")
    assert "<svg" in page
    assert "style=" not in page
    secret = secret_in(services.offer_again(by=village))
    code = code_of(secret, step_at(timezone.now()) - 1)
    assert client.post("/account/codes/confirm/", {"code": code}).headers["Location"] == OWN
    client = Client(headers={"Accept-Language": "en"})
    assert come_in(client, "li.na") == "/account/sign-in/code/"
    assert client.get(OWN).status_code == 302
    answer = client.post("/account/sign-in/code/", {"code": code})
    assert answer.status_code == 400
    assert "used before" in answer.content.decode()
    FailedSignIn.objects.update(wait_until=timezone.now())
    code = code_of(secret, step_at(timezone.now()))
    assert client.post("/account/sign-in/code/", {"code": code}).headers["Location"] == OWN
    assert client.get(OWN).status_code == 200


def test_the_code_is_asked_for_within_five_minutes_of_the_password(village: Officer) -> None:
    client = Client()
    assert client.get("/account/sign-in/code/").headers["Location"] == DOOR
    Officer.objects.filter(pk=village.pk).update(sealed_totp=b"sealed")
    come_in(client, "li.na")
    assert client.get("/account/sign-in/code/").status_code == 200
    session = client.session
    session["half_in"] |= {"at": timezone.now().timestamp() - 301}
    session.save()
    assert client.get("/account/sign-in/code/").headers["Location"] == DOOR


def test_an_administrator_without_codes_is_led_to_them_first(
    admin: Officer, client: Visitor, settings: LazySettings
) -> None:
    settings.REQUIRE_TOTP = True
    client.force_login(admin)
    assert client.get(OFFICERS).headers["Location"] == "/account/codes/"
    assert "it needs a code from your phone" in text_of(client, "/account/codes/")


def test_the_language_is_kept_with_the_account(village: Officer, client: Visitor) -> None:
    client.force_login(village)
    assert client.post("/account/language/", {"language": "zh-hans"}).headers["Location"] == OWN
    assert '<html lang="zh-Hans">' in text_of(client, OWN)
    assert Officer.objects.get(pk=village.pk).language == "zh-hans"


def test_the_language_chosen_in_the_head_of_a_page_is_kept_and_leads_back(
    village: Officer, client: Visitor
) -> None:
    client.force_login(village)
    head = re.search(r'<form class="language" method="post" action="([^"]+)"', text_of(client, SIGN_INS))
    assert head is not None
    answer = client.post(head[1], {"language": "zh-hans", "next": SIGN_INS})
    assert answer.headers["Location"] == SIGN_INS
    assert Officer.objects.get(pk=village.pk).language == "zh-hans"
    elsewhere = client.post(head[1], {"language": "en", "next": "https://evil.example/"})
    assert elsewhere.headers["Location"] == OWN


def test_the_list_holds_the_officers_of_the_area_and_is_filtered(
    places: dict[str, Area], admin: Officer, village: Officer, hire: Hire, client: Visitor
) -> None:
    hire(Role.VIEWER, places["510102"], "wang.wu")
    hire(Role.ANALYST, places["510101002"], "zhao.liu")
    client.force_login(admin)
    text = text_of(client, OFFICERS)
    assert all(name in text for name in ("li.na", "chen.wei", "zhao.liu"))
    assert "wang.wu" not in text
    for asked in ("role=analyst", "place=白水乡", "place=510101002", "called=zhao"):
        text = text_of(client, f"{OFFICERS}?{asked}")
        assert "zhao.liu" in text
        assert "li.na" not in text
    Grant.objects.filter(officer__username="zhao.liu").update(ends_on="2014-01-01")
    assert "zhao.liu" not in text_of(client, f"{OFFICERS}?state=holds")
    assert "zhao.liu" in text_of(client, f"{OFFICERS}?state=ended")


def test_an_account_is_opened_and_its_password_shown_once(
    places: dict[str, Area], admin: Officer, client: Visitor
) -> None:
    client.force_login(admin)
    assert '<option value="510101001">石桥镇</option>' in text_of(client, f"{OFFICERS}open/")
    asked = {"name": "孙丽", "username": "sun.li", "role": "viewer", "place": "石桥镇", "language": "en"}
    page = client.post(f"{OFFICERS}open/", asked).content.decode()
    officer = Officer.objects.get(username="sun.li")
    shown = re.search(r'<code class="secret">([^<]+)</code>', page)
    assert shown is not None
    assert officer.check_password(shown[1])
    assert shown[1] not in text_of(client, f"{OFFICERS}{officer.pk}/")
    assert Grant.objects.get(officer=officer).area == places["510101001"]


@pytest.mark.parametrize(
    ("change", "target"),
    [
        ({"place": "平川县"}, "id_place"),
        ({"place": ""}, "id_place"),
        ({"username": "chen.wei"}, "id_username"),
        ({"username": "sun li"}, "id_username"),
        ({"starts_on": "2013-01-01"}, "id_starts_on"),
        ({"role": "emperor"}, "id_role"),
    ],
)
def test_what_cannot_be_opened_is_told_beside_its_field(
    places: dict[str, Area], admin: Officer, client: Visitor, change: dict[str, str], target: str
) -> None:
    client.force_login(admin)
    asked = {"name": "孙丽", "username": "sun.li", "role": "viewer", "place": COUNTY, "language": "en"}
    answer = client.post(f"{OFFICERS}open/", asked | change)
    assert answer.status_code == 400
    assert f'<a href="#{target}">' in answer.content.decode()
    assert not Officer.objects.filter(name="孙丽").exists()


@pytest.mark.parametrize("change", ["reset-password", "close", "remove-codes", "end-sign-ins"])
def test_a_change_of_an_account_is_asked_for_first(
    village: Officer, admin: Officer, client: Visitor, change: str
) -> None:
    client.force_login(admin)
    before = Officer.objects.filter(pk=village.pk).values().get()
    assert "li.na" not in text_of(client, f"{OFFICERS}{village.pk}/{change}/")
    assert Officer.objects.filter(pk=village.pk).values().get() == before
    assert client.post(f"{OFFICERS}{village.pk}/{change}/").status_code in (200, 302)


def test_a_role_is_granted_and_withdrawn_on_the_page_of_the_officer(
    places: dict[str, Area], village: Officer, admin: Officer, client: Visitor
) -> None:
    client.force_login(admin)
    here = f"{OFFICERS}{village.pk}/"
    assert client.post(f"{here}grant/", {"role": "analyst", "place": COUNTY}).headers["Location"] == here
    grant = Grant.objects.get(officer=village, role=Role.ANALYST)
    assert "Analyst" in text_of(client, here)
    assert "云岭县" in text_of(client, f"/account/grants/{grant.pk}/withdraw/")
    assert client.post(f"/account/grants/{grant.pk}/withdraw/").headers["Location"] == here
    assert "withdrawn" in text_of(client, here)


def test_an_auditor_sees_officers_and_changes_nothing(
    places: dict[str, Area], village: Officer, hire: Hire, client: Visitor
) -> None:
    client.force_login(hire(Role.AUDITOR, places[COUNTY]))
    page = text_of(client, f"{OFFICERS}{village.pk}/")
    assert "Grant a role" not in page
    assert "Reset the password" not in page
    assert "Open an account" not in text_of(client, OFFICERS)
    for address in (f"{village.pk}/grant/", f"{village.pk}/close/", "open/"):
        assert client.get(OFFICERS + address).status_code == 403
        assert client.post(OFFICERS + address, {}).status_code == 403


def test_a_page_asks_for_session_sign_in_and_roles_and_nothing_more(
    village: Officer, client: Visitor, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(village)
    client.get("/account/language/")
    with django_assert_max_num_queries(3):
        client.get("/account/language/")


def test_a_device_is_named_so_that_people_know_it() -> None:
    edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0"
    phone = "Mozilla/5.0 (Linux; Android 9; V1818A) AppleWebKit/537.36 Chrome/87.0 MicroMessenger/8.0"
    assert name_of_browser(edge) == "Edge, Windows"
    assert name_of_browser(phone) == "WeChat, Android"
    assert name_of_browser("<script>") == ""
