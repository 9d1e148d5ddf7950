"""Findings: what a stage proposes. The families and kinds, and the states that mean *unknown*."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bodyworn.domain.codec import inlined, omit_default
from bodyworn.domain.evidence import Evidence
from bodyworn.domain.role import Role
from bodyworn.domain.span import Span


class Family(StrEnum):
    """The family of a kind: its lane and color on the timeline."""

    DISTRESS = "distress"
    COMPASSION = "compassion"
    JUSTICE = "justice"
    CONDUCT = "conduct"
    CONTROL = "control"
    SOUND = "sound"
    SIGHT = "sight"
    DERIVED = "derived"


class UnknownState(StrEnum):
    """Why a span cannot be judged. Such spans leave every denominator."""

    PRE_EVENT_BUFFER = "pre_event_buffer"
    MUTED = "muted"
    AUDIO_DROPOUT = "audio_dropout"
    NO_AUDIO = "no_audio"
    UNINTELLIGIBLE = "unintelligible"
    NOT_SEARCHED = "not_searched"
    OBSCURED = "obscured"
    NO_PICTURE = "no_picture"
    DARK = "dark"
    VIDEO_DROPOUT = "video_dropout"


#: States that concern hearing, and leave open what was said; the others concern seeing.
UNHEARD = frozenset(
    {
        UnknownState.PRE_EVENT_BUFFER,
        UnknownState.MUTED,
        UnknownState.AUDIO_DROPOUT,
        UnknownState.NO_AUDIO,
        UnknownState.UNINTELLIGIBLE,
        UnknownState.NOT_SEARCHED,
    }
)

#: The 18 word-based kinds of the labeling guidelines, by family, in reporting order.
SPEECH_KINDS: Mapping[str, Family] = {
    "distress": Family.DISTRESS,
    "help_request": Family.DISTRESS,
    "self_harm_risk": Family.DISTRESS,
    "medical": Family.DISTRESS,
    "empathy": Family.COMPASSION,
    "reassurance": Family.COMPASSION,
    "supportive_act": Family.COMPASSION,
    "listening": Family.JUSTICE,
    "explanation": Family.JUSTICE,
    "courtesy": Family.JUSTICE,
    "leniency": Family.JUSTICE,
    "deescalation": Family.JUSTICE,
    "hostility": Family.CONDUCT,
    "threat": Family.CONDUCT,
    "gratitude": Family.CONDUCT,
    "command": Family.CONTROL,
    "force_warning": Family.CONTROL,
    "safety_risk": Family.CONTROL,
}

#: Kinds heard in the sound itself, whatever the words.
SOUND_KINDS: tuple[str, ...] = ("raised_voice", "strained_voice", "crying_like", "overlap", "long_silence", "radio")

#: Kinds seen in the picture.
SIGHT_KINDS: tuple[str, ...] = ("lens_obscured", "darkness", "camera_struck", "camera_fallen")

#: Kinds derived from other findings and the transcript.
DERIVED_KINDS: tuple[str, ...] = (
    "opening_with_reason",
    "opening_with_order",
    "introduction",
    "distress_to_compassion",
    "medical_to_aid",
    "repeated_command",
    "conflicting_commands",
    "closing",
)

FAMILY_OF: Mapping[str, Family] = {
    **SPEECH_KINDS,
    **dict.fromkeys(SOUND_KINDS, Family.SOUND),
    **dict.fromkeys(SIGHT_KINDS, Family.SIGHT),
    **dict.fromkeys(DERIVED_KINDS, Family.DERIVED),
}


@dataclass(frozen=True)
class Finding:
    """A proposal of a stage; never a fact until a person confirms it.

    ``family`` follows from the kind. ``score`` is 0..1, kept to four digits. ``evidence`` is what it rests on.
    ``made_by`` is ``stage@version`` with the model's short digest where one was used.
    """

    kind: str
    family: Family = field(init=False, compare=False)
    span: Span = field(metadata=inlined())
    score: float
    made_by: str
    role: str = Role.UNKNOWN.value
    speaker: str | None = None
    evidence: Evidence = field(default_factory=Evidence)

    def __post_init__(self) -> None:
        if self.kind not in FAMILY_OF:
            raise ValueError(f"unknown kind of finding: {self.kind!r}")
        if not 0.0 <= self.score <= 1.0:
            raise ValueError(f"score out of 0..1: {self.score}")
        object.__setattr__(self, "family", FAMILY_OF[self.kind])
        object.__setattr__(self, "score", round(self.score, 4))


@dataclass(frozen=True)
class Unknown:
    """A span that could not be judged, and why; ``language`` (ISO 639) where that is the reason."""

    state: UnknownState
    span: Span = field(metadata=inlined())
    language: str | None = field(default=None, metadata=omit_default())
