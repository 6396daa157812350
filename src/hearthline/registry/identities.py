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
_quoted = json.encoder.encode_basestring
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
        key = hashlib.sha256(b"identity digest " + keys.index_key).digest()
        self._digests = hashlib.blake2b(key=key, digest_size=DIGEST_BYTES)
        self._indices = hmac.new(keys.index_key, digestmod=hashlib.sha256)

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
        """As :func:`id_index`; a million of them are asked for, and a key is read in once."""
        plain = normal_id(national_id)
        if not plain:
            return ""
        code = self._indices.copy()
        code.update(f"national_id {plain}".encode())
        return code.hexdigest()[:INDEX_LENGTH]

    def _digest(self, written: bytes) -> str:
        code = self._digests.copy()
        code.update(written)
        return code.hexdigest()


def opened(keys: Keys, number: str, wrapped_key: bytes, sealed: bytes) -> dict[str, str]:
    """What was sealed of the person of ``number``. Raises ``sealing.cannot-open``."""
    context = context_of(number)
    key = keys.open(wrapped_key, context)
    fields: dict[str, str] = json.loads(unseal(key, sealed, context))
    return fields


def _written(fields: Mapping[str, str]) -> bytes:
    """The fields that are not empty as JSON, sorted; by hand, for an encoder takes longer to begin."""
    members = [f"{_quoted(name)}:{_quoted(fields[name])}" for name in sorted(fields) if fields[name]]
    return f"{{{','.join(members)}}}".encode()
