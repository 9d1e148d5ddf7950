"""A person's changes to a plan: what stays visible, what is hidden as well, which words and voices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bodyworn.domain.errors import Code, InputError, NotFound
from bodyworn.domain.redaction import Reason, SoundAction, SoundSpan
from bodyworn.domain.redaction_plan import Plan
from bodyworn.domain.span import Span
from bodyworn.media.frame_numbers import FrameNumbers
from bodyworn.redactions import speech
from bodyworn.redactions.regions import parse_region
from bodyworn.redactions.request import parse_sound
from bodyworn.redactions.source import Utterances


@dataclass(frozen=True)
class PlanEdits:
    """Changes as a person types them.

    ``keep`` are ids of tracks or spans of sound to leave open; ``hide`` and ``show`` regions as
    ``X,Y,W,H[@FIRST-LAST]``, in frames or times; ``sound`` spans as ``mute:START-END[:reason]``, ``bleep:…`` or
    ``disguise:…`` in milliseconds; ``say`` words as ``TEXT[:reason]`` that are bleeped wherever they are said;
    ``disguise`` names of speakers or roles.
    """

    keep: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()
    show: tuple[str, ...] = ()
    sound: tuple[str, ...] = ()
    say: tuple[str, ...] = ()
    disguise: tuple[str, ...] = ()

    @property
    def needs_words(self) -> bool:
        """Whether the transcript is needed."""
        return bool(self.say or self.disguise)


def edited(
    plan: Plan, edits: PlanEdits, person: str, said: Utterances = (), numbers: FrameNumbers | None = None
) -> Plan:
    """``plan`` with ``edits`` by ``person``.

    ``said`` is needed where words or voices are picked, ``numbers`` where regions are given in frames.

    :class:`NotFound` for an id that is not in the plan, :class:`InputError` for what cannot be read or was not said.
    """
    for name in edits.keep:
        try:
            plan = plan.keeping(name, person)
        except KeyError:
            raise NotFound(f"the plan has no track or span {name!r}", "Choose an ID from the plan") from None
    for text, kept in [(text, False) for text in edits.hide] + [(text, True) for text in edits.show]:
        name = _free_id("region", [region.id for region in plan.regions])
        region = parse_region(name, text, kept, person, numbers=numbers)
        if region.x >= plan.source.width or region.y >= plan.source.height:
            size = f"{plan.source.width} x {plan.source.height} pixels"
            raise InputError(f"the region {text!r} lies outside of the picture", f"The picture is {size}")
        plan = plan.with_regions([region])
    for text in edits.sound:
        plan = plan.with_sound([parse_sound(_free_id("sound", _sound_ids(plan)), text, person)])
    for stem, span, action, reason in (*_words(edits.say, said), *_voices(edits.disguise, said)):
        name = _free_id(stem, _sound_ids(plan))
        plan = plan.with_sound([SoundSpan.of_ms(name, span.start_ms, span.end_ms, action, reason, person)])
    return plan


#: A span of sound before it has an id: stem of the id, place, action, reason.
_Picked = tuple[str, Span, SoundAction, Reason]


def _words(typed: Sequence[str], said: Utterances) -> Iterator[_Picked]:
    for text in typed:
        before, _, code = text.rpartition(":")
        words, reason = (before, Reason(code)) if before and code in set(Reason) else (text, Reason.OTHER)
        found = speech.places_of(said, words)
        if not found:
            what = f"{words!r} was not found in the transcript"
            raise InputError(what, "Look the words up in the transcript", Code.WORDS_NOT_HEARD)
        for span in found:
            yield "words", span, SoundAction.BLEEP, reason


def _voices(typed: Sequence[str], said: Utterances) -> Iterator[_Picked]:
    for who in typed:
        turns = speech.turns_of(said, who)
        if not turns:
            known = sorted({str(row[key]) for row in said for key in ("speaker", "role")})
            raise InputError(f"there is no speaker {who!r}", f"Name one of: {', '.join(known)}")
        for span in turns:
            yield "voice", span, SoundAction.DISGUISE, Reason.VOICE


def _sound_ids(plan: Plan) -> list[str]:
    return [span.id for span in plan.sound]


def _free_id(stem: str, taken: Sequence[str]) -> str:
    number = 1
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"
