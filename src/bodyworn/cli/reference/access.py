"""Pages of what can be done in a library and what is written down about it, from their lists."""

from __future__ import annotations

from bodyworn.cli.reference.markdown import names, table


def permissions_page() -> str:
    """``permissions.md``: every action with what it does, and the table of roles."""
    from bodyworn.domain.action import ACTIONS
    from bodyworn.domain.agency_role import PERMISSIONS

    rows = [
        (f"`{one.name}`", "changes" if one.changes else "reads", "all" if one.whole else "one", one.description)
        for one in ACTIONS.values()
    ]
    head = "# Permissions\n\nEverything that can be done in a library, as named actions. As long as a library has no\n"
    head += "accounts, the one person at this machine may do all of it; see [access.md](../access.md).\n\n"
    text = head + table(("action", "kind", "about", "what it does"), rows)
    text += (
        "\n## By role\n\nWhat each role may do under the policy of accounts, in the units of the person and never to"
    )
    text += "\nwhat is restricted to others. No command makes accounts yet.\n\n"
    marks = [(f"`{one}`", *("yes" if one in can else "" for can in PERMISSIONS.values())) for one in ACTIONS]
    return text + table(("action", *(role.value for role in PERMISSIONS)), marks)


def events_page() -> str:
    """``events.md``: every kind of event with its sentence and the keys of its detail."""
    from bodyworn.domain.event import Outcome
    from bodyworn.domain.event_kinds import FORMER_TAGS, KINDS

    rows = [(f"`{kind.tag.value}`", kind.label, names(_keys(kind.detail))) for kind in KINDS.values()]
    former = [(f"`{old}`", f"`{tag.value}`") for old, tag in FORMER_TAGS.items()]
    head = f"# Events of the audit log\n\nEach ends in one of {names(outcome.value for outcome in Outcome)}. `objects`"
    head += " are SHA-256 of stored files that the log\nvouches for. Events that add rows also carry `evidence`: name"
    head += " and digest of each row.\n\n"
    text = head + table(("event", "what happened", "detail"), rows)
    text += "\n## Names of earlier versions\n\nRows keep the name they were written with.\n\n"
    return text + table(("written as", "is now"), former)


def _keys(detail: type) -> tuple[str, ...]:
    from bodyworn.domain.codec_fields import shape_of

    return tuple(one.key for one in shape_of(detail))
