"""How the workbench is called from outside: the names and origins that mean it, and nothing else does."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

from bodyworn.access.signing_in.webauthn_answers import PasskeySite

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True)
class Site:
    """``origin`` is the address that people are given; ``hosts`` and ``origins`` are all that are answered."""

    origin: str
    hosts: frozenset[str]
    origins: frozenset[str]

    @classmethod
    def local(cls, port: int) -> Site:
        """This machine alone, without TLS. Passkeys cannot be bound to a number, so its name comes first."""
        hosts = [_with_port(name, port, 80) for name in _LOOPBACK]
        also = [f"{name}:{port}" for name in _LOOPBACK]
        return cls(f"http://{hosts[0]}", frozenset((*hosts, *also)), frozenset(f"http://{host}" for host in hosts))

    @classmethod
    def over_tls(cls, names: Sequence[str], port: int) -> Site:
        """These names, by the program's own certificate; people are given the first."""
        hosts = [_with_port(f"[{name}]" if ":" in name else name, port, 443) for name in names]
        return cls(f"https://{hosts[0]}", frozenset(hosts), frozenset(f"https://{host}" for host in hosts))

    @classmethod
    def behind_proxy(cls, origin: str) -> Site:
        """The one public origin of a proxy that ends TLS and passes the ``Host`` header on as it came."""
        return cls(origin, frozenset({origin.removeprefix("https://")}), frozenset({origin}))

    @property
    def secure(self) -> bool:
        """Whether browsers come over TLS."""
        return self.origin.startswith("https://")

    @property
    def host(self) -> str:
        """The ``Host`` header of the address that people are given."""
        return self.origin.partition("://")[2]

    def passkeys_at(self, host: str) -> PasskeySite | None:
        """Where passkeys work: at the address that people are given, if that is a name and not a number."""
        name = self.host.rpartition(":")[0] if self.host.rpartition(":")[2].isdecimal() else self.host
        return PasskeySite(name, self.origin) if host == self.host and not is_number(name) else None


def is_number(name: str) -> bool:
    """Whether the name of a host is an address in numbers."""
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def _with_port(name: str, port: int, usual: int) -> str:
    return name if port == usual else f"{name}:{port}"
