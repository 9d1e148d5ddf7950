"""Make the sample encounter: the file as a camera would write it, and beside it the truth for tests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bodyworn.demo.script import CLOSING_MS, PRE_EVENT_BUFFER_MS, SCRIPT
from bodyworn.demo.second.making import SecondCamera, make_second
from bodyworn.domain.progress import Progress
from bodyworn.storage.files import said_clearly, unfinished, write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from bodyworn.demo.soundtrack import Soundtrack

#: Bumped when the sample changes in a way that its sources do not show.
VERSION = 1
STARTED_AT = datetime(2026, 3, 15, 0, 31, 10, tzinfo=UTC)
#: What each part of the making takes beside the others, in seconds of a free machine: bars move by it.
_SPEAKING_S, _FIRST_S, _SECOND_S = 12, 62, 20
_TAGS = {
    "creation_time": "2026-03-15T00:31:10.000000Z",
    "location": "+38.5000-098.3000/",
    "title": "Sample encounter (invented)",
    "comment": "Drawn and spoken by bodyworn demo. Nobody in it exists.",
}


@dataclass(frozen=True)
class Sample:
    """The made files: ``video`` (MP4), ``truth`` (JSON; shape in docs/demo.md), and what the second camera made."""

    video: Path
    truth: Path
    second: SecondCamera


def sample_key() -> str:
    """Twelve hex digits over everything the sample is made from: two samples of the same key are the same."""
    state = hashlib.sha256(str(VERSION).encode())
    sources = [*sorted(Path(__file__).parent.rglob("*.py")), Path(__file__).parents[1] / "media" / "clip.py"]
    for source in sources:
        state.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    return state.hexdigest()[:12]


def make_sample(folder: Path, progress: Progress) -> Sample:
    """The sample in ``folder``, made now unless it is there already.

    ``progress(done, total, what)`` counts steps of the work. Raises :class:`~bodyworn.domain.errors.ModelError` where
    the voices are not installed, :class:`~bodyworn.domain.errors.LibraryError` where ``folder`` cannot be written.
    """
    stem = f"sample-encounter-{sample_key()}"
    second = SecondCamera(folder / f"second-camera-{sample_key()}", sample_key())
    made = Sample(folder / f"{stem}.mp4", folder / f"{stem}.json", second)
    if _first_is_there(made) and second.is_there:
        progress(1, 1, "The sample encounter is there already")
        return made
    with said_clearly(folder):
        folder.mkdir(parents=True, exist_ok=True)
        _make(made, progress)
    return made


def _first_is_there(made: Sample) -> bool:
    return made.video.is_file() and made.truth.is_file()


def _make(made: Sample, progress: Progress) -> None:
    """Make what is not there yet; both recordings are of the same voices, so these are spoken in any case."""
    from bodyworn.demo.soundtrack import record

    first_s = 0 if _first_is_there(made) else _FIRST_S
    total = _SPEAKING_S + first_s + _SECOND_S
    track = record(lambda done, count: progress(done / count * _SPEAKING_S, total, "Speaking the script"))
    if first_s:
        _make_first(made, track, lambda part: progress(_SPEAKING_S + part * first_s, total, "Drawing the pictures"))
    before = total - _SECOND_S
    what = "Drawing the second camera's pictures"
    make_second(made.second, track, STARTED_AT, lambda part: progress(before + part * _SECOND_S, total, what))
    progress(total, total, "The sample encounter is made")


def _make_first(made: Sample, track: Soundtrack, told: Callable[[float], None]) -> None:
    from bodyworn.demo.camera import HEIGHT, WIDTH
    from bodyworn.demo.pictures import RATE, frames
    from bodyworn.demo.voices import RATE as SAMPLE_RATE
    from bodyworn.media.clip import write_clip

    count = int(track.duration_ms * RATE / 1000)

    def drawn() -> Iterator[NDArray[np.uint8]]:
        for number, planes in enumerate(frames(_plan(track))):
            if number % 12 == 0:
                told(number / count)
            yield planes

    with unfinished(made.video) as draft:
        size = (WIDTH, HEIGHT)
        write_clip(draft, drawn(), track.samples, size=size, rate=RATE, sample_rate=SAMPLE_RATE, tags=_TAGS)
        write_whole(made.truth, json.dumps(_truth(track), indent=1, ensure_ascii=False) + "\n")


def _plan(track: Soundtrack) -> Any:
    from bodyworn.demo.pictures import ScenePlan

    return ScenePlan(
        out_of_car_ms=track.cues["at_window"] - 9_000,
        at_window_ms=track.cues["at_window"] - 600,
        steps_out_ms=track.cues["steps_out"] + 2_300,
        cover_ms=track.cover_ms,
        duration_ms=track.duration_ms,
        started_at=STARTED_AT,
        mouth=_mouth(track),
        crying=lambda ms: any(start - 400 <= ms < end + 500 for start, end in track.crying),
    )


def _mouth(track: Soundtrack) -> Callable[[int], float]:
    """How far the driver's mouth is open at a time, from how loud he is."""
    import numpy as np

    from bodyworn.demo.voices import RATE as SAMPLE_RATE

    step = SAMPLE_RATE * 40 // 1000
    blocks = track.samples[: len(track.samples) // step * step].reshape(-1, step)
    loud = np.sqrt((blocks**2).mean(1))
    spoken = np.zeros(len(loud), np.float32)
    for at in track.said:
        if at.line.role == "community":
            part = slice(at.start_ms // 40, at.end_ms // 40)
            spoken[part] = np.clip(loud[part] / (np.percentile(loud[part], 90) + 1e-6), 0, 1)
    return lambda ms: float(spoken[min(ms // 40, len(spoken) - 1)])


def _truth(track: Soundtrack) -> dict[str, Any]:
    """What is in the sample; times in ms from its start."""
    return {
        "invented": "Everything but the quoted words is invented; no one in it is real.",
        "duration_ms": track.duration_ms,
        "pre_event_buffer": {"start_ms": 0, "end_ms": PRE_EVENT_BUFFER_MS},
        "lens_obscured": {"start_ms": track.cover_ms + CLOSING_MS // 2, "end_ms": track.duration_ms},
        "crying": [{"start_ms": start, "end_ms": end} for start, end in track.crying],
        "utterances": [
            {
                "i": number,
                "start_ms": at.start_ms,
                "end_ms": at.end_ms,
                "role": at.line.role,
                "text": at.line.text,
                "quoted": at.line.quoted,
                "kinds": list(at.line.kinds),
            }
            for number, at in enumerate(track.said)
        ],
        "lines": len(SCRIPT),
    }
