# SPDX-License-Identifier: Apache-2.0
"""Decides what the home folder of a service holds before it first starts: the secret and the keys."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.conf import settings

from hearthline.base.sealing import new_keys

FOLDERS = ("packages", "snapshots", "runs", "imports", "audit-heads")


def prepare_home() -> list[str]:
    """Make what is missing, private to its owner; what was made, as sentences."""
    home, key_file = Path(settings.HOME), Path(settings.KEY_FILE)
    made = []
    for folder in (home, *(home / name for name in FOLDERS)):
        if not folder.is_dir():
            folder.mkdir(parents=True, mode=0o700)
            made.append(f"Made the folder {folder}.")
    if "HEARTHLINE_SECRET" not in os.environ:
        made += _secret(home / "secret")
    if not key_file.exists():
        new_keys(key_file)
        made.append(
            f"Made the key file {key_file}. Keep a copy of it apart from the database and its backups."
        )
    return made


def _secret(file: Path) -> list[str]:
    if not file.exists():
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(secrets.token_urlsafe(50) + "\n")
    made = [] if file.read_text(encoding="ascii").strip() == settings.SECRET_KEY else [f"Made {file}."]
    settings.SECRET_KEY = file.read_text(encoding="ascii").strip()
    return made
