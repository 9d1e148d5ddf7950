"""A provider of sign-in (OpenID Connect) as the settings name it, and what is asked of it over the network.

Nothing goes out unless a person signs in by it. No redirect is followed, and an answer that is long or slow is dropped.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import os
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bodyworn.domain.errors import LibraryError

#: Bytes of an answer, seconds for each step of it, and seconds for all of it.
MOST, STEP_SECONDS, SECONDS = 262_144, 5, 10
_JSON = {"Accept": "application/json"}
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class ProviderRefusal(Exception):
    """Why nobody is let in by what the provider said, or did not say: a fixed word for the audit log."""

    @property
    def why(self) -> str:
        """The reason."""
        return str(self.args[0])


@dataclass(frozen=True)
class Provider:
    """The provider: its address (issuer), what this program is called there, and the file of the shared secret.

    ``secret_file`` is ``None`` where the provider knows this program as a public client; PKCE stands in both cases.
    """

    issuer: str
    client_id: str
    secret_file: Path | None = None
    name: str = "your agency's account"

    def check(self) -> None:
        """Raise :class:`LibraryError` for settings by which nobody could sign in."""
        if not _reachable(self.issuer, self.issuer) or urlsplit(self.issuer).query:
            raise LibraryError(
                f"the setting oidc_issuer is {self.issuer!r}", "Give the https address of the provider (issuer)"
            )
        if not self.client_id:
            raise LibraryError("the setting oidc_client_id is empty", "Give the client ID that the provider made")
        self.secret()

    def secret(self) -> str:
        """The shared secret, empty without a file; :class:`LibraryError` for one that others can read."""
        if self.secret_file is None:
            return ""
        try:
            with self.secret_file.open(encoding="utf-8") as file:
                open_to_others = os.fstat(file.fileno()).st_mode & 0o077
                text = file.read(4096).strip()
        except (OSError, ValueError):
            raise LibraryError(
                f"the setting oidc_secret_file names {self.secret_file}, which cannot be read", "Check the file"
            ) from None
        if open_to_others:
            raise LibraryError(
                f"others can read {self.secret_file}, the secret that the provider knows this program by",
                "Take the file away from them (mode 0600), and have the provider make a new secret",
            )
        if not text:
            raise LibraryError(f"{self.secret_file} is empty", "Write the secret into it")
        return text

    def asked(
        self, address: str, body: str | None = None, headers: Mapping[str, str] | None = None
    ) -> dict[str, object]:
        """The JSON object that stands at an address of the provider; ``body`` is a form to send there."""
        try:
            status, data = _answer(
                self.safe(address), body, {**_JSON, **(_FORM if body is not None else {}), **(headers or {})}
            )
        except (OSError, http.client.HTTPException, ValueError):
            raise ProviderRefusal("a provider that did not answer") from None
        if status != http.client.OK:
            raise ProviderRefusal("a provider that said no")
        try:
            read = json.loads(data)
        except (ValueError, RecursionError):
            read = None
        if not isinstance(read, dict):
            raise ProviderRefusal("a provider whose answer cannot be read")
        return read

    def safe(self, address: str) -> str:
        """The address as it is; :class:`ProviderRefusal` for one without TLS that is not on this machine."""
        if not _reachable(address, self.issuer):
            raise ProviderRefusal("a provider that names an address without TLS")
        return address


def _reachable(address: str, issuer: str) -> bool:
    """Whether it may be asked at all: over TLS, or on this very machine if the issuer is there too."""
    try:
        parts, at = urlsplit(address), urlsplit(issuer)
        plain = parts.scheme == "http" and _here(parts.hostname) and at.scheme == "http" and _here(at.hostname)
        return (parts.scheme == "https" or plain) and bool(parts.hostname) and parts.username is None
    except ValueError:
        return False


def _here(host: str | None) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def _answer(address: str, body: str | None, headers: Mapping[str, str]) -> tuple[int, bytes]:
    parts = urlsplit(address)
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(parts.netloc, timeout=STEP_SECONDS, context=context)
    else:
        connection = http.client.HTTPConnection(parts.netloc, timeout=STEP_SECONDS)
    until = time.monotonic() + SECONDS
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET" if body is None else "POST", path, body, dict(headers))
        response = connection.getresponse()
        data = bytearray()
        while part := response.read1(16_384):
            data += part
            if len(data) > MOST or time.monotonic() > until:
                raise ValueError("too long or too slow")
        return response.status, bytes(data)
    finally:
        connection.close()
