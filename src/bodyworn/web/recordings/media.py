"""Which file the browser plays, and as what."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from bodyworn.domain.recording import Recording
from bodyworn.web.findings.queries import AnalysisSnapshot

_AUDIO = {"wav": "audio/wav", "mp3": "audio/mpeg", "flac": "audio/flac", "ogg": "audio/ogg", "aac": "audio/aac"}
_VIDEO = {"matroska": "video/webm", "webm": "video/webm", "ogg": "video/ogg"}


@dataclass(frozen=True)
class Playable:
    """A file the browser is offered. ``plays`` is false where it is known not to play it.

    ``copy_left_out`` is whether a copy that it plays was to be made and could not be.
    """

    path: Path
    media_type: str
    has_video: bool
    has_audio: bool
    plays: bool
    copy_left_out: bool = False


def playable(snapshot: AnalysisSnapshot, original: Path) -> Playable:
    """The proxy where sight made one, else the original."""
    facts = snapshot.recording.facts
    video = facts.get("video") or []
    audio = bool(facts.get("audio"))
    sight = snapshot.artifact("sight") if video else None
    if sight is not None and "proxy.mp4" in sight.files:
        return Playable(sight.files["proxy.mp4"], "video/mp4", True, audio, True)
    plays = bool(video[0].get("browser_plays", True)) if video else True
    media_type = _media_type(str(facts.get("container", "")), bool(video))
    left_out = sight is not None and bool(sight.data.get("proxy_left_out"))
    return Playable(original, media_type, bool(video), audio, plays, left_out)


def _media_type(container: str, has_video: bool) -> str:
    names = container.lower().split(",")
    table = _VIDEO if has_video else _AUDIO
    fallback = "video/mp4" if has_video else "audio/mp4"
    return next((table[name] for name in names if name in table), fallback)


def frame_ms(recording: Recording) -> float:
    """Length of one frame in milliseconds by the stream's average rate; 40 where there is no picture."""
    video = recording.facts.get("video") or []
    rate = Fraction(str(video[0].get("average_rate") or 25)) if video else Fraction(25)
    return float(1000 / rate) if rate > 0 else 40.0
