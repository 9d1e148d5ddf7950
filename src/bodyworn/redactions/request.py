"""What a person asks to have hidden, as typed on a command line or in a form, and as the code needs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bodyworn.domain.errors import InputError
from bodyworn.domain.redaction import HiddenClass, Reason, SoundAction, SoundSpan, Style
from bodyworn.domain.redaction_plan import Plan
from bodyworn.media.frame_numbers import FrameNumbers
from bodyworn.media.picture_out import Encoding
from bodyworn.redactions.clip_times import parse_clip
from bodyworn.redactions.hiding import RedactionChoices
from bodyworn.redactions.regions import looks_like_region, parse_region
from bodyworn.redactions.rendering import RedactionRequest

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


@dataclass(frozen=True)
class RequestForm:
    """A request as typed.

    ``classes`` with commas, ``start`` and ``end`` as frames or times, ``keep`` names of tracks or regions,
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
    return RedactionRequest(
        classes=classes,
        clip=parse_clip(path, form.start, form.end),
        style=parse_style(form.style),
        choices=parse_choices(form.keep, form.hide, person, FrameNumbers(path)),
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


def _names(text: str) -> list[str]:
    return list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def parse_style(text: str) -> Style:
    """The style of that name."""
    if text not in set(Style):
        raise InputError(f"unknown style {text!r}", f"Choose from {', '.join(Style)}")
    return Style(text)


def parse_choices(
    keep: Sequence[str], hide: Sequence[str], person: str, numbers: FrameNumbers | None = None
) -> RedactionChoices:
    """Regions to hide, and tracks or regions to keep; ``numbers`` are needed where regions are given in frames."""
    typed = [(text, True) for text in keep if looks_like_region(text)] + [(text, False) for text in hide]
    regions = [
        parse_region(f"region-{i}", text, kept, person, numbers=numbers) for i, (text, kept) in enumerate(typed, 1)
    ]
    return RedactionChoices(regions, frozenset(text for text in keep if not looks_like_region(text)), person)


def parse_sound(name: str, text: str, person: str) -> SoundSpan:
    """A span of sound typed as ``ACTION:START-END[:reason]`` in milliseconds, with the id ``name``."""
    action, _, rest = text.partition(":")
    times, _, reason = rest.partition(":")
    start, _, end = times.partition("-")
    if action not in set(SoundAction) or not (start.isdecimal() and end.isdecimal()):
        raise InputError(
            f"{text!r} is not a span of sound",
            "Give mute:START-END, bleep:START-END or disguise:START-END in milliseconds",
        )
    if int(end) <= int(start):
        raise InputError(f"the span of sound {text!r} ends before it starts", "Choose a later end")
    if reason and reason not in set(Reason):
        raise InputError(f"unknown reason {reason!r}", f"Choose from {', '.join(Reason)}")
    chosen = SoundAction(action)
    usual = Reason.VOICE if chosen is SoundAction.DISGUISE else Reason.OTHER
    return SoundSpan.of_ms(name, int(start), int(end), chosen, Reason(reason) if reason else usual, person)


def missing_tracks(form: RequestForm, plan: Plan) -> Sequence[str]:
    """Tracks that ``form`` wants to keep and that ``plan`` does not have."""
    wanted = {text for text in form.keep if not looks_like_region(text)}
    return sorted(wanted - {track.id for track in plan.tracks})
