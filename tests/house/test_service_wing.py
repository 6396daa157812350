# SPDX-License-Identifier: Apache-2.0
"""Decides what an import linter cannot see of the Django apps: who writes, and where keys point.

There is no app yet: the rules read whatever app comes, and planted sources prove that they bite.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.measure import ROOT, project_files, relative

WRITES = {"save", "delete", "bulk_create", "bulk_update", "update_or_create", "get_or_create"}
WRITES_OF_A_QUERYSET = {"create", "update"} | WRITES
MAY_WRITE = {"services.py", "services"}
KEYS = {"ForeignKey", "OneToOneField", "ManyToManyField"}


def layers() -> list[set[str]]:
    """The layer map of pyproject.toml, top first."""
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    rows = linter["contracts"][0]["layers"]
    return [{name.strip().strip("()") for name in row.split("|")} for row in rows]


LAYERS = layers()
LIBRARY_WING = set().union(*LAYERS[[("reporting" in row) for row in LAYERS].index(True) :])


def depth(app: str) -> int:
    """How far down an app stands in the map."""
    return next(number for number, row in enumerate(LAYERS) if app in row)


def app_files() -> Iterator[tuple[str, Path]]:
    """Every file of the service wing with the app it belongs to."""
    for file in project_files("src/hearthline/*.py"):
        parts = file.relative_to(ROOT / "src" / "hearthline").parts
        if (
            len(parts) > 1
            and parts[0] not in LIBRARY_WING | {"cli", "policies"}
            and "migrations" not in parts
        ):
            yield parts[0], file


def writes(tree: ast.AST) -> list[str]:
    """Calls that write domain data: ``x.save()``, ``x.delete()``, and writes through ``.objects``."""
    calls = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    return [
        f"line {call.lineno}: {ast.unparse(call.func)}()"
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in (WRITES_OF_A_QUERYSET if ".objects" in ast.unparse(call.func.value) else WRITES)
    ]


def faults_of_keys(app: str, tree: ast.AST) -> list[str]:
    """Keys to another app that point upward or sideways, or that give the other side a name."""
    faults = []
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if ast.unparse(call.func).split(".")[-1] not in KEYS or not call.args:
            continue
        target = ast.unparse(call.args[0]).strip("'\"")
        other = target.split(".")[0] if "." in target else app
        if other == app or other == "settings":
            continue
        names = {word.arg: ast.unparse(word.value) for word in call.keywords}
        if other not in set().union(*LAYERS) or depth(other) <= depth(app):
            faults.append(f"line {call.lineno}: the key to {target} does not point down")
        if names.get("related_name") not in ("'+'", '"+"'):
            faults.append(f"line {call.lineno}: the key to {target} lacks related_name='+'")
    return faults


def test_only_services_write() -> None:
    wrong = [
        f"{relative(file)} {write}"
        for _, file in app_files()
        if not {file.name, file.parent.name} & MAY_WRITE
        for write in writes(ast.parse(file.read_text(encoding="utf-8")))
    ]
    assert not wrong, f"Write through a service: {'; '.join(wrong)}"


def test_keys_between_apps_point_down_and_name_nothing_above() -> None:
    wrong = [
        f"{relative(file)} {fault}"
        for app, file in app_files()
        for fault in faults_of_keys(app, ast.parse(file.read_text(encoding="utf-8")))
    ]
    assert not wrong, "; ".join(wrong)


def test_every_package_of_the_library_stands_in_the_map() -> None:
    folders = {path.parent.name for path in (ROOT / "src" / "hearthline").glob("*/__init__.py")}
    assert folders <= set().union(*LAYERS), f"Not in the layer map: {folders - set().union(*LAYERS)}"
    assert {"engine", "base", "intake", "statistics"} <= LIBRARY_WING
    assert "registry" not in LIBRARY_WING


@pytest.mark.parametrize(
    "source",
    [
        "household.save()",
        "Household.objects.create(size=1)",
        "Household.objects.filter(size=1).update(size=2)",
        "household.delete()",
        "Household.objects.bulk_create(rows)",
    ],
)
def test_the_rule_on_writes_bites(source: str) -> None:
    assert writes(ast.parse(source))


@pytest.mark.parametrize(
    "source", ["Household.objects.filter(size=1).count()", "names.update(other)", "read.create()"]
)
def test_the_rule_on_writes_lets_reads_pass(source: str) -> None:
    assert not writes(ast.parse(source))


@pytest.mark.parametrize(
    ("app", "source", "faults"),
    [
        ("exits", "models.ForeignKey('registry.Household', on_delete=PROTECT, related_name='+')", 0),
        ("registry", "models.ForeignKey('exits.Exit', on_delete=PROTECT, related_name='+')", 1),
        ("exits", "models.ForeignKey('registry.Household', on_delete=PROTECT)", 1),
        ("identification", "models.ForeignKey('projects.Project', on_delete=PROTECT, related_name='+')", 1),
        ("registry", "models.ForeignKey('Household', on_delete=PROTECT, related_name='members')", 0),
    ],
)
def test_the_rule_on_keys_bites(app: str, source: str, faults: int) -> None:
    assert len(faults_of_keys(app, ast.parse(source))) == faults
