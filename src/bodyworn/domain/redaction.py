"""Redaction as data: what must be hidden in a recording, why, and who said so.

All numbers are integers: pixels of the upright picture, frame indexes and milliseconds of the *source*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


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
    """How a box came about: seen by a detector, followed or filled between two sightings, kept on past the last one,
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


@dataclass(frozen=True, order=True)
class Box:
    """A rectangle at one frame: ``frame`` is the index in the source; pixels of the upright picture."""

    frame: int
    x: int
    y: int
    w: int
    h: int
    source: BoxSource = BoxSource.DETECTED

    def __post_init__(self) -> None:
        if self.frame < 0 or self.w < 1 or self.h < 1:
            raise ValueError(f"not a box: frame {self.frame}, {self.w}x{self.h}")

    def to_json(self) -> list[int | str]:
        """``[frame, x, y, w, h, source]``."""
        return [self.frame, self.x, self.y, self.w, self.h, self.source.value]


@dataclass(frozen=True)
class Track:
    """One thing followed through time: at most one box per frame, in order of frames.

    ``added_by`` is ``detector@version (model digest)`` or a person's id. ``kept_by`` is who chose to leave it visible.
    """

    id: str
    cls: HiddenClass
    boxes: tuple[Box, ...]
    reason: Reason
    added_by: str
    kept_by: str | None = None

    def __post_init__(self) -> None:
        if not self.boxes:
            raise ValueError(f"track {self.id} has no boxes")
        if any(a.frame >= b.frame for a, b in zip(self.boxes, self.boxes[1:], strict=False)):
            raise ValueError(f"track {self.id}: frames are not in order")

    def to_json(self) -> dict[str, Any]:
        """The track as the plan's schema has it."""
        return {
            "id": self.id,
            "class": self.cls.value,
            "reason": self.reason.value,
            "added_by": self.added_by,
            "kept_by": self.kept_by,
            "boxes": [box.to_json() for box in self.boxes],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Track:
        """Inverse of :meth:`to_json`; ``KeyError``, ``TypeError`` or ``ValueError`` on other shapes."""
        boxes = tuple(Box(f, x, y, w, h, BoxSource(source)) for f, x, y, w, h, source in data["boxes"])
        return cls(
            data["id"], HiddenClass(data["class"]), boxes, Reason(data["reason"]), data["added_by"], data["kept_by"]
        )


@dataclass(frozen=True)
class Region:
    """A fixed rectangle over the frames ``[start_frame, end_frame)``; ``end_frame`` ``None`` is the end.

    ``keep`` false hides it. ``keep`` true leaves visible what a detector proposed with its center inside; it never
    opens what a person hid.
    """

    id: str
    x: int
    y: int
    w: int
    h: int
    start_frame: int
    end_frame: int | None
    keep: bool
    reason: Reason
    added_by: str

    def __post_init__(self) -> None:
        if self.w < 1 or self.h < 1 or self.start_frame < 0:
            raise ValueError(f"not a region: {self.id}")
        if self.end_frame is not None and self.end_frame <= self.start_frame:
            raise ValueError(f"region {self.id} ends before it starts")

    def covers(self, frame: int) -> bool:
        """Whether it holds at ``frame``."""
        return self.start_frame <= frame and (self.end_frame is None or frame < self.end_frame)

    def opens(self, box: Box) -> bool:
        """Whether it leaves ``box`` visible: a region to keep, holding at that frame, with the box's center inside."""
        x, y = box.x + box.w / 2, box.y + box.h / 2
        inside = self.x <= x < self.x + self.w and self.y <= y < self.y + self.h
        return self.keep and inside and self.covers(box.frame)

    def to_json(self) -> dict[str, Any]:
        """The region as the plan's schema has it."""
        return {**vars(self), "reason": self.reason.value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Region:
        """Inverse of :meth:`to_json`."""
        return cls(**{**data, "reason": Reason(data["reason"])})


@dataclass(frozen=True)
class SoundSpan:
    """Sound hidden in ``[start_ms, end_ms)``. The words themselves are never part of a plan."""

    id: str
    start_ms: int
    end_ms: int
    action: SoundAction
    reason: Reason
    added_by: str
    kept_by: str | None = None

    def __post_init__(self) -> None:
        if self.start_ms < 0 or self.end_ms <= self.start_ms:
            raise ValueError(f"not a span of sound: {self.id}")

    def to_json(self) -> dict[str, Any]:
        """The span as the plan's schema has it."""
        return {**vars(self), "action": self.action.value, "reason": self.reason.value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> SoundSpan:
        """Inverse of :meth:`to_json`."""
        return cls(**{**data, "action": SoundAction(data["action"]), "reason": Reason(data["reason"])})


@dataclass(frozen=True)
class NeedsReview:
    """Frames ``[start_frame, end_frame)`` that a person should look at, and why in one sentence."""

    start_frame: int
    end_frame: int
    track: str | None
    why: str

    def to_json(self) -> dict[str, Any]:
        """The entry as the plan's schema has it."""
        return dict(vars(self))
