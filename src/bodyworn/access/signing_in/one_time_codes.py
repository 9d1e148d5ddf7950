"""One-time codes by time (RFC 6238, TOTP) as the second factor, and the printed codes for a lost telephone."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime

import pyotp

ISSUER = "bodyworn"
#: Codes of the half minute before and after count too: clocks differ.
_SPREAD = 1
#: Printed codes that a person gets when the account is set up; each works once.
RECOVERY_CODES = 8
_RECOVERY_BYTES = 10


def new_secret() -> str:
    """A fresh secret, 160 bits in base32."""
    return pyotp.random_base32()


def address(secret: str, login: str) -> str:
    """The ``otpauth:`` address that authenticator programs read from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def step_of(secret: str, untrusted_code: str, at: datetime) -> int | None:
    """The number of the half minute whose code this is, within the spread; ``None`` if it is none of them."""
    code = "".join(untrusted_code.split())
    totp = pyotp.TOTP(secret)
    here = totp.timecode(at)
    found = None
    for step in range(here - _SPREAD, here + _SPREAD + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode()):
            found = step
    return found


def new_recovery_codes() -> list[str]:
    """Codes to print; each has 80 bits."""
    return [_grouped(secrets.token_hex(_RECOVERY_BYTES)) for _ in range(RECOVERY_CODES)]


def _grouped(text: str) -> str:
    return "-".join(text[at : at + 5] for at in range(0, len(text), 5))
