# SPDX-License-Identifier: Apache-2.0
"""Decides how what identifies a person is sealed: under a key of the person's own, bound to the person.

The key is wrapped by the key outside the database. The number of the person is the context of both, so
that the sealed text of one person cannot be put in the place of another's.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hearthline.base.sealing import KEY_BYTES, Keys, unseal

NONCE_BYTES = 12
_WRITTEN = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
DIGEST_BYTES = 16
INDEX_LENGTH = 32
"""Hexadecimal digits of the index: 128 bits, so that no two of all people meet in it."""


class Sealed(NamedTuple):
    """What is stored of an identity."""

    wrapped_key: bytes
    sealed: bytes
    digest: str
    id_index: str


def normal_id(text: str) -> str:
    """A national ID in one form: no spaces or marks, half-width, capital letters."""
    if text.isascii() and text.isalnum():
        return text.upper()
    plain = unicodedata.normalize("NFKC", text)
    return "".join(letter for letter in plain if letter.isalnum()).upper()


def id_index(keys: Keys, national_id: str | None) -> str:
    """The keyed index by which a national ID is found again; empty for none."""
    plain = normal_id(national_id or "")
    return keys.index(f"national_id {plain}")[:INDEX_LENGTH] if plain else ""


def context_of(number: str) -> bytes:
    """What a sealed value is bound to."""
    return f"registry person {number}".encode()


class Sealer:
    """Seals the identities of many people, with the outer keys at hand."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._outer = AESGCM(keys.seal_key)
        self._digest_key = hashlib.sha256(b"identity digest " + keys.index_key).digest()

    def digest(self, fields: Mapping[str, str]) -> str:
        """A keyed hash of the fields: equal for equal ones, and nothing can be read from it."""
        return self._digest(_written(fields))

    def seal(self, number: str, fields: Mapping[str, str]) -> Sealed:
        """Seal what identifies the person of ``number``."""
        written = _written(fields)
        random = os.urandom(KEY_BYTES + 2 * NONCE_BYTES)
        key, outer, inner = random[:32], random[32:44], random[44:]
        context = context_of(number)
        return Sealed(
            outer + self._outer.encrypt(outer, key, context),
            inner + AESGCM(key).encrypt(inner, written, context),
            self._digest(written),
            self._index(fields.get("national_id") or ""),
        )

    def _index(self, national_id: str) -> str:
        """As :func:`id_index`, in one call of the library: a million of them are asked for."""
        plain = normal_id(national_id)
        if not plain:
            return ""
        code = hmac.digest(self._keys.index_key, f"national_id {plain}".encode(), "sha256")
        return code.hex()[:INDEX_LENGTH]

    def _digest(self, written: bytes) -> str:
        return hashlib.blake2b(written, key=self._digest_key, digest_size=DIGEST_BYTES).hexdigest()


def opened(keys: Keys, number: str, wrapped_key: bytes, sealed: bytes) -> dict[str, str]:
    """What was sealed of the person of ``number``. Raises ``sealing.cannot-open``."""
    context = context_of(number)
    key = keys.open(wrapped_key, context)
    fields: dict[str, str] = json.loads(unseal(key, sealed, context))
    return fields


def _written(fields: Mapping[str, str]) -> bytes:
    return _WRITTEN({name: fields[name] for name in sorted(fields) if fields[name]}).encode()
