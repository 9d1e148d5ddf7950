"""A person's changes to a plan: what stays visible, what is hidden as well, which words and voices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from bodyworn.domain.errors import Code, InputError, NotFound
from bodyworn.domain.recording import shown_name
from bodyworn.domain.redaction import Reason, SoundAction, SoundSpan
from bodyworn.domain.redaction_plan import Plan
from bodyworn.domain.span import Span
from bodyworn.media.frame_numbers import FrameNumbers
from bodyworn.redactions import speech
from bodyworn.redactions.regions import inside_clip, looks_like_region, must_show, parse_region
from bodyworn.redactions.request import parse_classes, parse_sound
from bodyworn.redactions.source import Utterances


@dataclass(frozen=True)
class PlanEdits:
    """Changes as a person types them.

    ``keep`` are ids of tracks, spans of sound or drawn regions to leave open, and ``drop_class`` classes of which all
    tracks are; ``hide`` and ``show`` are ids of what was left open and is hidden again, or regions as
    ``X,Y,W,H[@START-END]``; ``sound`` spans as ``mute:START-END[:reason]``, ``bleep:…`` or ``disguise:…``; ``say``
    words as ``TEXT[:reason]`` that are bleeped wherever they are said; ``disguise`` names of speakers or roles.
    """

    keep: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()
    show: tuple[str, ...] = ()
    sound: tuple[str, ...] = ()
    say: tuple[str, ...] = ()
    disguise: tuple[str, ...] = ()
    drop_class: tuple[str, ...] = ()

    @property
    def needs_words(self) -> bool:
        """Whether the transcript is needed."""
        return bool(self.say or self.disguise)


def edited(
    plan: Plan, edits: PlanEdits, person: str, said: Utterances = (), numbers: FrameNumbers | None = None
) -> Plan:
    """``plan`` with ``edits`` by ``person``.

    ``said`` is needed where words or voices are picked, ``numbers`` where regions are given in frames.

    :class:`NotFound` for an id that is not in the plan, :class:`InputError` for what cannot be read, was not said, or
    lies outside of the clip or the picture.
    """
    for name in (*_of_classes(plan, edits.drop_class), *edits.keep):
        plan = _changed(name, partial(plan.keeping, person=person))
    plan = _with_regions(plan, edits, person, numbers)
    for text in edits.sound:
        span = parse_sound(_free_id("sound", _sound_ids(plan)), text, person)
        if not _in_clip(plan, span):
            raise InputError(f"the span of sound {text!r} lies outside of the clip", inside_clip(plan.clip))
        plan = plan.with_sound([span])
    for picked in (_words(edits.say, said), _voices(edits.disguise, said)):
        for typed, places in picked:
            plan = _with_places(plan, typed, places, person)
    return plan


def _changed(name: str, change: Callable[[str], Plan]) -> Plan:
    try:
        return change(name)
    except KeyError:
        raise NotFound(
            f"the plan has no track, region or span {shown_name(name)!r}", "Choose an ID from the plan"
        ) from None


def _of_classes(plan: Plan, names: Sequence[str]) -> Iterator[str]:
    """Ids of all tracks of the classes of these names."""
    for name in names:
        classes = parse_classes(name)
        found = [track.id for track in plan.tracks if track.cls in classes]
        if not found:
            raise InputError(f"the plan has no tracks of the class {name!r}", "Choose a class from the plan")
        yield from found


def _with_regions(plan: Plan, edits: PlanEdits, person: str, numbers: FrameNumbers | None) -> Plan:
    """What is hidden again, and what is drawn: regions to hide and to leave visible."""
    for text, kept in [(text, False) for text in edits.hide] + [(text, True) for text in edits.show]:
        if not looks_like_region(text):
            plan = _changed(text, partial(plan.keeping, person=person) if kept else plan.hiding_again)
            continue
        name = _free_id("region", [region.id for region in plan.regions])
        region = parse_region(name, text, kept, person, numbers=numbers)
        must_show(region, text, plan.source.width, plan.source.height, plan.clip)
        plan = plan.with_regions([region])
    return plan


#: What a person typed, and the spans of sound it means before they have ids: stem of the id, place, action, reason.
_Picked = tuple[str, list[tuple[str, Span, SoundAction, Reason]]]


def _with_places(plan: Plan, typed: str, places: Sequence[tuple[str, Span, SoundAction, Reason]], person: str) -> Plan:
    """``plan`` with those of ``places`` that lie in its clip; :class:`InputError` if none does."""
    inside = False
    for stem, place, action, reason in places:
        name = _free_id(stem, _sound_ids(plan))
        span = SoundSpan.of_ms(name, place.start_ms, place.end_ms, action, reason, person)
        if _in_clip(plan, span):
            plan, inside = plan.with_sound([span]), True
    if not inside:
        raise InputError(f"{shown_name(typed)!r} is heard outside of the clip only", inside_clip(plan.clip))
    return plan


def _in_clip(plan: Plan, span: SoundSpan) -> bool:
    return bool(replace(plan, tracks=(), regions=(), sound=(replace(span, kept_by=None),)).sound_hidden())


def _words(typed: Sequence[str], said: Utterances) -> Iterator[_Picked]:
    for text in typed:
        before, _, code = text.rpartition(":")
        words, reason = (before, Reason(code)) if before and code in set(Reason) else (text, Reason.OTHER)
        found = speech.places_of(said, words)
        if not found:
            what = f"{words!r} was not found in the transcript"
            raise InputError(what, "Look the words up in the transcript", Code.WORDS_NOT_HEARD)
        yield words, [("words", span, SoundAction.BLEEP, reason) for span in found]


def _voices(typed: Sequence[str], said: Utterances) -> Iterator[_Picked]:
    for who in typed:
        turns = speech.turns_of(said, who)
        if not turns:
            known = sorted({str(row[key]) for row in said for key in ("speaker", "role")})
            raise InputError(f"there is no speaker {who!r}", f"Name one of: {', '.join(known)}")
        yield who, [("voice", span, SoundAction.DISGUISE, Reason.VOICE) for span in turns]


def _sound_ids(plan: Plan) -> list[str]:
    return [span.id for span in plan.sound]


def _free_id(stem: str, taken: Sequence[str]) -> str:
    number = 1
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"
