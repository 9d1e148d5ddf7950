"""What a recording may be, whatever its file says: the limits that keep one file from taking the machine."""

from __future__ import annotations

from dataclasses import replace

from bodyworn.media.watchdog import Limits

#: Pixels of one picture: 8K has 33 million.
MOST_PIXELS = 36_000_000
#: Streams of one file.
MOST_STREAMS = 64
#: Seconds from the first picture to the last.
MOST_SECONDS = 48 * 3600
#: Seconds of sound that one WAV of 16 kHz can hold: its sizes are numbers of 32 bits, which end after 37 hours.
MOST_SOUND_SECONDS = 36 * 3600
#: Boxes on the outer level of an MP4; a fragment of a second has two, and a day has 86,400 seconds.
MOST_BOXES = 400_000

#: Bytes a second that even a slow disk gives: so long may a step take that reads a whole file.
_SLOWEST_READ = 20_000_000


def stall_seconds(source_bytes: int) -> float:
    """How long work on a recording of that size may go without progress."""
    return 50 + source_bytes / _SLOWEST_READ


def looking(source_bytes: int) -> Limits:
    """For work on every picture of a recording, however long: what is limited is the time without progress."""
    return Limits(
        cpu_seconds=28 * 24 * 3600,
        wall_seconds=14 * 24 * 3600,
        memory_bytes=6 << 30,
        stall_seconds=stall_seconds(source_bytes),
    )


def writing(source_bytes: int) -> Limits:
    """The same for work that writes a clip of the recording: the clip may be ten times as large."""
    return replace(looking(source_bytes), file_bytes=10 * source_bytes + (1 << 30))
