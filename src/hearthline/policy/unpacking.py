# SPDX-License-Identifier: Apache-2.0
"""Decides how a published package comes from the database to a folder, and from there into memory.

A folder ``HOME/packages/<hash>`` is written under a temporary name, checked against the hash and renamed;
a process reads it once.
"""

from __future__ import annotations

import errno
from pathlib import Path
from threading import Lock

from django.conf import settings

from hearthline.base.problems import HearthlineError
from hearthline.engine.packages import PolicyCheck, check_policy, load_policy
from hearthline.engine.rules.policy import Policy
from hearthline.engine.snapshots.problems import EXISTS
from hearthline.engine.snapshots.sealing import PartialFolder
from hearthline.policy.models import PackageVersion
from hearthline.policy.problems import STORED_CHANGED, UNPACKED_CHANGED

FOLDER = "packages"
_POLICIES: dict[Path, Policy] = {}
_CHECKS: dict[Path, PolicyCheck] = {}
_READING = Lock()


def folder_of(version: PackageVersion) -> Path:
    """The folder of a version, unpacked when it is not there. Raises ``policy.stored-changed``."""
    folder: Path = settings.HOME / FOLDER / version.version_hash
    if not folder.is_dir():
        _unpack(version, folder)
    return folder


def policy_of(version: PackageVersion) -> Policy:
    """The checked package of a version, read once in a process. Raises ``policy.unpacked-changed``."""
    folder: Path = settings.HOME / FOLDER / version.version_hash
    known = _POLICIES.get(folder)
    if known is not None:
        return known
    with _READING:
        if folder not in _POLICIES:
            policy = load_policy(folder_of(version))
            if policy.version_hash != version.version_hash:
                raise UNPACKED_CHANGED.error(folder=folder)
            _POLICIES[folder] = policy
    return _POLICIES[folder]


def check_of(version: PackageVersion) -> PolicyCheck:
    """The package with the results of its scenarios, worked out once in a process."""
    folder: Path = settings.HOME / FOLDER / version.version_hash
    if folder not in _CHECKS:
        policy_of(version)
        _CHECKS[folder] = check_policy(folder_of(version))
    return _CHECKS[folder]


def _unpack(version: PackageVersion, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with PartialFolder(folder, replace=False) as work:
            _write(version, work)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
    except HearthlineError as error:
        if error.problem is not EXISTS:
            raise  # else another process was quicker


def _write(version: PackageVersion, work: PartialFolder) -> None:
    for name, text in version.files.items():
        target = work.path / name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        target.write_bytes(text.encode())
    if load_policy(work.path).version_hash != version.version_hash:
        raise STORED_CHANGED.error(package=version.package_id, version=version.version_hash)
    work.publish()
