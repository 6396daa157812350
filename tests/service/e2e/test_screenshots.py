# SPDX-License-Identifier: Apache-2.0
"""Decides that every page of the service is looked at: two widths, two languages, axe, and by keyboard.

An address without an entry here fails. The pictures are in build/screenshots, artefacts of every build.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Browser, expect

from tests.service.browser import DESK, HEIGHTS, PHONE, View, look
from tests.service.e2e.office import Office

Address = Callable[[Office], str]

NO_PAGES = {
    "accounts:begin-codes": "only sends",
    "accounts:end-other-sign-ins": "only sends",
    "accounts:end-sign-in": "only sends",
    "accounts:sign-out": "only sends",
    "accounts:sign-in-code": "shown in the tests of accounts, to who has codes",
    "accounts:reopen-of": "shown in the tests of accounts, of a closed account",
    "accounts:remove-codes": "shown in the tests of accounts, to who has codes",
    "accounts:remove-codes-of": "shown in the tests of accounts, of who has codes",
    "registry:refused-rows": "a file",
    "releases:publish": "only sends",
    "releases:release": "shown in the tests of releases, of a published table",
    "releases:withdraw": "shown in the tests of releases, of a published table",
    "runs:forget": "only sends",
    "site:cancel-job": "only sends",
    "site:retry-job": "only sends",
    "ui:language": "only sends",
}
BY_JOURNEYS = {"accounts:confirm-codes", "registry:choose-map"}
"""Reached by sending a form first."""


def _at(path: str) -> Address:
    return lambda office: path.format_map(office.known)


PAGES: Mapping[str, Mapping[str, Address]] = {
    "administrator": {
        "site:home": _at("/"),
        "site:search": _at("/search/?text={initials}"),
        "site:areas": _at("/areas/"),
        "site:area": _at("/areas/{county}/"),
        "site:area township": _at("/areas/{township}/"),
        "site:area village": _at("/areas/{village}/"),
        "site:area-households": _at("/areas/{county}/households/"),
        "site:area-households narrowed": _at("/areas/{county}/households/?status=1"),
        "site:area-households with nobody": _at("/areas/{county}/households/?status=2&cause=motivation"),
        "site:search with nobody": _at("/search/?text=nobodyhere"),
        "site:household": _at("/households/{household}/"),
        "site:reasons": _at("/households/{household}/reasons/"),
        "site:history": _at("/households/{household}/history/"),
        "site:observation": _at("/observations/{observation}/"),
        "site:audit": _at("/trail/"),
        "site:jobs": _at("/jobs/"),
        "site:job": _at("/jobs/{job}/"),
        "registry:imports": _at("/imports/"),
        "registry:new-import": _at("/imports/new/"),
        "registry:import": _at("/imports/{import}/"),
        "registry:import-households": _at("/imports/{import}/households/?counted=new"),
        "registry:undo-import": _at("/imports/{import}/undo/"),
        "releases:releases": _at("/releases/"),
        "releases:choose": _at("/releases/new/?run={run}"),
        "releases:preview": _at("/releases/new/{run}/{county}/?levels=township"),
        "runs:runs": _at("/runs/"),
        "runs:request": _at("/runs/request/"),
        "runs:run": _at("/runs/{run}/"),
        "runs:compare": _at("/runs/compare/?before={run}&after={other_run}"),
        "runs:compare-households": _at("/runs/compare/households/?before={run}&after={other_run}"),
        "accounts:account": _at("/account/"),
        "accounts:password": _at("/account/password/"),
        "accounts:codes": _at("/account/codes/"),
        "accounts:sign-ins": _at("/account/sign-ins/"),
        "accounts:language": _at("/account/language/"),
        "accounts:officers": _at("/account/officers/"),
        "accounts:open-account": _at("/account/officers/open/"),
        "accounts:officer": _at("/account/officers/{officer}/"),
        "accounts:grant-role": _at("/account/officers/{officer}/grant/"),
        "accounts:reset-password-of": _at("/account/officers/{officer}/reset-password/"),
        "accounts:close-of": _at("/account/officers/{officer}/close/"),
        "accounts:end-sign-ins-of": _at("/account/officers/{officer}/end-sign-ins/"),
        "accounts:withdraw-grant": _at("/account/grants/{grant}/withdraw/"),
    },
    "designer": {
        "policy:packages": _at("/policy/"),
        "policy:publish": _at("/policy/publish/"),
        "policy:difference": _at("/policy/difference/?old={version}&new={second_version}"),
        "policy:activate": _at("/policy/activate/?version={second_version}"),
        "policy:withdraw": _at("/policy/activations/{activation}/withdraw/"),
        "policy:version": _at("/policy/{version}/"),
        "policy:parameters": _at("/policy/{version}/parameters/"),
        "policy:version opened": _at("/policy/{version}/?open=criteria-housing"),
        "policy:parameters opened": _at("/policy/{version}/parameters/?open=parameters-poverty_line"),
        "policy:facts": _at("/policy/{version}/facts/"),
        "policy:figures": _at("/policy/{version}/figures/"),
        "policy:scores": _at("/policy/{version}/scores/"),
        "runs:simulations": _at("/runs/simulations/"),
        "runs:simulate": _at("/runs/{run}/simulate/"),
        "runs:simulation protected": _at("/runs/simulations/{simulation}/"),
        "policy:scenarios": _at("/policy/{version}/scenarios/"),
    },
    "analyst": {
        "runs:measures": _at("/runs/{run}/measures/"),
        "runs:simulation": _at("/runs/simulations/{simulation}/"),
        "runs:simulation-households": _at("/runs/simulations/{simulation}/households/?change=entered"),
        "runs:simulation-households of a rule": _at(
            "/runs/simulations/{simulation}/households/?change=entered&rule=line_total"
        ),
    },
    "visitor": {
        "site:sealed": _at("/households/{household}/people/{person}/national_id/"),
        "site:household of the village": _at("/households/{household}/"),
        "site:visit": _at("/households/{household}/visit/"),
        "site:visit-person": _at("/households/{household}/people/{person}/visit/"),
        "site:saved": _at("/households/{household}/saved/{observation}/"),
        "site:correct": _at("/households/{household}/observations/{observation}/correct/dwelling_tenure/"),
        "site:open-household": _at("/areas/{village}/open-household/"),
        "site:add-member": _at("/households/{household}/add-member/"),
        "site:leave": _at("/households/{household}/people/{person}/leave/"),
        "site:same-ids": _at("/people/same-id/"),
        "site:right-id": _at("/people/{person}/right-id/"),
    },
    "viewer": {"site:home figures only": _at("/"), "site:area figures only": _at("/areas/{township}/")},
}
AT_THE_DOOR: Mapping[str, Address] = {
    "accounts:sign-in": _at("/account/sign-in/"),
    "accounts:signed-out": _at("/account/signed-out/"),
}


def _names(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from _names(each.url_patterns, f"{each.namespace}:" if each.namespace else space)
        else:
            yield f"{space}{each.name}"


def test_every_address_has_its_picture_or_a_reason_why_not() -> None:
    walked = {name.split(" ")[0] for pages in (*PAGES.values(), AT_THE_DOOR) for name in pages}
    assert walked | BY_JOURNEYS | set(NO_PAGES) == set(_names(get_resolver().url_patterns))


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_stands_in_both_widths(
    office: Office, browser: Browser, language: str, tmp_path: Path
) -> None:
    with look(browser, office.address, language=language) as view:
        for name, address in AT_THE_DOOR.items():
            picture(view, name, address(office))
    for username, pages in PAGES.items():
        with office.visit(browser, username, language=language) as view:
            for name, address in pages.items():
                picture(view, name, address(office))
            if username == "administrator":
                walk_forms(view, tmp_path)


FAULTY = {
    "accounts:open-account": "/account/officers/open/",
    "accounts:password": "/account/password/",
    "registry:new-import": "/imports/new/",
    "releases:choose": "/releases/new/?run={run}",
    "runs:request": "/runs/request/",
}
REFUSED = {"/households/999999/": 404, "/policy/999999/": 404, "/runs/{run}/simulate/": 403}


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
def test_faulty_forms_and_refusals_stand_in_both_widths(
    office: Office, browser: Browser, language: str
) -> None:
    with office.visit(browser, "administrator", language=language) as view:
        for name, path in FAULTY.items():
            view.page.goto(view.address + path.format_map(office.known))
            empty_and_send(view)
            stand(view, f"{name} faulty", begins_at_top=False)
        for path, status in REFUSED.items():
            view.open(path.format_map(office.known), status=status)
            stand(view, f"refused {status} {path.split('/')[1]}")


def empty_and_send(view: View) -> None:
    """Send the form of a page with its texts emptied; what is wrong stands on top and has the focus."""
    for field in view.page.locator("form.entry input:is([type=text], [type=password], [type=date])").all():
        field.fill("")
    view.page.locator("form.entry button[type=submit]").click()
    expect(view.page.locator(".error-summary")).to_be_focused()


def picture(view: View, name: str, path: str) -> None:
    """Open a page, and judge it as it stands."""
    answer = view.page.goto(view.address + path)
    assert answer is not None
    assert answer.status == 200, f"{path}: {answer.status}"
    stand(view, name)


def stand(view: View, name: str, *, begins_at_top: bool = True) -> None:
    """Both pictures of the page that is open; axe sees the phone in Chinese and the desk in English."""
    if view.language == "en" and begins_at_top:
        reach_by_keyboard(view)
    for width in (PHONE, DESK):
        view.page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        view.width = width
        view.screenshot(name.replace(":", "-").replace(" ", "-"))
        view.assert_no_sideways_scroll()
        view.assert_within_reach()
        assert " object (" not in view.page.inner_text("body"), "a row is shown by the name of its class"
        if (width, view.language) in ((PHONE, "zh"), (DESK, "en")):
            view.assert_accessible()
    view.assert_calm()


def reach_by_keyboard(view: View) -> None:
    """The first key leads past the menu, and from there the next to what can be done on the page."""
    page = view.page
    page.keyboard.press("Tab")
    skip = page.locator("a.skip")
    if skip.count() == 0:
        return
    expect(skip).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    can_do = page.locator("#content").locator("a[href], button, input:not([type=hidden]), select, textarea")
    if can_do.count():
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('#content').contains(document.activeElement)"), page.url


def walk_forms(view: View, folder: Path) -> None:
    """The pages behind a form: the draft of a map, and the code to scan."""
    file = folder / "households.csv"
    file.write_text("household,size\n1,2\n", encoding="utf-8")
    view.page.goto(f"{view.address}/imports/new/")
    view.page.locator("#id_uploads").set_input_files(file)
    view.page.locator("form.entry button[type=submit]").click()
    expect(view.page.locator("#id_map_text")).to_be_visible()
    stand(view, "registry:choose-map")
    view.page.goto(f"{view.address}/account/codes/")
    view.page.locator("form.confirm button").click()
    expect(view.page.locator("#id_code")).to_be_visible()
    stand(view, "accounts:confirm-codes")
