# SPDX-License-Identifier: Apache-2.0
"""Decides that a published package is word for word what was checked, and never changes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from hearthline.accounts.rules import Role
from hearthline.areas.models import Area
from hearthline.audit.models import AuditRow
from hearthline.base.problems import HearthlineError, ManyProblems
from hearthline.engine.packages import load_policy
from hearthline.engine.packages.folder import policies_folder
from hearthline.policy import unpacking
from hearthline.policy.models import PackageVersion
from hearthline.policy.queries import folder_of, get_version, policy_of, published_versions
from hearthline.policy.services import publish
from tests.service.conftest import TODAY, Hire

IMAGINARY = "imaginary/2023"


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    """A copy of a shipped package that may be edited."""
    return Path(shutil.copytree(policies_folder() / IMAGINARY, tmp_path / "edited"))


def test_a_package_that_comes_with_hearthline_is_published_by_its_id(
    places: dict[str, Area], hire: Hire
) -> None:
    designer = hire(Role.POLICY_DESIGNER, places["510101"])
    version = publish(by=designer, on=TODAY, folder=IMAGINARY, note="first")
    assert version.version_hash == load_policy(IMAGINARY).version_hash
    assert version.files["package.toml"] == (policies_folder() / IMAGINARY / "package.toml").read_text(
        encoding="utf-8"
    )
    trail = AuditRow.objects.get(action="policy.publish")
    assert trail.facts["version"] == version.version_hash
    assert list(published_versions(by=designer, on=TODAY)) == [version]


def test_publishing_the_same_words_again_gives_the_same_version(places: dict[str, Area], hire: Hire) -> None:
    designer = hire(Role.POLICY_DESIGNER, places["510101"])
    first = publish(by=designer, on=TODAY, folder=IMAGINARY)
    assert publish(by=designer, on=TODAY, folder=IMAGINARY, note="again") == first
    assert AuditRow.objects.filter(action="policy.publish").count() == 1


def test_a_package_from_a_folder_is_another_version(
    edited: Path, places: dict[str, Area], hire: Hire
) -> None:
    designer = hire(Role.POLICY_DESIGNER, places["510101"])
    manifest = edited / "package.toml"
    manifest.write_text(manifest.read_text(encoding="utf-8") + "\n# a remark\n", encoding="utf-8")
    version = publish(by=designer, on=TODAY, folder=edited)
    assert version.version_hash != load_policy(IMAGINARY).version_hash
    assert version.files["package.toml"].endswith("# a remark\n")


def test_a_package_that_does_not_check_is_not_published(
    edited: Path, places: dict[str, Area], hire: Hire
) -> None:
    designer = hire(Role.POLICY_DESIGNER, places["510101"])
    for file in (edited / "rules").glob("*.yaml"):
        file.write_text("derived: {wrong: {}}\n", encoding="utf-8")
    with pytest.raises((HearthlineError, ManyProblems)):
        publish(by=designer, on=TODAY, folder=edited)
    assert not PackageVersion.objects.exists()


def test_a_package_whose_scenario_fails_is_not_published(
    edited: Path, places: dict[str, Area], hire: Hire
) -> None:
    designer = hire(Role.POLICY_DESIGNER, places["510101"])
    for file in (edited / "scenarios").glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("status: poor", "status: unknown"), encoding="utf-8")
    with pytest.raises(HearthlineError) as failure:
        publish(by=designer, on=TODAY, folder=edited)
    assert failure.value.code == "policy.scenario-fails"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE policy_packageversion SET note = 'changed'",
        "UPDATE policy_packageversion SET files = '{}'",
        "DELETE FROM policy_packageversion",
    ],
)
def test_the_database_refuses_to_change_a_published_package(
    statement: str, places: dict[str, Area], hire: Hire
) -> None:
    version = publish(by=hire(Role.ADMINISTRATOR), on=TODAY, folder=IMAGINARY)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        connection.cursor().execute(statement)
    assert PackageVersion.objects.get() == version


def test_a_version_is_unpacked_once_and_read_as_it_was_published(
    home: Path, places: dict[str, Area], hire: Hire
) -> None:
    version = publish(by=hire(Role.ADMINISTRATOR), on=TODAY, folder=IMAGINARY)
    policy = policy_of(version)
    assert policy.version_hash == version.version_hash
    assert policy_of(PackageVersion.objects.get()) is policy
    assert [path.name for path in (home / "packages").iterdir()] == [version.version_hash]


def test_an_unpacked_package_that_was_edited_is_refused(
    home: Path, places: dict[str, Area], hire: Hire
) -> None:
    version = publish(by=hire(Role.ADMINISTRATOR), on=TODAY, folder=IMAGINARY)
    manifest = folder_of(version) / "package.toml"
    manifest.write_text(manifest.read_text(encoding="utf-8") + "# edited\n", encoding="utf-8")
    with pytest.raises(HearthlineError) as failure:
        policy_of(version)
    assert failure.value.code == "policy.unpacked-changed"


def test_stored_files_that_do_not_have_their_hash_are_refused(
    home: Path, places: dict[str, Area], hire: Hire
) -> None:
    version = publish(by=hire(Role.ADMINISTRATOR), on=TODAY, folder=IMAGINARY)
    version.files = {**version.files, "package.toml": version.files["package.toml"] + "# more\n"}
    with pytest.raises(HearthlineError) as failure:
        folder_of(version)
    assert failure.value.code == "policy.stored-changed"
    assert not [path for path in (home / "packages").iterdir() if path.name == version.version_hash]


def test_a_version_that_is_not_there_is_not_found(places: dict[str, Area], hire: Hire) -> None:
    with pytest.raises(HearthlineError) as failure:
        get_version(by=hire(Role.VIEWER, places["510101"]), on=TODAY, version_id=99)
    assert failure.value.code == "policy.no-version"


@pytest.mark.parametrize("role", Role)
def test_who_may_publish(role: Role, places: dict[str, Area], hire: Hire) -> None:
    officer = hire(role, places["510101"])
    if role in (Role.POLICY_DESIGNER, Role.ADMINISTRATOR):
        assert publish(by=officer, on=TODAY, folder=IMAGINARY).pk
        return
    with pytest.raises(HearthlineError) as refusal:
        publish(by=officer, on=TODAY, folder=IMAGINARY)
    assert refusal.value.code == "accounts.not-permitted"


def test_the_checks_of_a_version_are_worked_out_once(places: dict[str, Area], hire: Hire) -> None:
    version = publish(by=hire(Role.ADMINISTRATOR), on=TODAY, folder=IMAGINARY)
    check = unpacking.check_of(version)
    assert check.passed
    assert unpacking.check_of(version) is check
