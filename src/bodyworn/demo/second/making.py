"""Make the second camera's recording with what stands beside it, and the truth about it for comparison."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bodyworn.demo.second.papers import Papers, write_papers
from bodyworn.demo.second.script import CLOCK_AHEAD_MS, DISTANCE_M, LENGTH_MS, SOUND_DELAY_MS
from bodyworn.storage.files import unfinished, write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from bodyworn.demo.second.soundtrack import SecondTrack
    from bodyworn.demo.soundtrack import Soundtrack

_TAGS = {
    "location": "+38.5001-098.3001/",
    "title": "Sample encounter, second camera (invented)",
    "comment": "Drawn and spoken by bodyworn demo. Nobody in it exists.",
}


@dataclass(frozen=True)
class SecondCamera:
    """The files of the second camera in a ``folder`` of their own; ``key`` is that of the sample."""

    folder: Path
    key: str

    @property
    def video(self) -> Path:
        """The recording (MP4)."""
        return self.folder / f"second-camera-{self.key}.mp4"

    @property
    def truth(self) -> Path:
        """What is true of it (JSON; shape in docs/demo.md)."""
        return self.folder / "truth.json"

    @property
    def papers(self) -> Papers:
        """The sidecars of both cameras, and the dispatch records."""
        return Papers(self.folder)

    @property
    def is_there(self) -> bool:
        """Whether all of it was made."""
        return all(path.is_file() for path in (self.video, self.truth, *self.papers.every))


def make_second(made: SecondCamera, first: Soundtrack, started_at: datetime, told: Callable[[float], None]) -> None:
    """Draw and write it; ``started_at`` is when the first begins; ``told(share)`` is how much of it is done, 0..1."""
    from bodyworn.demo.pictures import RATE
    from bodyworn.demo.second.pictures import SIZE, SecondPlan, frames
    from bodyworn.demo.second.soundtrack import record
    from bodyworn.demo.voices import RATE as SAMPLE_RATE
    from bodyworn.media.clip import write_clip

    track = record(first)
    clock = started_at + timedelta(milliseconds=track.starts_ms + CLOCK_AHEAD_MS)
    steps_out, embrace = first.cues["steps_out"] + 2_300, first.cover_ms
    plan = SecondPlan(steps_out - track.starts_ms, embrace - track.starts_ms, clock)
    count = int(LENGTH_MS * RATE / 1000)

    def drawn() -> Iterator[NDArray[np.uint8]]:
        for number, planes in enumerate(frames(plan)):
            if number % 12 == 0:
                told(number / count)
            yield planes

    made.folder.mkdir(parents=True, exist_ok=True)
    tags = {"creation_time": f"{clock:%Y-%m-%dT%H:%M:%S}.000000Z", **_TAGS}
    write_papers(made.papers, started_at, clock)
    write_whole(made.truth, json.dumps(_truth(track), indent=1, ensure_ascii=False) + "\n")
    with unfinished(made.video) as draft:
        write_clip(draft, drawn(), track.samples, size=SIZE, rate=RATE, sample_rate=SAMPLE_RATE, tags=tags)


def _truth(track: SecondTrack) -> dict[str, Any]:
    """What is true of it; times in ms from its start, but for ``starts_ms``, which counts from that of the first."""
    return {
        "invented": "Everything in it is invented; no one in it is real.",
        "duration_ms": LENGTH_MS,
        "starts_ms": track.starts_ms,
        "clock_ahead_ms": CLOCK_AHEAD_MS,
        "distance_m": DISTANCE_M,
        "sound_delay_ms": SOUND_DELAY_MS,
        "utterances": [
            {"i": number, "start_ms": start, "end_ms": end, "role": "officer", "text": text}
            for number, (start, end, text) in enumerate(track.own)
        ],
    }
