"""Which role each speaker has: the wearer, community, further officers, dispatch, or unknown.

The wearer's mouth is half a meter from the camera: nearest, loudest, of the most even level, present throughout. A
radio voice is cut to 300–3400 Hz. What is said adds to both. All cues are log-odds, added up; a person's correction
overrules them. Weights were set on synthetic encounters with other voices, rooms and seeds than those reported
(``docs/findings/voices.md``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bodyworn.domain.role import NumberedRole, Role
from bodyworn.domain.span import Span
from bodyworn.findings.artifacts.speakers import VoiceMeasures
from bodyworn.findings.voices.role_words import RoleEvidence

#: Log-odds for the wearer per dB that a voice is louder than the next loudest,
PER_DB = 0.14
#: and per dB that it is clearer;
PER_CLARITY_DB = 0.03
#: for a level that is steady from turn to turn (0..1),
STEADY = 1.5
#: and for the share of the recording from the first to the last turn.
PRESENT = 1.0
#: Log-odds per log-odds of the words, and at most.
WORDS = 0.35
WORDS_LIMIT = 4.0
#: Log-odds that someone who is not the wearer is a further officer rather than community: of who talks most beside the
#: wearer, and of the others, of whom nearly every second is; and per log-odds of words of any officer, and of words of
#: one who is not the wearer. As counted and fitted on speakers of transcripts (0.44 and 0.16 for the words, less steep
#: here, as recognized words are worse).
FIRST_IS_OFFICER, OTHER_IS_OFFICER = -1.3, -0.35
FURTHER_WORDS, OWN_WORDS = 0.4, 0.14
#: Log-odds that the wearer is none of the speakers.
NO_SPEAKER = -1.0
#: Less speech than this is not numbered as a person of its own.
OWN_PERSON_MS = 5_000
_SURE = 0.45


@dataclass(frozen=True)
class Speaker:
    """What is known of one speaker: ``measures`` of the voice, ``heard`` from the first to the last turn, and words."""

    name: str
    measures: VoiceMeasures
    heard: Span
    spoken: RoleEvidence

    @property
    def radio(self) -> float:
        """How much the voice sounds as through a radio, 0..1."""
        return self.measures.band_limited

    def leaning(self, towards: str, against: str, weight: float) -> float:
        """Limited log-odds of two roles from the words, each counted by ``weight``."""
        words = weight * (self.spoken.evidence[towards] - self.spoken.evidence[against])
        return max(-WORDS_LIMIT, min(WORDS_LIMIT, words))


@dataclass(frozen=True)
class RoleVerdict:
    """The role of a speaker, how sure that is (0..1), and why, in plain words."""

    role: str
    confidence: float
    because: tuple[str, ...]


def assign_roles(
    speakers: Sequence[Speaker], corrections: Mapping[str, str], role_of_wearer: str = Role.OFFICER.value
) -> dict[str, RoleVerdict]:
    """Role of every speaker by name. ``corrections`` are a person's and have confidence 1."""
    fixed = {
        s.name: RoleVerdict(corrections[s.name], 1.0, ("set by a person",)) for s in speakers if s.name in corrections
    }
    named = [speaker for speaker in speakers if corrections.get(speaker.name) == role_of_wearer]
    chances = {named[0].name: 1.0} if named else _wearer_chances([s for s in speakers if s.name not in fixed], speakers)
    wearer = next((s for s in speakers if s.name == max(chances, key=lambda name: chances[name], default="")), None)
    if wearer is not None and chances[wearer.name] < _SURE:
        wearer = None
    found = dict(fixed)
    if wearer is not None and wearer.name not in fixed:
        others = [s for s in speakers if s.name != wearer.name]
        found[wearer.name] = RoleVerdict(role_of_wearer, chances[wearer.name], _why_wearer(wearer, others))
    rest = [speaker for speaker in speakers if speaker.name not in found]
    first = max((s for s in speakers if s is not wearer and s.radio < 0.5), key=_talk, default=None)
    odds = {s.name: FIRST_IS_OFFICER if s is first else OTHER_IS_OFFICER for s in rest}
    shares = {s.name: _scaled(_other_role(s, wearer, odds[s.name]), 1.0 - chances.get(s.name, 0.0)) for s in rest}
    return found | _number(rest, shares, found, role_of_wearer)


def _wearer_chances(free: Sequence[Speaker], everyone: Sequence[Speaker]) -> dict[str, float]:
    """How likely each speaker is the wearer; with the chance that none is, the sum is 1."""
    scores = {speaker.name: _nearness(speaker, everyone) for speaker in free}
    total = math.exp(NO_SPEAKER) + sum(math.exp(score) for score in scores.values())
    return {name: math.exp(score) / total for name, score in scores.items()}


def _nearness(speaker: Speaker, everyone: Sequence[Speaker]) -> float:
    """Log-odds that the speaker wears the camera."""
    others = [other for other in everyone if other.name != speaker.name and other.radio < 0.5]
    score = speaker.leaning("officer", "community", WORDS) - 5.0 * max(0.0, speaker.radio - 0.3)
    score += STEADY * (speaker.measures.steadiness - 0.5)
    start, end = min(s.heard.start_ms for s in everyone), max(s.heard.end_ms for s in everyone)
    score += PRESENT * ((speaker.heard.end_ms - speaker.heard.start_ms) / max(1, end - start) - 0.5)
    if others:
        margin = speaker.measures.level_db - max(other.measures.level_db for other in others)
        clearer = speaker.measures.clarity_db - max(o.measures.clarity_db for o in others)
        score += PER_DB * max(-20.0, min(20.0, margin)) + PER_CLARITY_DB * max(-15.0, min(15.0, clearer))
    if speaker.measures.speech_ms < 1_500:
        score -= 1.5
    return score


def _talk(speaker: Speaker) -> int:
    return speaker.measures.speech_ms


def _other_role(speaker: Speaker, wearer: Speaker | None, is_officer: float) -> dict[str, float]:
    """Chances of the roles of someone who was not found to be the wearer; ``is_officer`` are log-odds beforehand."""
    officer = speaker.leaning("officer", "community", FURTHER_WORDS)
    further = officer + speaker.leaning("officer_2", "community", OWN_WORDS)
    scores = {
        "community": 1.0 - 0.5 * further,
        "officer_2": 1.0 + is_officer + 0.5 * further,
        "dispatch": -3.0 + 10.0 * (speaker.radio - 0.3) + 0.5 * speaker.leaning("dispatch", "community", WORDS),
    }
    if wearer is not None:
        likeness = _like_wearer(speaker, wearer)
        scores["wearer"] = -1.1 + likeness + 0.5 * officer
    total = sum(math.exp(score) for score in scores.values())
    return {role: math.exp(score) / total for role, score in scores.items()}


def _scaled(chances: Mapping[str, float], factor: float) -> dict[str, float]:
    return {role: chance * factor for role, chance in chances.items()}


def _like_wearer(speaker: Speaker, wearer: Speaker) -> float:
    """Log-odds from sound that a voice counted apart is the wearer's after all: as near, as high."""
    apart_db = wearer.measures.level_db - speaker.measures.level_db
    pitches = speaker.measures.pitch_hz, wearer.measures.pitch_hz
    apart_pitch = abs(math.log(pitches[0] / pitches[1])) if min(pitches) > 0 else 0.3
    return (1.5 - 0.35 * max(0.0, apart_db)) + (1.0 - 8.0 * apart_pitch) - 4.0 * speaker.radio


def _number(
    rest: Sequence[Speaker],
    chances: Mapping[str, Mapping[str, float]],
    found: Mapping[str, RoleVerdict],
    role_of_wearer: str,
) -> dict[str, RoleVerdict]:
    """Turn chances into roles, numbering people of one kind by how much they speak."""
    taken = {verdict.role for verdict in found.values()}
    verdicts: dict[str, RoleVerdict] = {}
    for speaker in sorted(rest, key=lambda s: (-s.measures.speech_ms, s.heard.start_ms)):
        kind, chance = max(chances[speaker.name].items(), key=lambda item: item[1])
        brief = speaker.measures.speech_ms < OWN_PERSON_MS
        if chance < _SURE or speaker.measures.speech_ms < 300:
            verdicts[speaker.name] = RoleVerdict(Role.UNKNOWN.value, 1.0 - chance, ("too little to go by",))
            continue
        if kind == "wearer":
            role = role_of_wearer
        elif kind == "dispatch" or (brief and kind == "community"):
            role = kind
        else:
            role = _free(kind.removesuffix("_2"), taken)
        taken.add(role)
        verdicts[speaker.name] = RoleVerdict(
            role, chance * (0.85 if brief and kind != "dispatch" else 1.0), _why_other(speaker, kind, brief)
        )
    return verdicts


def _free(kind: str, taken: set[str]) -> str:
    """First unused of ``kind``, ``kind_2``, ``kind_3`` …; a further officer is never plain ``officer``."""
    number = 2 if kind == Role.OFFICER.value else 1
    while (name := str(NumberedRole(Role(kind), number))) in taken:
        number += 1
    return name


def _why_wearer(wearer: Speaker, others: Sequence[Speaker]) -> tuple[str, ...]:
    near = [other for other in others if other.radio < 0.5]
    reasons = []
    if near:
        margin = wearer.measures.level_db - max(other.measures.level_db for other in near)
        if margin > 1:
            reasons.append(f"the loudest voice, {margin:.0f} dB above the next")
        elif margin < -1:
            reasons.append(f"not the loudest voice ({-margin:.0f} dB below)")
    if wearer.measures.steadiness >= 0.6:
        reasons.append("the level hardly changes from turn to turn, as of someone always at the same distance")
    if wearer.heard.end_ms - wearer.heard.start_ms > 0 and near:
        earliest, latest = min(o.heard.start_ms for o in near), max(o.heard.end_ms for o in near)
        if wearer.heard.start_ms <= earliest and wearer.heard.end_ms >= latest:
            reasons.append("heard before, during and after everyone else")
    return (*reasons, *_quote(wearer, "officer", "an officer")) or ("the only voice near the camera",)


def _why_other(speaker: Speaker, kind: str, brief: bool) -> tuple[str, ...]:
    reasons = []
    if speaker.radio >= 0.5:
        reasons.append("sounds as through a radio: hardly anything below 300 Hz and above 3400 Hz")
    if kind == "wearer":
        reasons.append("as loud and as high as the wearer: probably the same person")
    elif kind == "officer_2":
        reasons.append("talks like an officer, but is not the wearer")
    elif kind == "community":
        reasons.append("not the wearer")
    said = {"wearer": "officer", "officer_2": "officer"}.get(kind, kind)
    who = {"officer": "an officer", "community": "a community member", "dispatch": "a dispatcher"}[said]
    if brief:
        reasons.append("little speech")
    return (*reasons, *_quote(speaker, said, who))


def _quote(speaker: Speaker, kind: str, who: str) -> tuple[str, ...]:
    """The words that speak for ``kind``, if the words do so."""
    said = speaker.spoken.telling[kind]
    if speaker.spoken.evidence[kind] <= 0 or not said:
        return ()
    return (f"words typical of {who}: " + ", ".join(f"“{term}”" for term in said),)
