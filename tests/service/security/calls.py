# SPDX-License-Identifier: Apache-2.0
"""Decides which services and queries there are, by introspection; one without an entry fails the tests."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping

import hearthline
from tests.service.security.call import Call
from tests.service.security.calls_of_offices import ACCOUNTS, AREAS, JOBS, POLICY
from tests.service.security.calls_of_registers import REGISTRY
from tests.service.security.calls_of_releases import RELEASES
from tests.service.security.calls_of_runs import RUNS, SITE

APPS = ("areas", "audit", "accounts", "jobs", "policy", "registry", "runs", "releases", "site")
EDGE = frozenset({"views", "urls", "apps", "commands", "migrations", "templatetags", "wsgi", "settings"})
"""Modules of the edge, which call services; addresses are walked by test_routes.py."""
CALLS: Mapping[str, Call] = {
    f"{app}.{name}": call
    for app, table in (
        ("accounts", ACCOUNTS),
        ("areas", AREAS),
        ("jobs", JOBS),
        ("policy", POLICY),
        ("registry", REGISTRY),
        ("runs", RUNS),
        ("releases", RELEASES),
        ("site", SITE),
    )
    for name, call in table.items()
}

UNSCOPED: Mapping[str, str] = {
    "site.package_gap": "of a place that was found in scope; which package is in force is public",
    **dict.fromkeys(
        ("accounts.scope_of", "accounts.required_scope", "accounts.roles_held", "accounts.permissions_of"),
        "says itself what an officer may do",
    ),
    **dict.fromkeys(
        (
            "accounts.needs_codes", "accounts.begin_totp", "accounts.offer_again", "accounts.confirm_totp",
            "accounts.choose_language", "accounts.change_password", "accounts.end_own_sign_ins",
        ),
        "of the officer's own account, and of no other",
    ),
    **dict.fromkeys(
        (
            "accounts.note_file", "audit.record", "audit.record_batch",
            "audit.record_in_places",
        ),
        "leaves a trace of what was allowed elsewhere",
    ),
    "accounts.add_grant": "within open_account and grant_role, which check, and the first account",
    "jobs.request_job": "within the services that ask for work, which check",
    "accounts.reach_of": "says itself how much of an officer one administers; pages ask after get_officer",
    "site.front_of": "made of the scoped queries of all apps; the walk of the canaries reads it",
    "registry.sent_once": "within the services that write, which check",
    "site.histories": "words of a household that look_at_household gave",
}  # fmt: skip
"""What takes an officer and asks for no scope, and why that is right."""
WITHOUT_OFFICER: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "accounts.lanes_of", "accounts.lane_of_officer", "accounts.count_attempt", "accounts.take_back",
            "accounts.failures_before", "accounts.forget_attempts", "accounts.forget_attempts_at",
            "accounts.drop_old_attempts", "accounts.accept_code", "accounts.lanes_for",
            "accounts.try_password", "accounts.try_code", "accounts.open_sign_in",
            "accounts.enter_sign_in", "accounts.renew_sign_in", "accounts.move_sign_in",
        ),
        "of the door: nobody is signed in yet",
    ),
    **dict.fromkeys(
        (
            "accounts.first_administrator", "accounts.known_language", "accounts.random_password",
            "accounts.give_one_time_password", "accounts.end_living",
        ),
        "of a command on the server, or a part of a service that checks",
    ),
    **dict.fromkeys(
        (
            "areas.on_move", "areas.rewrite_paths", "areas.lock_tree", "areas.give_name", "areas.give_level",
            "areas.carry", "areas.checked_text", "areas.demand_level", "areas.demand_code_free",
            "areas.demand_depth", "areas.demand_open", "areas.paths_follow", "registry.follow",
        ),
        "a part of the services of places, which check",
    ),
    **dict.fromkeys(
        (
            "jobs.take_up", "jobs.sweep_lost", "jobs.renew_lease", "jobs.save_progress", "jobs.end_job",
            "jobs.end_cancelled", "jobs.fail_job", "jobs.give_back", "registry.refresh_households",
            "registry.refresh_areas", "registry.import_register", "registry.load_snapshot",
            "registry.places_within", "registry.undo_register_import", "registry.refused_file",
            "registry.bring_back", "registry.forget_replaced",
            "runs.screen_register", "runs.simulate_register", "releases.publish_release",
            "audit.seal", "audit.publish_heads", "audit.seal_and_publish",
        ),
        "of the worker, after a service has checked and asked for the job",
    ),
}  # fmt: skip


def found_calls() -> tuple[set[str], set[str]]:
    """Every public function that takes an officer, and every other one of the services."""
    takes, others = set(), set()
    for app, module, function in _functions():
        name = f"{app}.{function.__name__}"
        if "by" in inspect.signature(function).parameters:
            takes.add(name)
        elif "services" in module.split("."):
            others.add(name)
    return takes, others


def _functions() -> Iterator[tuple[str, str, Callable[..., object]]]:
    for app in APPS:
        package = importlib.import_module(f"{hearthline.__name__}.{app}")
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if EDGE & set(found.name.split(".")):
                continue
            module = importlib.import_module(found.name)
            for name, function in inspect.getmembers(module, inspect.isfunction):
                if not name.startswith("_") and function.__module__ == module.__name__:
                    yield app, module.__name__, function
