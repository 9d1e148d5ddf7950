"""What a child process does with a recording: find and hide, draw by a plan, propose, show, look for leaks.

Jobs of :mod:`bodyworn.media.sandbox`: each takes and gives plain JSON, and decodes what is not trusted. Their callers
load none of the libraries that they need, so imports stand inside.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bodyworn.domain.codec import Json, from_json, to_json
from bodyworn.domain.errors import InputError
from bodyworn.domain.redaction import Clip, HiddenClass, Region, SoundSpan, Style
from bodyworn.domain.redaction_plan import Plan, PlanSource
from bodyworn.media import sandbox
from bodyworn.media.rendered import Encoding, RenderedFile

if TYPE_CHECKING:
    from bodyworn.redactions.hiding import OnePassRedactor


@dataclass(frozen=True)
class Order:
    """What is asked of a recording that is looked at: its path and SHA-256, and the fields of a request."""

    source: str
    sha256: str
    classes: tuple[HiddenClass, ...]
    clip: Clip
    style: Style
    regions: tuple[Region, ...]
    kept_tracks: tuple[str, ...]
    person: str
    sound: tuple[SoundSpan, ...]
    encoding: Encoding
    sound_track: int


@dataclass(frozen=True)
class Redacted:
    """What came of a pass that finds and hides at once: the plan that it followed, and the clip."""

    plan: Mapping[str, Json]
    rendered: RenderedFile


def redact(order: Json, draft: str) -> dict[str, Json]:
    """Find and hide in one pass, into the file ``draft``; JSON of :class:`Redacted`."""
    from bodyworn.media.render import render_into
    from bodyworn.redactions.sound_masking import hiding

    asked = from_json(Order, order)
    described = _described(asked.source, asked.sha256)
    if described.is_sound_only:
        plan = plan_of_sound(asked, described)
        return to_json(Redacted(plan.to_json(), _sound_rendered(plan, asked.source, draft)))
    redactor = _redactor(asked, described)
    sound = Plan(described, clip=asked.clip, sound=asked.sound).sound_hidden()
    rendered = render_into(
        Path(asked.source),
        Path(draft),
        redactor,
        clip=asked.clip,
        edit_sound=hiding(sound),
        encoding=asked.encoding,
        sound_track=asked.sound_track,
        progress=sandbox.report,
    )
    return to_json(Redacted(plan_of(asked, described, redactor).to_json(), rendered))


def propose(order: Json) -> dict[str, Json]:
    """Find what would be hidden; JSON of the plan."""
    from bodyworn.redactions.proposing import watch

    asked = from_json(Order, order)
    described = _described(asked.source, asked.sha256)
    if described.is_sound_only:
        return plan_of_sound(asked, described).to_json()
    redactor = _redactor(asked, described)
    watch(Path(asked.source), asked.clip, redactor, sandbox.report)
    return plan_of(asked, described, redactor).to_json()


def render_plan(source: str, plan: Json, encoding: Json, draft: str) -> dict[str, Json]:
    """Draw what a plan says into the file ``draft``; JSON of :class:`RenderedFile`."""
    from bodyworn.media.render import render_into
    from bodyworn.redactions.hiding import PlanRedactor
    from bodyworn.redactions.sound_masking import hiding

    followed = Plan.from_json(plan)
    if followed.source.is_sound_only:
        return to_json(_sound_rendered(followed, source, draft))
    rendered = render_into(
        Path(source),
        Path(draft),
        PlanRedactor(followed),
        clip=followed.clip,
        edit_sound=hiding(followed.sound_hidden()),
        encoding=from_json(Encoding, encoding),
        sound_track=followed.sound_track,
        progress=sandbox.report,
    )
    return to_json(rendered)


def preview(source: str, plan: Json, name: str) -> str:
    """A sheet of masked pictures, in the format of the file ``name``, in base64."""
    from bodyworn.redactions.outputs import picture_bytes
    from bodyworn.redactions.proposing import sheet_of

    sheet = sheet_of(Plan.from_json(plan), Path(source), sandbox.report)
    return b64encode(picture_bytes(Path(name), sheet)).decode()


def check(clip: str, plan: Json, sha256: str, classes: Sequence[str], times_us: Sequence[int] | None) -> Json:
    """Look for leaks in a clip with the second detectors, or listen to one without pictures; JSON of
    :class:`~.checking.LeakCheck`."""
    from bodyworn.domain.digest import Digest
    from bodyworn.redactions.checking import LeakCheck, looked_over, second_opinions

    followed = None if plan is None else Plan.from_json(plan)
    if followed is not None and followed.source.is_sound_only:
        from bodyworn.redactions import sound_checking

        heard = sound_checking.heard_in(Path(clip), followed, sandbox.report)
        return to_json(LeakCheck(Digest(sha256), followed.digest, (sound_checking.NAME,), 0, (), heard))
    chosen = followed.classes if followed else tuple(HiddenClass(name) for name in classes)
    found = looked_over(Path(clip), Digest(sha256), followed, second_opinions(chosen), sandbox.report, times_us)
    return to_json(found)


def leak_sheet(clip: str, leaks: Sequence[Json], name: str) -> str:
    """Pictures of what a leak check found, in the format of the file ``name``, in base64."""
    from bodyworn.redactions.checking import Leak
    from bodyworn.redactions.leak_sheet import leak_pictures
    from bodyworn.redactions.outputs import picture_bytes

    sheet = leak_pictures(Path(clip), [from_json(Leak, leak) for leak in leaks], sandbox.report)
    return b64encode(picture_bytes(Path(name), sheet)).decode()


def describe(source: str, sha256: str) -> dict[str, Json]:
    """JSON of the recording as a plan names it."""
    return to_json(_described(source, sha256))


def is_sound_only(source: str) -> bool:
    """Whether the recording has sound and no moving pictures."""
    from bodyworn.media.opening import is_sound_only as found

    return found(Path(source))


def _described(source: str, sha256: str) -> PlanSource:
    from bodyworn.media.footage import Footage
    from bodyworn.media.sound_file import sound_length_us

    if is_sound_only(source):
        return PlanSource(sha256, 0, 0, sound_length_us(Path(source)))
    with Footage(Path(source)) as footage:
        facts = footage.facts
    return PlanSource(sha256, facts.width, facts.height, facts.duration_us, facts.first_us)


def _sound_rendered(plan: Plan, source: str, draft: str) -> RenderedFile:
    from bodyworn.media.sound_file import render_sound_into
    from bodyworn.redactions.sound_masking import hiding

    return render_sound_into(
        Path(source),
        Path(draft),
        clip=plan.clip,
        edit_sound=hiding(plan.sound_hidden()),
        sound_track=plan.sound_track,
        progress=sandbox.report,
    )


def plan_of_sound(asked: Order, source: PlanSource) -> Plan:
    """The plan for a recording without pictures; :class:`InputError` where something in a picture is to be hidden."""
    if asked.regions:
        raise InputError("the recording has no pictures to hide a region in", "Choose spans of sound")
    return Plan(
        source=source,
        style=asked.style,
        clip=asked.clip,
        sound=asked.sound,
        classes=(),
        sound_track=asked.sound_track,
        encode_all=not asked.encoding.copy_untouched,
    )


def _redactor(asked: Order, described: PlanSource) -> OnePassRedactor:
    from bodyworn.redactions.choices import RedactionChoices
    from bodyworn.redactions.detectors import detectors_for
    from bodyworn.redactions.hiding import OnePassRedactor

    detectors = detectors_for(asked.classes)
    choices = RedactionChoices(asked.regions, frozenset(asked.kept_tracks), asked.person)
    return OnePassRedactor(detectors, described, asked.style, choices)


def plan_of(asked: Order, source: PlanSource, redactor: OnePassRedactor) -> Plan:
    """The plan that ``redactor`` followed, having decided about every frame. Its clip starts with its first frame."""
    clip, times_us = asked.clip, redactor.proposals.times_us
    if clip.start_us and times_us:
        clip = Clip(times_us[0], clip.end_us)
    return Plan(
        source=source,
        style=asked.style,
        clip=clip,
        tracks=redactor.proposals.tracks(clip),
        regions=asked.regions,
        sound=asked.sound,
        needs_review=redactor.needs_review,
        classes=asked.classes,
        sound_track=asked.sound_track,
        encode_all=not asked.encoding.copy_untouched,
    )
