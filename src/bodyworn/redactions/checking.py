"""The leak check: second, different detectors look at every frame of the finished clip at its full size.

What it still finds, and no mask of the plan covers, is a leak until a person has looked. A masked face can still look
like a face to a detector; that is why the plan's boxes are needed to tell the two apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Any, Protocol

from bodyworn.domain.digest import Digest
from bodyworn.domain.progress import Progress
from bodyworn.domain.redaction import Box, HiddenClass
from bodyworn.domain.redaction_plan import Plan
from bodyworn.media.footage import Clip, Footage
from bodyworn.media.planes import Planes
from bodyworn.redactions.detectors.interface import Found

#: A finding counts as hidden if at least this share of it lies under masks.
COVERED_SHARE = 0.7
#: How long one leak may be out of sight and still be the same, for people.
_MOMENT_MS = 500


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
    """Something that still shows: frame and milliseconds of the clip, class, box in its pixels, score 0..1.

    ``kept`` says that a person chose to leave it visible.
    """

    frame: int
    time_ms: int
    cls: HiddenClass
    x: int
    y: int
    w: int
    h: int
    score: float
    kept: bool

    def to_json(self) -> dict[str, Any]:
        """The leak as the audit log has it."""
        return {**vars(self), "cls": self.cls.value, "score": round(self.score, 3)}


@dataclass(frozen=True)
class LeakCheck:
    """The result: the clip's digest, the plan's, who looked, how many frames, and what still shows."""

    clip: Digest
    plan: Digest | None
    checked_by: tuple[str, ...]
    frames: int
    leaks: tuple[Leak, ...]

    @property
    def open_leaks(self) -> tuple[Leak, ...]:
        """Those that nobody chose to leave visible."""
        return tuple(leak for leak in self.leaks if not leak.kept)

    def to_json(self) -> dict[str, Any]:
        """The check as the audit log has it."""
        return {
            "clip_sha256": str(self.clip),
            "plan_sha256": str(self.plan) if self.plan else None,
            "checked_by": list(self.checked_by),
            "frames": self.frames,
            "frames_with_leaks": len({leak.frame for leak in self.open_leaks}),
            "leaks": [leak.to_json() for leak in self.leaks],
        }


def check(
    clip: Path,
    plan: Plan | None = None,
    finders: list[Finder] | None = None,
    progress: Progress | None = None,
    classes: Collection[HiddenClass] = (HiddenClass.FACE,),
) -> LeakCheck:
    """Look at every frame of ``clip`` with ``finders``.

    If none are given: with the second detectors of the plan's classes, or of ``classes`` where there is no plan.
    """
    finders = finders if finders is not None else second_opinions(plan.classes if plan else classes)
    hidden, kept = _boxes(plan)
    leaks: list[Leak] = []
    count = 0
    with Footage(clip) as footage, ThreadPoolExecutor(len(finders)) as pool:
        total = footage.stream.frames or 0
        for shot in footage.frames(Clip()):
            count += 1
            for some in pool.map(lambda finder, planes: finder.find(planes), finders, repeat(shot.planes)):
                for found in some:
                    if _covered(found, hidden.get(shot.index, [])) < COVERED_SHARE:
                        seen = _covered(found, kept.get(shot.index, [])) >= COVERED_SHARE
                        leaks.append(_leak(found, shot.index, shot.time_ms, seen))
            if progress:
                progress(count, total, "pictures")
    names = tuple(finder.name for finder in finders)
    return LeakCheck(Digest.of_file(clip), plan.digest if plan else None, names, count, tuple(leaks))


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
    """The same leak over several frames, as a person looks at it: from ``first`` to ``last`` frame, and its best."""

    first: int
    last: int
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
        LeakSpan(g[0].frame, g[-1].frame, len({item.frame for item in g}), max(g, key=lambda item: item.score))
        for g in groups
    ]


def _goes_on(last: Leak, leak: Leak) -> bool:
    """Whether ``leak`` may be what ``last`` was a moment ago: same class, and their boxes meet."""
    if leak.cls != last.cls or not 0 < leak.time_ms - last.time_ms <= _MOMENT_MS:
        return False
    apart_x = max(last.x, leak.x) - min(last.x + last.w, leak.x + leak.w)
    apart_y = max(last.y, leak.y) - min(last.y + last.h, leak.y + leak.h)
    return apart_x < 0 and apart_y < 0


def _leak(found: Found, frame: int, time_ms: int, kept: bool) -> Leak:
    place = (round(found.x), round(found.y), round(found.w), round(found.h))
    return Leak(frame, time_ms, found.cls, *place, found.score, kept)


def _boxes(plan: Plan | None) -> tuple[dict[int, list[Box]], dict[int, list[Box]]]:
    """Boxes that are masked and boxes that a person left open, by frame of the clip."""
    hidden: dict[int, list[Box]] = defaultdict(list)
    kept: dict[int, list[Box]] = defaultdict(list)
    if plan is None:
        return hidden, kept
    masked = set()
    for track, box in plan.hidden():
        hidden[box.frame - plan.start_frame].append(box)
        masked.add((track.id, box.frame))
    for track in plan.tracks:
        for box in track.boxes:
            if (track.id, box.frame) not in masked:
                kept[box.frame - plan.start_frame].append(box)
    last = plan.end_frame or plan.source.frames
    for region in plan.regions:
        if not region.keep:
            for frame in range(max(region.start_frame, plan.start_frame), min(region.end_frame or last, last)):
                hidden[frame - plan.start_frame].append(Box(frame, region.x, region.y, region.w, region.h))
    return hidden, kept


def _covered(found: Found, boxes: list[Box]) -> float:
    """Share of ``found`` under ``boxes``, on a grid of 12×12 points."""
    if not boxes or found.w <= 0 or found.h <= 0:
        return 0.0
    points = [
        (found.x + found.w * (i + 0.5) / 12, found.y + found.h * (j + 0.5) / 12) for i in range(12) for j in range(12)
    ]
    inside = sum(any(b.x <= x < b.x + b.w and b.y <= y < b.y + b.h for b in boxes) for x, y in points)
    return inside / len(points)
