"""Secrets that have to be read again (of one-time codes) are kept encrypted; the key lies beside that of the log."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from pathlib import Path

from bodyworn.domain.errors import Code, CustodyError
from bodyworn.storage.files import write_whole

NAME = "access.key"
_NONCE = 12


@dataclass(frozen=True)
class SecretBox:
    """AES-256-GCM with the key in ``key_file`` (mode 0600), which is made when it is first needed."""

    key_file: Path

    def closed(self, text: str, about: str) -> str:
        """``text`` encrypted; it opens only beside the same ``about``, so that no row can take another's place."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = secrets.token_bytes(_NONCE)
        return base64.b64encode(
            nonce + AESGCM(self._key(create=True)).encrypt(nonce, text.encode(), about.encode())
        ).decode()

    def opened(self, kept: str, about: str) -> str:
        """What was closed; :class:`CustodyError` if it was changed, or the key is gone or another."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            data = base64.b64decode(kept, validate=True)
            return AESGCM(self._key(create=False)).decrypt(data[:_NONCE], data[_NONCE:], about.encode()).decode()
        except (InvalidTag, ValueError):
            raise _unreadable() from None

    def _key(self, *, create: bool) -> bytes:
        if create and not self.key_file.exists():
            write_whole(self.key_file, base64.b64encode(secrets.token_bytes(32)), mode=0o600, once=True)
        try:
            return base64.b64decode(self.key_file.read_bytes())
        except OSError:
            raise _unreadable() from None


def _unreadable() -> CustodyError:
    return CustodyError(
        "a second factor that is kept in the library cannot be read with the key that lies there",
        "Restore the folder of keys from its backup",
        Code.CUSTODY_FAULT,
    )
