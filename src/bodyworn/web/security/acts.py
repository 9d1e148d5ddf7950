"""What access control writes to the audit log: a session opened, an attempt denied."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from bodyworn.domain.event import Outcome, Tag

if TYPE_CHECKING:
    from bodyworn.custody.audit_log import AuditLog


class AccessActs(Protocol):
    """Events of access control."""

    def open_session(self) -> None:
        """Write that a session is opened."""

    def deny(self, why: str, detail: Mapping[str, str | int]) -> None:
        """Write that an attempt is denied; ``why`` is a fixed word."""


class LibraryAccessActs:
    """:class:`AccessActs` over a real library."""

    def __init__(self, audit_log: AuditLog) -> None:
        self._audit_log = audit_log

    def open_session(self) -> None:
        """Write that a session is opened."""
        self._audit_log.append(Tag.SESSION_OPENED, "web")
        self._audit_log.seal(always=False)

    def deny(self, why: str, detail: Mapping[str, str | int]) -> None:
        """Write that an attempt is denied."""
        self._audit_log.append(Tag.ACCESS_DENIED, "web", {"why": why, **detail}, outcome=Outcome.DENIED)
