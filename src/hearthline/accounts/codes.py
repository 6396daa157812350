# SPDX-License-Identifier: Apache-2.0
"""Decides what a one-time code is (RFC 6238, six digits, 30 seconds) and how its secret reaches a phone."""

from __future__ import annotations

import base64
import secrets
import unicodedata
from datetime import datetime
from urllib.parse import quote, urlencode

import segno
from django_otp.oath import hotp  # type: ignore[import-untyped]  # it ships no types

STEP_SECONDS = 30
DIGITS = 6
TOLERANCE = 1
"""Steps that a phone's clock may be early or late."""
SECRET_BYTES = 20
ISSUER = "Hearthline"


def new_secret() -> bytes:
    """A random secret for one account."""
    return secrets.token_bytes(SECRET_BYTES)


def step_at(at: datetime) -> int:
    """The time step of a moment."""
    return int(at.timestamp()) // STEP_SECONDS


def code_of(secret: bytes, step: int) -> str:
    """The code of a time step."""
    return f"{hotp(secret, step, digits=DIGITS):0{DIGITS}d}"


def find_step(secret: bytes, code: str, at: datetime, after: int) -> int | None:
    """The step whose code this is, near ``at`` and later than the step ``after``; None for a wrong code."""
    typed = "".join(unicodedata.normalize("NFKC", code).split()).encode()
    now = step_at(at)
    steps = (step for step in range(now - TOLERANCE, now + TOLERANCE + 1) if step > after)
    return next(
        (step for step in steps if secrets.compare_digest(code_of(secret, step).encode(), typed)), None
    )


def typed_secret(secret: bytes) -> str:
    """The secret in groups of four, for who cannot scan."""
    text = base64.b32encode(secret).decode("ascii").rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def address_of(secret: bytes, username: str) -> str:
    """The address that an authenticator reads from the picture."""
    words = {
        "secret": base64.b32encode(secret).decode("ascii").rstrip("="),
        "issuer": ISSUER,
        "digits": DIGITS,
        "period": STEP_SECONDS,
    }
    return f"otpauth://totp/{quote(f'{ISSUER}:{username}')}?{urlencode(words)}"


def picture_of(address: str) -> str:
    """The QR code as an SVG element: attributes only, no style, no script, nothing to fetch."""
    picture = segno.make(address, error="m", micro=False)
    return picture.svg_inline(
        scale=4, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True
    )
