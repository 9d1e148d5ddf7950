"""The typed details of events about people and their sessions: ids and fixed words. Reasons stand in their rows."""

from __future__ import annotations

from dataclasses import dataclass, field

from bodyworn.domain.codec import omit_default
from bodyworn.domain.event_details import EventDetail


@dataclass(frozen=True)
class AccountChanged(EventDetail):
    """What was done to an account (``act``), and the values that count from then on."""

    act: str
    values: tuple[str, ...] = field(default=(), metadata=omit_default())

    def more(self) -> str:
        """The act with its values."""
        return f"{self.act.replace('_', ' ')} {', '.join(self.values) or '(none)'}"


@dataclass(frozen=True)
class CredentialSet(EventDetail):
    """Something proves who the person is from now on, or no longer does: ``password``, ``totp``, ``passkey`` …"""

    credential: str

    def more(self) -> str:
        """Which."""
        return self.credential


@dataclass(frozen=True)
class SessionChanged(EventDetail):
    """A session was opened, proved again or ended, by which way and with which proofs."""

    way: str = field(default="", metadata=omit_default())
    proofs: tuple[str, ...] = field(default=(), metadata=omit_default())

    def more(self) -> str:
        """The way, and what proved it."""
        return ", ".join(part for part in (self.way, " and ".join(self.proofs)) if part)
