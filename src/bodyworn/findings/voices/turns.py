"""From the activity of each frame to turns and overlaps in milliseconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bodyworn.domain.span import Span, clipped, merge, runs
from bodyworn.findings.voices.diarization import FRAME_MS, Activity
from bodyworn.findings.voices.segmentation import FRAME_CENTER, RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Pauses of one speaker shorter than this stay inside the turn; shorter turns are dropped.
GAP_MS = 250
SHORTEST_MS = 120
#: Two voices are probably at once where that is so likely over a second, on the mean: the first somewhere, the second
#: throughout. One calm voice alone stays below 0.1.
_TOGETHER, _STILL_TOGETHER, _TOGETHER_FRAMES = 0.3, 0.15, 59
#: One voice that weeps or trembles reaches 0.45. So where it is not surely two, the voices that were heard there must
#: add up to more than one, whether or not they were told apart afterwards: of two they reach 1.5, of one 1.0.
_SURELY_TOGETHER, _MORE_THAN_ONE = 0.6, 1.2
_FIRST_FRAME_MS = FRAME_CENTER * 1000 / RATE - FRAME_MS / 2


@dataclass(frozen=True)
class SpeakerTurn:
    """One speaker without a longer pause; ``speaker`` is an index, ``confidence`` 0..1."""

    span: Span
    speaker: int
    confidence: float


def turns_of(activity: Activity, duration_ms: int) -> list[SpeakerTurn]:
    """Turns by start; speakers are numbered anew in order of their first turn."""
    speaking = activity.speaking
    found: list[SpeakerTurn] = []
    for speaker in range(speaking.shape[1]):
        spans = clipped(_spans(speaking[:, speaker]), Span(0, duration_ms))
        for span in merge(spans, GAP_MS):
            if span.length_ms >= SHORTEST_MS:
                found.append(SpeakerTurn(span, speaker, _confidence(activity, speaker, span)))
    found.sort(key=lambda turn: (turn.span, turn.speaker))
    numbers: dict[int, int] = {}
    for turn in found:
        numbers.setdefault(turn.speaker, len(numbers))
    return [SpeakerTurn(turn.span, numbers[turn.speaker], turn.confidence) for turn in found]


def overlaps_of(turns: list[SpeakerTurn], shortest_ms: int = 200) -> list[Span]:
    """Spans in which two or more speak, at least ``shortest_ms`` long."""
    spans, open_turns = [], list[SpeakerTurn]()
    for turn in turns:
        open_turns = [other for other in open_turns if other.span.end_ms > turn.span.start_ms]
        for other in open_turns:
            end = min(turn.span.end_ms, other.span.end_ms)
            spans.append(Span(turn.span.start_ms, end))
        open_turns.append(turn)
    return [span for span in merge(spans) if span.length_ms >= shortest_ms]


def together_of(activity: Activity, duration_ms: int) -> list[Span]:
    """Where two people probably speak at once, told or not who they are."""
    import numpy as np

    if len(activity.together) < _TOGETHER_FRAMES:
        return []
    second = np.full(_TOGETHER_FRAMES, 1 / _TOGETHER_FRAMES)
    likely = np.convolve(activity.together, second, "same")
    voices = np.convolve(activity.level.sum(axis=1), second, "same")
    two = (likely >= _SURELY_TOGETHER) | ((likely >= _TOGETHER) & (voices >= _MORE_THAN_ONE))
    found = [run for run in runs((likely >= _STILL_TOGETHER).tolist()) if two[slice(*run)].any()]
    return clipped([Span(_ms(first), _ms(after)) for first, after in found], Span(0, duration_ms))


def _spans(flags: NDArray[np.bool_]) -> list[Span]:
    """The time of each run of true frames."""
    return [Span(_ms(first), _ms(after)) for first, after in runs(flags.tolist())]


def _ms(frame: int) -> int:
    return max(0, round(_FIRST_FRAME_MS + frame * FRAME_MS))


def _confidence(activity: Activity, speaker: int, span: Span) -> float:
    """Mean presence times how clearly the voice is this speaker's, over the turn."""
    first = max(0, round((span.start_ms - _FIRST_FRAME_MS) / FRAME_MS))
    last = max(first + 1, round((span.end_ms - _FIRST_FRAME_MS) / FRAME_MS))
    value = (activity.level[first:last, speaker] * activity.sureness[first:last, speaker]).mean()
    return round(float(min(1.0, max(0.0, value))), 4)
