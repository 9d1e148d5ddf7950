"""From numbers of the network to scores, and from scores to words for people."""

from __future__ import annotations

import json

import numpy as np
import pytest

from bodyworn.domain.how_sure import HowSure, how_sure
from bodyworn.findings.cues.calibration import KINDS, Calibration

MADE = Calibration(
    bias=dict.fromkeys(KINDS, -3.0), threshold_logit=dict.fromkeys(KINDS, -1.0), unknown_step=0.5, slope=0.5
)


def test_a_number_at_the_threshold_scores_one_half() -> None:
    at = np.full(len(KINDS), 2.0, np.float32)
    assert MADE.scores(at, "officer") == pytest.approx(0.5)
    assert (MADE.scores(at, "unknown") < 0.5).all()
    assert MADE.scores(at + 0.5, "unknown") == pytest.approx(0.5)


def test_more_of_a_number_is_never_a_lower_score() -> None:
    values = [MADE.scores(np.full(len(KINDS), value, np.float32), "officer")[0] for value in np.linspace(-80, 80, 99)]
    assert values == sorted(values)
    assert 0 <= values[0] < values[-1] <= 1


def test_what_is_no_calibration_is_refused() -> None:
    with pytest.raises(ValueError, match="threshold_logit"):
        Calibration.read(json.dumps({"bias": {}}))


def test_three_words_say_how_sure() -> None:
    assert [how_sure("distress", score) for score in (0.5, 0.64, 0.65, 0.84, 0.85, 1.0)] == [
        HowSure.POSSIBLE,
        HowSure.POSSIBLE,
        HowSure.LIKELY,
        HowSure.LIKELY,
        HowSure.SURE,
        HowSure.SURE,
    ]


def test_kinds_whose_scores_only_sort_get_no_word() -> None:
    assert how_sure("lens_obscured", 0.99) is None
