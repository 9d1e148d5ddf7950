"""The reference pages of actions and events, written from their lists."""

from __future__ import annotations

from dataclasses import fields


def permissions() -> str:
    """Every action with what it does; there is one policy until there are accounts."""
    from bodyworn.domain.action import ACTIONS

    rows = []
    for action in ACTIONS.values():
        about = "all" if action.whole else "one"
        rows.append(
            f"| `{action.name}` | {'changes' if action.changes else 'reads'} | {about} | {action.description} |"
        )
    head = (
        "# Permissions\n\nEverything that can be done in a library, as named actions. As long as a library has no"
        " accounts, the one person at this\nmachine may do all of it; see [access.md](../access.md).\n\n"
    )
    return head + "\n".join(["| action | kind | about | what it does |", "|---|---|---|---|", *rows]) + "\n"


def events() -> str:
    """Every kind of event with its sentence and the fields of its detail."""
    from bodyworn.domain.event import Outcome
    from bodyworn.domain.event_kinds import FORMER_TAGS, KINDS

    rows = []
    for kind in KINDS.values():
        names = ", ".join(f"`{one.name}`" for one in fields(kind.detail))
        rows.append(f"| `{kind.tag.value}` | {kind.label} | {names} |")
    outcomes = ", ".join(f"`{outcome.value}`" for outcome in Outcome)
    former = "\n".join(f"- `{former}` is `{tag.value}` now" for former, tag in FORMER_TAGS.items())
    head = (
        f"# Events of the audit log\n\nEach ends in one of {outcomes}. `objects` are SHA-256 of stored files that the"
        " log vouches for. Events that\nadd rows also carry `evidence`: name and digest of each row.\n\n"
    )
    table = "\n".join(["| event | what happened | detail |", "|---|---|---|", *rows])
    return f"{head}{table}\n\n## Names of earlier versions\n\nRows keep the name they were written with.\n\n{former}\n"
