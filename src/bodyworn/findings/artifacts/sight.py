"""Content of ``sight``: what can be seen; thumbnails, poster and perhaps a copy for the browser stand beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from bodyworn.domain.codec import omit_default
from bodyworn.domain.finding import Finding, Unknown
from bodyworn.domain.media_facts import ThumbnailSheet

#: By-products; the proxy exists only where the browser cannot play the original.
THUMBNAILS, POSTER, PROXY = "thumbnails.jpg", "poster.jpg", "proxy.mp4"


@dataclass(frozen=True)
class LumaCurve:
    """Mean brightness 0..255, one value each ``step_ms``."""

    step_ms: int
    mean: tuple[float, ...]


@dataclass(frozen=True)
class MotionCurve:
    """Movement of the whole picture in picture widths per second, one value each ``step_ms``."""

    step_ms: int
    magnitude: tuple[float, ...]


@dataclass(frozen=True)
class SightArtifact:
    """What the observers of the picture saw. ``unknown`` has the states ``obscured``, ``no_picture``, ``dark`` and
    ``video_dropout``, without overlaps. ``proxy_left_out`` says that a copy for the browser was to be made and
    could not be encoded; the original stands for it."""

    ARTIFACT: ClassVar[str] = "sight"

    findings: tuple[Finding, ...]
    unknown: tuple[Unknown, ...]
    thumbnails: ThumbnailSheet
    luma: LumaCurve
    motion: MotionCurve
    frames_seen: int
    damaged_packets: int
    proxy_left_out: bool = field(default=False, metadata=omit_default())
