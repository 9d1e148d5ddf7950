"""A person's account: its name, what the person does in the agency, and where; built from steps that are only added."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from bodyworn.domain.actor import ACCOUNT
from bodyworn.domain.agency_role import AgencyRole
from bodyworn.domain.errors import InputError

#: The unit of a person who works for the whole agency.
EVERY_UNIT = "*"
#: Days without a session after which an account is disabled by itself.
UNUSED_DAYS = 90
#: Longest name of a unit.
UNIT_LENGTH = 60
T = TypeVar("T", bound=StrEnum)
_LOGIN = re.compile(r"[a-z][a-z0-9._-]{1,39}")


class Duty(StrEnum):
    """A task beside the roles that builds a wall: who has it may not see what lies behind."""

    DISCIPLINE = "discipline"


class AccountAct(StrEnum):
    """What was done to an account; the newest of each kind counts."""

    ROLES = "roles"
    UNITS = "units"
    DUTIES = "duties"
    DISABLE = "disable"
    ENABLE = "enable"
    INVITE = "invite"
    CREDENTIAL = "credential"
    REMOVE_CREDENTIAL = "remove_credential"
    PROPOSE_RECOVERY = "propose_recovery"
    APPROVE_RECOVERY = "approve_recovery"


@dataclass(frozen=True)
class Account:
    """A person's account as it stands: ``id`` is what events name (``account:ana``), ``name`` is for people.

    ``units`` is where the person works (:data:`EVERY_UNIT` for the whole agency). ``used_at`` is when a session was
    last opened with it, ``since`` when it was made or enabled last.
    """

    id: str
    roles: frozenset[AgencyRole]
    units: frozenset[str]
    disabled: bool = False
    name: str = ""
    duties: frozenset[Duty] = frozenset()
    since: datetime | None = None
    used_at: datetime | None = None

    @property
    def login(self) -> str:
        """What the person types to sign in."""
        return self.id.removeprefix(ACCOUNT)

    def unused(self, at: datetime) -> bool:
        """Whether nobody signed in for so long that the account is disabled by itself."""
        last = max((when for when in (self.since, self.used_at) if when is not None), default=at)
        return (at - last).days >= UNUSED_DAYS


def account_id(login: str) -> str:
    """The id of the account with that login; :class:`InputError` for what is no login."""
    text = login.strip().lower().removeprefix(ACCOUNT)
    if not _LOGIN.fullmatch(text):
        raise InputError(
            "this is no name to sign in with",
            "Give 2 to 40 small letters, digits, dots, dashes or underscores, a letter first",
        )
    return f"{ACCOUNT}{text}"


def unit_name(text: str) -> str:
    """A unit as it is kept; :class:`InputError` for what is no name of one."""
    kept = " ".join(text.split())
    if not kept or len(kept) > UNIT_LENGTH or not kept.isprintable():
        raise InputError("this is no name of a unit", f"Give 1 to {UNIT_LENGTH} printable characters, or * for all")
    return kept


def roles_of(texts: tuple[str, ...] | list[str]) -> frozenset[AgencyRole]:
    """Roles by name; :class:`InputError` names the one that there is not."""
    return frozenset(named_member(AgencyRole, text, "role") for text in texts)


def duties_of(texts: tuple[str, ...] | list[str]) -> frozenset[Duty]:
    """Duties by name; :class:`InputError` names the one that there is not."""
    return frozenset(named_member(Duty, text, "duty") for text in texts)


def named_member(kind: type[T], text: str, what: str) -> T:
    """The member of that name; :class:`InputError` names those that there are. ``what`` is what one is called."""
    try:
        return kind(text.strip().lower())
    except ValueError:
        known = ", ".join(kind)
        raise InputError(f"there is no {what} {text!r}", f"Choose from {known}") from None
