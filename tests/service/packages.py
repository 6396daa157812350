# SPDX-License-Identifier: Apache-2.0
"""Decides how a test gets a published package quickly: a shipped one is read and checked once a session."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.utils import timezone

from hearthline.accounts.models import Officer
from hearthline.engine.packages import PolicyCheck, check_policy, policy_files
from hearthline.policy import unpacking
from hearthline.policy.models import PackageVersion


@lru_cache(maxsize=8)
def _content(name: str) -> tuple[PolicyCheck, dict[str, str]]:
    files = {path: content.decode() for path, content in policy_files(name).items()}
    return check_policy(name), files


def published(name: str, by: Officer) -> PackageVersion:
    """A shipped package as a published version, known to this process as if it had read it."""
    check, files = _content(name)
    policy = check.policy
    version = PackageVersion.objects.create(
        package_id=policy.id,
        version_hash=policy.version_hash,
        title=dict(policy.title),
        files=files,
        published_at=timezone.now(),
        published_by=by,
    )
    folder = settings.HOME / unpacking.FOLDER / version.version_hash
    unpacking._POLICIES[folder], unpacking._CHECKS[folder] = policy, check
    return version
