"""Where the agency's signing key lives, and which authorities this machine trusts.

Keys stay out of the library: they lie in the person's configuration folder, encrypted with a passphrase. Authorities
of other agencies are trusted by putting their certificate into ``authorities/`` there, or by naming it each time.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from bodyworn.custody.certificates import AUTHORITY_PEM
from bodyworn.domain.errors import UnreadableInput
from bodyworn.media.documents import bytes_of
from bodyworn.storage.files import write_whole

CONFIGURATION = "BODYWORN_CONFIG"
#: A certificate has a thousandth of that. It is read in this process, by a parser that is safe with memory (Rust).
CERTIFICATE_BYTES = 1 << 20
PASSPHRASE = "BODYWORN_KEY_PASSPHRASE"  # noqa: S105 - the name of the variable, not a secret


def configuration_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """``BODYWORN_CONFIG``, else ``bodyworn`` in the place that the system has for configuration."""
    if CONFIGURATION in environment:
        return Path(environment[CONFIGURATION])
    import platformdirs

    return platformdirs.user_config_path("bodyworn", appauthor=False, roaming=True)


def former_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where versions before this one kept configuration; on Linux and Windows it is the same place."""
    if "APPDATA" in environment:
        return Path(environment["APPDATA"]) / "bodyworn"
    return Path(environment.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "bodyworn"


def folder_in_use(environment: Mapping[str, str] = os.environ) -> Path:
    """The configuration folder; the former one as long as keys or authorities lie only there."""
    folder = configuration_folder(environment)
    if CONFIGURATION in environment or _is_used(folder):
        return folder
    former = former_folder(environment)
    return former if _is_used(former) else folder


def _is_used(folder: Path) -> bool:
    return (folder / "signing").is_dir() or (folder / "authorities").is_dir()


def note_on_place(environment: Mapping[str, str] = os.environ) -> str:
    """What to tell where keys are used from the former place, as one sentence; else empty."""
    folder, used = configuration_folder(environment), folder_in_use(environment)
    return "" if used == folder else f"The keys are used from {used}; the place for them is {folder} now."


def signing_folder() -> Path:
    """Where the signing key is made and looked for."""
    return folder_in_use() / "signing"


def set_aside(now: dt.datetime) -> Path | None:
    """Move the signing key out of the way and go on trusting its authority; where it is now, if there was one."""
    folder = signing_folder()
    if not folder.is_dir():
        return None
    aside = folder.with_name(f"signing-until-{now:%Y%m%dT%H%M%S}")
    trusted = folder.with_name("authorities")
    trusted.mkdir(exist_ok=True, mode=0o700)
    authority = folder / AUTHORITY_PEM
    if authority.is_file():
        write_whole(trusted / f"own-until-{now:%Y%m%dT%H%M%S}.pem", authority.read_bytes())
    folder.rename(aside)
    return aside


def passphrase(environment: Mapping[str, str] = os.environ) -> bytes | None:
    """The passphrase of the signing key from the environment; ``None`` where none is set."""
    value = environment.get(PASSPHRASE)
    return value.encode() if value else None


def known_authorities(named: Iterable[Path]) -> str:
    """Certificates (PEM) of the authorities that count: those in ``named`` files, and without any, those trusted here.

    That is the agency's own and the kept ones. :class:`UnreadableInput` for a file that holds no certificates.
    """
    from cryptography.x509 import load_pem_x509_certificates

    folder = folder_in_use()
    kept = [folder / "signing" / AUTHORITY_PEM, *sorted((folder / "authorities").glob("*.pem"))]
    texts = []
    for path in list(named) or [path for path in kept if path.is_file()]:
        try:
            texts.append(bytes_of(path, CERTIFICATE_BYTES, "a certificate").decode())
            load_pem_x509_certificates(texts[-1].encode())
        except ValueError:
            raise UnreadableInput(f"{path.name} is not a certificate that can be read", "Name a PEM file") from None
    return "\n".join(texts)


def known_time_authorities() -> str:
    """Certificates (PEM) of the authorities whose time stamps count here: those in ``time-authorities/``."""
    folder = folder_in_use() / "time-authorities"
    return "\n".join(path.read_text() for path in sorted(folder.glob("*.pem")) if path.is_file())
