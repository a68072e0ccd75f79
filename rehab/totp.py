"""动态口令 (RFC 6238): six digits every thirty seconds, by a key that the officer's device holds too."""

import base64
import secrets
from datetime import datetime
from urllib.parse import quote

import segno
from django_otp.oath import TOTP

ISSUER = "戒毒矫治业务平台"
KEY_BYTES = 20  # as long as what SHA-1 gives
DIGITS = 6
STEPS_APART = 1  # a device may be half a minute fast or slow


def new_key() -> bytes:
    """A key that nobody has yet."""
    return secrets.token_bytes(KEY_BYTES)


def step_of(key: bytes, code: str, *, at: datetime, after: int = -1) -> int | None:
    """The time step whose code this is, later than `after`; None where it is the code of none."""
    if not (code.isascii() and code.isdecimal() and len(code) == DIGITS):
        return None
    device = TOTP(key, digits=DIGITS)
    device.time = at.timestamp()
    fits = device.verify(int(code), tolerance=STEPS_APART, min_t=after + 1)
    return device.t() if fits else None


def spelled(key: bytes) -> str:
    """The key as it is typed into a device: base32 in groups of four."""
    text = base64.b32encode(key).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def picture(key: bytes, *, username: str) -> str:
    """The key as a QR code that a device reads: the address of an image within the page."""
    label = f"{quote(ISSUER)}:{quote(username)}"
    address = (
        f"otpauth://totp/{label}?secret={spelled(key).replace(' ', '')}&issuer={quote(ISSUER)}"
    )
    return segno.make(address, micro=False).svg_data_uri(border=2, light="#fff")
