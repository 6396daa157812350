# SPDX-License-Identifier: Apache-2.0
"""Decides how a file is sealed under a passphrase: AES-256-GCM in numbered chunks, the last one marked.

A sealed file begins with ``HEARTHLINE-SEALED-1``, a newline and 16 bytes of salt. Each chunk is four bytes of
length, a nonce of 12 bytes, and the cipher text with its tag; number and end of a chunk are authenticated,
so that a file that was cut, reordered or changed is refused. The key comes from the passphrase by scrypt
(n = 2^15, r = 8, p = 1: RFC 7914).
"""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from hearthline.base.problems import Kind, declare

NOT_OPENED = declare(
    "backup.not-opened",
    Kind.REFUSED,
    "{file} cannot be opened: the passphrase is another one, or the file was cut or changed.",
    "Check the passphrase; if it is right, use another copy of the backup. Nothing was restored.",
)
HEAD = b"HEARTHLINE-SEALED-1\n"
_SALT, _NONCE, _LENGTH = 16, 12, 4
_CHUNK = 4 * 2**20


def _key(passphrase: str, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode()))


def _context(number: int, *, last: bool) -> bytes:
    return number.to_bytes(8, "big") + (b"E" if last else b"-")


def seal_file(source: Path, target: Path, passphrase: str) -> None:
    """Write ``source`` sealed to ``target``, which must not exist, and sync it to the disk."""
    salt = os.urandom(_SALT)
    cipher = _key(passphrase, salt)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with source.open("rb") as reading, os.fdopen(descriptor, "wb") as writing:
        writing.write(HEAD + salt)
        number, chunk = 0, reading.read(_CHUNK)
        while True:
            following = reading.read(_CHUNK)
            nonce = os.urandom(_NONCE)
            sealed = cipher.encrypt(nonce, chunk, _context(number, last=not following))
            writing.write(len(sealed).to_bytes(_LENGTH, "big") + nonce + sealed)
            if not following:
                break
            number, chunk = number + 1, following
        writing.flush()
        os.fsync(writing.fileno())


def open_file(source: Path, target: Path, passphrase: str) -> None:
    """Write what was sealed in ``source`` to ``target``, or nothing. Raises ``backup.not-opened``."""
    try:
        _open(source, target, passphrase)
    except (InvalidTag, ValueError) as error:
        target.unlink(missing_ok=True)
        raise NOT_OPENED.error(file=source.name) from error


def _open(source: Path, target: Path, passphrase: str) -> None:
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with source.open("rb") as reading, os.fdopen(descriptor, "wb") as writing:
        if reading.read(len(HEAD)) != HEAD:
            raise ValueError("not a sealed file")
        cipher = _key(passphrase, reading.read(_SALT))
        number, length = 0, reading.read(_LENGTH)
        while length:
            nonce = reading.read(_NONCE)
            sealed = reading.read(int.from_bytes(length, "big"))
            following = reading.read(_LENGTH)
            writing.write(cipher.decrypt(nonce, sealed, _context(number, last=not following)))
            number, length = number + 1, following
        if number == 0:
            raise ValueError("nothing in it")
        writing.flush()
        os.fsync(writing.fileno())
