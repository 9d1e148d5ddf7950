"""Plain words for what the pages show: kinds, roles, states of *unknown*, times and sizes.

Families have a table of their own, ``web/families.py``. Roles have a color class and a shape (an icon of
``static/icons.svg``), so that nothing is told by color alone.
"""

from __future__ import annotations

from datetime import UTC, datetime

from bodyworn.domain.finding import Family, UnknownState
from bodyworn.domain.kind_words import KIND_MEANS, STATE_MEANS
from bodyworn.domain.language import language_name
from bodyworn.domain.role import Role, role_kind, role_label
from bodyworn.web.families import FAMILIES

KINDS: dict[str, str] = {
    "distress": "Distress",
    "help_request": "Asks for help",
    "self_harm_risk": "Risk of self-harm",
    "medical": "Medical need",
    "empathy": "Empathy",
    "reassurance": "Reassurance",
    "supportive_act": "Supportive act",
    "listening": "Listening",
    "explanation": "Explanation",
    "courtesy": "Courtesy",
    "leniency": "Leniency",
    "deescalation": "De-escalation",
    "hostility": "Hostile words",
    "threat": "Threat",
    "gratitude": "Gratitude",
    "command": "Command",
    "force_warning": "Warning of force",
    "safety_risk": "Risk to safety",
    "raised_voice": "Raised voice",
    "strained_voice": "Strained voice",
    "crying_like": "Crying-like sound",
    "overlap": "Speaking at once",
    "long_silence": "Long silence",
    "radio": "Radio",
    "lens_obscured": "Lens obscured",
    "darkness": "Darkness",
    "camera_struck": "Camera struck",
    "camera_fallen": "Camera fallen",
    "opening_with_reason": "Opened with a reason",
    "opening_with_order": "Opened with an order, no reason",
    "introduction": "Introduced themselves",
    "distress_to_compassion": "First distress to first compassion",
    "medical_to_aid": "First medical need to first aid request",
    "repeated_command": "Command repeated",
    "conflicting_commands": "Commands that conflict",
    "closing": "Closing",
}

STATES: dict[UnknownState, str] = {
    UnknownState.PRE_EVENT_BUFFER: "silent pre-event buffer",
    UnknownState.MUTED: "muted",
    UnknownState.AUDIO_DROPOUT: "sound dropped out",
    UnknownState.NO_AUDIO: "no sound recorded",
    UnknownState.UNINTELLIGIBLE: "speech not understood",
    UnknownState.NOT_SEARCHED: "not searched",
    UnknownState.OBSCURED: "lens obscured",
    UnknownState.NO_PICTURE: "no picture",
    UnknownState.DARK: "too dark to see",
    UnknownState.VIDEO_DROPOUT: "picture dropped out",
}

#: How a recording is viewed (``how`` of the event), as a person would say it.
VIEWS: dict[str, str] = {
    "opened": "Encounter page opened",
    "streamed": "Film or sound played",
    "downloaded": "Original downloaded",
    "custody": "Custody page opened",
    "custody_exported": "Custody events downloaded",
    "facts": "Facts page opened",
}

#: Words below this confidence are dotted; from 0 to 1, as the recognizer gives it.
LOW_CONFIDENCE = 0.5

#: Roles below this confidence are shown as a guess; from 0 to 1.
GUESSED_ROLE = 0.6


def family_name(family: str) -> str:
    """Name of a family; an unheard-of one shows as it stands."""
    return FAMILIES[Family(family)].name if family in set(Family) else family


def kind_name(kind: str) -> str:
    """Name of a kind of finding; an unheard-of one shows with its underscores as spaces."""
    return KINDS.get(kind, kind.replace("_", " ").capitalize())


def kind_means(kind: str) -> str:
    """What a kind of finding means, in one sentence; nothing of an unheard-of one."""
    return KIND_MEANS.get(kind, "")


def state_name(state: str, language: str | None = None) -> str:
    """Name of a state of *unknown*, lower case, to stand in a sentence; with the language where that is the reason."""
    name = STATES[UnknownState(state)] if state in set(UnknownState) else state.replace("_", " ")
    return f"{name}: {language_name(language)}" if language else name


def state_means(state: str) -> str:
    """What a state of *unknown* means, in one sentence; nothing of an unheard-of one."""
    return STATE_MEANS[UnknownState(state)] if state in set(UnknownState) else ""


def guessed(role: str, confidence: float | None) -> bool:
    """Whether a role is so unsure that it is shown as a guess."""
    known = role_kind(role) is not Role.UNKNOWN
    return known and confidence is not None and confidence < GUESSED_ROLE


def role_name(role: str) -> str:
    """``officer_2`` as ``Officer 2``; the wearer is ``Officer``."""
    return role_label(role)


def role_class(role: str) -> str:
    """The shape and color class of a role: ``officer``, ``community``, ``dispatch`` or ``unknown``."""
    return role_kind(role).value


def clock(ms: int, *, tenths: bool = False) -> str:
    """``ms`` as ``m:ss`` or ``h:mm:ss``, with tenths of a second where asked."""
    hours, rest = divmod(max(0, ms), 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    seconds, rest = divmod(rest, 1000)
    head = f"{hours}:{minutes:02d}" if hours else f"{minutes}"
    return f"{head}:{seconds:02d}" + (f".{rest // 100}" if tenths else "")


def size(size_bytes: int) -> str:
    """Bytes in decimal units, as file browsers have them: ``12.4 MB``."""
    value = float(size_bytes)
    for unit in ("bytes", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "bytes" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} TB"


def moment(when: datetime | str | None) -> str:
    """A clock time as ``5 Aug 2026, 21:14:09 UTC``; the untrusted text itself where it is no ISO 8601 time."""
    at = _read(when)
    if at is None:
        return "not recorded" if when is None else str(when)
    if at.tzinfo is None:
        return f"{at.day} {at:%b %Y, %H:%M:%S}, zone not recorded"
    at = at.astimezone(UTC)
    return f"{at.day} {at:%b %Y, %H:%M:%S} UTC"


def instant(when: datetime | str | None) -> str:
    """A clock time for machines, ``2026-08-05T21:14:09Z``; empty where it is no time of a known zone."""
    at = _read(when)
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if at is not None and at.tzinfo is not None else ""


def stated(when: datetime | str | None) -> str:
    """A clock time in the zone it was written with, ``14 Mar 2026, 19:31:10 UTC-05:00``; empty where that is UTC."""
    at = _read(when)
    offset = at.utcoffset() if at is not None else None
    return f"{at.day} {at:%b %Y, %H:%M:%S} {at.tzname()}" if at is not None and offset else ""


def _read(when: datetime | str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(when) if isinstance(when, str) else when
    except ValueError:
        return None


def percent(share: float) -> str:
    """A share 0..1 as a percentage that never rounds something down to nothing or up to everything."""
    value = share * 100
    if 0 < value < 1:
        return "under 1 %"
    if 99 < value < 100:
        return "over 99 %"
    return f"{value:.0f} %"
