"""Where the workbench may listen, and by which names: this machine alone, or further with accounts and TLS."""

from __future__ import annotations

import ipaddress
import re
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bodyworn.access.site import Site
from bodyworn.domain.errors import Code, Denied, InputError, UnreadableInput

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")
_TLS = "Give --certificate FILE and --key FILE, or --behind-proxy https://NAME for a proxy that does TLS"


@dataclass(frozen=True)
class Place:
    """Where to listen, and what stands for TLS: a certificate with its key, or the public origin of a proxy.

    ``names`` are further names that mean this server, beside those of the certificate.
    """

    host: str
    port: int
    certificate: Path | None = None
    key: Path | None = None
    proxy: str | None = None
    names: tuple[str, ...] = ()


def site_of(place: Place, *, has_accounts: bool) -> Site:
    """The names that the workbench answers to there; :class:`Denied` or :class:`InputError` for a place that is none.

    Without accounts there is nothing but this machine. Others may reach it only where people sign in over TLS.
    """
    if (place.certificate is None) != (place.key is None):
        raise InputError("a certificate and its key go together", "Give --certificate FILE and --key FILE")
    if place.certificate is not None and place.proxy is not None:
        raise InputError("TLS is done here or by a proxy, not by both", "Leave one of them out")
    if place.names and place.certificate is None:
        raise InputError("names are those of a certificate", _TLS)
    outside = not is_loopback(place.host)
    if not has_accounts:
        _refuse_without_accounts(place, outside=outside)
        return Site.local(place.port)
    if place.certificate is not None and place.key is not None:
        return Site.over_tls(_names_for(place.certificate, place.key, place.names), place.port)
    if place.proxy is not None:
        return Site.behind_proxy(_origin(place.proxy))
    if outside:
        raise Denied(f"on {place.host!r} others could read passwords on their way: there is no TLS", _TLS)
    return Site.local(place.port)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches that address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _refuse_without_accounts(place: Place, *, outside: bool) -> None:
    if outside:
        raise Denied(
            f"the workbench listens on this machine only, not on {place.host!r}: the library has no accounts",
            "Use an address of this machine, or give people accounts first",
            Code.HOST_NOT_LOCAL,
        )
    if place.certificate is not None or place.proxy is not None:
        raise Denied("the library has no accounts, so nobody but this machine is let in", "Give people accounts first")


def _names_for(certificate: Path, key: Path, names: tuple[str, ...]) -> list[str]:
    """The names that the server answers to: those given, then those of the certificate."""
    for path in (certificate, key):
        try:
            path.read_bytes()
        except OSError as error:
            raise UnreadableInput(f"{path} cannot be read ({error.strerror})", "Check the file") from None
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password=_no_passphrase)
    except (ssl.SSLError, ValueError):
        raise InputError(
            f"{certificate} and {key} are not a certificate and its key",
            "Give PEM files: the certificate with its chain, and its key without a passphrase",
        ) from None
    found = list(dict.fromkeys([*map(_name, names), *_named_in(certificate)]))
    if not found:
        raise InputError(f"{certificate} says no name of this server", "Add --name NAME, as people type it")
    return found


def _no_passphrase() -> str:
    raise ValueError("the key has a passphrase")


def _named_in(path: Path) -> list[str]:
    from cryptography import x509

    read = x509.load_pem_x509_certificate(path.read_bytes())
    _refuse_expired(path, read)
    try:
        named = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    names = [one.lower() for one in named.get_values_for_type(x509.DNSName)]
    numbers = [str(one) for one in named.get_values_for_type(x509.IPAddress)]
    return [one for one in names if _NAME.fullmatch(one)] + numbers


def _refuse_expired(path: Path, read: Certificate) -> None:
    if not read.not_valid_before_utc <= datetime.now(UTC) < read.not_valid_after_utc:
        until = f"{read.not_valid_before_utc:%Y-%m-%d} to {read.not_valid_after_utc:%Y-%m-%d}"
        raise InputError(f"the certificate {path} is valid from {until} only", "Renew it, or set the clock right")


def _name(text: str) -> str:
    if not _NAME.fullmatch(text.lower()):
        raise InputError(f"{text!r} is no name of a server", "Give one as people type it, such as bodycam.example.org")
    return text.lower()


def _origin(text: str) -> str:
    """The public origin of a proxy as browsers write it."""
    wrong = InputError(f"{text!r} is no address of a proxy that does TLS", "Give one such as https://bodycam.example")
    try:
        parts, port = urlsplit(text.lower()), urlsplit(text).port
    except ValueError:
        raise wrong from None
    bare = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username or parts.password)
    if parts.scheme != "https" or not bare or not _NAME.fullmatch(parts.hostname or "") or is_loopback(text):
        raise wrong
    return f"https://{parts.hostname}" + (f":{port}" if port not in (None, 443) else "")
