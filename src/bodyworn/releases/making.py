"""From a plan to a release, and from a release to what its package is made from."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from bodyworn.domain.errors import DamagedMedia
from bodyworn.domain.progress import Progress
from bodyworn.domain.recording import Recording
from bodyworn.domain.redaction_plan import Plan
from bodyworn.domain.release import LeakReport, Release, ReleaseRequest
from bodyworn.findings.service import Findings
from bodyworn.media.footage import Footage
from bodyworn.media.still import still_jpeg
from bodyworn.redactions.checking import check
from bodyworn.redactions.rendering import render_plan
from bodyworn.releases.captions import turns_of
from bodyworn.releases.publish import PackageInputs
from bodyworn.releases.service import Releases, RenderedClip
from bodyworn.releases.withheld import Withheld, withheld


def make_from_plan(
    releases: Releases,
    recording: Recording,
    original: Path,
    plan: Plan,
    request: ReleaseRequest,
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
        render_plan(plan, original, clip, progress=progress)
        found = check(clip, plan, progress=progress)
        frames = tuple(sorted({leak.frame for leak in found.open_leaks}))
        leaks = LeakReport(len(found.open_leaks), frames, found.to_json())
        rendered = RenderedClip(clip, plan.canonical(), part.start_ms, part.end_ms, leaks)
        return releases.make(recording, rendered, request, again)


def package_inputs(
    release: Release, releases: Releases, recording: Recording, original: Path, findings: Findings
) -> PackageInputs:
    """What the package of ``release`` is made from."""
    plan = Plan.from_json(json.loads(releases.plan_of(release)))
    found = what_is_withheld(plan, original, release.request.citations)
    said = findings.artifact(recording, "utterances")
    return PackageInputs(
        recording=recording,
        original=original,
        utterances=turns_of(said.data["utterances"]) if said is not None else [],
        masked=found.masked,
        log=found.log,
        edits=found.edits,
        still=partial(still_jpeg, credit=release.request.credit),
    )


def what_is_withheld(plan: Plan, original: Path, basis: Mapping[str, str]) -> Withheld:
    """What ``plan`` withholds of the recording in ``original``."""
    with Footage(original) as footage:
        times = footage.times()
    if not times:
        raise DamagedMedia("the recording does not say when its pictures are shown", "Remux it first, then ingest it")
    return withheld(plan, times, basis)
