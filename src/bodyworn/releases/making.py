"""From a redaction to a release, and from a release to what its package is made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from bodyworn.domain.errors import InputError
from bodyworn.domain.progress import Progress
from bodyworn.domain.recording import Recording
from bodyworn.domain.redaction import NeedsReview
from bodyworn.domain.redaction_plan import Plan
from bodyworn.domain.release import LeakReport, Release, ReleaseRequest
from bodyworn.domain.span import Span, clock
from bodyworn.findings.service import Findings
from bodyworn.media.frame_numbers import FrameNumbers
from bodyworn.media.still import still_jpeg
from bodyworn.redactions.history import Redaction
from bodyworn.redactions.service import Redactions
from bodyworn.releases.captions import turns_of
from bodyworn.releases.contents import PackageInputs, check_request
from bodyworn.releases.service import Releases, RenderedClip
from bodyworn.releases.withheld import Withheld, withheld


def make_from_redaction(
    releases: Releases,
    redactions: Redactions,
    findings: Findings,
    redaction: Redaction,
    recording: Recording,
    original: Path,
    request: ReleaseRequest,
    *,
    again: Release | None = None,
    progress: Progress,
) -> Release:
    """Render the newest plan of ``redaction``, look for leaks in what came out, fix all that leaves, open a release.

    A stopped call leaves nothing: the clip is rendered in a folder that vanishes and taken into the library when whole.
    """
    if redaction.recording_id != recording.id:
        raise InputError(f"{redaction.id} is a redaction of another recording", f"Name a redaction of {recording.name}")
    check_request(request)
    plan = redactions.plan_of(redaction)
    times_us = FrameNumbers(original).times_us
    check_still(plan, times_us, request.still_ms)
    hidden = what_is_withheld(plan, times_us, request.citations)
    inputs = package_inputs(hidden, recording, findings, request)
    with redactions.rendered(redaction, progress) as (clip, done):
        found = redactions.check(redaction, clip, progress, times_us=done.rendered.times_us)
        frames = tuple(sorted({leak.frame for leak in found.open_leaks}))
        leaks = LeakReport(found.count, frames, found.to_json())
        looks = done.plan.needs_review
        rendered = RenderedClip(
            clip,
            done.plan.canonical(),
            hidden.part.start_ms,
            hidden.part.end_ms,
            leaks,
            inputs,
            to_look_at(looks, hidden.part),
        )
        return releases.make(recording, rendered, request, again)


def to_look_at(looks: Iterable[NeedsReview], part: Span) -> tuple[str, ...]:
    """The places of a clip that a plan asks people to look at, one sentence each, in times of the clip."""
    told = []
    for look in sorted(looks, key=lambda look: look.start_us):
        start, end = look.start_us // 1000 - part.start_ms, look.end_us // 1000 - part.start_ms
        if end > 0 and start < part.length_ms:
            track = f" ({look.track})" if look.track else ""
            told.append(f"{clock(max(0, start))} to {clock(min(end, part.length_ms))}: {look.why}{track}")
    return tuple(told)


def check_still(plan: Plan, times_us: Sequence[int], still_ms: int | None) -> None:
    """:class:`InputError` if the clip that ``plan`` describes has no picture at ``still_ms`` of it.

    ``times_us`` is when each frame of the recording is shown.
    """
    if still_ms is None:
        return
    if plan.source.is_sound_only:
        raise InputError("the clip has no pictures to take a still from", "Leave the still out")
    shown = [at_us for at_us in times_us if plan.clip.covers(at_us)]
    length_us = shown[-1] - shown[0] + min(shown[-1] - shown[-2], 1_000_000) if len(shown) > 1 else 0
    if not 0 <= still_ms * 1000 <= length_us:
        raise InputError(
            f"the clip has no picture at {still_ms / 1000:g} s to take the still from",
            f"Name a time up to {-(-length_us // 1000) / 1000:g} s, counted from the start of the clip",
        )


def package_inputs(
    hidden: Withheld, recording: Recording, findings: Findings, request: ReleaseRequest
) -> PackageInputs:
    """What the package of a release is made from."""
    said = findings.artifact(recording, "utterances")
    return PackageInputs(
        utterances=turns_of(said.data["utterances"]) if said is not None else (),
        masked=hidden.masked,
        log=hidden.log,
        edits=hidden.edits,
        still=partial(still_jpeg, credit=request.credit),
    )


def what_is_withheld(plan: Plan, times_us: Sequence[int], basis: Mapping[str, str]) -> Withheld:
    """What ``plan`` withholds of the recording whose frames are shown at ``times_us``."""
    last_us = times_us[-1] + 1 if times_us else 0
    return withheld(plan, basis, max(plan.source.duration_us, last_us))
