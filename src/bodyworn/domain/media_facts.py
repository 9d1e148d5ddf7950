"""What a media file says of itself, and what its first frames show: the content of the ``probe`` artifact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from bodyworn.domain.codec import omit_default


@dataclass(frozen=True)
class AudioStreamFacts:
    """One sound track. ``start_ms`` counts from the start of the recording."""

    index: int
    codec: str
    sample_rate: int
    channels: int
    layout: str
    start_ms: int
    duration_ms: int


@dataclass(frozen=True)
class VideoStreamFacts:
    """One picture track.

    ``rotation`` is 0, 90, 180 or 270 degrees clockwise to show it upright, after it is ``mirrored`` left to right if
    that is so; ``average_rate`` is a fraction such as ``30000/1001``, ``frames`` the count the container gives,
    ``browser_plays`` whether browsers play it as it is.
    """

    index: int
    codec: str
    width: int
    height: int
    rotation: int
    average_rate: str | None
    variable_rate: bool
    frames: int | None
    pixel_format: str | None
    start_ms: int
    duration_ms: int
    browser_plays: bool
    mirrored: bool = field(default=False, metadata=omit_default())


@dataclass(frozen=True)
class GeoPoint:
    """A place, in degrees."""

    lat: float
    lon: float


@dataclass(frozen=True)
class MediaFacts:
    """Facts of one file.

    ``origin_ms`` is time 0 of the recording on the container's clock; ``recorded_at`` is ISO 8601 in UTC by the
    camera's own clock, ``recorded_at_source`` says which field it stood in. ``tags`` are the container's text fields,
    ``camera`` holds ``make``, ``model``, ``serial`` and ``firmware`` as far as they are named. ``problems`` are
    sentences for people.
    """

    ARTIFACT: ClassVar[str] = "probe"

    container: str
    duration_ms: int
    origin_ms: int
    size_bytes: int
    recorded_at: str | None
    recorded_at_source: str | None
    tags: Mapping[str, str]
    location: GeoPoint | None
    camera: Mapping[str, str]
    audio: tuple[AudioStreamFacts, ...]
    video: tuple[VideoStreamFacts, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True)
class ThumbnailSheet:
    """One picture of ``count`` thumbnails, one each ``step_ms``, ``columns`` to a row, each ``width`` × ``height``."""

    step_ms: int
    columns: int
    width: int
    height: int
    count: int
