"""The leak check: second, different detectors look at every frame of the finished clip at its full size.

What it still finds, and no mask of the plan covers, is a leak until a person has looked. A masked face can still look
like a face to a detector; that is why the plan's masks are needed to tell the two apart. They are asked for by time:
when the frame is shown in the recording.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bodyworn.domain.codec import Json, from_json, json_name, to_json
from bodyworn.domain.digest import Digest
from bodyworn.domain.progress import Progress, no_progress
from bodyworn.domain.redaction import Clip, HiddenClass, Mask
from bodyworn.domain.redaction_plan import Plan
from bodyworn.media import sandbox
from bodyworn.media.limits import looking
from bodyworn.media.probe import readable_size
from bodyworn.redactions import jobs
from bodyworn.redactions.heard import HeardSound

if TYPE_CHECKING:
    from bodyworn.media.footage import Frame
    from bodyworn.media.planes import Planes
    from bodyworn.redactions.detectors.interface import Found

#: A finding counts as hidden if at least this share of it lies under masks.
COVERED_SHARE = 0.7
#: How long one leak may be out of sight and still be the same, for people.
_MOMENT_US = 500_000
#: How exactly a clip's container tells when a frame is shown: Matroska counts milliseconds. Frames lie further apart
#: than twice this, so that a time moved on by it is still that of the same frame.
ROUNDING_US = 1_000


class Finder(Protocol):
    """The part of a detector that the check needs."""

    @property
    def name(self) -> str:
        """A short noun."""
        ...

    def find(self, picture: Planes) -> list[Found]:
        """Everything it sees in the whole picture."""
        ...


@dataclass(frozen=True)
class Leak:
    """Something that still shows: frame and microseconds of the clip, class, box in its pixels, score 0..1.

    ``kept`` says that a person chose to leave it visible.
    """

    frame: int
    at_us: int
    cls: HiddenClass = field(metadata=json_name("class"))
    x: int
    y: int
    w: int
    h: int
    score: float
    kept: bool

    def to_json(self) -> dict[str, Json]:
        """The leak as the audit log has it."""
        return to_json(self)


@dataclass(frozen=True)
class LeakCheck:
    """The result: the clip's digest, the plan's, who looked, how many frames, what still shows, and is still heard."""

    clip: Digest
    plan: Digest | None
    checked_by: tuple[str, ...]
    frames: int
    leaks: tuple[Leak, ...]
    sounds: tuple[HeardSound, ...] = ()

    @property
    def open_leaks(self) -> tuple[Leak, ...]:
        """Those that no person chose to leave visible."""
        return tuple(leak for leak in self.leaks if not leak.kept)

    @property
    def count(self) -> int:
        """How many things still show or are heard."""
        return len(self.open_leaks) + len(self.sounds)

    def to_json(self) -> dict[str, Json]:
        """The check as the audit log has it."""
        return {
            "clip_sha256": str(self.clip),
            "plan_sha256": str(self.plan) if self.plan else None,
            "checked_by": list(self.checked_by),
            "frames": self.frames,
            "frames_with_leaks": len({leak.frame for leak in self.open_leaks}),
            "leaks": [leak.to_json() for leak in self.leaks],
            "sounds_heard": [to_json(heard) for heard in self.sounds],
        }


def check(
    clip: Path,
    plan: Plan | None = None,
    finders: list[Finder] | None = None,
    progress: Progress = no_progress,
    classes: Collection[HiddenClass] = (HiddenClass.FACE,),
    times_us: Sequence[int] | None = None,
) -> LeakCheck:
    """Look at every frame of ``clip`` with ``finders``; one of sound alone is listened to where ``plan`` hides sound.

    If none are given: in a child process with limits, with the second detectors of the plan's classes, or of
    ``classes`` where there is no plan.
    ``times_us`` are when the clip's frames are shown in the recording, as the render tells
    (:attr:`RenderedFile.times_us`). Without them they are worked out from the clip, exactly to ``ROUNDING_US``; then
    the plan's clip has to start with a frame, as those of ``redact`` and ``propose`` do.
    """
    sha256 = Digest.of_file(clip)
    if finders is not None:
        return looked_over(clip, sha256, plan, finders, progress, times_us)
    asked: dict[str, Json] = {
        "clip": os.fspath(clip),
        "plan": None if plan is None else plan.to_json(),
        "sha256": sha256.sha256,
        "classes": [cls.value for cls in classes],
        "times_us": None if times_us is None else list(times_us),
    }
    return from_json(LeakCheck, sandbox.run(jobs.check, asked, looking(readable_size(clip)), progress))


def looked_over(
    clip: Path,
    digest: Digest,
    plan: Plan | None,
    finders: Sequence[Finder],
    progress: Progress,
    times_us: Sequence[int] | None,
) -> LeakCheck:
    """The look itself, in this process; ``digest`` is the clip's. See :func:`check`."""
    from bodyworn.media.footage import Footage

    leaks: list[Leak] = []
    count = 0
    with Footage(clip) as footage, ThreadPoolExecutor(len(finders)) as pool:
        total = footage.expected(Clip())
        start_us = 0
        for frame in footage.frames(Clip()):
            count += 1
            start_us = start_us if frame.index else frame.time_us
            hidden: tuple[Mask, ...] = ()
            kept: tuple[Mask, ...] = ()
            if plan is not None:
                at_us = recording_us(plan, frame.index, frame.time_us - start_us, times_us)
                hidden, kept = plan.masks(at_us), plan.kept(at_us)
            for some in pool.map(lambda finder, planes: finder.find(planes), finders, repeat(frame.planes)):
                for found in some:
                    if covered(found, hidden) < COVERED_SHARE:
                        leaks.append(_leak(found, frame, covered(found, kept) >= COVERED_SHARE))
            progress(count, total, "pictures")
    names = tuple(finder.name for finder in finders)
    return LeakCheck(digest, plan.digest if plan else None, names, count, tuple(leaks))


def recording_us(plan: Plan, frame: int, since_first_us: int, times_us: Sequence[int] | None) -> int:
    """When the ``frame``-th frame of a clip is shown in the recording, for :meth:`Plan.masks`.

    ``since_first_us`` is how long after the clip's first frame it is shown, rounded as its container does.
    """
    if times_us is not None and frame < len(times_us):
        return times_us[frame]
    return plan.first_us + since_first_us + (ROUNDING_US if frame else 0)


def second_opinions(classes: Collection[HiddenClass]) -> list[Finder]:
    """The detectors that check clips from which ``classes`` were hidden; none of them takes part in making one.

    Faces are always looked for.
    """
    from bodyworn.redactions.detectors.faces_yunet import SecondFaceDetector
    from bodyworn.redactions.detectors.text_second import SecondTextDetector

    finders: list[Finder] = [SecondFaceDetector()]
    if set(classes) - {HiddenClass.FACE, HiddenClass.REGION}:
        finders.append(SecondTextDetector())
    return finders


@dataclass(frozen=True)
class LeakSpan:
    """The same leak over several frames, as a person looks at it: when its first and last frame are shown in the clip,
    in microseconds, and its best.
    """

    start_us: int
    last_us: int
    frames: int
    best: Leak


def leak_spans(leaks: Sequence[Leak]) -> list[LeakSpan]:
    """Leaks put together that lie on each other no more than half a second apart, the earliest first."""
    groups: list[list[Leak]] = []
    for leak in sorted(leaks, key=lambda item: item.frame):
        home = next((group for group in reversed(groups) if _goes_on(group[-1], leak)), None)
        if home is None:
            groups.append([leak])
        else:
            home.append(leak)
    return [
        LeakSpan(g[0].at_us, g[-1].at_us, len({item.frame for item in g}), max(g, key=lambda item: item.score))
        for g in groups
    ]


def _goes_on(last: Leak, leak: Leak) -> bool:
    """Whether ``leak`` may be what ``last`` was a moment ago: same class, and their boxes meet."""
    if leak.cls != last.cls or not 0 < leak.at_us - last.at_us <= _MOMENT_US:
        return False
    apart_x = max(last.x, leak.x) - min(last.x + last.w, leak.x + leak.w)
    apart_y = max(last.y, leak.y) - min(last.y + last.h, leak.y + leak.h)
    return apart_x < 0 and apart_y < 0


def _leak(found: Found, frame: Frame, kept: bool) -> Leak:
    place = (round(found.x), round(found.y), round(found.w), round(found.h))
    return Leak(frame.index, frame.time_us, found.cls, *place, round(found.score, 3), kept)


def covered(found: Found, masks: Sequence[Mask]) -> float:
    """Share of ``found`` under ``masks``, on a grid of 12×12 points."""
    if not masks or found.w <= 0 or found.h <= 0:
        return 0.0
    points = [
        (found.x + found.w * (i + 0.5) / 12, found.y + found.h * (j + 0.5) / 12) for i in range(12) for j in range(12)
    ]
    inside = sum(any(b.x <= x < b.x + b.w and b.y <= y < b.y + b.h for b in masks) for x, y in points)
    return inside / len(points)
