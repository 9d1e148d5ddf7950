"""The leak check: how much of what is deliberately left in a render it finds, and what it finds besides.

Composed clips with known boxes (:mod:`bench.face_scenes`, :mod:`bench.plate_scenes`; seeds of their own), rendered by a
plan that hides every face but one, or that is to hide text and hides none. Encoded as every render is. Found in a
frame: an open leak of the check lies on it (its middle is in the box, or the two overlap by a fifth). What it finds
that is neither left in nor near anything known is a false one.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np

from bench.measures.faces import SCENES, frame_of, people
from bench.measures.text_plates import grounds
from bench.report import Out, run_alone, table
from bench.scenes.face_scenes import Image, Rect, compose
from bench.scenes.plate_scenes import desk, street
from bodyworn.domain.redaction import HiddenClass, Reason
from bodyworn.domain.redaction_plan import Plan
from bodyworn.domain.track import Box, Track
from bodyworn.media.clip import write_clip
from bodyworn.redactions.checking import Leak, check, leak_spans
from bodyworn.redactions.rendering import describe, render_plan

SEED = 9100
FRAMES = 45
#: Faces of less height than this, and letters, are not asked for.
LEAST_FACE, LEAST_LETTER = 20, 14
Boxes = list[dict[int, Rect]]


@dataclass(frozen=True)
class Tally:
    """Things left in, counted frame by frame and as things; false leaks; seconds of processor for each frame."""

    frames: int
    found: int
    things: int
    seen: int
    false: int
    cpu: float


def film(path: Path, pictures: Sequence[Image]) -> None:
    """Write BGR pictures as a clip at 30 pictures per second."""
    high, wide = pictures[0].shape[:2]
    coded = (np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_I420), np.uint8) for picture in pictures)
    sound = np.zeros(round(16_000 * len(pictures) / 30), np.float32)
    write_clip(path, coded, sound, size=(wide, high), rate=Fraction(30), sample_rate=16_000, tags={}, quality=20)


def processor_time() -> float:
    """Seconds of processor time of this process and of those it waited for: the check looks in a child."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def on(leak: Leak, box: Rect) -> bool:
    """Whether ``leak`` lies on ``box``."""
    x0, y0, x1, y1 = box
    if x0 <= leak.x + leak.w / 2 <= x1 and y0 <= leak.y + leak.h / 2 <= y1:
        return True
    wide, high = min(x1, leak.x + leak.w) - max(x0, leak.x), min(y1, leak.y + leak.h) - max(y0, leak.y)
    shared = max(0.0, wide) * max(0.0, high)
    return shared > 0.2 * ((x1 - x0) * (y1 - y0) + leak.w * leak.h - shared)


def checked(clip: Path, plan: Plan, left: Boxes, known: Boxes) -> Tally:
    """Render ``clip`` by ``plan``, check it, and compare with what was ``left`` in and what is ``known``."""
    out = clip.with_name("rendered.mp4")
    render_plan(plan, clip, out, replace_target=True)
    start = processor_time()
    result = check(out, plan)
    spent = processor_time() - start
    hits = [
        (thing, any(on(leak, box) for leak in result.open_leaks if leak.frame == frame))
        for frame, boxes in enumerate(left)
        for thing, box in boxes.items()
    ]
    things = {thing for thing, _ in hits}
    stray = [leak for leak in result.open_leaks if not any(on(leak, box) for box in known[leak.frame].values())]
    return Tally(
        len(hits),
        sum(hit for _, hit in hits),
        len(things),
        len({thing for thing, hit in hits if hit}),
        len(leak_spans(stray)),
        spent / len(left),
    )


def faces(folder: Path) -> Iterator[tuple[str, Tally]]:
    """Every scene, with its smallest face left in."""
    heads = people()
    for number, scene in enumerate(SCENES):
        some = replace(scene, frames=FRAMES)
        drawn = list(compose(some, heads, frame_of("ego_street_plates.mp4", 18), SEED + number))
        clip = folder / "clip.mp4"
        film(clip, [picture for picture, _ in drawn])
        known = [boxes for _, boxes in drawn]
        chosen = min({k for boxes in known for k in boxes}, key=lambda k: _height(known, k))
        left = [
            {k: box for k, box in boxes.items() if k == chosen and box[3] - box[1] >= LEAST_FACE} for boxes in known
        ]
        plan = Plan(describe(clip), tracks=tuple(_tracks(known, chosen)))
        yield scene.name, checked(clip, plan, left, known)


def _height(known: Boxes, person: int) -> float:
    return float(np.mean([boxes[person][3] - boxes[person][1] for boxes in known if person in boxes]))


def _tracks(known: Boxes, chosen: int) -> Iterator[Track]:
    times_us = [frame * 1_000_000 // 30 for frame in range(len(known))]
    for person in sorted({k for boxes in known for k in boxes} - {chosen}):
        boxes = []
        for frame, seen in enumerate(known):
            if person in seen:
                x0, y0, x1, y1 = seen[person]
                more = 0.2 * max(x1 - x0, y1 - y0)
                w, h = round(x1 - x0 + 2 * more), round(y1 - y0 + 2 * more)
                boxes.append(Box(times_us[frame], round(x0 - more), round(y0 - more), w, h))
        name, end_us = f"face-{person}", times_us[-1] + 33_333
        yield Track.of_frames(name, HiddenClass.FACE, boxes, times_us, end_us, reason=Reason.FACE, added_by="bench@1")


def texts(folder: Path, kind: str) -> Iterator[tuple[str, Tally]]:
    """Lines of papers and screens, or plates, by day and by night, under a camera that pans; all of them left in."""
    sizes = (14, 16, 20, 26) if kind == "line" else (24, 30, 40, 60, 80)
    classes = (HiddenClass.SCREEN, HiddenClass.TEXT) if kind == "line" else (HiddenClass.PLATE,)
    for night in (False, True):
        parts = []
        for number, back in enumerate(grounds()[:4]):
            random = np.random.default_rng([SEED, number, night])
            wide = np.asarray(cv2.resize(back, (1600, 900), interpolation=cv2.INTER_LINEAR), np.uint8)
            draw = desk if kind == "line" else street
            picture, things = draw(wide, sizes, random, 0.3 if night else 1.0)
            asked = [thing for thing in things if thing.kind == kind and thing.height >= LEAST_LETTER]
            places = [(2 * i, 2 * round(30 + 14 * np.sin(0.4 * i))) for i in range(12)]
            clip = folder / "clip.mp4"
            film(clip, [picture[y : y + 720, x : x + 1280] for x, y in places])
            left = [_inside([thing.box for thing in asked], place) for place in places]
            known = [_inside([thing.box for thing in things], place) for place in places]
            parts.append(checked(clip, Plan(describe(clip), classes=classes), left, known))
        name = f"{'lines of text' if kind == 'line' else 'plates of 24 to 80 px'}, {'night' if night else 'day'}"
        yield name, together(parts)


def _inside(boxes: Sequence[Rect], place: tuple[int, int]) -> dict[int, Rect]:
    """Boxes that are wholly in the picture of 1280×720 at ``place``, in its pixels."""
    x, y = place
    moved = {n: (x0 - x, y0 - y, x1 - x, y1 - y) for n, (x0, y0, x1, y1) in enumerate(boxes)}
    return {n: b for n, b in moved.items() if b[0] >= 0 and b[1] >= 0 and b[2] <= 1280 and b[3] <= 720}


def together(tallies: Sequence[Tally]) -> Tally:
    """The sum; the mean of the costs."""
    frames, found, things, seen, false = (
        sum(counts) for counts in zip(*((t.frames, t.found, t.things, t.seen, t.false) for t in tallies), strict=True)
    )
    return Tally(frames, found, things, seen, false, float(np.mean([t.cpu for t in tallies])))


def row(name: str, tally: Tally) -> list[str]:
    """One line of the table."""
    return [
        name,
        f"{tally.found / tally.frames:.3f} ({tally.frames})",
        f"{tally.seen} of {tally.things}",
        str(tally.false),
        f"{1000 * tally.cpu:.0f} ms",
    ]


def run(out: Out) -> None:
    """Compose, render, check, print."""
    argparse.ArgumentParser(description=__doc__).parse_args(out.words)
    rows: list[list[str]] = []
    groups: Mapping[str, list[Tally]] = {"all faces": [], "all text": [], "all plates": []}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kinds = (
            ("all faces", faces(folder)),
            ("all text", texts(folder, "line")),
            ("all plates", texts(folder, "plate")),
        )
        for group, tallies in kinds:
            for title, tally in tallies:
                rows.append(row(title, tally))
                groups[group].append(tally)
                print(rows[-1], flush=True)
    rows += [row(title, together(some)) for title, some in groups.items()]
    head = ["left in", "found, frame by frame (number)", "things found at all", "false ones", "CPU a frame"]
    text = table(head, rows) + (
        f"\n\nFaces of {LEAST_FACE} pixels or more, letters of {LEAST_LETTER}. False ones: spans of frames with a leak "
        "where nothing was left in, in all the clips of the line (45 frames each; text 4 times 12); real signs of the "
        "backgrounds count as false.\n"
    )
    out.section("leak_check", "The leak check", text)


if __name__ == "__main__":
    run_alone(run)
