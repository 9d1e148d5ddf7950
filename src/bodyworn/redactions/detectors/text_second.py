"""Text by PP-OCRv5's detector: the second opinion on plates, screens, papers and text.

Its makers are those of the first detector, its weights and training pictures are not. It is used to check a finished
clip and never to make one.
"""

from __future__ import annotations

import numpy as np

from bodyworn.domain.redaction import HiddenClass
from bodyworn.media.planes import Planes
from bodyworn.redactions.detectors.interface import Found
from bodyworn.redactions.detectors.text_boxes import lines_of
from bodyworn.redactions.detectors.text_network import WHOLE, text_heat


class SecondTextDetector:
    """Lines of text, those on plates too, at full size; ``threshold`` is the score from which one counts."""

    name = "text-ppocr5"
    version = "1"
    model = "text-second"
    classes = (HiddenClass.TEXT,)

    def __init__(self, threshold: float = 0.5) -> None:
        self._threshold = threshold

    def find(self, picture: Planes) -> list[Found]:
        """Lines in the whole picture at its full size."""
        wide, high = picture.width & ~1, picture.height & ~1
        padded = np.zeros((1, -high % WHOLE + high, -wide % WHOLE + wide, 3), np.uint8)
        padded[0, :high, :wide] = picture.rgb(wide, high)
        lines = lines_of(text_heat(padded, self.model)[0], self._threshold)
        return [Found(HiddenClass.TEXT, line.x, line.y, line.w, line.h, line.score) for line in lines]
