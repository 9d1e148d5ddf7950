"""From the network's numbers to scores: one threshold a kind, one step for speakers without a role, one slope.

The figures were set on text that the network did not learn from, most of it real, and lie in the model's own file
(``training/cues/calibration.py`` writes them). A score of 0.5 is the threshold; above it a score is about the share of
such findings that two annotators would give too (reliability on the model card).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bodyworn.domain.codec import from_json
from bodyworn.domain.finding import SPEECH_KINDS
from bodyworn.domain.role import Role

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

KINDS: tuple[str, ...] = tuple(SPEECH_KINDS)
#: The name of the calibration in the model file.
METADATA = "calibration"


@dataclass(frozen=True)
class Calibration:
    """``bias`` of the network's head and ``threshold_logit`` by kind; ``unknown_step`` is added to the threshold where
    the role is unknown; ``slope`` turns the distance from the threshold into a score."""

    bias: Mapping[str, float]
    threshold_logit: Mapping[str, float]
    unknown_step: float = 0.0
    slope: float = 1.0

    @classmethod
    def read(cls, text: str) -> Calibration:
        """From the model's metadata; ``ValueError`` if it is not one."""
        import json

        return from_json(cls, json.loads(text))

    def scores(self, numbers: Floats, role: str) -> Floats:
        """Scores ``(…, 18)`` in 0..1 of ``numbers`` ``(…, 18)``, which are means over tokens without the bias."""
        import numpy as np

        shift = [self.bias[kind] - self.threshold_logit[kind] for kind in KINDS]
        over = numbers + np.asarray(shift, np.float32) - (self.unknown_step if role == Role.UNKNOWN.value else 0.0)
        out: Floats = 1 / (1 + np.exp(-np.clip(over * self.slope, -30, 30)))
        return out
