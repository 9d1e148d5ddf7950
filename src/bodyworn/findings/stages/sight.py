"""Stage ``sight``: everything seen in the picture, in one decode.

Findings ``lens_obscured``, ``darkness``, ``camera_struck``, ``camera_fallen``; unknown spans ``obscured``,
``no_picture``, ``dark``, ``video_dropout``; curves of light and movement; thumbnails, poster, and a proxy where the
browser cannot play the original.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bodyworn.domain.codec import Json, from_json
from bodyworn.domain.errors import NotMedia
from bodyworn.domain.evidence import Evidence
from bodyworn.domain.finding import Finding, Unknown, UnknownState
from bodyworn.domain.media_facts import MediaFacts, VideoStreamFacts
from bodyworn.domain.progress import Progress
from bodyworn.domain.span import Span, merge, minus
from bodyworn.engine.stage import Inputs, StageResult, TypedStage, made_by
from bodyworn.findings.artifacts.sight import PROXY, SightArtifact
from bodyworn.media import sandbox
from bodyworn.media.limits import MOST_SECONDS, stall_seconds

if TYPE_CHECKING:
    from bodyworn.findings.observers.observer import Observation, Report
    from bodyworn.findings.observers.watching import Seen
    from bodyworn.media.video import Watched

#: Which state wins where several hold: what is known to be covered is not called dark.
PRECEDENCE = (UnknownState.VIDEO_DROPOUT, UnknownState.OBSCURED, UnknownState.NO_PICTURE, UnknownState.DARK)
SHORTEST_MS = 300
#: What comes over a lens moves the picture; that is no knock of the camera.
EDGE_MS = 700
#: ``proxy``: when to make a copy for the browser.
AUTO, ALWAYS, NEVER = "auto", "always", "never"


@dataclass(frozen=True)
class SightParams:
    """``proxy``: ``auto`` (where the browser cannot play the original), ``always`` or ``never``."""

    proxy: str = AUTO

    def __post_init__(self) -> None:
        if self.proxy not in (AUTO, ALWAYS, NEVER):
            raise ValueError(f"proxy is auto, always or never, not {self.proxy!r}")


class SightStage(TypedStage[SightParams, SightArtifact]):
    """Watches the recording once, in a child process with limits, and reports what its observers saw."""

    name = "sight"
    version = "1"
    reads = ("probe",)
    needs = ("video",)
    params = SightParams
    content = SightArtifact

    def make(self, inputs: Inputs, params: SightParams, progress: Progress) -> StageResult[SightArtifact]:
        """Watch the picture; raises ``InputError`` if none can be decoded."""
        seen = _look(inputs, params, progress)
        unknown = settled(seen.reports, seen.watched)
        luma = next(report.luma for report in seen.reports if report.luma is not None)
        motion = next(report.motion for report in seen.reports if report.motion is not None)
        content = SightArtifact(
            findings=tuple(_finding(proposal, made_by(self)) for proposal in kept(seen.reports, unknown)),
            unknown=tuple(unknown),
            thumbnails=seen.thumbnails,
            luma=luma,
            motion=motion,
            frames_seen=seen.watched.frames,
            damaged_packets=seen.watched.damaged,
            proxy_left_out=wants_proxy(params, inputs.of(MediaFacts).video) and PROXY not in seen.files,
        )
        return StageResult(content, seen.files)


def _look(inputs: Inputs, params: SightParams, progress: Progress) -> Seen:
    from bodyworn.findings.observers.watching import Seen, look  # numpy, which most commands do without

    facts = inputs.of(MediaFacts)
    if not facts.video:
        raise NotMedia("The recording holds no moving pictures", "Run the stages for sound only")
    limits = sight_limits(facts.duration_ms, facts.size_bytes)
    arguments: dict[str, Json] = {
        "path": os.fspath(inputs.source),
        "folder": os.fspath(inputs.scratch),
        "duration_ms": facts.duration_ms,
        "proxy": wants_proxy(params, facts.video),
    }
    return from_json(Seen, sandbox.run(look, arguments, limits, progress, writable=[inputs.scratch]))


def sight_limits(duration_ms: int, size_bytes: int) -> sandbox.Limits:
    """What watching a recording of that length and size may take."""
    seconds = min(duration_ms / 1_000, MOST_SECONDS)
    return sandbox.Limits(
        cpu_seconds=int(120 + 6 * seconds),
        wall_seconds=300 + 12 * seconds,
        memory_bytes=4_096 * sandbox.MIB,
        file_bytes=int((seconds + 60) * 2 * sandbox.MIB),
        stall_seconds=stall_seconds(size_bytes),
    )


def wants_proxy(params: SightParams, video: Sequence[VideoStreamFacts]) -> bool:
    """Whether to make a proxy: as set, or with ``auto`` where the browser cannot play the pictures."""
    plays = video[0].browser_plays  # the track that is looked at comes first
    return params.proxy == ALWAYS or (params.proxy == AUTO and not plays)


def settled(reports: Iterable[Report], watched: Watched) -> list[Unknown]:
    """Unknown spans of all observers and dropouts, without overlaps: each moment has the state that comes first."""
    claimed: dict[UnknownState, list[Span]] = {UnknownState.VIDEO_DROPOUT: list(watched.dropouts)}
    for report in reports:
        for entry in report.unknown:
            claimed.setdefault(entry.state, []).append(entry.span)
    taken: list[Span] = []
    result: list[Unknown] = []
    for state in PRECEDENCE:
        free = minus(merge(claimed.get(state, [])), taken)
        result += [Unknown(state, span) for span in free if span.length_ms >= SHORTEST_MS]
        taken = merge(taken + free)
    return sorted(result, key=lambda entry: entry.span)


def kept(reports: Iterable[Report], unknown: Sequence[Unknown]) -> list[Observation]:
    """Proposals in order, without darkness that is really a covered lens and knocks seen through one."""
    covered = [entry.span for entry in unknown if entry.state is UnknownState.OBSCURED]
    proposals = []
    for report in reports:
        for proposal in report.proposals:
            near = EDGE_MS if proposal.kind.startswith("camera_") else 0
            under = sum(proposal.span.overlap_ms(Span(max(0, s.start_ms - near), s.end_ms + near)) for s in covered)
            if proposal.kind == "lens_obscured" or under * 2 < max(1, proposal.span.length_ms):
                proposals.append(proposal)
    return sorted(proposals, key=lambda proposal: (proposal.span, proposal.kind))


def _finding(proposal: Observation, maker: str) -> Finding:
    return Finding(
        kind=proposal.kind,
        span=proposal.span,
        score=proposal.score,
        made_by=maker,
        evidence=Evidence(measures=proposal.measures),
    )


STAGE = SightStage()
