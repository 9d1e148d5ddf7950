"""From a request to a plan, or to a plan and its clip in one pass: the same steps for a recording and for a lone file.

The service keeps what they make in custody; they are also used on a file that is in no library.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bodyworn.domain.errors import InputError
from bodyworn.domain.progress import Progress
from bodyworn.domain.recording import shown_name
from bodyworn.domain.redaction import Clip, SoundSpan
from bodyworn.domain.redaction_plan import Plan
from bodyworn.media.probe import readable_size
from bodyworn.media.render import check_target
from bodyworn.redactions import planning, rendering
from bodyworn.redactions.rendering import RedactionRequest, RenderResult
from bodyworn.redactions.request import SPEECH, RequestForm, parse_request
from bodyworn.redactions.source import Source
from bodyworn.redactions.speech import from_utterances


def prepare(source: Source, form: RequestForm, person: str, progress: Progress) -> RedactionRequest:
    """The request of ``form``, with the spans of spoken personal data where it asks for them.

    In a recording without pictures it is always they that are looked for.

    Raises :class:`~bodyworn.domain.errors.InputError` for what cannot be read, before any work, and what the stages
    raise.
    """
    must_open(source.path)
    if rendering.is_sound_only(source.path):
        form = replace(form, classes=SPEECH)  # there is nothing else that could be hidden
    request = parse_request(form, source.path, person)
    if not form.wants_speech:
        return request
    from bodyworn.redactions.spoken import tagger

    tagger.load()  # a missing model is told before the recording is listened to
    heard = source.heard_twice(form.model, progress)
    found = from_utterances(heard.utterances, heard.again)
    return replace(request, sound=tuple(span for span in found if _touches(span, request.clip)))


def _touches(span: SoundSpan, clip: Clip) -> bool:
    """Whether any of the span is in the clip; what is said elsewhere does not leave with it."""
    return span.end_us > clip.start_us and (clip.end_us is None or span.start_us < clip.end_us)


def must_open(path: Path) -> None:
    """:class:`~bodyworn.domain.errors.InputError` with the file's name if it is missing, empty or cannot be read."""
    try:
        readable_size(path)
    except InputError as error:
        raise error.saying(f"{shown_name(path.name)}: {error.what}") from None


def propose(source: Source, form: RequestForm, person: str, progress: Progress) -> Plan:
    """What would be hidden, as a plan for a person to change; nothing is written."""
    return planning.propose(source.path, prepare(source, form, person, progress), progress)


def redact(
    source: Source, target: Path, form: RequestForm, person: str, *, replace_target: bool, progress: Progress
) -> RenderResult:
    """Find and hide in one pass over ``source``, and write the clip to ``target``; the result holds the plan."""
    check_target(source.path, target, replace_target)
    request = prepare(source, form, person, progress)
    return rendering.redact(source.path, target, request, replace_target=replace_target, progress=progress)
