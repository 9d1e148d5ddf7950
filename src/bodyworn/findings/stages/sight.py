"""Stage ``sight``: everything seen in the picture, in one decode.

Findings ``lens_obscured``, ``darkness``, ``camera_struck``, ``camera_fallen``; unknown spans ``obscured``,
``no_picture``, ``dark``, ``video_dropout``; curves of light and movement; thumbnails, poster, and a proxy where the
browser cannot play the original.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from bodyworn.domain.errors import DamagedMedia
from bodyworn.domain.finding import Finding, Unknown, UnknownState
from bodyworn.domain.span import Span, merge
from bodyworn.engine.stage import Artefact, Inputs, Json, Progress, made_by
from bodyworn.findings.observers.darkness import DarknessObserver
from bodyworn.findings.observers.lens import LensObserver
from bodyworn.findings.observers.motion import MotionObserver
from bodyworn.findings.observers.observer import Proposal, Report, SightObserver
from bodyworn.media.stills import Poster, Thumbnails
from bodyworn.media.video import Observer, Watched, watch

#: Which state wins where several hold: what is known to be covered is not called dark.
PRECEDENCE = (UnknownState.VIDEO_DROPOUT, UnknownState.OBSCURED, UnknownState.NO_PICTURE, UnknownState.DARK)
SHORTEST_MS = 300


class SightStage:
    """Watches the recording once and reports what its observers saw."""

    name = "sight"
    version = "1"
    reads = ("probe",)
    makes = "sight"
    needs = ("video",)
    model = None
    defaults: ClassVar[Json] = {"proxy": "auto"}

    def run(self, inputs: Inputs, progress: Progress) -> Artefact:
        """Make ``sight``; the shape is in ``docs/stages.md``. Raises ``InputError`` if no picture can be decoded."""
        probe = inputs.data("probe")
        watching, watched = _watch(inputs, probe, progress, threads=0)
        if watched.damaged:
            # How damage is concealed depends on how threads race: once more on one, for the same result every time.
            watching, watched = _watch(inputs, probe, progress, threads=1)
        reports = [observer.report(watched) for observer in watching.measuring]
        unknown = settled(reports, watched)
        findings = [_finding(self, proposal) for proposal in _kept(reports, unknown)]
        thumbnails, poster = inputs.scratch / "thumbnails.jpg", inputs.scratch / "poster.jpg"
        data: dict[str, Any] = {
            "findings": [finding.to_json() for finding in findings],
            "unknown": [entry.to_json() for entry in unknown],
            "thumbnails": watching.thumbnails.save(thumbnails),
            "frames_seen": watched.frames,
            "damaged_packets": watched.damaged,
        }
        for report in reports:
            data.update(report.curves)
        watching.poster.save(poster)
        return Artefact("sight", data, {"thumbnails.jpg": thumbnails, "poster.jpg": poster})


class _Watching:
    """The observers of one pass, made anew for each."""

    def __init__(self, duration_ms: int) -> None:
        motion = MotionObserver()
        self.measuring: list[SightObserver] = [motion, LensObserver(motion), DarknessObserver()]
        self.thumbnails = Thumbnails(duration_ms)
        self.poster = Poster()

    @property
    def all(self) -> Sequence[Observer]:
        return [*self.measuring, self.thumbnails, self.poster]


def _watch(inputs: Inputs, probe: Json, progress: Progress, threads: int) -> tuple[_Watching, Watched]:
    import cv2

    cv2.setNumThreads(1)
    if not probe["video"]:
        raise DamagedMedia("The recording holds no moving pictures", "Run the other stages only")
    duration_ms = int(probe["duration_ms"] or 0)
    watching = _Watching(duration_ms)

    def tell(done_ms: float, total_ms: float) -> None:
        progress(done_ms, total_ms, "watching the picture")

    watched = watch(inputs.source, watching.all, tell, duration_ms=duration_ms, threads=threads)
    return watching, watched


def settled(reports: Iterable[Report], watched: Watched) -> list[Unknown]:
    """Unknown spans of all observers and dropouts, without overlaps: each moment has the state that comes first."""
    claimed: dict[UnknownState, list[Span]] = {UnknownState.VIDEO_DROPOUT: list(watched.dropouts)}
    for report in reports:
        for state, span in report.unknown:
            claimed.setdefault(state, []).append(span)
    taken: list[Span] = []
    result: list[Unknown] = []
    for state in PRECEDENCE:
        free = [rest for span in merge(claimed.get(state, [])) for rest in without(span, taken)]
        result += [Unknown(state, span) for span in free if span.length_ms >= SHORTEST_MS]
        taken = merge(taken + free)
    return sorted(result, key=lambda entry: entry.span)


def without(span: Span, taken: Sequence[Span]) -> list[Span]:
    """What is left of ``span`` when the spans ``taken`` (merged, sorted) are cut out."""
    left, at = [], span.start_ms
    for other in taken:
        if other.end_ms <= at or other.start_ms >= span.end_ms:
            continue
        if other.start_ms > at:
            left.append(Span(at, other.start_ms))
        at = max(at, other.end_ms)
    if at < span.end_ms:
        left.append(Span(at, span.end_ms))
    return left


def _kept(reports: Iterable[Report], unknown: Sequence[Unknown]) -> list[Proposal]:
    """Proposals in order, without darkness that is really a covered lens and knocks seen through one."""
    covered = [entry.span for entry in unknown if entry.state is UnknownState.OBSCURED]
    kept = []
    for report in reports:
        for proposal in report.proposals:
            under = sum(proposal.span.overlap_ms(span) for span in covered)
            if proposal.kind == "lens_obscured" or under * 2 < max(1, proposal.span.length_ms):
                kept.append(proposal)
    return sorted(kept, key=lambda proposal: (proposal.span, proposal.kind))


def _finding(stage: SightStage, proposal: Proposal) -> Finding:
    return Finding(
        kind=proposal.kind,
        span=proposal.span,
        score=proposal.score,
        made_by=made_by(stage),
        evidence={"measures": dict(proposal.measures)},
    )


STAGE = SightStage()
