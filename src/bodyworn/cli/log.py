"""``bodyworn custody log``: the entries of the audit log, filtered, newest first, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from bodyworn.cli.options import JsonOption, LibraryOption, opened

if TYPE_CHECKING:
    from bodyworn.custody.audit_log import AuditLog
    from bodyworn.domain.event import Event

Text = str | None


@dataclass(frozen=True)
class LogFilter:
    """Which entries: all that fit everything given. ``until`` is not included; ``before`` is the number of an entry."""

    tag: str | None = None
    object: str | None = None
    actor: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


def log(
    tag: Annotated[Text, typer.Option(metavar="EVENT", help="Only this event, such as release.approved.")] = None,
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
    from bodyworn.domain.event import Tag

    which = LogFilter(tag, object_, actor, instant(since), instant(until, through=True), before)
    with opened(library) as chosen:
        events = newest(chosen.audit_log, count, which)
        chosen.audit_log.append(Tag.AUDIT_LOG_VIEWED, "audit_log", {"count": len(events)})
    columns = ("row", "time (UTC)", "event", "outcome", "actor", "object")
    rows = [(str(e.seq), f"{e.at:%Y-%m-%d %H:%M:%S}", described(e), e.outcome, e.actor, e.object) for e in events]
    give(json_to, [event.to_json() for event in events], lambda: show_table(None, columns, rows), lines=True)
    if not events:
        say("no entry fits")
    elif len(events) == count and events[-1].seq > 1:
        say(f"older entries: --before {events[-1].seq}")


def described(event: Event) -> str:
    """What happened, as the table says it."""
    return event.tag


def newest(audit_log: AuditLog, count: int, which: LogFilter) -> list[Event]:
    """The newest ``count`` entries that fit, newest first."""
    found: list[Event] = []
    for event in _newest_first(audit_log):
        if which.since is not None and event.at < which.since:
            break
        if _fits(event, which):
            found.append(event)
        if len(found) == count:
            break
    return found


def _newest_first(audit_log: AuditLog) -> Iterator[Event]:
    """All entries; the first are read alone, because most who look want no more."""
    first = audit_log.newest(100)
    yield from first
    if len(first) == 100:
        yield from audit_log.newest(first[0].seq)[100:]


def _fits(event: Event, which: LogFilter) -> bool:
    named = {"tag": which.tag, "object": which.object, "actor": which.actor}
    return (
        all(text is None or getattr(event, name) == text for name, text in named.items())
        and (which.until is None or event.at < which.until)
        and (which.before is None or event.seq < which.before)
    )


def instant(text: str | None, *, through: bool = False) -> datetime | None:
    """A time from what was typed; a day is its start, or with ``through`` its end. Without a zone it is UTC."""
    from bodyworn.domain.errors import InputError

    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"{text!r} is not a time", "Write it as 2026-08-10 or 2026-08-10T14:00") from None
    if through and len(text) <= len("2026-08-10"):
        at += timedelta(days=1)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
