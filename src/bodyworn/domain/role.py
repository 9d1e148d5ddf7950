"""Roles of speakers: how they are written (``officer``, ``officer_2`` …), read, and named for people.

The wearer, where an officer wears the camera, is plain ``officer``; further people of a kind are numbered from 2 to 99.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_WRITTEN = re.compile(r"(officer|community)(?:_([2-9]|[1-9][0-9]))?\Z|(dispatch|unknown)\Z")


class Role(StrEnum):
    """Who speaks. Further officers and community members are ``officer_2`` …, ``community_2`` … as plain text."""

    OFFICER = "officer"
    COMMUNITY = "community"
    DISPATCH = "dispatch"
    UNKNOWN = "unknown"


#: How a role is named for people.
LABELS = {
    Role.OFFICER: "Officer",
    Role.COMMUNITY: "Community member",
    Role.DISPATCH: "Dispatch",
    Role.UNKNOWN: "Unknown voice",
}


@dataclass(frozen=True)
class NumberedRole:
    """A role with the number of the person in it, 1 for the first."""

    kind: Role
    number: int = 1

    def __str__(self) -> str:
        """As it is written: ``officer``, ``officer_2``."""
        return self.kind.value if self.number == 1 else f"{self.kind.value}_{self.number}"

    @property
    def label(self) -> str:
        """For people: ``Officer``, ``Officer 2``."""
        return LABELS[self.kind] if self.number == 1 else f"{LABELS[self.kind]} {self.number}"


def parse_role(untrusted: object) -> NumberedRole | None:
    """The role that a text such as ``officer_2`` names; ``None`` for anything else."""
    found = _WRITTEN.match(untrusted) if isinstance(untrusted, str) else None
    if found is None:
        return None
    return NumberedRole(Role(found[1] or found[3]), int(found[2] or 1))


def role_or_unknown(untrusted: object) -> str:
    """``untrusted`` if it is a role, else ``unknown``: a wrong role misleads more than none."""
    return str(parse_role(untrusted) or Role.UNKNOWN.value)


def role_kind(role: str) -> Role:
    """The kind of a role: ``officer_2`` is ``Role.OFFICER``; what is no role is ``Role.UNKNOWN``."""
    found = parse_role(role)
    return found.kind if found else Role.UNKNOWN


def role_label(role: str) -> str:
    """A role for people to read: ``officer_2`` is ``Officer 2``; what is no role is ``Unknown voice``."""
    return (parse_role(role) or NumberedRole(Role.UNKNOWN)).label


def is_officer(role: str) -> bool:
    """Whether it is the wearer or another officer."""
    return role_kind(role) is Role.OFFICER


def is_community(role: str) -> bool:
    """Whether it is a member of the community."""
    return role_kind(role) is Role.COMMUNITY
