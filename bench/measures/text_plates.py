"""Plates, pages and lines of text hidden: by height, with the area hidden for nothing and the cost of a look.

Composed pictures (:mod:`bench.plate_scenes`) over real backgrounds, with seeds of their own (8100 and on; tuning used
others), and the real street clip with plates boxed by eye. The plate network was trained on real and on drawn plates,
these with other seeds and other backgrounds: of the street clip on the left half of the last two pictures, here on the
right half of earlier ones. Real photos are in :mod:`bench.measures.plates`. What plates are compared with is text
detection alone, at full size.
"""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from bench.places import MEDIA
from bench.report import Out, run_alone, table
from bench.scenes.plate_scenes import Image, Rect, Thing, desk, street
from bench.scenes.street_plates import PASSING, SIDEWAYS, STREET
from bodyworn.domain.redaction import HiddenClass
from bodyworn.media.footage import Clip, Footage, Frame
from bodyworn.media.planes import Planes
from bodyworn.redactions.detectors import detectors_for
from bodyworn.redactions.detectors.interface import Found
from bodyworn.redactions.detectors.plates_heatmap import PlateDetector
from bodyworn.redactions.detectors.text_ppocr import TextDetector
from bodyworn.redactions.one_pass import OnePass
from bodyworn.redactions.tracks import Rules, Sighting, Trace

VIDEO = MEDIA / "video"
SEED = 8100
PICTURES = 12
PLATES = (8, 8, 10, 10, 12, 12, 14, 14, 17, 20, 24, 30, 40, 60, 80)
LETTERS = (8, 10, 12, 14, 18, 24)
#: A thing counts as hidden if this share of its box is.
HIDDEN = 0.8
#: Upper ends of the bands of height that are reported.
BANDS = (9, 11, 13, 16, 24, 40, 81)
NeedsReview = Callable[[Planes], Sequence[Found]]


def planes_of(picture: Image) -> Planes:
    """BGR with even sides as planes."""
    high, wide = picture.shape[:2]
    coded = cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_I420)
    u, v = np.asarray(coded[high:], np.uint8).reshape(2, high // 2, wide // 2)
    return Planes(np.asarray(coded[:high], np.uint8).copy(), u.copy(), v.copy())


def grounds() -> list[Image]:
    """Backgrounds of 1280×720 that training did not use."""
    out = []
    for name, frames, left in (("ego_street_plates.mp4", (2, 7, 13), 0.5), ("cars_with_sound.mp4", (250, 330), 0.0)):
        for frame, picture in _pictures(VIDEO / name):
            if frame in frames:
                part = picture[-round(picture.shape[0] * 0.7) :, round(left * picture.shape[1]) :]
                out.append(np.asarray(cv2.resize(part, (1280, 720), interpolation=cv2.INTER_AREA), np.uint8))
            if frame >= max(frames):
                break
    return out


def _pictures(path: Path) -> Iterable[tuple[int, Image]]:
    import av

    with av.open(str(path)) as container:
        for index, frame in enumerate(container.decode(video=0)):
            yield index, np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)


def composed(
    compose: Callable[..., tuple[Image, list[Thing]]], sizes: Sequence[float], seed: int, count: int
) -> list[tuple[Planes, list[Thing], bool]]:
    """Pictures, what is in them, and whether it is night: every second one, at 8 to 50 % of the light."""
    backs = grounds()
    out = []
    for number in range(count):
        random = np.random.default_rng([seed, number])
        dark = float(random.uniform(0.08, 0.5)) if number % 2 else 1.0
        picture, things = compose(backs[number % len(backs)], sizes, random, dark)
        out.append((planes_of(picture), things, number % 2 == 1))
    return out


def mask_of(found: Iterable[Any], picture: Planes) -> np.ndarray:
    """What boxes (with ``x``, ``y``, ``w``, ``h``) hide."""
    mask = np.zeros((picture.height, picture.width), bool)
    for item in found:
        x0, y0 = max(0, round(item.x)), max(0, round(item.y))
        mask[y0 : max(0, round(item.y + item.h)), x0 : max(0, round(item.x + item.w))] = True
    return mask


def widened(found: Sequence[Found]) -> list[Found]:
    """Boxes with the margins that following them gives."""
    out = []
    for item in found:
        seen = Sighting(0, 0, *item.center, item.w, item.h, item.score)
        answer = Trace("one", item.cls, 0, sightings=[seen]).at(0, Rules())
        out += [answer[0]] if answer else []
    return out


def share(mask: np.ndarray, box: Rect) -> float:
    """Share of ``box`` under ``mask``."""
    x0, y0, x1, y1 = (max(0, round(value)) for value in box)
    part = mask[y0 : max(y0 + 1, y1), x0 : max(x0 + 1, x1)]
    return float(part.mean()) if part.size else 1.0


class Tally:
    """Hidden and not, by kind, band of height and night; area hidden for nothing; CPU."""

    def __init__(self) -> None:
        self.hits: dict[tuple[str, int, bool], list[bool]] = defaultdict(list)
        self.idle: list[float] = []
        self.cpu: list[float] = []

    def look(self, look: NeedsReview, picture: Planes, things: Sequence[Thing], night: bool) -> None:
        """Score one look at one picture."""
        start = time.process_time()
        found = look(picture)
        self.cpu.append(time.process_time() - start)
        mask = mask_of(widened(found), picture)
        idle = mask.copy()
        for thing in things:
            band = next(i for i, top in enumerate(BANDS) if thing.height < top)
            self.hits[thing.kind, band, night].append(share(mask, thing.box) >= HIDDEN)
            x0, y0, x1, y1 = (round(value) for value in thing.box)
            pad = round(0.3 * thing.height) + 4
            idle[max(0, y0 - pad) : y1 + pad, max(0, x0 - pad) : x1 + pad] = False
        self.idle.append(float(idle.mean()))

    def recall(self, kind: str, bands: Iterable[int], night: bool | None = None) -> str:
        """``0.93 (41)`` or a dash."""
        wanted = set(bands)
        hits = [
            hit
            for (k, band, dark), some in self.hits.items()
            if k == kind and band in wanted and night in (None, dark)
            for hit in some
        ]
        return f"{np.mean(hits):.2f} ({len(hits)})" if hits else "–"


def measure(
    needs_review: Mapping[str, NeedsReview], scenes: Sequence[tuple[Planes, list[Thing], bool]]
) -> dict[str, Tally]:
    """A tally for each look."""
    tallies = {name: Tally() for name in needs_review}
    for picture, things, night in scenes:
        for name, look in needs_review.items():
            tallies[name].look(look, picture, things, night)
    return tallies


def band_names() -> list[str]:
    """The bands in words."""
    lows = (8, *BANDS[:-1])
    return [f"{low} px" if top - low == 1 else f"{low}–{top - 1} px" for low, top in zip(lows, BANDS, strict=True)]


def rows_of(tallies: Mapping[str, Tally], kind: str, least: int) -> list[list[str]]:
    """One line for each look; ``least`` is the band from which the sums count."""
    every = range(len(BANDS))
    rows = []
    for name, tally in tallies.items():
        sums = [tally.recall(kind, every[least:]), tally.recall(kind, every[least:], night=True)]
        cost = f"{1000 * np.median(tally.cpu):.0f} ms"
        rows.append(
            [name, *(tally.recall(kind, [i]) for i in every), *sums, f"{100 * np.mean(tally.idle):.2f} %", cost]
        )
    return rows


def real_clips() -> list[list[str]]:
    """The real clips, followed as a redaction follows them: plates hidden, and area."""
    rows = []
    kinds: Mapping[str, Sequence[HiddenClass]] = {
        "plates": (HiddenClass.PLATE,),
        "vehicles": (HiddenClass.VEHICLE,),
        "plates, vehicles": (HiddenClass.PLATE, HiddenClass.VEHICLE),
        "plates, screens": (HiddenClass.PLATE, HiddenClass.SCREEN, HiddenClass.TEXT),
    }
    for name, classes in kinds.items():
        cells, costs = [], []
        for clip, sorts in (("ego_street_plates.mp4", (STREET, SIDEWAYS)), ("cars_with_sound.mp4", (PASSING,))):
            masks, areas, frames = _followed(VIDEO / clip, classes, sorts[0])
            for sort in sorts:
                hits = [share(masks[i], box) >= HIDDEN for i, boxes in sort.items() for box in boxes]
                cells.append(f"{sum(hits)} of {len(hits)}")
            costs += [f"{100 * np.mean(areas):.2f} %", f"{frames[1] / frames[0] * 1000:.0f} ms"]
        rows.append([name, *cells, *costs])
    return rows


def _followed(
    clip: Path, classes: Sequence[HiddenClass], boxed: Collection[int]
) -> tuple[dict[int, np.ndarray], list[float], tuple[int, float]]:
    """Masks of the frames boxed by eye, masked share of each frame, frames and CPU seconds without decoding."""
    masks: dict[int, np.ndarray] = {}
    areas: list[float] = []
    spent = 0.0
    with Footage(clip) as footage:
        one = OnePass(detectors_for(classes))
        waiting: deque[Frame] = deque()
        for frame in footage.frames(Clip()):
            start = time.process_time()
            one.see(frame.time_us, frame.planes)
            spent += time.process_time() - start
            waiting.append(frame)
            while waiting and one.settled():
                _hide(one, waiting.popleft(), masks, areas, boxed)
        while waiting:
            _hide(one, waiting.popleft(), masks, areas, boxed)
    return masks, areas, (len(areas), spent)


def _hide(one: OnePass, frame: Frame, masks: dict[int, np.ndarray], areas: list[float], boxed: Collection[int]) -> None:
    mask = mask_of([hidden.box for _, hidden in one.hide(frame.time_us)], frame.planes)
    areas.append(float(mask.mean()))
    if frame.index in boxed:
        masks[frame.index] = mask


def _next_mask(one: OnePass, index: int, view: Planes) -> np.ndarray:
    return mask_of([hidden.box for _, hidden in one.hide(index * 1_000_000 // 30)], view)


def panned(
    compose: Callable[..., tuple[Image, list[Thing]]], sizes: Sequence[float], kind: str, least: float, seed: int
) -> list[str]:
    """Things of ``kind`` hidden in clips of two seconds under a camera that pans and shakes, frame by frame."""
    classes = (HiddenClass.PLATE,) if kind == "plate" else (HiddenClass.SCREEN, HiddenClass.TEXT)
    hits: list[bool] = []
    leaks: list[bool] = []
    spent, count = 0.0, 0
    for number, back in enumerate(grounds()[:4]):
        random = np.random.default_rng([seed, number])
        wide = cv2.resize(back, (1600, 900), interpolation=cv2.INTER_LINEAR)
        picture, things = compose(wide, sizes, random, 0.3 if number % 2 else 1.0)
        places = [(2 * round(2 * i + 4 * np.sin(1.3 * i)) + 8, 2 * round(30 + 14 * np.sin(0.4 * i))) for i in range(60)]
        one = OnePass(detectors_for(classes))
        seen = [planes_of(np.ascontiguousarray(picture[y : y + 720, x : x + 1280])) for x, y in places]
        start = time.process_time()
        masks: list[np.ndarray] = []
        for index, view in enumerate(seen):
            one.see(index * 1_000_000 // 30, view)
            while one.settled():
                masks.append(_next_mask(one, len(masks), view))
        masks += [_next_mask(one, i, seen[i]) for i in range(len(masks), len(seen))]
        spent, count = spent + time.process_time() - start, count + len(seen)
        for (x, y), mask in zip(places, masks, strict=True):
            known = [_moved(t.box, x, y) for t in things if t.kind == kind and t.height >= least]
            some = [share(mask, box) >= HIDDEN for box in known if _within(box)]
            hits += some
            leaks.append(not all(some))
    recall = f"{np.mean(hits):.3f} ({len(hits)})"
    return [f"{kind}s from {least} px", recall, f"{100 * np.mean(leaks):.0f} %", f"{1000 * spent / count:.0f} ms"]


def _moved(box: Rect, x: float, y: float) -> Rect:
    return box[0] - x, box[1] - y, box[2] - x, box[3] - y


def _within(box: Rect) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= 1280 and box[3] <= 720


def run(out: Out) -> None:
    """Compose, measure, print."""
    cv2.setNumThreads(1)
    every = TextDetector((HiddenClass.TEXT, HiddenClass.SCREEN))
    alone = TextDetector((HiddenClass.TEXT,), share=1.0)
    plates = PlateDetector()
    head = ["look", *band_names(), "from 12 px", "of these by night", "hidden for nothing", "CPU a look"]
    at_plates = measure({"ours": plates.find, "text detection alone": alone.find}, composed(street, PLATES, SEED, 16))
    text = "Drawn plates over street pictures of 1280×720, share hidden (number), by height of the plate:\n\n"
    text += table(head, rows_of(at_plates, "plate", 2))
    at_desks = measure({"text and screens": every.find}, composed(desk, LETTERS, SEED + 1, PICTURES))
    text += "\n\nLines on drawn papers and screens of 1280×720, by height of a capital letter:\n\n"
    head[-4] = "from 14 px"
    text += table(head, rows_of(at_desks, "line", 3))
    tally = at_desks["text and screens"]
    text += "\n\nWhole pages from 14 px: papers " + tally.recall("paper", range(3, 7))
    text += ", screens " + tally.recall("screen", range(3, 7)) + "."
    text += "\n\nTwo real clips, followed, some pictures boxed by eye: a street of 2560×1920 (readable plates, and one "
    text += "seen from the side), and cars that pass below a camera of 768×432, plates of 9 to 13 pixels:\n\n"
    head = ["classes", "street, hidden", "from the side", "passing, hidden"]
    head += [f"{clip}, {what}" for clip in ("street", "passing") for what in ("masked", "CPU a picture")]
    text += table(head, real_clips())
    text += (
        "\n\nDrawn things under a camera that pans and shakes, two seconds each, half of them by night, followed:\n\n"
    )
    moving = [panned(street, PLATES, "plate", 12, SEED + 2), panned(desk, LETTERS, "line", 14, SEED + 3)]
    text += table(["things", "hidden (number)", "pictures with a leak", "CPU a picture, with masks drawn"], moving)
    text += f"\n\nHidden means at least {HIDDEN:.0%} of the box is masked. The drawn letters and the drawn plates' "
    text += "numbers come from one typeface, in training as here: real plates are the harder test, and these are few. "
    text += "The street clip was looked at while the rules of following were mended.\n"
    out.section("text_plates", "Plates, papers, screens and text hidden", text)


if __name__ == "__main__":
    run_alone(run)
