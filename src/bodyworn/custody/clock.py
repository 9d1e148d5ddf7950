"""A clock that runs backwards: it must not stop work, and it must not go unsaid."""

from __future__ import annotations

from datetime import datetime

from bodyworn.domain.event_details import ClockSetBack

#: Machines that share a database differ by less; a clock that goes back further is an event.
CLOCK_TOLERANCE_S = 5


def clock_back(before: str, at: datetime) -> ClockSetBack | None:
    """How far ``at`` lies before the stamp of the row before; ``None`` if not by more than clocks differ."""
    try:
        seconds = (datetime.fromisoformat(before) - at).total_seconds()
    except (ValueError, TypeError):
        return None
    return ClockSetBack(before, round(seconds)) if seconds > CLOCK_TOLERANCE_S else None
