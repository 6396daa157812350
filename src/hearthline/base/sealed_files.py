# SPDX-License-Identifier: Apache-2.0
"""Decides how a file is sealed, under a passphrase or a key: AES-256-GCM in chunks, the last one marked.

A sealed file begins with ``HEARTHLINE-SEALED-1`` (passphrase) or ``-2`` (key), a newline, 16 bytes of salt.
Each chunk is four bytes of length, a nonce of 12 bytes, and the cipher text with its tag; number and end of a
chunk are authenticated, so that a file that was cut, reordered or changed is refused. The key of a file comes
from the passphrase by scrypt (n = 2^15, r = 8, p = 1: RFC 7914), or from a key by HMAC-SHA-256 over the salt.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from hearthline.base.problems import Kind, declare
from hearthline.base.sealing import CANNOT_OPEN

NOT_OPENED = declare(
    "backup.not-opened",
    Kind.REFUSED,
    "{file} cannot be opened: the passphrase is another one, or the file was cut or changed.",
    "Check the passphrase; if it is right, use another copy of the backup. Nothing was restored.",
)
HEAD = b"HEARTHLINE-SEALED-1\n"
HEAD_OF_KEY = b"HEARTHLINE-SEALED-2\n"
_SALT, _NONCE, _LENGTH = 16, 12, 4
_CHUNK = 4 * 2**20


def _key(passphrase: str, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode()))


def _key_of_file(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(hmac.digest(key, b"sealed file " + salt, "sha256"))


def _context(number: int, *, last: bool) -> bytes:
    return number.to_bytes(8, "big") + (b"E" if last else b"-")


def is_sealed(file: Path) -> bool:
    """Whether a file says of itself that it is sealed."""
    with file.open("rb") as stream:
        return stream.read(len(HEAD)) in (HEAD, HEAD_OF_KEY)


def seal_file(source: Path, target: Path, passphrase: str) -> None:
    """Write ``source`` sealed to ``target``, which must not exist, and sync it to the disk."""
    salt = os.urandom(_SALT)
    with source.open("rb") as stream:
        _seal(iter(lambda: stream.read(_CHUNK), b""), target, HEAD + salt, _key(passphrase, salt))


def seal_under(blocks: Iterable[bytes], target: Path, key: bytes) -> None:
    """Write what comes in blocks, sealed under a key of 32 bytes, to ``target``, which must not exist."""
    salt = os.urandom(_SALT)
    _seal(iter(blocks), target, HEAD_OF_KEY + salt, _key_of_file(key, salt))


def seal_file_under(source: Path, target: Path, key: bytes) -> None:
    """The same with the blocks of a file."""
    with source.open("rb") as stream:
        seal_under(iter(lambda: stream.read(_CHUNK), b""), target, key)


def open_file(source: Path, target: Path, passphrase: str) -> None:
    """Write what was sealed in ``source`` to ``target``, or nothing. Raises ``backup.not-opened``."""
    try:
        _open(source, target, HEAD, lambda salt: _key(passphrase, salt))
    except (InvalidTag, ValueError) as error:
        target.unlink(missing_ok=True)
        raise NOT_OPENED.error(file=source.name) from error


def open_file_under(source: Path, target: Path, key: bytes) -> None:
    """The same of what was sealed under a key. Raises ``sealing.cannot-open``."""
    try:
        _open(source, target, HEAD_OF_KEY, lambda salt: _key_of_file(key, salt))
    except (InvalidTag, ValueError) as error:
        target.unlink(missing_ok=True)
        raise CANNOT_OPEN.error() from error


def _seal(blocks: Iterator[bytes], target: Path, head: bytes, cipher: AESGCM) -> None:
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as writing:
        writing.write(head)
        number, block = 0, next(blocks, b"")
        while True:
            following = next(blocks, b"")
            nonce = os.urandom(_NONCE)
            sealed = cipher.encrypt(nonce, block, _context(number, last=not following))
            writing.write(len(sealed).to_bytes(_LENGTH, "big") + nonce + sealed)
            if not following:
                break
            number, block = number + 1, following
        writing.flush()
        os.fsync(writing.fileno())


def _open(source: Path, target: Path, head: bytes, cipher_of: Callable[[bytes], AESGCM]) -> None:
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with source.open("rb") as reading, os.fdopen(descriptor, "wb") as writing:
        if reading.read(len(head)) != head:
            raise ValueError("not a sealed file")
        cipher = cipher_of(reading.read(_SALT))
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
