"""Redaction as data: what must be hidden in a recording, why, and who decided it.

All numbers are integers. Times are microseconds of presentation time from the start of the recording (its earliest
frame or sample), rounded down; stretches are half-open. Places are pixels of the upright frame. Nothing counts frames:
a frame number depends on who counts, the time at which a frame is shown does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class HiddenClass(StrEnum):
    """What kind of thing is hidden in the picture. ``VEHICLE`` is the lower part of one, where its plate is;
    ``REGION`` is drawn by a person.
    """

    FACE = "face"
    PLATE = "plate"
    SCREEN = "screen"
    TEXT = "text"
    VEHICLE = "vehicle"
    REGION = "region"


class Reason(StrEnum):
    """Reason codes. A release maps each one to the legal basis that the agency's rules file names."""

    FACE = "identity.face"
    PLATE = "identity.plate"
    VOICE = "identity.voice"
    SCREEN = "private.screen"
    TEXT = "private.text"
    NAME = "pii.name"
    ADDRESS = "pii.address"
    PHONE = "pii.phone"
    BIRTH_DATE = "pii.birth_date"
    SOCIAL_SECURITY = "pii.social_security"
    LICENSE = "pii.license"
    ID_NUMBER = "pii.id_number"
    SPOKEN_PLATE = "pii.plate"
    EMAIL = "pii.email"
    MINOR = "protected.minor"
    MEDICAL = "protected.medical"
    BODY = "protected.body"
    OTHER = "other"


#: The reason a detector gives for a class when a person gave none.
REASON_OF: Mapping[HiddenClass, Reason] = {
    HiddenClass.FACE: Reason.FACE,
    HiddenClass.PLATE: Reason.PLATE,
    HiddenClass.SCREEN: Reason.SCREEN,
    HiddenClass.TEXT: Reason.TEXT,
    HiddenClass.VEHICLE: Reason.PLATE,
    HiddenClass.REGION: Reason.OTHER,
}


class BoxSource(StrEnum):
    """How a box came about: found by a detector, followed or filled between two sightings, held on past the last one,
    grown because the track was lost, or drawn by a person.
    """

    DETECTED = "detected"
    TRACKED = "tracked"
    LINGERING = "lingering"
    GROWN = "grown"
    DRAWN = "drawn"


class Style(StrEnum):
    """How a box is made unreadable. None of them can be undone; ``BLUR`` is pixelated and noised first."""

    BLUR = "blur"
    PIXELATE = "pixelate"
    SOLID = "solid"


class SoundAction(StrEnum):
    """What happens to a span of sound. ``DISGUISE`` leaves the words and takes the voice."""

    MUTE = "mute"
    BLEEP = "bleep"
    DISGUISE = "disguise"


@dataclass(frozen=True)
class Clip:
    """The stretch ``[start_us, end_us)`` of a recording; ``end_us`` ``None`` is its end."""

    start_us: int = 0
    end_us: int | None = None

    def __post_init__(self) -> None:
        if self.start_us < 0 or (self.end_us is not None and self.end_us <= self.start_us):
            raise ValueError("the clip ends before it starts")

    def covers(self, at_us: int) -> bool:
        """Whether a frame shown at ``at_us`` is in it."""
        return self.start_us <= at_us and (self.end_us is None or at_us < self.end_us)


@dataclass(frozen=True)
class Region:
    """A fixed rectangle over ``[start_us, end_us)``; ``end_us`` ``None`` is the end of the recording.

    ``keep`` false hides it. ``keep`` true leaves visible what a detector proposed with its center inside; it never
    opens what a person hid.
    """

    id: str
    x: int
    y: int
    w: int
    h: int
    start_us: int
    end_us: int | None
    keep: bool
    reason: Reason
    added_by: str

    def __post_init__(self) -> None:
        if self.w < 1 or self.h < 1 or self.start_us < 0:
            raise ValueError(f"not a region: {self.id}")
        if self.end_us is not None and self.end_us <= self.start_us:
            raise ValueError(f"region {self.id} ends before it starts")

    def covers(self, at_us: int) -> bool:
        """Whether it holds at ``at_us``."""
        return self.start_us <= at_us and (self.end_us is None or at_us < self.end_us)

    def contains(self, x: float, y: float) -> bool:
        """Whether the point lies in it."""
        return self.x <= x < self.x + self.w and self.y <= y < self.y + self.h


@dataclass(frozen=True)
class SoundSpan:
    """Sound hidden in ``[start_us, end_us)``. The words themselves are never part of a plan."""

    id: str
    start_us: int
    end_us: int
    action: SoundAction
    reason: Reason
    added_by: str
    kept_by: str | None = None

    def __post_init__(self) -> None:
        if self.start_us < 0 or self.end_us <= self.start_us:
            raise ValueError(f"not a span of sound: {self.id}")

    @classmethod
    def of_ms(
        cls, name: str, start_ms: int, end_ms: int, action: SoundAction, reason: Reason, added_by: str
    ) -> SoundSpan:
        """The span of times in milliseconds, as words and turns have them."""
        return cls(name, start_ms * 1000, end_ms * 1000, action, reason, added_by)

    @property
    def start_ms(self) -> int:
        """Its start in whole milliseconds, rounded down."""
        return self.start_us // 1000

    @property
    def end_ms(self) -> int:
        """Its end in whole milliseconds, rounded up."""
        return -(-self.end_us // 1000)


@dataclass(frozen=True)
class NeedsReview:
    """A stretch ``[start_us, end_us)`` that a person should look at, and why in one sentence."""

    start_us: int
    end_us: int
    track: str | None
    why: str


@dataclass(frozen=True)
class Mask:
    """One thing in one frame: ``id`` of its track or region, and its rectangle in pixels of the upright frame."""

    id: str
    cls: HiddenClass
    reason: Reason
    x: int
    y: int
    w: int
    h: int
    source: BoxSource


@dataclass(frozen=True)
class HiddenStretch:
    """``id`` hides something at every time in ``[start_us, end_us)`` (``None``: to the end); its largest rectangle."""

    id: str
    cls: HiddenClass
    reason: Reason
    start_us: int
    end_us: int | None
    x: int
    y: int
    w: int
    h: int
