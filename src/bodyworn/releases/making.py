"""From a plan to a release, and from a release to what its package is made from."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from bodyworn.domain.progress import Progress
from bodyworn.domain.recording import Recording
from bodyworn.domain.redaction_plan import Plan
from bodyworn.domain.release import Release
from bodyworn.findings.service import Findings
from bodyworn.media.frame_numbers import FrameNumbers
from bodyworn.media.still import still_jpeg
from bodyworn.redactions.checking import check
from bodyworn.redactions.plan_files import plan_from
from bodyworn.redactions.rendering import render_plan
from bodyworn.releases.publish import PackageInputs
from bodyworn.releases.service import ReleaseRequest, Releases, RenderedClip
from bodyworn.releases.withheld import Withheld, withheld


def make_from_plan(
    releases: Releases,
    recording: Recording,
    original: Path,
    plan: Plan,
    terms: ReleaseRequest,
    *,
    again: Release | None = None,
    progress: Progress,
) -> Release:
    """Render ``plan``, look for leaks in what came out, and open a release for it.

    A stopped call leaves nothing: the clip is rendered in a temporary folder and taken into the library when whole.
    """
    part = what_is_withheld(plan, original, {}).part
    with tempfile.TemporaryDirectory(prefix="bodyworn-release-") as folder:
        clip = Path(folder) / "clip.mp4"
        made = render_plan(plan, original, clip, progress=progress)
        found = check(clip, plan, progress=progress, times_us=made.rendered.times_us)
        leaks = {
            "count": len(found.open_leaks),
            "frames": sorted({leak.frame for leak in found.open_leaks}),
            "report": found.to_json(),
        }
        rendered = RenderedClip(clip, plan.canonical(), part.start_ms, part.end_ms, leaks)
        return releases.make(recording, rendered, terms, again)


def package_inputs(
    release: Release, releases: Releases, recording: Recording, original: Path, findings: Findings
) -> PackageInputs:
    """What the package of ``release`` is made from."""
    plan = plan_from(releases.plan_of(release), original)
    terms = release.render.detail["terms"]
    found = what_is_withheld(plan, original, terms["basis"])
    said = findings.artifact(recording, "utterances")
    return PackageInputs(
        recording=recording,
        original=original,
        utterances=said.data["utterances"] if said is not None else [],
        masked=found.masked,
        log=found.log,
        edits=found.edits,
        still=partial(still_jpeg, credit=terms["credit"]),
    )


def what_is_withheld(plan: Plan, original: Path, basis: Mapping[str, str]) -> Withheld:
    """What ``plan`` withholds of the recording in ``original``."""
    times_us = FrameNumbers(original).times_us
    last_us = times_us[-1] + 1 if times_us else 0
    return withheld(plan, basis, max(plan.source.duration_us, last_us))
