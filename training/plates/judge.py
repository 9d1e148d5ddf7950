"""How the network does on the photos kept apart: ``python -m training.plates.judge WEIGHTS``.

Thresholds are set on what this prints, never on the test photos.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from bodyworn.media.planes import Planes
from bodyworn.models.session import SessionSettings, open_network
from bodyworn.redactions.detectors import plates_network
from bodyworn.redactions.detectors.plates_search import FEW, MOST, candidates
from bodyworn.redactions.detectors.vehicles_search import best_on_vehicles, vehicles_in
from training.plates.photos import Box, Photo, with_plates, without_plates

#: A plate of so many pixels counts, and is hidden if so much of it is under boxes a little wider than found.
LEAST, _HIDDEN, _WIDER = 12.0, 0.8, 1.3
_THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8)


@dataclass(frozen=True)
class Looked:
    """What was found in one photo: boxes (n, 5), which of them are the best on a vehicle, and which are false."""

    photo: Photo
    boxes: NDArray[np.float64]
    on_vehicle: NDArray[np.bool_]
    false: NDArray[np.bool_]


def use(weights: Path) -> None:
    """Run the file ``weights`` instead of the product's."""
    session = open_network(weights, SessionSettings())
    plates_network._session.cache_clear()
    setattr(plates_network, "_session", lambda: session)  # noqa: B010 (another session for this process)


def look(photo: Photo) -> Looked:
    """Search one photo."""
    planes = Planes(*photo.levels[0])
    boxes = candidates(planes, MOST, FEW)
    there = best_on_vehicles(boxes, vehicles_in(planes)) if len(boxes) else np.zeros(0, bool)
    known = [*photo.plates, *photo.unsure]
    false = np.array([not any(_meet(box, other) for other in known) for box in boxes], bool)
    return Looked(photo, boxes, there, false)


def _meet(box: NDArray[np.float64], known: Box) -> bool:
    """Whether the middle of one lies in the other."""
    x, y, w, h = box[:4]
    a, b, wide, high = known
    in_known = a <= x + w / 2 <= a + wide and b <= y + h / 2 <= b + high
    return bool(in_known or (x <= a + wide / 2 <= x + w and y <= b + high / 2 <= y + h))


def hidden(boxes: NDArray[np.float64], size: tuple[int, int]) -> NDArray[np.bool_]:
    """What of a picture of ``size`` lies under ``boxes``."""
    mask = np.zeros(size[::-1], bool)
    for x, y, w, h in boxes[:, :4]:
        more_w, more_h = (_WIDER - 1) / 2 * min(w, 2 * h), (_WIDER - 1) / 2 * h
        mask[max(0, round(y - more_h)) : round(y + h + more_h), max(0, round(x - more_w)) : round(x + w + more_w)] = (
            True
        )
    return mask


def report(looked: Sequence[Looked], threshold: float, on_vehicle: float) -> str:
    """Recall, false ones a photo and masked share at these thresholds."""
    hits: list[bool] = []
    false: list[int] = []
    areas: list[float] = []
    for one in looked:
        chosen = one.boxes[:, 4] >= np.where(one.on_vehicle, on_vehicle, threshold)
        mask = hidden(one.boxes[chosen], one.photo.size)
        false.append(int((chosen & one.false).sum()))
        areas.append(float(mask.mean()))
        for x, y, w, h in one.photo.plates:
            if h >= LEAST and 0.9 * h < w < 6.5 * h:
                part = mask[round(y) : round(y + h) + 1, round(x) : round(x + w) + 1]
                hits.append(bool(part.mean() >= _HIDDEN))
    recall = f"{np.mean(hits):.3f} of {len(hits)}" if hits else "-"
    return (
        f"{threshold:.2f} {on_vehicle:.2f}  {recall}  {np.mean(false):.2f} false a photo  {np.mean(areas):.2%} masked"
    )


def main() -> None:
    """Print the tables."""
    ask = argparse.ArgumentParser(prog="python -m training.plates.judge", description=__doc__)
    ask.add_argument("weights", type=Path)
    use(ask.parse_args().weights)
    cv2.setNumThreads(1)
    for name, photos in (("with plates", with_plates()), ("without", without_plates())):
        looked = [look(photo) for photo in photos if photo.kept_apart]
        print(f"{len(looked)} photos {name}; threshold, the same on vehicles")
        for threshold in _THRESHOLDS:
            print(report(looked, threshold, threshold))
            if threshold in (0.5, 0.7):
                print(report(looked, threshold, threshold - 0.2))


if __name__ == "__main__":
    main()
