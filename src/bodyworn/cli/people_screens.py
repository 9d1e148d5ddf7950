"""How people, invitations and explanations are shown on a terminal and written as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bodyworn.domain.event import now, stamp

if TYPE_CHECKING:
    from bodyworn.access.people.explaining import Explanation
    from bodyworn.access.people.invitations import Invitation
    from bodyworn.domain.account import Account
    from bodyworn.domain.codec import Json


def account_json(account: Account) -> dict[str, Json]:
    """An account as it stands."""
    return {
        "id": account.id,
        "name": account.name,
        "roles": sorted(account.roles),
        "units": sorted(account.units),
        "duties": sorted(account.duties),
        "state": _state(account),
        "used_at": stamp(account.used_at) if account.used_at is not None else None,
    }


def show_accounts(accounts: Sequence[Account]) -> None:
    """A row for each account."""
    from bodyworn.cli.screen import show_table

    columns = ("person", "name", "roles", "units", "state", "last signed in (UTC)")
    rows = [
        (
            one.login,
            one.name,
            ", ".join([*sorted(one.roles), *(f"duty: {duty}" for duty in sorted(one.duties))]),
            ", ".join(sorted(one.units)) or "none",
            _state(one),
            f"{one.used_at:%Y-%m-%d %H:%M}" if one.used_at is not None else "never",
        )
        for one in accounts
    ]
    show_table(None, columns, rows)


def invitation_json(invitation: Invitation) -> dict[str, Json]:
    """An invitation with its code, which is shown this once."""
    return {"account": invitation.account, "code": invitation.code, "until": stamp(invitation.until)}


def show_invitation(invitation: Invitation) -> None:
    """The code, and what the person does with it."""
    from bodyworn.cli.screen import show, show_folded

    login = invitation.account.partition(":")[2]
    show(f"{invitation.account}   invitation: {invitation.code}")
    show_folded(f"It works once, until {invitation.until:%Y-%m-%d %H:%M} UTC, and is not shown again.")
    show_folded(f"next: the person sets up the account: bodyworn login {login} --set-up")


def show_explanation(found: Explanation) -> None:
    """The answer first, then why."""
    from bodyworn.cli.screen import show, show_folded

    show(f"{'yes' if found.allowed else 'no'}: {found.action} to {found.thing}")
    show_folded(f"  {found.because}")
    show_folded(f"  {found.description}")
    if found.allowed and found.needs_proof:
        show_folded("  It takes a sign-in within the last 10 minutes.")


def _state(account: Account) -> str:
    if account.disabled:
        return "disabled"
    return "disabled: unused for 90 days" if account.unused(now()) else "active"
