"""What observers want to see of a recording, and how each picture is brought to that size and format once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from bodyworn.media.upright import upright_of

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

Pixels = NDArray[np.uint8]


class Format(StrEnum):
    """What an observer gets: ``luma`` is (height, width), ``rgb`` is (height, width, 3), both 0..255 full range.

    ``native`` is the decoder's own frame, neither scaled nor turned, for writers.
    """

    LUMA = "luma"
    RGB = "rgb"
    NATIVE = "native"


@dataclass(frozen=True)
class Wanted:
    """Which pictures an observer wants.

    ``rate`` in pictures per second of footage, ``None`` for every frame. ``width`` and ``height`` in upright pixels:
    the exact size, or with ``fit`` the box that a picture of the right shape is fitted into (even, never enlarged).
    """

    rate: Fraction | None
    width: int = 0
    height: int = 0
    format: Format = Format.LUMA
    fit: bool = False


@dataclass(frozen=True)
class Picture:
    """One picture as an observer sees it, upright. ``pixels`` is shared between observers: read it, do not write.

    ``time_ms`` from the start of the recording; ``index`` counts decoded frames. ``frame`` is the decoder's frame
    (``av.VideoFrame``) and only valid while the observer looks; ``pixels`` is empty for ``native``.
    """

    index: int
    time_ms: int
    pixels: Pixels
    frame: VideoFrame


class Observer(Protocol):
    """Anything that looks at pictures in the one pass."""

    @property
    def wanted(self) -> Wanted:
        """Rate, size and format of the pictures to be shown."""
        ...

    def see(self, picture: Picture) -> None:
        """Look at one picture; pictures come in order of time."""
        ...


def fitted(width: int, height: int, wanted: Wanted) -> tuple[int, int]:
    """Even size of a ``width`` × ``height`` picture inside the wanted box, its shape kept, never enlarged."""
    scale = min(wanted.width / width, wanted.height / height, 1.0)
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)


class View:
    """One size, format and rate, with all observers that want just that."""

    def __init__(
        self, wanted: Wanted, observers: Sequence[Observer], scaler: Scaler | None, interval: Fraction
    ) -> None:
        self.rate = wanted.rate
        self.early = min(Fraction(3, 10) / wanted.rate, interval / 2) if wanted.rate else Fraction(0)
        self.observers = observers
        self.scaler = scaler
        self.tick = -1

    def offer(self, frame: VideoFrame, index: int, at: Fraction, at_ms: int) -> None:
        """Show the frame if it is due. A frame a little early for its tick counts, so that 10 a second of a 10 Hz
        file are all of its frames even where its times jitter.
        """
        if self.rate is not None:
            tick = int((at + self.early) * self.rate)
            if tick <= self.tick:
                return
            self.tick = tick
        pixels = self.scaler.scale(frame, index) if self.scaler else np.empty((0, 0), np.uint8)
        picture = Picture(index=index, time_ms=at_ms, pixels=pixels, frame=frame)
        for observer in self.observers:
            observer.see(picture)


def views_for(observers: Sequence[Observer], width: int, height: int, interval: Fraction) -> list[View]:
    """Views of all observers on a stream of that upright size and usual time between frames in seconds."""
    grouped: dict[Wanted, list[Observer]] = {}
    for observer in observers:
        grouped.setdefault(observer.wanted, []).append(observer)
    scalers: dict[tuple[int, int, Format], Scaler] = {}
    views = []
    for wanted, those in grouped.items():
        scaler = None
        if wanted.format is not Format.NATIVE:
            size = fitted(width, height, wanted) if wanted.fit else (wanted.width, wanted.height)
            scaler = scalers.setdefault((*size, wanted.format), Scaler(*size, wanted.format))
        views.append(View(wanted, those, scaler, interval))
    return views


class Scaler:
    """Scales frames to one upright size and format by area averaging, each turned as it says; remembers the last."""

    def __init__(self, width: int, height: int, form: Format) -> None:
        from av.video.reformatter import Interpolation, VideoReformatter

        self.width, self.height = width, height
        self.pixel_format = "gray" if form is Format.LUMA else "rgb24"
        self.reformatter = VideoReformatter()
        self.how = Interpolation.AREA | Interpolation.ACCURATE_RND | Interpolation.BITEXACT
        self.index = -1
        self.pixels: Pixels = np.empty((0, 0), np.uint8)

    def scale(self, frame: VideoFrame, index: int) -> Pixels:
        """Pixels of the frame, (height, width) or (height, width, 3)."""
        if index != self.index:
            upright = upright_of(frame)
            width, height = upright.size(self.width, self.height)
            small = self.reformatter.reformat(
                frame, width, height, self.pixel_format, interpolation=self.how, threads=1
            )
            self.pixels = upright.turn(np.asarray(small.to_ndarray(), np.uint8))
            self.index = index
        return self.pixels
