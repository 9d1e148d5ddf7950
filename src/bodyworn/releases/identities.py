"""Where the agency's signing key lives, and which authorities this machine trusts.

Keys stay out of the library: they lie in the person's configuration folder, encrypted with a passphrase. Authorities
of other agencies are trusted by putting their certificate into ``authorities/`` there, or by naming it each time.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from bodyworn.domain.errors import UnreadableInput

PASSPHRASE = "BODYWORN_KEY_PASSPHRASE"  # noqa: S105 - the name of the variable, not a secret


def configuration_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """``BODYWORN_CONFIG``, else ``bodyworn`` in the place that the system has for configuration."""
    if "BODYWORN_CONFIG" in environment:
        return Path(environment["BODYWORN_CONFIG"])
    if "APPDATA" in environment:
        return Path(environment["APPDATA"]) / "bodyworn"
    return Path(environment.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "bodyworn"


def signing_folder() -> Path:
    """Where the signing key is made and looked for."""
    return configuration_folder() / "signing"


def passphrase(environment: Mapping[str, str] = os.environ) -> bytes | None:
    """The passphrase of the signing key from the environment; ``None`` where none is set."""
    value = environment.get(PASSPHRASE)
    return value.encode() if value else None


def known_authorities(named: Iterable[Path]) -> str:
    """Certificates (PEM) of all authorities that are trusted here: the agency's own, kept ones, and ``named`` files."""
    folder = configuration_folder()
    kept = [folder / "signing" / "authority.pem", *sorted((folder / "authorities").glob("*.pem"))]
    texts = [path.read_text() for path in kept if path.is_file()]
    for path in named:
        try:
            texts.append(path.read_text())
        except (OSError, ValueError):
            raise UnreadableInput(f"the certificate {path.name} cannot be read", "Name a PEM file") from None
        if "BEGIN CERTIFICATE" not in texts[-1]:
            raise UnreadableInput(f"{path.name} is not a certificate", "Name a PEM file")
    return "\n".join(texts)
