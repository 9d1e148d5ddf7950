"""A clock that runs backwards stops nothing, and is told: when a row is written, and by every check afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bodyworn.bootstrap import Library
from bodyworn.custody import writing
from bodyworn.custody.clock import CLOCK_TOLERANCE_S, clock_back
from bodyworn.domain.event import Tag
from bodyworn.domain.progress import no_progress
from tests.makers.commands import CommandRunner

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.fixture
def library(new_library: Callable[..., Library]) -> Library:
    return new_library()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets the clock that rows are written by."""

    def at(when: datetime) -> None:
        monkeypatch.setattr(writing, "now", lambda: when)

    return at


def test_a_clock_that_was_set_back_is_an_entry_before_the_act(
    library: Library, clock: Callable[[datetime], None]
) -> None:
    clock(datetime(2099, 1, 1, tzinfo=UTC))
    library.audit_log.append(Tag.RECORDING_VIEWED, "rec_x")
    clock(NOW)
    library.audit_log.append(Tag.RECORDING_VIEWED, "rec_y")
    library.audit_log.append(Tag.RECORDING_VIEWED, "rec_z")
    events = library.audit_log.newest(4)[::-1]
    assert [event.tag for event in events] == [
        "recording.viewed",
        "clock.set_back",
        "recording.viewed",
        "recording.viewed",
    ]
    assert events[1].detail["after"] == "2099-01-01T00:00:00.000Z"
    assert library.audit_log.clock_set_back is not None
    report = library.verify(no_progress, note=False)
    assert report.holds
    (remark,) = report.remarks
    assert remark.row == events[1].seq
    assert "the clock was set back" in remark.what


@pytest.mark.parametrize("seconds", [0, 1, CLOCK_TOLERANCE_S])
def test_machines_whose_clocks_differ_a_little_are_not_told(
    library: Library, clock: Callable[[datetime], None], seconds: int
) -> None:
    ahead = datetime.now(UTC) + timedelta(minutes=1)
    clock(ahead)
    library.audit_log.append(Tag.RECORDING_VIEWED, "rec_x")
    clock(ahead - timedelta(seconds=seconds))
    library.audit_log.append(Tag.RECORDING_VIEWED, "rec_y")
    assert [event.tag for event in library.audit_log.newest(2)] == ["recording.viewed"] * 2
    assert library.verify(no_progress, note=False).remarks == ()


@pytest.mark.parametrize("before", ["", "yesterday", "2026-07-01T12:00:00", "9" * 5000])
def test_a_time_that_is_none_is_not_compared(before: str) -> None:
    assert clock_back(before, NOW) is None


def test_the_command_says_it(run_command: CommandRunner, clock: Callable[[datetime], None], library: Library) -> None:
    clock(datetime(2099, 1, 1, tzinfo=UTC))
    run_command.well("recordings", "list", "--library", library.folder)
    clock(NOW)
    assert (
        "the clock of this machine was set back"
        in run_command.well("custody", "verify", "--library", library.folder).err
    )
    later = run_command.well("custody", "verify", "--library", library.folder)
    assert "set back" not in later.err
    assert "Remark: row" in later.out
