"""Stage ``sight``: everything seen in the picture, in one decode.

Findings ``lens_obscured``, ``darkness``, ``camera_struck``, ``camera_fallen``; unknown spans ``obscured``,
``no_picture``, ``dark``, ``video_dropout``; curves of light and movement; thumbnails, poster, and a proxy where the
browser cannot play the original.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from bodyworn.domain.errors import NotMedia
from bodyworn.domain.finding import Finding, Unknown, UnknownState
from bodyworn.domain.progress import Progress
from bodyworn.domain.span import Span, merge
from bodyworn.engine.stage import Artifact, Inputs, Json, made_by
from bodyworn.findings.observers.observer import Observation, Report
from bodyworn.findings.observers.watching import Seen, seen_from
from bodyworn.media import sandbox
from bodyworn.media.video import Watched

#: Which state wins where several hold: what is known to be covered is not called dark.
PRECEDENCE = (UnknownState.VIDEO_DROPOUT, UnknownState.OBSCURED, UnknownState.NO_PICTURE, UnknownState.DARK)
SHORTEST_MS = 300
#: What comes over a lens moves the picture; that is no knock of the camera.
EDGE_MS = 700
#: ``proxy``: when to make a copy for the browser.
AUTO, ALWAYS, NEVER = "auto", "always", "never"


class SightStage:
    """Watches the recording once, in a child process with limits, and reports what its observers saw."""

    name = "sight"
    version = "1"
    reads: tuple[str, ...] = ("probe",)
    makes = "sight"
    needs: tuple[str, ...] = ("video",)
    model: str | None = None
    defaults: ClassVar[Json] = {"proxy": AUTO}

    def run(self, inputs: Inputs, progress: Progress) -> Artifact:
        """Make ``sight`` (``docs/findings/stages.md``). Raises ``InputError`` if no picture can be decoded."""
        seen = _look(inputs, progress)
        unknown = settled(seen.reports, seen.watched)
        findings = [_finding(self, proposal) for proposal in kept(seen.reports, unknown)]
        data: dict[str, Any] = {
            "findings": [finding.to_json() for finding in findings],
            "unknown": [entry.to_json() for entry in unknown],
            "thumbnails": seen.thumbnails,
            "frames_seen": seen.watched.frames,
            "damaged_packets": seen.watched.damaged,
        }
        for report in seen.reports:
            data.update(report.curves)
        return Artifact(self.makes, data, {name: inputs.scratch / name for name in seen.files})


def _look(inputs: Inputs, progress: Progress) -> Seen:
    probe = inputs.data("probe")
    if not probe["video"]:
        raise NotMedia("the recording has no video", "Run the audio stages only")
    duration_ms = int(probe["duration_ms"] or 0)
    seconds = duration_ms / 1_000
    limits = sandbox.Limits(
        cpu_seconds=int(120 + 6 * seconds),
        wall_seconds=300 + 12 * seconds,
        memory_bytes=4_096 * sandbox.MIB,
        file_bytes=int((seconds + 60) * 2 * sandbox.MIB),
    )
    arguments = {
        "path": os.fspath(inputs.source),
        "folder": os.fspath(inputs.scratch),
        "duration_ms": duration_ms,
        "proxy": wants_proxy(inputs.params.get("proxy", AUTO), probe["video"]),
    }
    return seen_from(sandbox.run("sight", arguments, limits, progress))


def wants_proxy(setting: str, video: Sequence[Json]) -> bool:
    """Whether to make a proxy: as set, or with ``auto`` where the browser cannot play the pictures."""
    if setting not in (AUTO, ALWAYS, NEVER):
        raise ValueError(f"proxy is auto, always or never, not {setting!r}")
    plays = max(video, key=lambda stream: (stream["width"] * stream["height"], -stream["index"]))["browser_plays"]
    return setting == ALWAYS or (setting == AUTO and not plays)


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


def _finding(stage: SightStage, proposal: Observation) -> Finding:
    return Finding(
        kind=proposal.kind,
        span=proposal.span,
        score=proposal.score,
        made_by=made_by(stage),
        evidence={"measures": dict(proposal.measures)},
    )


STAGE = SightStage()
