"""What a person asks to have hidden, as typed on a command line or in a form, and as the code needs it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bodyworn.domain.errors import InputError
from bodyworn.domain.redaction import Clip, HiddenClass, Reason, SoundAction, SoundSpan, Style
from bodyworn.domain.redaction_plan import Plan
from bodyworn.media.frame_numbers import FrameNumbers
from bodyworn.media.rendered import Encoding
from bodyworn.redactions.choices import RedactionChoices
from bodyworn.redactions.clip_times import moment_us, parse_clip
from bodyworn.redactions.regions import looks_like_region, must_show, parse_region
from bodyworn.redactions.rendering import RedactionRequest, describe

#: The class of spoken personal data; the others are hidden in the picture.
SPEECH = "speech"
#: Names of classes as people give them. Screens come with papers and any text.
PICTURE_CLASSES: Mapping[str, tuple[HiddenClass, ...]] = {
    "faces": (HiddenClass.FACE,),
    "plates": (HiddenClass.PLATE,),
    "vehicles": (HiddenClass.VEHICLE,),
    "screens": (HiddenClass.SCREEN, HiddenClass.TEXT),
}
CLASS_NAMES = (*PICTURE_CLASSES, SPEECH)
_SOUND = re.compile(rf"({'|'.join(SoundAction)}):([0-9.:]{{1,20}}s?)-([0-9.:]{{1,20}}s?)(?::([A-Za-z_.]+))?\Z")


@dataclass(frozen=True)
class RequestForm:
    """A request as typed.

    ``classes`` with commas, ``start`` and ``end`` as times or frames, ``keep`` names of tracks or regions,
    ``hide`` regions, ``sound_track`` counted from 1, ``model`` the speech model where speech is among the classes.
    """

    classes: str = "faces"
    start: str = ""
    end: str = ""
    style: str = Style.BLUR.value
    keep: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()
    sound_track: int = 1
    encode_all: bool = False
    model: str | None = None

    @property
    def wants_speech(self) -> bool:
        """Whether spoken personal data are to be hidden."""
        return SPEECH in _names(self.classes)


def parse_request(form: RequestForm, path: Path, person: str) -> RedactionRequest:
    """What ``form`` asks for of the recording in ``path``, without the spans of speech; :class:`InputError` says why
    not. ``person`` is the id of who asks."""
    classes = parse_classes(form.classes)
    _must_be_names(form.keep, classes)
    clip = parse_clip(path, form.start, form.end)
    return RedactionRequest(
        classes=classes,
        clip=clip,
        style=parse_style(form.style),
        choices=_choices(form, path, clip, person),
        encoding=Encoding(copy_untouched=not form.encode_all),
        sound_track=form.sound_track - 1,
    )


def _must_be_names(keep: Sequence[str], classes: Sequence[HiddenClass]) -> None:
    """Refuse what can be the name of no track of these classes, before the work; tracks are numbered while it goes."""
    for name in keep:
        kind, _, number = name.partition("-")
        if not looks_like_region(name) and not (kind in {cls.value for cls in classes} and number.isdecimal()):
            like = ", ".join(f"{cls.value}-1" for cls in classes) or "none without a class of the picture"
            raise InputError(f"there can be no track {name!r} to keep", f"Tracks are named like this: {like}")


def parse_classes(text: str) -> tuple[HiddenClass, ...]:
    """Classes of things to hide in the picture; :data:`SPEECH` is allowed and adds none."""
    names = _names(text)
    for name in names:
        if name not in CLASS_NAMES:
            raise InputError(f"unknown class {name!r}", f"Choose from {', '.join(CLASS_NAMES)}")
    return tuple(cls for name in names for cls in PICTURE_CLASSES.get(name, ()))


def class_name(cls: HiddenClass) -> str:
    """The name by which people give a class of the picture."""
    return next(name for name, classes in PICTURE_CLASSES.items() if cls in classes)


def _names(text: str) -> list[str]:
    return list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def parse_style(text: str) -> Style:
    """The style of that name."""
    if text not in set(Style):
        raise InputError(f"unknown style {text!r}", f"Choose from {', '.join(Style)}")
    return Style(text)


def _choices(form: RequestForm, path: Path, clip: Clip, person: str) -> RedactionChoices:
    """Regions to hide, and tracks or regions to keep; each region must show in the clip."""
    numbers = FrameNumbers(path)
    typed = [(text, True) for text in form.keep if looks_like_region(text)] + [(text, False) for text in form.hide]
    regions = [
        parse_region(f"region-{i}", text, kept, person, numbers=numbers) for i, (text, kept) in enumerate(typed, 1)
    ]
    if regions:
        source = describe(path)
        for region, (text, _) in zip(regions, typed, strict=True):
            must_show(region, text, source.width, source.height, clip)
    return RedactionChoices(regions, frozenset(text for text in form.keep if not looks_like_region(text)), person)


def parse_sound(name: str, text: str, person: str) -> SoundSpan:
    """A span of sound typed as ``ACTION:START-END[:reason]``, with the id ``name``.

    Times are ``1:02.5`` or ``62.5s``; plain whole numbers are milliseconds.
    """
    match = _SOUND.match(text.strip())
    if match is None:
        raise InputError(
            f"{text!r} is not a span of sound",
            "Give mute:START-END, bleep:START-END or disguise:START-END, with times as 1:02.5 or 62.5s",
        )
    action, start, end, reason = match.groups()
    start_us, end_us = _sound_us(start), _sound_us(end)
    if end_us <= start_us:
        raise InputError(f"the span of sound {text!r} ends before it starts", "Choose a later end")
    if reason and reason not in set(Reason):
        raise InputError(f"unknown reason {reason!r}", f"Choose from {', '.join(Reason)}")
    chosen = SoundAction(action)
    usual = Reason.VOICE if chosen is SoundAction.DISGUISE else Reason.OTHER
    return SoundSpan(name, start_us, end_us, chosen, Reason(reason) if reason else usual, person)


def _sound_us(text: str) -> int:
    """Microseconds of a time in a span of sound; a plain whole number is milliseconds."""
    if text.isdigit():
        return int(text) * 1000
    moment = moment_us(text, None)
    assert moment is not None, "only a frame can lie past the end"
    return moment


def missing_tracks(form: RequestForm, plan: Plan) -> Sequence[str]:
    """Tracks that ``form`` wants to keep and that ``plan`` does not have."""
    wanted = {text for text in form.keep if not looks_like_region(text)}
    return sorted(wanted - {track.id for track in plan.tracks})
