# SPDX-License-Identifier: Apache-2.0
"""Decides that the reference of the package format is what the checker checks, and its examples are real."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hearthline.engine.packages import available_policies, check_policy, load_policy
from hearthline.engine.packages.schema import FILE_KINDS
from scripts.package_reference import EXAMPLE, LAYER_EXAMPLE, PAGE, SCHEMA, page, schema


def test_the_page_of_the_package_format_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "Run 'python -m scripts.package_reference'."


def test_the_schema_for_editors_is_current_and_closed() -> None:
    text = SCHEMA.read_text(encoding="utf-8")
    assert text == schema(), "Run 'python -m scripts.package_reference'."
    definitions = json.loads(text)["$defs"]
    open_ones = {
        name
        for name, each in definitions.items()
        if "properties" in each and each.get("additionalProperties") is not False
    }
    assert open_ones == {"Expectation"}  # status_<standard> is a key there


def test_every_key_of_every_file_is_described() -> None:
    silent = []
    for name, each in json.loads(schema())["$defs"].items():
        silent += [
            f"{name}.{key}" for key, value in each.get("properties", {}).items() if "description" not in value
        ]
    assert not silent


@pytest.mark.parametrize("folder", [EXAMPLE, LAYER_EXAMPLE], ids=lambda folder: folder.name)
def test_the_example_of_the_reference_loads_and_its_scenarios_hold(folder: Path) -> None:
    check = check_policy(folder)
    assert check.results
    assert check.passed, "\n".join(result.text for result in check.results)


def test_the_example_has_every_kind_of_file() -> None:
    assert all(any(EXAMPLE.glob(kind.pattern)) for kind in FILE_KINDS)


@pytest.mark.parametrize("listing", available_policies(), ids=lambda listing: listing.id)
def test_every_package_that_ships_loads_and_its_scenarios_hold(listing: object) -> None:
    name = getattr(listing, "id", "")
    check = check_policy(name)
    assert check.passed, "\n".join(result.text for result in check.results if not result.passed)
    assert load_policy(name).version_hash == check.policy.version_hash
