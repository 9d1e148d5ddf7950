"""``bodyworn custody log``: the entries of the audit log, filtered, newest first, page by page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from bodyworn.cli.options import JsonOption, LibraryOption, opened

if TYPE_CHECKING:
    from bodyworn.domain.event import Event

Text = str | None
COLUMNS = ("row", "time (UTC)", "what happened", "who", "object")


def log(
    tag: Annotated[
        Text,
        typer.Option(metavar="EVENT", help="Only this event, such as release.approved."),
    ] = None,
    object_: Annotated[
        Text, typer.Option("--object", metavar="ID", help="Only what is about this recording or release.")
    ] = None,
    actor: Annotated[Text, typer.Option(metavar="PERSON", help="Only what this person did.")] = None,
    since: Annotated[Text, typer.Option(metavar="TIME", help="From this day or time (UTC): 2026-08-10T14:00.")] = None,
    until: Annotated[Text, typer.Option(metavar="TIME", help="Through this day, or up to this time (UTC).")] = None,
    before: Annotated[int | None, typer.Option(metavar="ROW", min=1, help="Only rows before this one.")] = None,
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="How many entries.")] = 20,
    library: LibraryOption = None,
    json_to: JsonOption = None,
) -> None:
    """Show entries of the audit log, newest first; looking is an entry too."""
    from bodyworn.cli.screen import give, say, show_table
    from bodyworn.storage.rows.audit import EventFilter

    which = EventFilter(object_, tag, actor, instant(since), instant(until, through=True), before)
    with opened(library) as chosen:
        events = chosen.audit_trail.newest(count, which)
    rows = [(str(e.seq), f"{e.at:%Y-%m-%d %H:%M}", _what(e), str(e.person), e.object) for e in events]
    give(json_to, [event.to_json() for event in events], lambda: show_table(None, COLUMNS, rows), lines=True)
    if not events:
        say("no entry fits")
    elif len(events) == count and events[-1].seq > 1:
        say(f"older entries: --before {events[-1].seq}")


def _what(event: Event) -> str:
    """What happened, and how it ended if not well."""
    from bodyworn.domain.event_kinds import sentence

    return sentence(event) if event.outcome == "ok" else f"{sentence(event)} ({event.outcome})"


def instant(text: str | None, *, through: bool = False) -> str | None:
    """What was typed as a stamp; a day is its start, or with ``through`` its end. Without a zone it is UTC."""
    from bodyworn.domain.errors import InputError
    from bodyworn.domain.event import stamp

    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"{text!r} is not a time", "Write it as 2026-08-10 or 2026-08-10T14:00") from None
    if through and len(text) <= len("2026-08-10"):
        at += timedelta(days=1)
    return stamp(at if at.tzinfo else at.replace(tzinfo=UTC))
