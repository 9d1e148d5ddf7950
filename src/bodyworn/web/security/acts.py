"""What access control writes to the audit log: a session opened, an attempt denied."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

from bodyworn.domain.event import Outcome, Tag

if TYPE_CHECKING:
    from bodyworn.bootstrap import Library


class AccessActs(Protocol):
    """Events of access control."""

    def open_session(self) -> None:
        """Write that a session is opened."""

    def deny(self, why: str, detail: Mapping[str, str | int]) -> None:
        """Write that an attempt is denied; ``why`` is a fixed word."""


class LibraryAccessActs:
    """:class:`AccessActs` over a real library; ``acting`` gives it for the person of the request at hand."""

    def __init__(self, acting: Callable[[], Library]) -> None:
        self._acting = acting

    def open_session(self) -> None:
        """Write that a session is opened."""
        self._acting().audit_log.append(Tag.SESSION_OPENED, "web")

    def deny(self, why: str, detail: Mapping[str, str | int]) -> None:
        """Write that an attempt is denied."""
        audit_log = self._acting().audit_log
        audit_log.append(Tag.ACCESS_DENIED, "web", {"why": why, **detail}, outcome=Outcome.DENIED)
