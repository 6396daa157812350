# SPDX-License-Identifier: Apache-2.0
"""Decides how a secret text is sealed and how a number is indexed: AES-GCM and HMAC under keys of a file.

The file lies outside the database. It holds two keys of 32 bytes, base64: ``seal`` and ``index``. Only the
service wing imports this module (extra ``service``).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hearthline.base.problems import Kind, declare

NO_KEYS = declare(
    "sealing.no-keys",
    Kind.REFUSED,
    "there is no key file {file}.",
    "Name it with HEARTHLINE_KEY_FILE, or make a new one with `hearthline keys new` before any data comes.",
)
BAD_KEYS = declare(
    "sealing.bad-keys",
    Kind.DAMAGED,
    "the key file {file} cannot be used: {reason}.",
    "Restore it from where it is kept safe; nothing sealed can be opened without it.",
)
CANNOT_OPEN = declare(
    "sealing.cannot-open",
    Kind.DAMAGED,
    "a sealed value cannot be opened: it was changed, or sealed under another key.",
    "Check that the key file belongs to this database.",
)

KEY_BYTES = 32
_NONCE_BYTES = 12


@dataclass(frozen=True)
class Keys:
    """The two keys of a service."""

    seal_key: bytes
    index_key: bytes

    def seal(self, value: bytes, context: bytes) -> bytes:
        """``value`` sealed; ``context`` (what it belongs to) must be given again to open it."""
        return seal(self.seal_key, value, context)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """What was sealed. Raises ``sealing.cannot-open``."""
        return unseal(self.seal_key, sealed, context)

    def index(self, value: str) -> str:
        """The keyed HMAC-SHA-256 of a text, 64 hexadecimal digits: the same text is found again by it."""
        return hmac.new(self.index_key, value.encode(), hashlib.sha256).hexdigest()


def seal(key: bytes, value: bytes, context: bytes) -> bytes:
    """AES-256-GCM: nonce, then cipher text with its tag."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, value, context)


def unseal(key: bytes, sealed: bytes, context: bytes) -> bytes:
    """The value sealed by :func:`seal`. Raises ``sealing.cannot-open``."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context)
    except (InvalidTag, ValueError) as error:
        raise CANNOT_OPEN.error() from error


def new_keys(file: Path) -> Keys:
    """Make a key file that only its owner can read; one that exists is never written over."""
    document = {
        name: base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii") for name in ("seal", "index")
    }
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        json.dump(document, stream)
        stream.flush()
        os.fsync(stream.fileno())
    return keys_of(file)


@lru_cache(maxsize=4)
def keys_of(file: Path) -> Keys:
    """The keys of a file. Raises ``sealing.no-keys``, ``sealing.bad-keys``."""
    if not file.is_file():
        raise NO_KEYS.error(file=file.name)
    try:
        document = json.loads(file.read_text(encoding="ascii"))
        seal_key, index_key = (base64.b64decode(document[name], validate=True) for name in ("seal", "index"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BAD_KEYS.error(file=file.name, reason=type(error).__name__) from error
    if len(seal_key) != KEY_BYTES or len(index_key) != KEY_BYTES:
        raise BAD_KEYS.error(file=file.name, reason="a key has not 32 bytes")
    return Keys(seal_key, index_key)
